"""What is promised of an order that ships in exchange is what will really go back: what came back for it, and what was really
paid of the difference in price that was asked for."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app import db
from app.i18n import Voice
from app.returns import (
    asking,
    bodies,
    deciding,
    kept,
    owed,
    payers,
    receiving,
    replacing,
    settling,
    sums,
    withdrawals,
)
from app.returns.asked import Asked, AskedLine
from app.returns.exchanging import Sending
from tests import builders
from tests.returns import bought

Row = Mapping[str, Any]
DELIVERED = "UPDATE shipments SET status = 'delivered', delivered_at = shipped_at WHERE \"order\" = {}"


async def _unpaid(*items: tuple[int, int], delivered: bool = False, first: str = "1001") -> tuple[str, Row]:
    """So many of each for such a price, in place of a teapot of 48.00, and a cup of 12.50 where there are two; the difference
    is asked for."""
    order = await bought.delivered(first)
    lines = (await bought.line_ids(order))[: len(items)]
    what = Asked("return", [AskedLine(line, 1, "wrong_size", "exchange", "The big one") for line in lines])
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    same = (await bought.same_again(code)).items
    sent = [replace(one, quantity=n, unit_price=price) for one, (n, price) in zip(same, items, strict=True)]
    made = await replacing.exchange(order["merchant"], code, Sending(items=sent, ask=True), by="member:1")
    if delivered:
        await replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1")
        await db.execute(DELIVERED, made)
    (row,) = await db.rows("SELECT * FROM orders WHERE id = {}", made)
    return code, row


async def _ask(made: Row, kind: str, n: int = 0, quantity: int = 1) -> str:
    line = (await bought.line_ids(made))[n]
    if kind == "withdrawal":
        return await withdrawals.declare(made["customer"], {line: quantity}, by="customer:1", key=f"{n} {quantity}")
    about = {"reason": "defective", "wish": "refund"} if kind == "claim" else {}
    return await asking.ask(made["customer"], bought.asked(line, quantity, kind, **about), by="customer:1")


async def _expected(code: str) -> int:
    return (await kept.by_code(code)).it.expected


@pytest.mark.parametrize("kind", ["cancellation", "withdrawal", "return", "claim"])
async def test_what_was_asked_for_and_not_paid_is_promised_to_nobody(kind: str) -> None:
    _code, made = await _unpaid((1, 6_250), delivered=kind in ("return", "claim"))
    asked = await _ask(made, kind)
    it = await kept.by_code(asked)
    assert it.it.expected == 4_800
    said = sums.promised(it, Voice("en", "UTC"))
    assert [one.amount for one in said if one.kind == "total"] == ["€48.00"]
    assert (await bodies.whole(it)).about.expected == 4_800
    (line,) = it.lines
    assert line.expected == 4_800
    assert [share.total for share in await owed.left(it)] == [await payers.possible(made["id"], 99_999)] == [4_800]


async def test_each_of_three_has_its_share_to_the_cent_and_all_of_them_what_came_back() -> None:
    _code, made = await _unpaid((3, 3_333))
    found = []
    for _n in range(3):
        asked = await _ask(made, "cancellation")
        found.append(await _expected(asked))
        await deciding.approve(made["merchant"], asked, by="member:1")
        assert await settling.refund(made["merchant"], asked, by="member:1") == found[-1]
    assert sum(found) == 4_800
    assert max(found) - min(found) <= 1


async def test_of_two_lines_each_has_its_share_whichever_goes_first() -> None:
    for first, second in ((0, 1), (1, 0)):
        _code, made = await _unpaid((1, 6_251), (2, 1_999), first=f"100{first}")
        amounts = {n: await _expected(await _ask(made, "cancellation", n, 1 + n)) for n in (first, second)}
        assert sum(amounts.values()) == 4_800 + 1_250
        assert amounts[0] == round(6_050 * 6_251 / 10_249)


async def test_once_the_difference_is_paid_all_of_it_is_promised_also_of_what_was_asked_for_before() -> None:
    code, made = await _unpaid((1, 6_250))
    asked = await _ask(made, "cancellation")
    assert await _expected(asked) == 4_800
    await replacing.difference_paid(made["merchant"], code, by="member:1")
    assert await _expected(asked) == 6_250
    await deciding.approve(made["merchant"], asked, by="member:1")
    assert await settling.refund(made["merchant"], asked, by="member:1") == 6_250


async def test_the_customer_sees_it_before_they_cancel_and_the_desk_at_its_button(client: AsyncClient) -> None:
    _code, made = await _unpaid((1, 6_250))
    client.cookies.update(await builders.session("alice@example.com"))
    preview = await client.get(f"/orders/{made['address']}/returns/new?kind=cancellation&all=yes", follow_redirects=True)
    assert "€48.00" in preview.text
    assert "€62.50" not in preview.text.partition("Comes back to you")[2].partition("</dl>")[0]
    asked = await _ask(made, "cancellation")
    await deciding.approve(made["merchant"], asked, by="member:1")
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    page = (await client.get(f"/desk/{builders.MO}/returns/{asked}")).text
    assert "Still to be paid: €48.00" in page


@pytest.mark.parametrize(
    ("kind", "event"), [("withdrawal", "withdrawal_acknowledged"), ("cancellation", "cancellation_requested")]
)
async def test_mails_and_webhooks_are_told_what_will_go_back(kind: str, event: str) -> None:
    _code, made = await _unpaid((1, 6_250))
    await _ask(made, kind)
    (told,) = await db.rows("SELECT data FROM events WHERE kind = {}", event)
    assert msgspec.json.decode(told["data"])["amount"] == 4_800
