"""Alice does not agree with what Mo decided: the objection opens a conversation with the day by which it is answered."""

import pytest
from httpx import AsyncClient

from app import db
from app.inbox import about, blocking, kept, objecting, starting
from app.inbox.posting import Said
from app.returns import asking, deciding, guests, receiving, settling
from app.returns import kept as returns
from app.returns.settling import Deduction
from tests import builders
from tests.returns import bought, withdrawn


@pytest.fixture
async def hers(client: AsyncClient) -> AsyncClient:
    await builders.customer()
    client.cookies.update(await builders.session())
    return client


async def declined() -> tuple[int, str]:
    order = await bought.delivered()
    (line, _cup) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    await deciding.decline(order["merchant"], code, clause="used", answer="It was used", by="member:1")
    return order["customer"], code


async def threads() -> list[str]:
    return [row["code"] for row in await db.rows("SELECT code FROM threads ORDER BY id")]


async def test_one_touch_opens_a_conversation_with_a_named_deadline(hers: AsyncClient) -> None:
    alice, code = await declined()
    page = (await hers.get(f"/returns/{code}/objection")).text
    assert "Atelier Mo looks at it again and answers by" in page
    assert "It was used" in page
    sent = await hers.post(f"/returns/{code}/objection", data={"text": ""})
    assert (sent.status_code, sent.headers["location"]) == (303, f"/returns/{code}")
    (thread,) = await threads()
    it = await kept.owned_by(alice, thread)
    assert (it.return_code, it.waiting_on) == (code, "seller")
    assert it.due_at is not None
    said = (await hers.get(f"/inbox/{thread}")).text
    assert "I do not agree with this decision" in said
    assert "Objection raised, to be answered by" in said
    assert f"/inbox/{thread}" in (await hers.get(f"/returns/{code}")).text
    assert "looks at your objection until" in (await hers.get(f"/returns/{code}/objection")).text


async def test_it_goes_on_in_the_conversation_that_there_is(hers: AsyncClient) -> None:
    alice, code = await declined()
    said = Said(side="buyer", text="Why?", author=alice, name="Alice Martin")
    thread = await starting.start(alice, await about.returned(alice, code), said)
    await hers.post(f"/returns/{code}/objection", data={"text": "It is new, see the seal"})
    assert await threads() == [thread]
    page = (await hers.get(f"/inbox/{thread}")).text
    assert page.index("Why?") < page.index("It is new, see the seal") < page.index("Objection raised")


async def test_the_desk_goes_from_the_return_to_its_conversation_and_back(client: AsyncClient) -> None:
    alice, code = await declined()
    await objecting.object_to(alice, code, text="It is new", name="Alice Martin")
    (thread,) = await threads()
    await builders.member("mo@example.com")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    desk = f"/desk/{builders.MO}"
    assert f'href="{desk}/inbox/{thread}#newest"' in (await client.get(f"{desk}/returns/{code}")).text
    page = (await client.get(f"{desk}/inbox/{thread}")).text
    assert f'href="{desk}/returns/{code}"' in page
    assert "This is about it" in page


async def test_an_objection_by_a_guests_link_goes_on_in_a_conversation_of_whom_it_concerns(client: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    token = await withdrawn.guest()
    code = await guests.confirm(token)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    (line,) = (await returns.by_code(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(800, "A chip")}, by="member:1")
    sent = await client.post(f"/withdrawal/{token}/objection", data={"text": "It came like that"}, follow_redirects=True)
    assert "you find the conversation about it under" in sent.text
    (thread,) = await threads()
    it = await kept.owned_by(order["customer"], thread)
    assert (it.return_code, it.waiting_on, it.last_side) == (code, "seller", "buyer")
    assert (await bought.told(code))[-1] == "withdrawal_contested"
    client.cookies.update(await builders.session())
    assert "It came like that" in (await client.get(f"/inbox/{thread}")).text


async def test_one_by_another_address_than_the_customers_stands_and_opens_none(client: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    token = await withdrawn.guest()
    code = await guests.confirm(token)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    (line,) = (await returns.by_code(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(800, "A chip")}, by="member:1")
    await db.execute("UPDATE returns SET email = {} WHERE code = {}", "work@alice.example", code)
    sent = await client.post(f"/withdrawal/{token}/objection", data={"text": "It came like that"}, follow_redirects=True)
    assert ("with the seller." in sent.text, "the conversation about it" in sent.text) == (True, False)
    assert (await threads(), (await bought.told(code))[-1]) == ([], "withdrawal_contested")


async def test_what_is_refused_leaves_nothing_behind_and_is_not_lost(hers: AsyncClient) -> None:
    _alice, code = await declined()
    answer = await hers.post(f"/returns/{code}/objection", data={"text": "x" * 2_001})
    assert answer.status_code == 422
    assert "x" * 2_001 in answer.text
    assert await threads() == []
    await hers.post(f"/returns/{code}/objection", data={"text": "First"})
    again = await hers.post(f"/returns/{code}/objection", data={"text": "Second"})
    assert again.status_code == 409
    assert len(await threads()) == 1


async def test_the_right_is_not_lost_where_no_more_can_be_written(hers: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _alice, code = await declined()
    monkeypatch.setattr(starting, "MOST_OPEN", 0)
    assert (await hers.post(f"/returns/{code}/objection", data={"text": "It is new"})).status_code == 303
    assert await threads() == []
    await its_objection_stands(code)


async def test_an_objection_of_who_is_blocked_stands_and_leaves_no_empty_conversation(hers: AsyncClient) -> None:
    alice, code = await declined()
    merchant = (await about.returned(alice, code)).merchant
    said = Said(side="buyer", text="Hello?", author=alice, name="Alice Martin")
    asked = await starting.start(alice, await about.merchant(builders.MO), said, subject="A question")
    await blocking.by_desk(merchant, asked, True, author=1, reason="Enough", by="member:1")
    assert (await hers.post(f"/returns/{code}/objection", data={"text": "It is new"})).status_code == 303
    assert await threads() == [asked]
    assert (await hers.get("/inbox")).text.count('<li id="thread-T-') == 1
    await its_objection_stands(code)


async def its_objection_stands(code: str) -> None:
    (row,) = await db.rows("SELECT objected_at, waiting_on FROM returns WHERE code = {}", code)
    assert (row["objected_at"] is not None, row["waiting_on"]) == (True, "seller")
