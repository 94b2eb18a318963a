"""Less money than was promised, and a customer who does not agree: once, within 14 days, to somebody who has to answer."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.orders import refund_steps
from app.returns import (
    ageing,
    asking,
    deciding,
    guests,
    kept,
    moving,
    objections,
    receiving,
    repairing,
    rest,
    rules,
    settling,
    withdrawals,
)
from app.returns.asked import Asked, AskedLine
from app.returns.kept import Kept
from app.returns.rule_book import Rules
from app.returns.settling import Deduction
from tests import builders
from tests.returns import bought, withdrawn
from tests.returns.asking_steps import said
from tests.returns.right import everything

Order = Mapping[str, Any]
RETURNS = f"/desk/{builders.MO}/returns"
BOB = "customer:1"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _came(kind: str = "return", **about: Any) -> tuple[str, Order]:
    """One teapot of 48.00 that is back and was counted."""
    order = await bought.delivered(lines=[builders.line("1")])
    (line,) = await bought.line_ids(order)
    if kind == "withdrawal":
        code = await withdrawals.declare(order["customer"], {line: 1}, by=BOB)
    else:
        code = await asking.ask(order["customer"], bought.asked(line, **about), by=BOB)
        await deciding.approve(order["merchant"], code, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code, order


async def _kept(kind: str = "return", amount: int = 800, **about: Any) -> tuple[str, Order]:
    """Settled, with so much kept of it."""
    code, order = await _came(kind, **about)
    (line,) = (await kept.by_code(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(amount, "A chip")}, by="member:1")
    return code, order


async def _claim(order: Order, amount: int, wish: str = "refund") -> str:
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, kind="claim", wish=wish), by=BOB)
    await deciding.approve(order["merchant"], code, answer="We are sorry", by="member:1")
    reason = "Only its lid is broken"
    await settling.refund(order["merchant"], code, amount=amount, reason=reason, by="member:1")
    return code


async def _object(code: str, order: Order, text: str = "It came like that") -> None:
    await deciding.object_to(order["customer"], code, text=text, by=f"customer:{order['customer']}")


async def _given() -> list[tuple[int, int]]:
    return [(row["amount"], row["bonus"]) for row in await db.rows("SELECT amount, bonus FROM refunds ORDER BY id")]


async def _now(code: str) -> Kept:
    return await kept.by_code(code)


@pytest.mark.parametrize("kind", ["return", "withdrawal"])
async def test_who_had_something_kept_objects_and_is_told_by_when_it_is_answered(kind: str) -> None:
    code, order = await _kept(kind)
    assert objections.possible(await _now(code))
    await _object(code, order)
    it = await _now(code)
    assert (it.it.state, it.it.waiting_on, objections.waits(it.it), it.it.due_at is not None) == (
        "refunded",
        "seller",
        True,
        True,
    )
    assert (await bought.told(code))[-1] == {"return": "return_objected", "withdrawal": "withdrawal_contested"}[kind]
    with pytest.raises(Refused):
        await _object(code, order)
    await everything(order["id"])


async def test_less_with_a_reason_is_objected_to_and_all_of_it_is_not() -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    code = await _claim(order, 1_000)
    assert objections.possible(await _now(code))


async def test_of_all_that_was_promised_nothing_is_objected_to() -> None:
    code, order = await _came()
    await settling.refund(order["merchant"], code, by="member:1")
    assert not objections.possible(await _now(code))
    with pytest.raises(Refused):
        await _object(code, order)


async def test_what_was_repaired_kept_nothing_back_though_a_part_was_paid() -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, kind="claim"), by=BOB)
    await deciding.approve(order["merchant"], code, answer="We repair it", by="member:1")
    await settling.refund(order["merchant"], code, amount=500, last=False, by="member:1")
    await repairing.repaired(order["merchant"], code, by="member:1")
    assert not objections.possible(await _now(code))


@pytest.mark.parametrize(("days", "possible"), [(0, True), (13.9, True), (14.1, False), (30, False)])
async def test_it_is_objected_to_for_fourteen_days(days: float, possible: bool) -> None:
    code, order = await _kept()
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - timedelta(days=days))
    assert objections.possible(await _now(code)) == possible
    if not possible:
        with pytest.raises(Refused):
            await _object(code, order)


async def test_not_before_it_is_settled_nor_by_anybody_else() -> None:
    code, order = await _came()
    with pytest.raises(Refused):
        await _object(code, order)
    (line,) = (await _now(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(1, "A chip")}, by="member:1")
    with pytest.raises(Missing):
        await deciding.object_to(order["customer"] + 1, code, text="", by="customer:2")
    with pytest.raises(Missing):
        await rest.pay(await builders.merchant(builders.NIA), code, by="member:9")
    with pytest.raises(Refused):
        await rest.pay(order["merchant"], code, by="member:1")  # nobody has objected
    assert await _given() == [(5_289, 0)]


async def test_after_a_refusal_was_objected_to_less_can_be_once_more() -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line), by=BOB)
    await deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    await _object(code, order)
    await deciding.approve(order["merchant"], code, by="member:1")
    await settling.refund(order["merchant"], code, amount=2_000, reason="It was used", by="member:1")
    await _object(code, order, "")
    assert objections.waits((await _now(code)).it)


async def test_the_rest_is_paid_to_the_cent_and_nothing_is_kept_any_more() -> None:
    code, order = await _kept()
    await _object(code, order)
    assert await rest.pay(order["merchant"], code, by="member:1") == 800
    it = await _now(code)
    assert await _given() == [(4_490, 0), (800, 0)]
    assert (it.it.state, it.it.waiting_on, it.it.due_at, it.it.refunded) == ("refunded", "nobody", None, 5_290)
    assert [(line.deduction, line.deduction_reason) for line in it.lines] == [(0, "")]
    assert (await bought.told(code))[-1] == "return_rest_refunded"
    with pytest.raises(Refused):
        await rest.pay(order["merchant"], code, by="member:1")
    with pytest.raises(Refused):
        await _object(code, order)
    await everything(order["id"])


async def test_some_of_it_leaves_the_rest_kept_with_its_reason() -> None:
    code, order = await _kept()
    await _object(code, order)
    for wrong in (0, -1, 801):
        with pytest.raises(Invalid) as refused:
            await rest.pay(order["merchant"], code, amount=wrong, by="member:1")
        assert list(refused.value.fields) == ["amount"]
    await rest.pay(order["merchant"], code, amount=300, by="member:1")
    it = await _now(code)
    assert [(line.deduction, line.deduction_reason) for line in it.lines] == [(500, "A chip")]
    assert ((await _given())[1:], it.it.waiting_on) == ([(300, 0)], "nobody")


@pytest.mark.parametrize("wish", ["refund", "repair"])
async def test_of_a_claim_that_was_paid_in_part_the_rest_is_paid(wish: str) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    code = await _claim(order, 1_000, wish)
    await _object(code, order)
    await rest.pay(order["merchant"], code, by="member:1")
    assert (await _given(), await bought.state(code)) == ([(1_000, 0), (4_290, 0)], "resolved")
    await everything(order["id"])


@pytest.mark.parametrize("amounts", [[None], [333, None]])
async def test_credit_brings_its_bonus_to_the_cent(amounts: list[int | None]) -> None:
    await rules.save(await builders.merchant(), Rules(credit_bonus=1_000), by=None)
    code, order = await _kept(wish="store_credit", amount=777)
    before = (await _now(code)).it
    assert before.refunded < before.expected
    for amount in amounts:
        await db.execute("UPDATE returns SET objected_at = NULL")
        await _object(code, order)
        await rest.pay(order["merchant"], code, amount=amount, by="member:1")
        await everything(order["id"])
    it = await _now(code)
    assert (it.it.refunded, it.it.state) == (it.it.expected, "credited")
    assert [line.deduction for line in it.lines] == [0]


@pytest.mark.parametrize("amount", [None, 700, 300])
async def test_of_two_orders_each_gives_back_its_own(amount: int | None) -> None:
    first = await bought.delivered(lines=[builders.line("1")])
    other = await bought.delivered("1002", lines=[builders.line("2")])
    lines = [(await bought.line_ids(order))[0] for order in (first, other)]
    what = Asked("return", [AskedLine(line, 1, "changed_mind") for line in lines])
    code = await asking.ask(first["customer"], what, by=BOB)
    await deciding.approve(first["merchant"], code, by="member:1")
    await receiving.receive(first["merchant"], code, {}, rest="sound", by="member:1")
    kept_back = {line.id: Deduction(part, "A chip") for line, part in zip((await _now(code)).lines, (500, 400), strict=True)}
    await settling.refund(first["merchant"], code, deductions=kept_back, by="member:1")
    promised = (await _now(code)).it.expected
    await _object(code, first)
    given = await rest.pay(first["merchant"], code, amount=amount, by="member:1")
    it = await _now(code)
    assert (given, it.it.refunded) == (amount or 900, promised - 900 + given)
    assert sum(line.deduction for line in it.lines) == 900 - given
    for order in (first, other):
        await everything(order["id"])


async def test_no_more_than_was_paid_goes_back_when_the_shop_was_quicker() -> None:
    code, order = await _kept()
    await db.insert("refunds", [{
        "order": order["id"], "position": 9, "external_id": "s1", "amount": 500, "kind": "other", "state": "succeeded",
        "origin": "source", "at": clock.now(), "lines": "[]", "of_return": (await _now(code)).it.id,
    }])  # fmt: skip
    await _object(code, order)
    assert await rest.pay(order["merchant"], code, by="member:1") == 300
    assert [line.deduction for line in (await _now(code)).lines] == [0]
    assert sum(amount for amount, _bonus in await _given()) == 5_290


async def test_two_at_the_desk_at_once_pay_once() -> None:
    code, order = await _kept()
    await _object(code, order)
    both = [rest.pay(order["merchant"], code, by=f"member:{n}") for n in (1, 2)]
    stands = deciding.uphold(order["merchant"], code, answer="No", by="member:3")
    answers = await asyncio.gather(*both, stands, return_exceptions=True)
    assert sum(isinstance(it, Refused) for it in answers) == 2
    assert sum(amount for amount, _bonus in await _given()) in (4_490, 5_290)
    assert ([it for it in answers if isinstance(it, int)] == [800]) == ((await _given())[-1] == (800, 0))
    await everything(order["id"])


async def test_it_stands_with_words_that_the_customer_reads() -> None:
    code, order = await _kept()
    await _object(code, order)
    with pytest.raises(Invalid):
        await deciding.uphold(order["merchant"], code, answer=" ", by="member:1")
    await deciding.uphold(order["merchant"], code, answer="The photo shows it", by="member:1")
    it = await _now(code)
    assert (it.it.waiting_on, it.it.due_at, it.it.answer, it.it.state) == ("nobody", None, "The photo shows it", "refunded")
    assert (await bought.told(code))[-1] == "return_stood"
    with pytest.raises(Refused):
        await deciding.uphold(order["merchant"], code, answer="Again", by="member:1")


async def test_time_does_not_close_it_while_it_waits() -> None:
    code, order = await _kept()
    for row in await db.rows("SELECT id FROM refunds"):
        await refund_steps.record_reference(row["id"], "SEPA 1", by="member:1")
    await _object(code, order)
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - timedelta(days=15))
    await ageing.age()
    assert await bought.state(code) == "refunded"
    await deciding.uphold(order["merchant"], code, answer="It stands", by="member:1")
    await ageing.age()
    assert await bought.state(code) == "closed"


async def test_the_shops_own_system_closes_it_and_its_answer_is_waited_for_all_the_same() -> None:
    code, order = await _kept()
    await _object(code, order)
    await moving.move(await _now(code), "closed", by="source:shopify")
    it = await _now(code)
    assert (it.it.state, it.it.waiting_on, objections.waits(it.it), it.it.due_at is not None) == (
        "closed",
        "seller",
        True,
        True,
    )
    await everything(order["id"])
    await rest.pay(order["merchant"], code, by="member:1")
    assert ((await _now(code)).it.state, (await _now(code)).it.waiting_on) == ("closed", "nobody")
    await everything(order["id"])


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("htmx", [False, True])
async def test_its_customer_objects_with_one_touch_and_reads_what_came_of_it(
    client: AsyncClient, locale: str, htmx: bool
) -> None:
    code, order = await _kept()
    await db.execute("UPDATE customers SET locale = {} WHERE id = {}", locale, order["customer"])
    client.cookies.update(await builders.session("alice@example.com"))
    headers = {"HX-Request": "true", "HX-Request-Type": "full"} if htmx else {}
    words = {
        "en": ("Your objection is being looked at", "Their answer is due by", "After your objection the rest was given back"),
        "fr": (
            "Votre contestation est examinée",
            "Réponse du vendeur avant la fin du",
            "Après votre contestation, le reste a été remboursé",
        ),
    }[locale]
    page = (await client.get(f"/returns/{code}", headers=headers)).text
    assert f'action="/returns/{code}/objection"' in page
    assert (await client.post(f"/returns/{code}/objection", data={"text": ""}, headers=headers)).status_code == 303
    looked_at = said((await client.get(f"/returns/{code}", headers=headers)).text)
    last_day = Voice(locale, "UTC").weekday((await _now(code)).it.due_at - timedelta(seconds=1))  # type: ignore[operator]
    assert [text for text in (*words[:2], last_day) if text.replace("\u00a0", " ") not in looked_at] == []
    assert f"/returns/{code}/objection" not in looked_at
    assert (await client.post(f"/returns/{code}/objection")).status_code == 409
    await rest.pay(order["merchant"], code, by="member:1")
    assert words[2] in said((await client.get(f"/returns/{code}")).text)


async def test_who_declared_a_withdrawal_without_signing_in_objects_by_their_link(client: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    token = await withdrawn.guest()
    code = await guests.confirm(token)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    (line,) = (await _now(code)).lines
    await settling.refund(order["merchant"], code, deductions={line.id: Deduction(800, "A chip")}, by="member:1")
    link = f"/withdrawal/{token}"
    page = (await client.get(link)).text
    assert (f'action="{link}/objection"' in page, "It is looked at again, until a day that you are told" in page) == (
        True,
        True,
    )
    assert (await client.post(f"{link}/objection", data={"text": "It came like that"})).status_code == 303
    assert (await bought.told(code))[-1] == "withdrawal_contested"
    page = (await client.get(link)).text
    assert ("Your objection is being looked at" in page, f"{link}/objection" in page) == (True, False)
    assert (await client.post(f"{link}/objection")).status_code == 409


async def test_its_customer_reads_why_it_stands(client: AsyncClient) -> None:
    code, order = await _kept()
    await _object(code, order)
    await deciding.uphold(order["merchant"], code, answer="The photo shows it", by="member:1")
    client.cookies.update(await builders.session("alice@example.com"))
    page = (await client.get(f"/returns/{code}")).text
    assert "<blockquote>The photo shows it" in page
    assert "It was looked at again after your objection" in said(page)
    assert "It stands: no more is paid back" in page.partition('id="timeline"')[2]


async def test_the_desk_finds_it_in_its_queue_and_pays_the_rest(mo: AsyncClient) -> None:
    code, order = await _kept()
    assert code not in (await mo.get(RETURNS)).text
    await _object(code, order, "It came like that")
    queue = (await mo.get(RETURNS)).text
    assert (code in queue, "Objection" in queue) == (True, True)
    page = (await mo.get(f"{RETURNS}/{code}")).text
    assert [
        text for text in ("Look at the objection", "It came like that", "A chip", "Pay the rest: €8.00") if text not in page
    ] == []
    wrong = await mo.post(f"{RETURNS}/{code}/rest", data={"amount": "8.01"})
    assert (wrong.status_code, "At most €8.00 are left of what was promised." in unescape(wrong.text)) == (422, True)
    stale = await mo.post(f"{RETURNS}/{code}/rest", data={"shown": "900"})
    assert stale.status_code == 409
    assert (await mo.post(f"{RETURNS}/{code}/rest", data={"amount": "", "shown": "800"})).status_code == 303
    assert await _given() == [(4_490, 0), (800, 0)]
    assert "Pay the rest" not in (await mo.get(f"{RETURNS}/{code}")).text


async def test_the_desk_says_that_it_stands_with_a_reason(mo: AsyncClient) -> None:
    code, order = await _kept()
    await _object(code, order, "")
    bare = await mo.post(f"{RETURNS}/{code}/upholding", data={"answer": ""})
    assert (bare.status_code, "Write something." in bare.text) == (422, True)
    assert (await mo.post(f"{RETURNS}/{code}/upholding", data={"answer": "The photo shows it"})).status_code == 303
    assert (await _now(code)).it.answer == "The photo shows it"


async def test_only_a_manager_answers_it(client: AsyncClient) -> None:
    code, order = await _kept()
    await _object(code, order)
    await builders.member("sam@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    page = (await client.get(f"{RETURNS}/{code}")).text
    assert ("It came like that" in page, "Managers and owners answer an objection." in page) == (True, True)
    assert f"{RETURNS}/{code}/rest" not in page
    for where in ("rest", "upholding"):
        assert (await client.post(f"{RETURNS}/{code}/{where}", data={"answer": "No"})).status_code == 403
    assert await _given() == [(4_490, 0)]
