"""The delivery comes back with the last of an order, once all of it is agreed to, not while some may stay; promised once, to
one return, as the preview has said."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.i18n import Voice
from app.returns import ageing, asking, deciding, kept, receiving, repairing, rules, settling, sums, withdrawals, worth
from app.returns.asked import Asked, AskedLine
from app.returns.rule_book import Rules
from tests import builders
from tests.returns import bought, right

DELIVERY = 490
POTS, CUP = 9_600, 1_250
Row = Mapping[str, Any]


@pytest.fixture(autouse=True)
def no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    async def complete(_code: str) -> None:
        """It takes its time, and says nothing here."""

    monkeypatch.setattr(withdrawals.acknowledging, "complete", complete)


async def _ask(order: Row, line: int, quantity: int, kind: str) -> str:
    if kind == "withdrawal":
        return await withdrawals.declare(order["customer"], {line: quantity}, by="customer:1")
    wish = {"exchange": "exchange", "repair": "repair"}.get(kind, "refund")
    what = bought.asked(line, quantity, "claim" if kind in ("claim", "repair") else "return", wish=wish, wanted="The small one")
    return await asking.ask(order["customer"], what, by="customer:1")


async def _both(*kinds: str) -> tuple[Row, list[str]]:
    """The two pots are asked for, then the cup."""
    order = await bought.delivered()
    lines = await bought.line_ids(order)
    return order, [await _ask(order, *one) for one in zip(lines, (2, 1), kinds, strict=True)]


async def _expected(codes: Sequence[str]) -> list[int]:
    return [(await kept.by_code(code)).it.expected for code in codes]


async def _approve(order: Row, code: str) -> None:
    await deciding.approve(order["merchant"], code, by="member:1")


@pytest.mark.parametrize("second", ["return", "claim", "withdrawal"])
@pytest.mark.parametrize("first", ["return", "claim"])
async def test_while_something_is_only_asked_for_the_delivery_is_not_promised(first: str, second: str) -> None:
    order, codes = await _both(first, second)
    assert await _expected(codes) == [POTS, CUP]
    await right.everything(order["id"])


@pytest.mark.parametrize("turns", [(0, 1), (1, 0)])
@pytest.mark.parametrize("kinds", [("return", "return"), ("claim", "return"), ("return", "claim"), ("claim", "claim")])
async def test_it_is_promised_with_the_one_that_is_agreed_to_last(kinds: Sequence[str], turns: Sequence[int]) -> None:
    order, codes = await _both(*kinds)
    await _approve(order, codes[turns[0]])
    assert await _expected(codes) == [POTS, CUP]
    await _approve(order, codes[turns[1]])
    expected = [POTS, CUP]
    expected[turns[1]] += DELIVERY
    assert await _expected(codes) == expected
    told = [kind for code in codes for kind in await bought.told(code) if kind.endswith("_delivery_added")]
    assert told == [f"{kinds[turns[1]]}_delivery_added"]
    for code in codes:
        await settling.refund(order["merchant"], code, by="member:1")
    assert sum([(await kept.by_code(code)).it.refunded for code in codes]) == POTS + CUP + DELIVERY
    await right.everything(order["id"])


@pytest.mark.parametrize("first", ["return", "claim"])
async def test_a_withdrawal_counts_at_once_and_what_was_asked_for_before_once_it_is_agreed_to(first: str) -> None:
    order, codes = await _both(first, "withdrawal")
    await _approve(order, codes[0])
    assert await _expected(codes) == [POTS + DELIVERY, CUP]
    await right.everything(order["id"])


async def test_of_two_withdrawals_the_last_brings_the_delivery_at_once() -> None:
    _order, codes = await _both("withdrawal", "withdrawal")
    assert await _expected(codes) == [POTS, CUP + DELIVERY]


async def test_what_is_declined_stays_and_nothing_was_promised_for_it() -> None:
    order, codes = await _both("return", "withdrawal")
    await deciding.decline(order["merchant"], codes[0], clause="used", answer="", by="member:1")
    assert await _expected(codes[1:]) == [CUP]
    assert not [kind for kind in await bought.told(codes[1]) if "delivery" in kind]
    await _approve(order, codes[0])  # after all
    assert await _expected(codes) == [POTS + DELIVERY, CUP]
    await right.everything(order["id"])


async def test_what_is_taken_back_after_it_was_agreed_to_takes_the_delivery_back_too() -> None:
    order, codes = await _both("return", "return")
    for code in codes:
        await _approve(order, code)
    assert await _expected(codes) == [POTS, CUP + DELIVERY]
    await deciding.cancel(order["customer"], codes[0], by="customer:1")
    assert await _expected(codes[1:]) == [CUP]
    assert (await bought.told(codes[1]))[-1] == "return_delivery_kept"
    again = await _ask(order, (await bought.line_ids(order))[0], 2, "return")
    await _approve(order, again)
    assert await _expected([codes[1], again]) == [CUP, POTS + DELIVERY]
    await right.everything(order["id"])


async def test_what_was_never_sent_takes_the_delivery_back_unless_it_was_paid() -> None:
    order, codes = await _both("return", "return")
    for code in codes:
        await _approve(order, code)
    await settling.refund(order["merchant"], codes[1], by="member:1")
    await db.execute("UPDATE returns SET send_by = {} WHERE code = {}", (await kept.by_code(codes[0])).it.created_at, codes[0])
    await ageing.age()
    it = (await kept.by_code(codes[1])).it
    assert (it.expected, it.refunded) == (CUP + DELIVERY, CUP + DELIVERY)
    await right.everything(order["id"])


async def test_two_who_agree_at_once_promise_the_delivery_once() -> None:
    order, codes = await _both("return", "claim")
    await asyncio.gather(*(_approve(order, code) for code in codes))
    expected = await _expected(codes)
    assert sorted(expected) in ([CUP, POTS + DELIVERY], [CUP + DELIVERY, POTS])
    told = [kind for code in codes for kind in await bought.told(code) if kind.endswith("_delivery_added")]
    assert len(told) == 1
    await right.everything(order["id"])


async def test_an_exchange_that_is_agreed_to_last_leaves_the_delivery_to_what_is_paid_back() -> None:
    order, codes = await _both("return", "exchange")
    for code in codes:
        await _approve(order, code)
    assert (await _expected(codes))[0] == POTS + DELIVERY
    await right.everything(order["id"])


async def test_a_repair_keeps_the_delivery_for_the_case_that_it_is_paid_and_loses_it_when_it_is_repaired() -> None:
    order, codes = await _both("return", "repair")
    for code in reversed(codes):
        await _approve(order, code)
    assert (await _expected(codes))[0] == POTS + DELIVERY
    await repairing.repaired(order["merchant"], codes[1], by="member:1")
    assert (await _expected(codes))[0] == POTS
    await right.everything(order["id"])


async def test_what_is_taken_in_undecided_is_agreed_to_by_that() -> None:
    order, codes = await _both("return", "withdrawal")
    await receiving.receive(order["merchant"], codes[0], {}, rest="sound", by="member:1")
    assert await _expected(codes) == [POTS + DELIVERY, CUP]
    await right.everything(order["id"])


async def test_all_of_it_at_once_has_the_delivery_from_the_beginning() -> None:
    order = await bought.delivered()
    lines = await bought.line_ids(order)
    what = Asked("return", [AskedLine(line, count, "changed_mind") for line, count in zip(lines, (2, 1), strict=True)])
    code = await asking.ask(order["customer"], what, by="customer:1")
    assert await _expected([code]) == [POTS + CUP + DELIVERY]
    await _approve(order, code)
    assert await _expected([code]) == [POTS + CUP + DELIVERY]
    assert "return_delivery_added" not in await bought.told(code)


async def test_the_preview_says_what_the_promise_becomes_and_the_page_when_it_has(alice: AsyncClient) -> None:
    order = await bought.delivered()
    pots, cup = await bought.line_ids(order)
    first = await _ask(order, pots, 2, "return")
    then = "The delivery of €4.90 comes back too if the rest of what you ask for is agreed to."
    for path, said in (
        ("withdrawal", {"line": str(cup), f"quantity-{cup}": "1"}),
        (
            "returns/new",
            {"kind": "return", "line": str(cup), f"quantity-{cup}": "1", f"reason-{cup}": "changed_mind", "step": "look"},
        ),
    ):
        page = (await alice.post(f"/orders/{order['address']}/{path}", data=said)).text
        assert then in page, path
        assert "<dt>Delivery</dt>" not in page
    second = await _ask(order, cup, 1, "return")
    for code in (first, second):
        await _approve(order, code)
    page = (await alice.get(f"/returns/{second}")).text
    assert "The delivery of €4.90 comes back too, now that everything goes back." in page
    shown = {it.label: it.amount for it in sums.promised(await kept.by_code(second), Voice("en", "UTC"))}
    assert (shown["Delivery"], shown["Comes back to you"]) == ("€4.90", "€17.40")
    assert "now that everything goes back" not in (await alice.get(f"/returns/{first}")).text
    (promise,) = worth.promises((await kept.by_code(second)).it.grounds)
    assert promise.shipping == DELIVERY


async def test_who_wants_credit_has_the_delivery_as_credit_too_with_the_bonus_of_it() -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(credit_bonus=1_000), by=None)
    pots, cup = await bought.line_ids(order)
    first = await _ask(order, pots, 2, "return")
    second = await asking.ask(order["customer"], bought.asked(cup, wish="store_credit"), by="customer:1")
    for code in (first, second):
        await _approve(order, code)
    (promise,) = worth.promises((await kept.by_code(second)).it.grounds)
    assert (promise.credit, promise.bonus) == (CUP + DELIVERY, (CUP + DELIVERY) // 10)
    assert await _expected([second]) == [promise.total + promise.bonus]


async def test_the_way_back_never_costs_more_than_what_is_left_when_the_delivery_is_taken_back() -> None:
    lines = [builders.line("1", quantity=2), builders.line("2", title="Card", sku="C", unit_price=300)]
    order = await bought.delivered(lines=lines)
    await rules.save(order["merchant"], Rules(ways=("label",), shipping_fee={"EUR": 390}), by=None)
    pots, card = await bought.line_ids(order)
    first = await _ask(order, pots, 2, "return")
    await _approve(order, first)
    second = await asking.ask(order["customer"], bought.asked(card, way="label"), by="customer:1")
    assert await _expected([second]) == [300 + DELIVERY - 390]
    await deciding.cancel(order["customer"], first, by="customer:1")
    assert await _expected([second]) == [0]
    (promise,) = worth.promises((await kept.by_code(second)).it.grounds)
    assert (promise.total, promise.return_fee) == (0, 300)
