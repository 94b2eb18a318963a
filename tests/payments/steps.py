"""Orders that were paid, and how much of that has gone back."""

from typing import Any

import msgspec

from app import db
from app.ingest.snapshot import Payment
from app.orders import refunding
from app.orders.refunding import Wanted
from tests import builders
from tests.builders import line

VISA = Payment(kind="card", brand="Visa", last_four="4242", amount=3000)
GIFT = Payment(kind="gift_card", last_four="9999", amount=2290)
MO_STAFF = "member:5"


async def paid(external_id: str = "1001", payments: Any = (VISA, GIFT), **about: Any) -> db.Row:
    """An order of Alice's of 52.90, paid by card (30.00) and gift card (22.90) unless said otherwise."""
    return await builders.order(external_id, payments=list(payments), **about)


async def of_price(amount: int, currency: str, **about: Any) -> db.Row:
    """An order that costs just that, paid with one card."""
    payment = Payment(kind="card", brand="Visa", last_four="4242", amount=amount)
    priced = line(unit_price=amount, total=amount)
    return await paid(payments=[payment], lines=[priced], shipping=0, currency=currency, **about)


async def ask(order: int, amount: int, *, by: str = MO_STAFF, approved: bool = False, **about: Any) -> list[int]:
    return await refunding.request(order, Wanted(amount=amount, **about), by=by, approved=approved)


async def refunds() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows("SELECT * FROM refunds ORDER BY id")]


async def order_row(order: int) -> dict[str, Any]:
    return dict((await db.rows("SELECT * FROM orders WHERE id = {}", order))[0])


async def told() -> list[tuple[str, dict[str, Any]]]:
    """(kind, data) of what is recorded of refunds and balances."""
    found = await db.rows("SELECT kind, data FROM events WHERE kind LIKE 'refund%' OR kind LIKE '%card_%' ORDER BY id")
    return [(row["kind"], msgspec.json.decode(row["data"])) for row in found]


async def kinds() -> list[str]:
    return [kind for kind, _data in await told()]


async def within() -> None:
    """At this moment no payment, no order and no balance has given more than it had."""
    over = await db.rows(
        "SELECT p.id FROM payments p JOIN refunds r ON r.payment = p.id AND r.state <> 'failed' "
        "GROUP BY p.id, p.amount HAVING SUM(r.amount) > p.amount"
    )
    assert not over
    for row in await db.rows(
        'SELECT o.id, o.total, SUM(r.amount) AS given FROM orders o JOIN refunds r ON r."order" = o.id '
        "WHERE r.state <> 'failed' GROUP BY o.id, o.total"
    ):
        known = await db.rows('SELECT amount FROM payments WHERE "order" = {}', row["id"])
        amounts = [one["amount"] for one in known]
        most = sum(amounts) if amounts and None not in amounts else max(row["total"], sum(it or 0 for it in amounts))
        assert row["given"] <= most
    assert not await db.rows("SELECT id FROM balances WHERE amount < 0")
    assert not await db.rows(
        "SELECT b.id FROM balances b LEFT JOIN balance_entries e ON e.balance = b.id "
        "GROUP BY b.id, b.amount HAVING b.amount <> COALESCE(SUM(e.amount), 0)"
    )
