"""Hearing no more of somebody: Alice of a seller, Mo of a customer; nobody loses a right by it."""

import re

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Invalid, Refused
from app.events.actions import data_of
from app.inbox import about, blocking, kept, posting, putting, starting
from app.inbox.posting import Said
from app.merchants import shop
from tests import builders
from tests.returns import bought


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def hers(client: AsyncClient, alice: int) -> AsyncClient:
    client.cookies.update(await builders.session())
    return client


async def thread(alice: int, number: str = "1001") -> tuple[str, int]:
    """Its code and its merchant."""
    order = await builders.order(number)
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice")
    return await starting.start(alice, await about.order(alice, order["address"]), said), order["merchant"]


async def events(kind: str) -> list[dict[str, object]]:
    return [data_of(row["data"]) for row in await db.rows("SELECT data FROM events WHERE kind = {} ORDER BY id", kind)]


async def unread(alice: int) -> int:
    return int((await db.rows("SELECT unread_threads AS n FROM customers WHERE id = {}", alice))[0]["n"])


async def test_what_a_blocked_seller_writes_is_kept_put_away_and_told_on_no_way(hers: AsyncClient, alice: int) -> None:
    code, merchant = await thread(alice)
    page = await hers.post(f"/inbox/{code}/blocking", data={"to": "yes"}, follow_redirects=True)
    assert "Blocked: what they write is put away" in page.text
    await posting.answer(merchant, code, Said(side="seller", text="Buy more!", name="Mo"))
    it = await kept.owned_by(alice, code)
    assert (bool(it.archived), bool(it.muted), await unread(alice)) == (True, True, 0)
    assert (await events("message_posted"))[-1]["quiet"] is True
    assert code not in (await hers.get("/inbox")).text
    assert "Buy more!" in (await hers.get(f"/inbox/{code}")).text
    assert not [row for row in await db.rows("SELECT merchant FROM events WHERE kind = 'seller_blocked'") if row["merchant"]]
    await hers.post(f"/inbox/{code}/blocking", data={"to": "no"})
    assert code in (await hers.get("/inbox")).text
    await posting.answer(merchant, code, Said(side="seller", text="Sorry", name="Mo"))
    assert (await events("message_posted"))[-1]["quiet"] is False
    assert await unread(alice) == 1


async def test_a_customer_whom_a_desk_has_blocked_is_told_why_and_what_stays_open(hers: AsyncClient, alice: int) -> None:
    code, merchant = await thread(alice)
    await blocking.by_desk(merchant, code, True, author=7, reason="Threats on Monday", by="member:7")
    page = (await hers.get(f"/inbox/{code}")).text
    assert "takes no more messages from you" in page
    assert "Threats on Monday" in page
    assert 'href="/orders/1001"' in page
    assert 'id="reply"' not in page
    ask = (await hers.get("/inbox/new", params={"order": "1001"})).text
    assert ("Threats on Monday" in ask, 'name="text"' in ask) == (True, False)
    await builders.merchant("la-halle", "La Halle")
    await shop.name("la-halle")
    ask = (await hers.get("/inbox/new", params={"order": "1001"})).text
    assert 'name="to" value="shop"' in ask, "the shop itself is asked"
    assert 'name="to" value="seller"' not in ask
    with pytest.raises(Refused, match="Threats on Monday"):
        await posting.reply(alice, code, Said(side="buyer", text="Still", author=alice))
    answer = await hers.post("/inbox/threads", data={"order": "1001", "text": "My words", "key": "k" * 20})
    assert answer.status_code == 403
    assert "takes no more messages from you: Threats on Monday" in answer.text
    assert "My words" in answer.text, "what was typed is kept"
    await posting.answer(merchant, code, Said(side="seller", text="One last word", name="Mo"))
    await blocking.by_desk(merchant, code, False, author=7, by="member:7")
    await posting.reply(alice, code, Said(side="buyer", text="Thank you", author=alice))
    assert [one["reason"] for one in await events("customer_blocked")] == ["Threats on Monday"]
    assert len(await events("customer_unblocked")) == 1


async def test_who_is_blocked_still_sends_things_back(alice: int) -> None:
    code, merchant = await thread(alice)
    await blocking.by_desk(merchant, code, True, author=7, reason="Rude", by="member:7")
    order = await bought.delivered("2")
    from app.returns import asking

    assert await asking.ask(alice, bought.asked((await bought.line_ids(order))[0]), by=f"customer:{alice}")


async def test_a_block_needs_its_reason_and_is_of_one_seller_alone(alice: int) -> None:
    code, merchant = await thread(alice)
    with pytest.raises(Invalid, match="Say why"):
        await blocking.by_desk(merchant, code, True, author=7, reason=" ", by="member:7")
    assert await blocking.by_desk(merchant, code, True, author=7, reason="Rude", by="member:7")
    assert not await blocking.by_desk(merchant, code, True, author=7, reason="Rude", by="member:7")
    elsewhere = await builders.order("2", merchant=builders.NIA)
    said = Said(side="buyer", text="Hello", author=alice)
    assert re.match("T-", await starting.start(alice, await about.order(alice, elsewhere["address"]), said))


async def test_what_was_put_away_before_stays_away_when_a_seller_is_no_longer_blocked(alice: int) -> None:
    open_one, _merchant = await thread(alice)
    archived, muted, changed = [(await thread(alice, number))[0] for number in ("2", "3", "4")]
    await putting.change(alice, [archived], "archived", True)
    await putting.change(alice, [muted], "muted", True)
    await blocking.by_customer(alice, open_one, True)
    await putting.change(alice, [changed], "archived", False)
    later, _merchant = await thread(alice, "5")
    await blocking.by_customer(alice, open_one, False)
    stand = {code: await kept.owned_by(alice, code) for code in (open_one, archived, muted, changed, later)}
    assert {code: (bool(it.archived), bool(it.muted)) for code, it in stand.items()} == {
        open_one: (False, False), archived: (True, False), muted: (False, True), changed: (False, False), later: (False, False),
    }  # fmt: skip
    assert await db.rows("SELECT id FROM blocked_threads") == []
