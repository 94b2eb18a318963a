"""A parcel that a program adds to an order which is kept: what the shop's own system does not send."""

from collections.abc import Mapping, Sequence
from typing import Any

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Missing
from app.events import actions as events
from app.orders import revisions
from app.shipments import order_summaries
from app.shipments.actions import NUMBER
from app.shipments.destinations import of_address
from app.shipments.numbers import added_id, plain
from app.shipments.snapshot import Content

ORDER = "SELECT id, customer, merchant FROM orders WHERE merchant = {} AND external_id = {}"
# Also of whom parcels with this number are by now: whoever locks several does it in one order.
CONCERNED = f"""
SELECT customer FROM orders WHERE merchant = {{}} AND external_id = {{}}
UNION SELECT o.customer FROM shipments s JOIN orders o ON o.id = s."order"
WHERE o.merchant = {{}} AND {NUMBER.format("s.tracking_number")} = {NUMBER} ORDER BY 1
"""  # noqa: S608
LINES = """
SELECT l.id, l.external_id, l.needs_shipping, l.quantity - l.cancelled_quantity - coalesce((
  SELECT sum(c.quantity) FROM shipment_lines c JOIN shipments s ON s.id = c.shipment
  WHERE c.line = l.id AND s.state <> 'cancelled'), 0) AS left_over
FROM order_lines l WHERE l."order" = {}
"""


async def add(merchant: int, order: str, number: str, contents: Sequence[Content], carrier: str = "") -> bool:
    """A dispatched parcel with this number, which holds these quantities, or nobody knows what. False when the order has it.

    Raises Missing when this merchant has no such order; Invalid for a line it has not, or of which too little is left.
    """
    async with db.transaction():
        row = await _order(merchant, order, number)
        parcels = await db.rows('SELECT position, tracking_number FROM shipments WHERE "order" = {}', row["id"])
        if any(plain(parcel["tracking_number"]) == plain(number) for parcel in parcels):
            return False
        lines = {line["external_id"]: line for line in await db.rows(LINES, row["id"])}
        _check(lines, contents)
        await _insert(row, number, carrier, max((parcel["position"] for parcel in parcels), default=-1) + 1, lines, contents)
        await order_summaries.renew(row["id"])
        await revisions.changed(row["id"])
    return True


async def _order(merchant: int, external_id: str, number: str) -> Mapping[str, Any]:
    """Its customer's row locked."""
    row = None if "\0" in external_id else await db.one(ORDER, merchant, external_id)
    if row is None:
        raise Missing
    people = await lock_people(merchant, external_id, number)
    again = await db.one(ORDER, merchant, external_id)
    if again is None:
        raise Missing
    if again["customer"] != row["customer"]:
        await customers.lock(again["customer"], wait=again["customer"] > max(people, default=0))
    return again


async def lock_people(merchant: int, external_id: str, number: str) -> list[int]:
    """Everybody who has a parcel with this number, and the order's own: whoever holds one of them already may wait for ever."""
    people = [it["customer"] for it in await db.rows(CONCERNED, merchant, external_id, merchant, "".join(number.split()))]
    for person in people:
        await customers.lock(person)
    return people


def _check(lines: Mapping[str, Mapping[str, Any]], contents: Sequence[Content]) -> None:
    wrong: dict[str, str] = {}
    taken: dict[str, int] = {}
    for n, part in enumerate(contents):
        taken[part.line] = taken.get(part.line, 0) + part.quantity
        if part.line not in lines:
            wrong[f"/lines/{n}/line"] = f"there is no line “{part.line}”"
        elif part.quantity < 1:
            wrong[f"/lines/{n}/quantity"] = "less than one"
        elif taken[part.line] > lines[part.line]["left_over"]:
            left = max(lines[part.line]["left_over"], 0)
            wrong[f"/lines/{n}/quantity"] = f"more than are left to send: {left}"
    if wrong:
        raise Invalid.at(wrong, "The parcel was not added")


async def _insert(
    order: Mapping[str, Any], number: str, carrier: str, position: int,
    lines: Mapping[str, Mapping[str, Any]], contents: Sequence[Content],
) -> None:  # fmt: skip
    key, to = added_id(number), await _destination(order["id"])
    record = {"order": order["id"], "position": position, **known_by(number, carrier, to)}
    (made,) = await db.insert("shipments", [record], "id")
    counted: dict[int, int] = {}
    for part in contents:
        counted[lines[part.line]["id"]] = counted.get(lines[part.line]["id"], 0) + part.quantity
    packed = [{"shipment": made["id"], "line": line, "quantity": quantity} for line, quantity in counted.items()]
    await db.insert("shipment_lines", packed)
    await events.record(
        "shipment_dispatched", customer=order["customer"], merchant=order["merchant"], order=order["id"], at=clock.now(),
        key=key, shipment=made["id"], carrier=carrier, tracking_number=number,
    )  # fmt: skip


def known_by(number: str, carrier: str, destination: str) -> dict[str, Any]:
    """Columns of a parcel of which nothing else is known."""
    texts = ("tracking_url", "service", "reason", "signed_by", "proof_photo", "proof_signature")
    return {
        "external_id": added_id(number), "tracking_number": number, "carrier": carrier, "destination": destination,
        "state": "dispatched", "status": "unknown", "pickup": "null", "heard": "{}", **dict.fromkeys(texts, ""),
    }  # fmt: skip


async def _destination(order: int) -> str:
    row = await db.one("SELECT shipping_address FROM orders WHERE id = {}", order)
    return of_address(row["shipping_address"]) if row else ""
