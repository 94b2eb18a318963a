"""An order that ships in place of what came back: linked to the first, for the same customer, paid for by what came back.

Its lines have their prices; what they are worth together is taken off as a discount, but for a difference that is asked for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from app import clock, db
from app.accounts import customers
from app.errors import Invalid
from app.events import actions as events
from app.i18n import _
from app.orders import revisions
from app.orders.addresses import Wanted, give
from app.orders.summary import Quantities, stage_of, summarise
from app.search import folded

FIRST = """
SELECT o.*, m.slug, m.name AS merchant_name, c.order_years, c.order_merchants, c.time_zone
FROM orders o JOIN merchants m ON m.id = o.merchant JOIN customers c ON c.id = o.customer WHERE o.id = {}
"""
NAMED = "SELECT id, source, state, currency, placed_at FROM orders WHERE customer = {} AND merchant = {} AND number = {}"
BEFORE = "SELECT id, state FROM orders WHERE merchant = {} AND (external_id = {} OR external_id LIKE {}) ORDER BY id"
KEPT = (
    "customer", "merchant", "currency", "customer_email", "customer_name", "customer_locale", "prices_include_tax",
    "shipping_address", "billing_address",
)  # fmt: skip
MOST_PICTURES, MOST_TITLES = 4, 3
LONGEST_NUMBER = 90  # with the letters of the return's code that are put behind it, it is one of at most a hundred
OURS = "exchange-"


def id_for(code: str) -> str:
    """The external id of the one that is made for a return; of a second one, because the first was cancelled, with “-2”."""
    return f"{OURS}{code}"


def made_for(external_id: str, code: str) -> bool:
    return external_id == id_for(code) or external_id.startswith(f"{id_for(code)}-")


def made_here(external_id: str) -> bool:
    """No source knows of it: what becomes of it is said here alone."""
    return external_id.startswith(f"{OURS}R-")


async def make(first: int, code: str, lines: Sequence[Mapping[str, Any]], *, asked: int = 0, exchanged: int = 0) -> int:
    """The new order's id, in the caller's transaction with the customer's row locked. `code` is the return's; each line has
    `title, variant, sku, picture, quantity, unit_price` (minor units of the first order's currency). `asked`: so much of it is
    still to be paid; `exchanged`: so much was paid with what came back. With the same code it is made once, and
    again when it was cancelled."""
    row = await db.one(FIRST, first)
    assert row is not None  # noqa: S101 - the return hangs on it
    before = await db.rows(BEFORE, row["merchant"], id_for(code), f"{id_for(code)}-%")
    if before and before[-1]["state"] != "cancelled":
        return int(before[-1]["id"])
    nth = f"-{len(before) + 1}" if before else ""
    external_id, number = f"{id_for(code)}{nth}", f"{row['number'][:LONGEST_NUMBER]}-{code[-4:]}{nth}"
    (address,) = await give([Wanted(row["customer"], number, row["slug"], external_id)])
    head = _head(row, lines, number, asked) | {
        "address": address, "external_id": external_id, "discount_codes": msgspec.json.encode([code]).decode(),
        "exchanged": exchanged,
    }  # fmt: skip
    (made,) = await db.insert("orders", [head], "id")
    await db.insert("order_lines", [_line(made["id"], n, line) for n, line in enumerate(lines)])
    whose = {**row, "id": row["customer"]}
    await customers.orders_changed(whose, [clock.now().year], [row["merchant"]])
    await events.record(
        "order_placed", customer=row["customer"], merchant=row["merchant"], order=made["id"], key="", exchange=code
    )
    await revisions.changed(made["id"])
    return int(made["id"])


async def named(customer: int, merchant: int, number: str, *, currency: str, since: datetime) -> int:
    """An order that has come in from the shop itself and is the exchange: no older one that its customer has bought. `since`:
    when the return was asked for. Raises Invalid(number=…)."""
    found = None
    if "\0" not in number:  # PostgreSQL has no such text
        found = await db.one(NAMED, customer, merchant, number.strip())
    if found is None:
        raise Invalid(number=_("This customer has no order with this number."))
    if found["source"] == "exchange":  # else two could be paid with one another
        raise Invalid(number=_("This order was made for another exchange. Say the shop’s own."))
    if found["state"] == "cancelled":
        raise Invalid(number=_("This order was cancelled. Say another one."))
    if found["placed_at"] < since or found["currency"] != currency:
        raise Invalid(number=_("This order is older than what it is to replace, or in another currency."))
    return int(found["id"])


async def paid(order: int, *, by: str) -> bool:
    """Its customer has paid the difference; in the caller's transaction with the customer's row locked. False where nothing
    was to be paid, or it was cancelled."""
    row = await db.one("SELECT customer, merchant, payment, state, fulfilment, carrier_status FROM orders WHERE id = {}", order)
    if row is None or row["payment"] != "unpaid" or row["state"] == "cancelled":
        return False
    stage = stage_of(row["state"], "paid", row["fulfilment"], row["carrier_status"])
    await db.execute("UPDATE orders SET payment = 'paid', stage = {} WHERE id = {}", stage, order)
    await events.record("order_paid", customer=row["customer"], merchant=row["merchant"], order=order, key="paid", by=by)
    await revisions.changed(order)
    return True


def _head(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], number: str, asked: int) -> dict[str, Any]:
    at, titles, payment = clock.now(), [line["title"] for line in lines], "unpaid" if asked else "paid"
    counted = [Quantities(str(n), line["quantity"]) for n, line in enumerate(lines)]
    summary = summarise(counted, [], payment=payment, cancelled=False, closed=False)
    return {
        **{name: row[name] for name in KEPT}, "number": number, "placed_at": at, "total": asked, "payment": payment,
        "discount": sum(line["unit_price"] * line["quantity"] for line in lines) - asked,
        "source": "exchange", "content_hash": "", "line_count": len(lines),
        "item_count": sum(line["quantity"] for line in lines), "titles": "\n".join(titles[:MOST_TITLES]),
        "pictures": msgspec.json.encode([line["picture"] for line in lines[:MOST_PICTURES]]).decode(),
        "created_at": at,
        "search_text": folded("\n".join((number, row["merchant_name"], *titles))), **msgspec.structs.asdict(summary),
    }  # fmt: skip


def _line(order: int, position: int, line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "order": order, "position": position, "external_id": str(position), "total": line["unit_price"] * line["quantity"],
        **{name: line[name] for name in ("title", "variant", "sku", "picture", "quantity", "unit_price")},
    }  # fmt: skip
