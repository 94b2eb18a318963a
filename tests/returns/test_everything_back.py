"""Whoever gives everything back has everything back that was paid, however it was sent back, and whether the order adds up or
not; of a part the paper, the page and the ledger say the same."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from httpx import AsyncClient

from app.i18n import Voice
from app.ingest.snapshot import Fee
from app.returns import acknowledging, asking, deciding, kept, settling, sums, withdrawals
from app.returns.asked import Asked, AskedLine
from tests import builders
from tests.returns import bought, right

EN = Voice("en", "UTC")
LINES = [builders.line("1", quantity=3, unit_price=3333, total=9999), builders.line("2", title="Cup", sku="C", unit_price=1250)]
SUM = 9999 + 1250 + 490
ALL_AT_ONCE, BIT_BY_BIT = ([(3, 1)], [(1, 0), (0, 1), (2, 0)])


@pytest.mark.parametrize("bits", [ALL_AT_ONCE, BIT_BY_BIT])
@pytest.mark.parametrize("kind", ["withdrawal", "return", "claim"])
@pytest.mark.parametrize("more", [0, 10, 777, -10, -777])
async def test_everything_that_was_paid_comes_back(
    monkeypatch: pytest.MonkeyPatch, more: int, kind: str, bits: Sequence[Sequence[int]]
) -> None:
    """Directive 2011/83/EU, Art. 13(1): all payments received. An order of 0.10 more than its parts was paid so."""
    monkeypatch.setattr(withdrawals.acknowledging, "complete", _no_paper)
    order = await bought.delivered(lines=LINES, fees=[Fee(label="Gift wrap", amount=300)], total=SUM + 300 + more)
    codes = []
    for quantities in bits:
        codes.append(await _back(order, kind, dict(zip(await bought.line_ids(order), quantities, strict=True))))
    for code in codes if kind != "withdrawal" else ():
        await deciding.approve(order["merchant"], code, by="member:1")
    assert sum([(await kept.by_code(code)).it.expected for code in codes]) == SUM + 300 + more
    await right.everything(order["id"])


async def _no_paper(_code: str) -> None:
    """It takes its time, and says nothing here."""


async def _back(order: Mapping[str, Any], kind: str, lines: Mapping[int, int]) -> str:
    if kind == "withdrawal":
        return await withdrawals.declare(order["customer"], lines, by="customer:1")
    reason = {"return": "changed_mind", "claim": "damaged"}[kind]
    asked = [AskedLine(line, count, reason, "refund") for line, count in lines.items() if count]
    return await asking.ask(
        order["customer"], Asked(kind, asked, way="own_carrier" if kind == "return" else ""), by="customer:1"
    )


async def test_the_rest_has_a_line_of_its_own_and_is_paid() -> None:
    order = await bought.delivered(lines=LINES, total=SUM + 10)
    lines = await bought.line_ids(order)
    part = await withdrawals.declare(order["customer"], {lines[0]: 3}, by="customer:1")
    rest = await withdrawals.declare(order["customer"], {lines[1]: 1}, by="customer:1")
    shown = [[(it.label, it.amount) for it in sums.promised(await kept.by_code(code), EN)] for code in (part, rest)]
    assert "Rest of what was paid" not in dict(shown[0])
    assert dict(shown[1])["Rest of what was paid"] == "€0.10"
    assert await settling.refund(order["merchant"], part, by="member:1") == 9999
    assert await settling.refund(order["merchant"], rest, by="member:1") == 1250 + 490 + 10
    await right.everything(order["id"])


@pytest.mark.parametrize(
    ("quantities", "words", "stays"),
    [((3, 1), "standard delivery included", False), ((3, 0), "for these items", True), ((1, 1), "for these items", True)],
)
async def test_page_and_paper_say_the_same_of_the_delivery(
    alice: AsyncClient, quantities: Sequence[int], words: str, stays: bool
) -> None:
    order = await bought.delivered(lines=LINES)
    lines = [(line, count) for line, count in zip(await bought.line_ids(order), quantities, strict=True) if count]
    said = {"line": [str(line) for line, _count in lines], **{f"quantity-{line}": str(count) for line, count in lines}}
    page = (await alice.post(f"/orders/{order['address']}/withdrawal", data=said)).text
    assert ("What the delivery cost comes back when you withdraw from all of the order." in page) is stays
    assert ("<dt>Delivery</dt>" in page) is not stays
    code = await withdrawals.declare(order["customer"], dict(lines), by="customer:1")
    paper = await acknowledging.shown(await kept.by_code(code), EN)
    assert words in " ".join(paper.steps)


async def test_what_was_delivered_for_nothing_is_promised_no_delivery() -> None:
    order = await bought.delivered(lines=LINES, shipping=0)
    code = await withdrawals.declare(order["customer"], dict.fromkeys(await bought.line_ids(order), 1), by="customer:1")
    paper = await acknowledging.shown(await kept.by_code(code), EN)
    assert "delivery" not in " ".join(paper.steps)
