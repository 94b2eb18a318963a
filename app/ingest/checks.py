"""What a snapshot must hold to be taken in at all. Sums that do not add up are no reason to refuse (they are marked)."""

from collections.abc import Sequence

import msgspec

from app.accounts import customers
from app.errors import Invalid
from app.ingest.snapshot import OrderSnapshot, Refund, Shipment
from app.merchants.actions import SLUG
from app.money import LARGEST, currencies

LARGEST_QUANTITY = 2**31 - 1
LONGEST = {"source": 40, "external_id": 160, "number": 100}
LONGEST_EMAIL = 320  # as it was sent; it is kept beside the customer's normal one
MOST_LINES = 10_000

Problems = dict[str, str]


def problems(order: OrderSnapshot) -> Problems:
    """JSON pointer → what is wrong there; empty when the order can be kept."""
    found = _texts(order) | _times(order) | _amounts(order) | _lines(order)
    known = {line.id for line in order.lines}
    found |= _parts("shipments", order.shipments, known) | _parts("refunds", order.refunds, known)
    if order.currency not in currencies():
        found["/currency"] = f"“{order.currency}” is not an ISO 4217 code"
    return found


def _texts(order: OrderSnapshot) -> Problems:
    found = {}
    for name, longest in LONGEST.items():
        value = getattr(order, name)
        if len(value) > longest:
            found[f"/{name}"] = f"longer than {longest} characters"
        elif not value.strip() and name in ("source", "external_id", "number"):
            found[f"/{name}"] = "empty"
    if len(order.customer.email) > LONGEST_EMAIL:
        found["/customer/email"] = f"longer than {LONGEST_EMAIL} characters"
    elif not _is_email(order.customer.email):
        found["/customer/email"] = f"“{order.customer.email}” is not an e-mail address"
    if not SLUG.fullmatch(order.merchant):
        found["/merchant"] = f"“{order.merchant}” is not a merchant's short name"
    for n, payment in enumerate(order.payments):
        if len(payment.last_four) > 4:
            found[f"/payments/{n}/last_four"] = "longer than 4 characters"
    if b"\\u0000" in msgspec.json.encode(order):
        found[""] = "a NUL character somewhere in the order"
    return found


def _is_email(text: str) -> bool:
    try:
        customers.normal(text)
    except Invalid:
        return False
    return True


def _times(order: OrderSnapshot) -> Problems:
    times = {name: getattr(order, name) for name in ("placed_at", "updated_at", "cancelled_at", "closed_at")}
    for n, shipment in enumerate(order.shipments):
        for name in ("shipped_at", "estimated_from", "estimated_to", "delivered_at"):
            times[f"shipments/{n}/{name}"] = getattr(shipment, name)
    times |= {f"refunds/{n}/at": refund.at for n, refund in enumerate(order.refunds)}
    return {
        f"/{name}": "a time needs its zone (2026-11-21T10:00:00Z)"
        for name, at in times.items()
        if at is not None and at.tzinfo is None
    }


def _amounts(order: OrderSnapshot) -> Problems:
    amounts = {name: getattr(order, name) for name in ("total", "shipping", "shipping_tax", "discount", "tax")}
    for n, line in enumerate(order.lines):
        amounts |= {f"lines/{n}/{name}": getattr(line, name) for name in ("unit_price", "total", "tax", "discount")}
    amounts |= {f"fees/{n}/amount": fee.amount for n, fee in enumerate(order.fees)}
    amounts |= {f"refunds/{n}/amount": refund.amount for n, refund in enumerate(order.refunds)}
    return {f"/{name}": "too large" for name, amount in amounts.items() if abs(amount) > LARGEST}


def _lines(order: OrderSnapshot) -> Problems:
    found: Problems = {}
    if len(order.lines) > MOST_LINES:
        found["/lines"] = f"more than {MOST_LINES} lines"
    seen: set[str] = set()
    for n, line in enumerate(order.lines):
        if not line.id.strip() or len(line.id) > 160:
            found[f"/lines/{n}/id"] = "empty or longer than 160 characters"
        elif line.id in seen:
            found[f"/lines/{n}/id"] = f"“{line.id}” names two lines"
        if abs(line.quantity) > LARGEST_QUANTITY:
            found[f"/lines/{n}/quantity"] = "too large"
        if not 0 <= line.cancelled_quantity <= max(line.quantity, 0):
            found[f"/lines/{n}/cancelled_quantity"] = "more than were ordered, or less than none"
        seen.add(line.id)
    return found


def _parts(name: str, parts: Sequence[Shipment | Refund], known: set[str]) -> Problems:
    """Shipments and refunds have ids of their own and speak of lines that exist."""
    found: Problems = {}
    seen: set[str] = set()
    for n, part in enumerate(parts):
        if not part.id.strip() or len(part.id) > 160:
            found[f"/{name}/{n}/id"] = "empty or longer than 160 characters"
        elif part.id in seen:
            found[f"/{name}/{n}/id"] = f"“{part.id}” is named twice"
        seen.add(part.id)
        for m, line in enumerate(part.lines):
            if line.line not in known:
                found[f"/{name}/{n}/lines/{m}/line"] = f"there is no line “{line.line}”"
            elif line.quantity < 0:
                found[f"/{name}/{n}/lines/{m}/quantity"] = "less than none"
    return found
