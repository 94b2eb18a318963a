"""What is said in conversations is told to the merchant's own systems: the thread as it stands, and the message."""

import re
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient

from app import db
from app.i18n import Voice
from app.inbox import about, asking, flagging, judging, kept, merging, posting, starting, tending
from app.inbox.posting import Said
from app.merchants import shop
from app.webhooks import kinds, payloads
from tests import builders
from tests.merchants.at_desk import DESK, come_in
from tests.webhooks.steps import deliveries, endpoint, happens

TOLD = (
    "message_posted", "message_withdrawn", "message_shown", "thread_started", "thread_closed", "thread_opened",
    "thread_escalated", "thread_assigned",
)  # fmt: skip


def test_each_step_is_told_to_who_wants_messages_or_all_and_notes_only_to_who_asks_for_them() -> None:
    assert {kinds.group_of(kind) for kind in TOLD} == {"messages"}
    assert all(kinds.wants(wanted, kind) for kind in TOLD for wanted in ("", "messages", "all notes"))
    assert not kinds.wants("orders returns", "message_posted")
    assert [kinds.wants(wanted, "thread_noted") for wanted in ("", "messages", "notes", "all notes")] == [
        False,
        False,
        True,
        True,
    ]
    assert not kinds.wants("notes", "message_posted")


@pytest.mark.parametrize(
    ("names", "kept"),
    [([], ""), (["orders"], "orders"), (["orders", "parcels", "refunds", "returns", "messages"], ""),
     (["notes"], "notes"), (list(kinds.GROUPS), "all notes")],
)  # fmt: skip
def test_all_stays_all_whatever_comes_to_be(names: list[str], kept: str) -> None:
    assert kinds.chosen(names) == kept
    assert len(kept) <= 60


async def begun(**more: Any) -> tuple[str, int, int]:
    """Its code, its customer and its merchant."""
    order = await builders.order()
    said = Said(side="buyer", text="Where is it?", author=order["customer"], name="Alice Martin", **more)
    what = await about.order(order["customer"], order["address"])
    return await starting.start(order["customer"], what, said), order["customer"], order["merchant"]


async def told(kind: str) -> dict[str, Any]:
    """The newest of that kind, as it is sent."""
    event = (await db.rows("SELECT id FROM events WHERE kind = {} ORDER BY id DESC LIMIT 1", kind))[0]
    body = await payloads.body(event["id"])
    assert body is not None
    data = msgspec.json.decode(body)["data"]
    assert isinstance(data, dict)
    return data


async def test_a_message_of_each_side_is_told_with_its_thread_and_its_order() -> None:
    code, _customer, merchant = await begun()
    data = await told("message_posted")
    assert (data["message"]["side"], data["message"]["text"]) == ("buyer", "Where is it?")
    assert (data["thread"]["code"], data["thread"]["order"], data["thread"]["waiting_on"]) == (code, "1001", "seller")
    assert data["order"]["external_id"] == "1001"
    await posting.answer(merchant, code, Said(side="seller", text="On Tuesday", author=7, name="Mo"))
    data = await told("message_posted")
    assert (data["message"]["side"], data["message"]["name"], data["message"]["text"]) == ("seller", "Mo", "On Tuesday")


async def test_what_is_told_late_of_one_that_became_part_of_another_tells_that_other_one() -> None:
    code, customer, merchant = await begun()
    said = Said(side="buyer", text="And this?", author=customer, name="Alice Martin")
    stays = await starting.start(customer, await about.merchant(builders.MO), said, subject="And this?")
    await db.execute("DELETE FROM events WHERE data LIKE {}", f"%{stays}%")
    await merging.merge(merchant, stays, code, by="member:1", member=1)
    data = await told("message_posted")
    assert (data["about"]["code"], data["thread"]["code"], data["message"]["text"]) == (code, stays, "Where is it?")


async def test_what_is_asked_of_the_shop_tells_it_nothing_of_an_order_that_another_has_sold() -> None:
    order, nia = await builders.order(), await builders.merchant(builders.NIA)
    await shop.name(builders.NIA)
    what = await asking.addressed(await about.order(order["customer"], order["address"]), "shop")
    said = Said(side="buyer", text="They do not answer", author=order["customer"], name="Alice Martin")
    await starting.start(order["customer"], what, said)
    data = await told("message_posted")
    assert (data["message"]["text"], data["thread"]["order"], data["order"]) == ("They do not answer", "", None)
    assert (await db.rows("SELECT merchant FROM events WHERE kind = 'message_posted'"))[0]["merchant"] == nia
    assert not [secret for secret in (builders.ALICE, "rue des Lilas", "4242") if secret in msgspec.json.encode(data).decode()]


async def test_nothing_is_told_of_an_address_of_who_answers_or_of_what_its_customer_keeps_to_themselves() -> None:
    code, customer, merchant = await begun()
    await db.execute("UPDATE threads SET muted = {} WHERE code = {}", True, code)
    await posting.reply(customer, code, Said(side="buyer", text="Hello?", author=customer, name="Alice"))
    data = await told("message_posted")
    assert data["about"] == {"code": code, "message": data["message"]["id"], "side": "buyer", "escalated": False}
    assert builders.ALICE not in msgspec.json.encode([data["thread"], data["message"], data["about"]]).decode()
    assert not {"assigned", "muted", "archived", "unread"} & set(data["thread"])
    await tending.close(merchant, code, by="member:7")
    assert (await told("thread_closed"))["about"] == {"code": code}


async def test_whoever_writes_in_a_closed_thread_opens_it_and_that_is_told() -> None:
    code, customer, merchant = await begun()
    assert (await told("thread_started"))["thread"]["code"] == code
    await tending.close(merchant, code, by="member:7")
    await posting.reply(customer, code, Said(side="buyer", text="Still broken", author=customer, name="Alice"))
    assert (await told("thread_opened"))["thread"]["closed_at"] is None


async def test_a_note_is_told_with_its_words_and_to_nobody_elses_endpoint() -> None:
    code, _customer, merchant = await begun()
    await posting.answer(merchant, code, Said(side="note", text="A regular", author=7, name="Mo"))
    data = await told("thread_noted")
    assert (data["message"]["side"], data["message"]["text"], data["order"]) == ("note", "A regular", None)
    await endpoint("https://shop.example/all")
    await endpoint("https://shop.example/notes", "notes")
    await endpoint("https://other.example/notes", "notes", builders.NIA)
    await happens("thread_noted", code=code)
    assert len(await deliveries()) == 1


async def test_a_thread_that_was_purged_is_told_as_gone() -> None:
    await happens("message_posted", code="T-00000000", message=1)
    assert (await told("message_posted"))["thread"] is None


async def test_an_owner_chooses_messages_and_notes_at_the_desk(laptop: AsyncClient) -> None:
    await come_in(laptop)
    page = (await laptop.get(f"{DESK}/webhooks/new")).text
    boxes = {name: "checked" in rest.split(">")[0] for name, rest in re.findall(r'name="(\w+)" value="yes"([^>]*>)', page)}
    assert boxes == {name: name != "notes" for name in kinds.GROUPS}
    await laptop.post(f"{DESK}/webhooks/new", data={"url": "https://shop.example/hook", "messages": "yes", "notes": "yes"})
    assert "Notes of the desk · Messages" in (await laptop.get(f"{DESK}/webhooks")).text


async def test_a_hidden_message_is_told_without_its_words() -> None:
    code, customer, merchant = await begun()
    number = (await kept.owned_by(customer, code)).last_message
    bo = await builders.member("bo@example.com")
    await flagging.by_desk(merchant, code, number, author=bo, why="insult", text="", voice=Voice("en", "UTC"))
    how: dict[str, Any] = {"author": 0, "member": 1, "voice": Voice("en", "UTC")}
    await judging.decide(merchant, number, did="withdraw", why="insult", **how)
    data = await told("message_withdrawn")
    assert (data["about"]["why"], data["message"]["id"], data["message"]["text"]) == ("insult", number, "")
    await judging.decide(merchant, number, did="leave", **how)
    assert (await told("message_shown"))["message"]["text"] == "Where is it?"
