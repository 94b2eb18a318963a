"""The money of a return on its pages: its customer sees each refund's way and says that it has arrived; the desk pays it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.orders import refund_steps, refunding
from app.orders.refunding import Wanted
from app.returns import asking
from tests import builders
from tests.returns import bought

REFUNDS = f"/desk/{builders.MO}/refunds"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _refund(
    n: str = "1001", *, amount: int = 1250, approved: bool = True, **about: Any
) -> tuple[str, int, Mapping[str, Any]]:
    """Of a return of Alice's: its code, the refund's number, the order."""
    order = await bought.delivered(n)
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    (it,) = await db.rows("SELECT id FROM returns WHERE code = {}", code)
    wanted = Wanted(amount=amount, of_return=it["id"], **{"due_at": clock.now() + timedelta(days=3), **about})
    (number,) = await refunding.request(order["id"], wanted, by="member:1", approved=approved)
    return code, number, order


async def _state(number: int) -> tuple[str, str]:
    (row,) = await db.rows("SELECT state, reference FROM refunds WHERE id = {}", number)
    return row["state"], row["reference"]


async def test_the_customer_sees_the_way_of_the_money_and_says_that_it_has_arrived(alice: AsyncClient) -> None:
    code, number, _order = await _refund()
    here = f"/returns/{code}"
    text = (await alice.get(here)).text
    assert "€12.50" in text
    assert "3 days left: it has to be sent by" in text
    assert "It has arrived" not in text
    early = await alice.post(f"{here}/refunds/{number}/arrival")
    assert early.status_code == 409
    await refund_steps.record_reference(number, "SEPA 77-1", by="member:1")
    text = (await alice.get(here)).text
    assert "SEPA 77-1" in text
    assert "Expected by" in text
    assert "days left" not in text
    for _twice in range(2):
        answer = await alice.post(f"{here}/refunds/{number}/arrival")
        assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert "It has arrived" not in (await alice.get(here)).text
    told = await db.rows("SELECT id FROM events WHERE kind = 'refund_arrived'")
    assert len(told) == 1


async def test_only_a_refund_of_that_very_return_can_be_confirmed_there(alice: AsyncClient) -> None:
    one, first, _order = await _refund("1")
    other, second, _order = await _refund("2")
    for number in (first, second):
        await refund_steps.record_reference(number, "R", by="member:1")
    assert (await alice.post(f"/returns/{one}/refunds/{second}/arrival")).status_code == 404
    assert (await alice.post(f"/returns/{other}/refunds/{2**40}/arrival")).status_code == 404
    assert not await db.rows("SELECT id FROM refunds WHERE arrived_at IS NOT NULL")


async def test_the_orders_page_leads_to_its_returns(alice: AsyncClient) -> None:
    code, _number, order = await _refund()
    assert (
        f'<a href="/returns/{code}">Return {code}: Teapot “Brume”</a>' in (await alice.get(f"/orders/{order['address']}")).text
    )
    other = await bought.delivered("1002")
    assert "/returns/R-" not in (await alice.get(f"/orders/{other['address']}")).text


async def test_the_desk_pays_the_oldest_deadline_first_and_records_the_reference(mo: AsyncClient) -> None:
    code, number, _order = await _refund("1")
    _code, sooner, _order = await _refund("2", due_at=clock.now() - timedelta(days=2))
    page = (await mo.get(REFUNDS)).text
    assert page.index(f'id="refund-{sooner}"') < page.index(f'id="refund-{number}"')
    assert "2 days late" in page
    assert f"/desk/{builders.MO}/returns/{code}" in page
    empty = await mo.post(f"{REFUNDS}/{number}/reference", data={f"reference-{number}": " "})
    assert empty.status_code == 422
    assert f'id="reference-{number}-error"' in empty.text
    assert f'id="reference-{sooner}-error"' not in empty.text
    said = {f"reference-{number}": "VIR 1/2"}
    for day, words in (("2999-01-01", "still to come"), ("2001-01-01", "before the refund"), ("soon", "A day, such as")):
        wrong = await mo.post(f"{REFUNDS}/{number}/reference", data={**said, f"paid-{number}": day})
        assert (wrong.status_code, words in wrong.text, "VIR 1/2" in wrong.text) == (422, True, True)
    today = {**said, f"paid-{number}": f"{clock.today('UTC')}"}
    answer = await mo.post(f"{REFUNDS}/{number}/reference", data=today)
    assert (answer.status_code, answer.headers["location"]) == (303, REFUNDS)
    assert await _state(number) == ("succeeded", "VIR 1/2")
    assert f'id="refund-{number}"' not in (await mo.get(REFUNDS)).text
    screen = await mo.get(f"/desk/{builders.MO}/returns/{code}")
    assert (screen.status_code, "VIR 1/2" in screen.text, "/reference" in screen.text) == (200, True, False)


async def test_a_refund_that_is_for_no_return_waits_in_the_list_too(mo: AsyncClient) -> None:
    order = await bought.delivered()
    (number,) = await refunding.request(order["id"], Wanted(amount=500, reason="Late"), by="member:1", approved=True)
    page = await mo.get(REFUNDS)
    assert (page.status_code, f'id="refund-{number}"' in page.text, "· Late</p>" in page.text) == (200, True, True)


async def test_a_refund_is_approved_given_up_and_tried_again_on_its_returns_screen(mo: AsyncClient) -> None:
    code, number, _order = await _refund(approved=False)
    here = f"/desk/{builders.MO}/returns/{code}"
    assert f"{REFUNDS}/{number}/approval" in (await mo.get(here)).text
    answer = await mo.post(f"{REFUNDS}/{number}/approval", data={"back": code})
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    silent = await mo.post(f"{REFUNDS}/{number}/refusal", data={"back": code})
    assert silent.status_code == 422
    assert "Say why" in silent.text
    assert code in silent.text
    await mo.post(f"{REFUNDS}/{number}/refusal", data={"back": code, f"why-{number}": "Account closed"})
    assert (await _state(number))[0] == "failed"
    page = (await mo.get(here)).text
    assert "Account closed" in page
    assert f"{REFUNDS}/{number}/retry" in page
    for _twice in range(2):
        assert (await mo.post(f"{REFUNDS}/{number}/retry", data={"back": code, "by_hand": "yes"})).status_code == 303
    rows = await db.rows("SELECT state, provider FROM refunds ORDER BY id")
    assert [(row["state"], row["provider"]) for row in rows] == [("failed", "manual"), ("pending", "manual")]


async def test_an_agent_records_references_and_decides_nothing(client: AsyncClient) -> None:
    await builders.member("sam@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    _code, asked, _order = await _refund("1", approved=False)
    _code, number, _order = await _refund("2")
    page = (await client.get(REFUNDS)).text
    assert "/approval" not in page
    assert "/refusal" not in page
    for verb in ("approval", "refusal", "retry"):
        assert (await client.post(f"{REFUNDS}/{asked}/{verb}", data={f"why-{asked}": "No"})).status_code == 403
    assert (await client.post(f"{REFUNDS}/{number}/reference", data={f"reference-{number}": "R"})).status_code == 303
    assert [await _state(asked), await _state(number)] == [("requested", ""), ("succeeded", "R")]


async def test_another_merchants_refund_and_return_do_not_exist_at_a_desk(client: AsyncClient) -> None:
    code, number, _order = await _refund()
    await builders.member("nia@example.com", builders.NIA, "owner")
    client.cookies.update(await builders.session("nia@example.com", factor=True))
    theirs = f"/desk/{builders.NIA}/refunds"
    said = {f"reference-{number}": "R", f"why-{number}": "No"}
    for verb in ("reference", "approval", "refusal", "retry"):
        assert (await client.post(f"{theirs}/{number}/{verb}", data=said)).status_code == 404
        assert (await client.post(f"{theirs}/{number}/{verb}", data={**said, "back": code})).status_code == 404
    assert (await client.post(f"{theirs}/{number}/reference", data={**said, "back": "/evil"})).status_code == 404
    assert "Nothing to pay" in (await client.get(theirs)).text
    assert await _state(number) == ("pending", "")
