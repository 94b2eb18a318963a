"""While a payment is only reserved, no return is settled without it unmeant: what is charged later is owed to the customer."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid
from app.i18n import Voice
from app.notifications import wording
from app.notifications.channels import News
from app.returns import asking, deciding, kept, settling, withdrawals
from tests import builders
from tests.merchants.counter import program
from tests.returns import bought
from tests.returns.asking_steps import said

DESK = f"/desk/{builders.MO}/returns"
ALL = {"how": "all"}


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _agreed(payment: str = "authorised", kind: str = "return") -> tuple[str, Mapping[str, Any]]:
    order = await (builders.order(payment=payment) if kind == "cancellation" else bought.delivered(payment=payment))
    line, *_ = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, kind=kind), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    return code, order


@pytest.mark.parametrize("kind", ["return", "claim", "cancellation"])
async def test_what_is_only_reserved_is_not_settled_before_somebody_says_that_it_is_not_charged(
    mo: AsyncClient, kind: str
) -> None:
    code, _order = await _agreed(kind=kind)
    before, here = await bought.state(code), f"{DESK}/{code}/refund"
    page = said((await mo.get(here)).text)
    assert ("Nothing can be paid back yet" in page, "are only reserved so far, not charged." in page) == (True, True)
    refused = await mo.post(here, data=ALL)
    assert (refused.status_code, 'id="uncharged-error"' in refused.text) == (422, True)
    assert "wait until then, and pay it back" in said(refused.text)
    assert await bought.state(code) == before
    assert (await mo.post(here, data={**ALL, "uncharged": "yes"})).status_code == 303
    assert await bought.state(code) in ("refunded", "resolved")
    told = said((await mo.get(f"{DESK}/{code}")).text)
    assert ("Settled: nothing was charged for it" in told, "The shop does not charge €" in told) == (True, True)


async def test_what_is_charged_later_is_paid_back_as_ever(mo: AsyncClient) -> None:
    code, _order = await _agreed()
    here = f"{DESK}/{code}/refund"
    assert (await mo.post(here, data=ALL)).status_code == 422
    await bought.delivered(payment="paid")
    text = said((await mo.get(here)).text)
    assert ("Yes, pay back €48.00" in text, "only reserved" in text) == (True, False)
    assert (await mo.post(here, data=ALL)).status_code == 303
    assert [row["amount"] for row in await db.rows("SELECT amount FROM refunds")] == [4_800]


async def test_what_was_charged_while_the_page_stood_open_is_not_given_up(mo: AsyncClient) -> None:
    code, _order = await _agreed()
    await bought.delivered(payment="paid")
    late = await mo.post(f"{DESK}/{code}/refund", data={**ALL, "uncharged": "yes", "shown": "0"})
    assert (late.status_code, await bought.state(code)) == (409, "approved")


async def test_a_reservation_that_was_given_up_holds_nothing_up(mo: AsyncClient) -> None:
    code, _order = await _agreed()
    await bought.delivered(payment="unpaid")
    here = f"{DESK}/{code}/refund"
    assert "only reserved" not in said((await mo.get(here)).text)
    assert (await mo.post(here, data=ALL)).status_code == 303
    assert await bought.state(code) == "refunded"


async def test_of_two_orders_the_reserved_one_is_not_given_up_with_the_paid_one() -> None:
    paid, reserved = await bought.delivered("1001"), await bought.delivered("1002", payment="authorised")
    lines = [(await bought.line_ids(order))[1] for order in (paid, reserved)]
    code = await withdrawals.declare(paid["customer"], dict.fromkeys(lines, 1), by="customer:1")
    merchant = paid["merchant"]
    with pytest.raises(Invalid) as refused:
        await settling.refund(merchant, code, by="member:1")
    assert list(refused.value.fields) == ["uncharged"]
    await settling.refund(merchant, code, amount=1_250, last=False, by="member:1")
    assert await bought.state(code) == "goods_due"
    await bought.delivered("1002", payment="paid")
    await settling.refund(merchant, code, by="member:1")
    assert (await kept.by_code(code)).it.refunded >= 2_500
    assert await bought.state(code) == "refunded"


@pytest.mark.parametrize("kind", ["return_refunded", "claim_resolved", "withdrawal_refunded"])
def test_the_customer_is_told_that_it_is_not_charged_and_nothing_of_a_refund(kind: str) -> None:
    data = {"uncharged": 4_800, "amount": 0, "currency": "EUR", "of": {"title": "Teapot", "number": "1", "shop": "Mo"}}
    news = News(id=1, topic="returns_and_refunds", kind=kind, order=1, url="/", data=data, at=clock.now())
    told = wording.said(news, Voice("en", "Europe/Paris"))
    assert told.title == "Settled: Teapot"
    assert told.body == "The seller says that €48.00, which was only reserved, is not charged. Order 1 from Mo."


async def test_a_program_says_so_too() -> None:
    code, _order = await _agreed()
    here = f"/api/v1/returns/{code}/refund"
    async with await program(builders.MO) as client:
        refused = await client.post(here, json={})
        assert (refused.status_code, "/uncharged" in refused.text) == (422, True)
        assert (await client.post(here, json={"uncharged": True})).status_code == 200
