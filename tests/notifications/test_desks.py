"""Who works at a desk is told how many returns wait there, and once of what is new until they have been there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.merchants import members
from app.notifications import preferences, wording
from app.notifications.channels import News
from app.notifications.preferences import DEFAULTS, Choices
from app.returns import asking, deciding, kept, receiving, settling, withdrawals
from app.returns.settling import Deduction
from tests import builders
from tests.builders import MO, NIA
from tests.notifications.steps import Sink, deliveries, notifications, sent, told, unread
from tests.returns import bought, withdrawn

SAM, MO_MAIL = "sam@example.com", "mo@example.com"


async def wait(n: int = 1, merchant: str = MO) -> str:
    """Alice asks for something; the code."""
    order = await bought.delivered(str(n), merchant=merchant)
    line = (await bought.line_ids(order))[0]
    return await asking.ask(order["customer"], bought.asked(line), by=f"customer:{order['customer']}")


async def desks(customer: int) -> dict[str, int] | None:
    (row,) = await db.rows("SELECT desks FROM customers WHERE id = {}", customer)
    return msgspec.json.decode(row["desks"]) if row["desks"] else None


async def of_desk() -> list[Mapping[str, Any]]:
    return [one for one in await notifications() if one["topic"] == "desk"]


async def been_there(customer: int) -> None:
    await db.execute("UPDATE members SET seen_at = {} WHERE customer = {}", clock.now(), customer)


async def test_what_waits_is_counted_for_everybody_who_works_there_and_raises_what_their_pages_are_kept_by() -> None:
    sam, mo, nia = [await builders.member(SAM), await builders.member(MO_MAIL), await builders.member("nia@example.com", NIA)]
    await builders.member(MO_MAIL, NIA)
    code = await wait(1)
    await wait(2)
    await wait(3, NIA)
    before = {row["id"]: row["revision"] for row in await db.rows("SELECT id, revision FROM customers")}
    await told()
    assert [await desks(one) for one in (sam, mo, nia)] == [{MO: 2}, {MO: 2, NIA: 1}, {NIA: 1}]
    assert await desks(await builders.customer()) is None
    after = {row["id"]: row["revision"] for row in await db.rows("SELECT id, revision FROM customers")}
    assert all(after[one] > before[one] for one in (sam, mo, nia))
    await deciding.approve((await kept.by_code(code)).it.merchant, code, by="member:1", answer="")
    await told()
    assert [await desks(one) for one in (sam, mo, nia)] == [{MO: 1}, {MO: 1, NIA: 1}, {NIA: 1}]


async def test_who_comes_to_work_there_has_a_desk_and_who_goes_has_none_any_more() -> None:
    merchant = await builders.merchant(MO)
    await builders.member(MO_MAIL, MO, "owner")
    await wait()
    number = await members.add(merchant, SAM, "agent", by=None)
    sam = await builders.customer(SAM)
    await told()
    assert await desks(sam) == {MO: 1}
    await members.remove(merchant, number, by=None)
    await told()
    assert await desks(sam) is None


async def test_many_returns_make_one_piece_of_news_until_somebody_has_been_at_the_desk(mail: Sink, push: Sink) -> None:
    sam, mo = await builders.member(SAM), await builders.member(MO_MAIL)
    codes = [await wait(n) for n in (1, 2)]
    await told()
    await wait(3)
    await told()
    first = await of_desk()
    assert {(one["customer"], one["kind"], one["url"]) for one in first} == {
        (who, "desk_return_requested", f"/desk/{MO}/returns/{codes[0]}") for who in (sam, mo)
    }
    assert [one["order"] for one in first] == [None, None]
    assert (await unread(sam), await unread(mo)) == (1, 1)
    ours = {one["id"] for one in first}
    assert sorted(it["channel"] for it in await deliveries() if it["notification"] in ours) == [
        "email",
        "email",
        "push",
        "push",
    ]
    await been_there(sam)
    await wait(4)
    await told()
    assert [one["customer"] for one in await of_desk()][2:] == [sam]
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        await wait(5)
        await told()
    assert sorted(one["customer"] for one in await of_desk()) == [sam, sam, sam, mo, mo]


async def test_each_desk_is_told_of_by_itself(mail: Sink) -> None:
    await builders.member(MO_MAIL)
    await builders.member(MO_MAIL, NIA)
    for n, merchant in enumerate((MO, NIA, MO)):
        await wait(n, merchant)
        await told()
    assert [one["url"].split("/")[2] for one in await of_desk()] == [MO, NIA]


async def test_what_the_rules_have_agreed_to_and_what_the_desk_does_is_no_news_there(mail: Sink) -> None:
    await builders.member(MO_MAIL)
    code = await wait()
    await deciding.approve((await kept.by_code(code)).it.merchant, code, by="member:1", answer="")
    other = await bought.delivered("7")
    await asking.ask(other["customer"], bought.asked((await bought.line_ids(other))[0]), by="program:1")
    await told()
    assert await of_desk() == []


async def test_an_answer_and_an_objection_are_news_and_ones_own_return_is_none(mail: Sink) -> None:
    mo, alice = await builders.member(MO_MAIL), await builders.member(builders.ALICE)
    code, by = await wait(), f"customer:{alice}"
    merchant = (await kept.by_code(code)).it.merchant
    await told()
    assert [one["customer"] for one in await of_desk()] == [mo]
    await been_there(mo)
    await deciding.ask_back(merchant, code, question="Which one?", by="member:1")
    await deciding.reply(alice, code, text="The blue one.", by=by)
    await told()
    await been_there(mo)
    await deciding.decline(merchant, code, clause="used", answer="", by="member:1")
    await deciding.object_to(alice, code, text="It was not.", by=by)
    await told()
    assert [one["kind"] for one in await of_desk()] == [
        "desk_return_requested", "desk_return_answered", "desk_return_objected",
    ]  # fmt: skip


async def test_who_objects_to_less_is_news_at_the_desk() -> None:
    mo, alice = await builders.member(MO_MAIL), await builders.member(builders.ALICE)
    order = await bought.delivered(lines=[builders.line("1")])
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(alice, {line: 1}, by=f"customer:{alice}")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    (of_it,) = (await kept.by_code(code)).lines
    await settling.refund(order["merchant"], code, deductions={of_it.id: Deduction(800, "A chip")}, by="member:1")
    await told()
    await been_there(mo)
    await deciding.object_to(alice, code, text="It came like that", by=f"customer:{alice}")
    await told()
    assert [one["kind"] for one in await of_desk()][-1] == "desk_withdrawal_contested"


async def test_a_guests_withdrawal_without_an_order_is_news_in_their_own_words(client: AsyncClient, mail: Sink) -> None:
    """It belongs to no order, and to no customer."""
    mo = await builders.member(MO_MAIL)
    await bought.delivered("1001")
    token = await withdrawn.guest("guest@example.com", contract="a teapot from you")
    await client.post(f"/withdrawal/{token}")
    await told()
    (one,) = await of_desk()
    assert one["id"] not in {it["notification"] for it in await deliveries()}  # the shop has a letter about it already
    assert (one["customer"], one["kind"]) == (mo, "desk_withdrawal_acknowledged")
    assert wording.said(_news(one), Voice("en")).title == "A withdrawal waits for you: a teapot from you"
    assert await desks(mo) == {MO: 1}
    await wait(2)
    await told()
    assert [one["kind"] for one in await of_desk()][1:] == ["desk_return_requested"]


async def test_it_is_switched_off_like_any_topic_and_offered_to_who_works_at_a_desk_alone(
    client: AsyncClient, mail: Sink
) -> None:
    mo = await builders.member(MO_MAIL)
    await builders.customer()
    client.cookies.update(await builders.session(MO_MAIL))
    assert 'value="desk.email" checked' in (await client.get("/account/notifications")).text
    await preferences.change(mo, Choices(on=DEFAULTS - {("desk", "email")}))
    await wait()
    await told()
    (one,) = await of_desk()
    assert one["id"] not in {it["notification"] for it in await deliveries()}
    assert "?topic=desk" in (await client.get("/notifications")).text
    client.cookies.update(await builders.session(builders.ALICE))
    assert "desk.email" not in (await client.get("/account/notifications")).text
    assert "?topic=desk" not in (await client.get("/notifications")).text


async def test_its_words_say_what_where_and_by_when(mail: Sink) -> None:
    await builders.member(MO_MAIL)
    code = await wait()
    await told()
    await sent("email", mail)
    due = next(it for it in mail.got if it.news.topic == "desk")
    words = wording.said(due.news, Voice("en"))
    assert words.title == "A return waits for you: Teapot “Brume”"
    assert words.body.startswith(f"{code} at Atelier Mo. To be answered by ")


@pytest.mark.parametrize("works", [True, False])
async def test_the_way_to_the_desk_and_how_many_wait_there_is_on_every_page_of_who_works_at_one(
    client: AsyncClient, works: bool
) -> None:
    if works:
        await builders.member(MO_MAIL)
    await builders.customer(MO_MAIL)
    client.cookies.update(await builders.session(MO_MAIL))
    first = await client.get("/orders")
    await wait()
    await told()
    second = await client.get("/orders", headers={"If-None-Match": first.headers["etag"]})
    if works:
        assert first.text.count('href="/desk"') == 3  # the menu, the account's, the tabs
        assert first.text.count("<desk-count") == first.text.count('<desk-count of="" hidden>') == 3
        assert second.text.count('<desk-count of=""><span class="hidden-text">, waiting: </span><b>1</b>') == 3
    else:
        assert "/desk" not in first.text
        assert second.status_code == 304


def _news(row: Mapping[str, Any]) -> News:
    names = ("id", "topic", "kind", "order", "url", "at")
    return News(**{name: row[name] for name in names}, data=msgspec.json.decode(row["data"]))
