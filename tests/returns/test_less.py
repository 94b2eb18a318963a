"""Less money than was promised, and no more to come: never by one click, never without a reason that its customer reads, and of
a withdrawal only as what was kept of goods that came."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Invalid
from app.orders import refund_steps
from app.returns import asking, deciding, kept, receiving, settling, withdrawals
from app.returns.settling import Deduction
from tests import builders
from tests.returns import bought
from tests.returns.asking_steps import said

RETURNS = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _withdrawn(*, came: bool) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered(lines=[builders.line("1")])
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    if came:
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code, order


async def _agreed() -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered(lines=[builders.line("1")])
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    return code, order


def _again(page: str) -> dict[str, str]:
    """What the second look sends on, as it stands there."""
    form = page.partition('id="less"')[2].partition("</form>")[0]
    return {name: unescape(text) for name, text in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}


async def _given() -> list[int]:
    return [row["amount"] for row in await db.rows("SELECT amount FROM refunds")]


@pytest.mark.parametrize("came", [True, False])
async def test_a_forgotten_tick_keeps_nothing_of_a_withdrawal(mo: AsyncClient, came: bool) -> None:
    code, order = await _withdrawn(came=came)
    refused = await mo.post(f"{RETURNS}/{code}/refund", data={"amount": "10.00", "reason": "Worn"})
    assert (refused.status_code, await _given()) == (422, [])
    assert "Of a withdrawal all of it goes back (Directive 2011/83/EU, Art. 13)." in unescape(refused.text)
    with pytest.raises(Invalid) as wrong:
        await settling.refund(order["merchant"], code, amount=1_000, reason="Worn", by="member:1")
    assert list(wrong.value.fields) == ["amount"]
    assert (await mo.post(f"{RETURNS}/{code}/refund", data={"amount": "10.00", "more": "yes"})).status_code == 303
    assert "Still to be paid" in (await mo.get(f"{RETURNS}/{code}")).text


async def test_of_a_withdrawal_that_came_less_is_kept_with_its_reason_after_a_second_look(mo: AsyncClient) -> None:
    code, _order = await _withdrawn(came=True)
    (line,) = (await kept.by_code(code)).lines
    text = {"how": "all", f"deduction-{line.id}": "8.00", f"why-{line.id}": "A chip in the lid"}
    second = await mo.post(f"{RETURNS}/{code}/refund", data=text)
    assert (second.status_code, await _given()) == (200, [])
    assert "and no more?" in second.text
    assert "€8.00 of what was promised is kept." in said(second.text)
    assert "A chip in the lid" in said(second.text)
    assert (await mo.post(f"{RETURNS}/{code}/refund", data={**_again(second.text), "sure": "yes"})).status_code == 303
    assert await _given() == [4_800 + 490 - 800]


async def test_less_for_a_return_asks_for_the_reason_then_once_more_and_its_customer_reads_it(mo: AsyncClient) -> None:
    code, _order = await _agreed()
    here = f"{RETURNS}/{code}/refund"
    bare = await mo.post(here, data={"amount": "10.00"})
    assert (bare.status_code, "Say why it is less: the customer reads it." in bare.text, await _given()) == (422, True, [])
    second = await mo.post(here, data={"amount": "10.00", "reason": "Its lid was missing"})
    assert (second.status_code, await _given()) == (200, [])
    assert "Pay back €10.00, and no more?" in said(second.text)
    changed = await mo.post(here, data={**_again(second.text), "step": "change"})
    assert ('value="10.00"' in changed.text, "Its lid was missing" in changed.text, await _given()) == (True, True, [])
    assert (await mo.post(here, data={**_again(second.text), "sure": "yes"})).status_code == 303
    assert await _given() == [1_000]
    desk = said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "€10.00 · Its lid was missing" in desk
    mo.cookies.update(await builders.session("alice@example.com"))
    customers = (await mo.get(f"/returns/{code}")).text
    assert "<blockquote>Its lid was missing" in customers
    assert "€10.00 · Its lid was missing" in said(customers)


async def test_all_of_it_and_a_part_of_which_more_is_to_come_need_no_second_look(mo: AsyncClient) -> None:
    code, _order = await _agreed()
    assert (await mo.post(f"{RETURNS}/{code}/refund", data={"amount": "10.00", "more": "yes"})).status_code == 303
    assert (await mo.post(f"{RETURNS}/{code}/refund", data={"amount": "42.90"})).status_code == 303
    assert await _given() == [1_000, 4_290]
    assert await bought.state(code) == "refunded"


async def test_what_was_kept_before_is_not_kept_a_second_time() -> None:
    code, order = await _withdrawn(came=True)
    (line,) = (await kept.by_code(code)).lines
    worn = {line.id: Deduction(800, "A chip")}
    await settling.refund(order["merchant"], code, amount=1_000, deductions=worn, last=False, by="member:1")
    await settling.refund(order["merchant"], code, amount=3_490, deductions=worn, by="member:1")
    assert await _given() == [1_000, 3_490]


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_the_sums_lead_from_what_was_promised_to_what_was_given(mo: AsyncClient, locale: str) -> None:
    code, order = await _withdrawn(came=True)
    await db.execute("UPDATE customers SET locale = {} WHERE id = {}", locale, order["customer"])
    (line,) = (await kept.by_code(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(800, "A chip")}, by="member:1")
    mo.cookies.update(await builders.session("alice@example.com"))
    page = said((await mo.get(f"/returns/{code}")).text)
    rows = {
        "en": ("Comes back to you €52.90", "Kept by the seller, with the reason at the item -€8.00", "Given back €44.90"),
        "fr": ("Vous revient 52,90 €", "Retenu par le vendeur, motif à l’article -8,00 €", "Remboursé 44,90 €"),
    }[locale]
    assert [text for text in rows if text not in page] == []


async def test_what_was_given_otherwise_is_named_and_all_of_it_needs_no_second_sum(mo: AsyncClient) -> None:
    code, order = await _agreed()
    await settling.refund(order["merchant"], code, amount=1_000, reason="Its lid was missing", by="member:1")
    page = said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "Not given back: kept as told, gone back already, or never paid -€42.90 Given back €10.00" in page
    other = await bought.delivered("1002", lines=[builders.line("1")])
    whole = await asking.ask(other["customer"], bought.asked((await bought.line_ids(other))[0]), by="customer:1")
    await deciding.approve(other["merchant"], whole, by="member:1")
    await settling.refund(other["merchant"], whole, by="member:1")
    assert "Given back" not in said((await mo.get(f"{RETURNS}/{whole}")).text)


async def test_the_history_tells_that_the_money_went_out_and_under_which_reference(mo: AsyncClient) -> None:
    code, order = await _agreed()
    await settling.refund(order["merchant"], code, by="member:1")
    (refund,) = await db.rows("SELECT id FROM refunds")
    before = (await mo.get(f"{RETURNS}/{code}")).text
    await refund_steps.record_reference(refund["id"], "VIR-1", by="member:1")
    history = (await mo.get(f"{RETURNS}/{code}")).text.partition('id="timeline"')[2]
    assert "Refund issued" not in before.partition('id="timeline"')[2]
    assert "Refund issued" in history
    assert "€52.90 · VIR-1" in history
    assert history.index("Refund issued") < history.index("Refund approved")


async def test_only_a_manager_gives_less_than_was_promised_for_good(client: AsyncClient) -> None:
    code, _order = await _agreed()
    await builders.member("sam@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    here = f"{RETURNS}/{code}/refund"
    for sure in ("", "yes"):
        answer = await client.post(here, data={"amount": "10.00", "reason": "Its lid was missing", "sure": sure})
        assert (answer.status_code, await _given()) == (403, [])
    assert (await client.post(here, data={"amount": "10.00", "more": "yes"})).status_code == 303
