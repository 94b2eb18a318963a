"""What customers are told of a parcel: events that its scans and its carrier's estimates make, each once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app import db
from app.events import actions as events
from app.events import of_order
from app.shipments.handing_over import POINT
from app.shipments.states import Checkpoint, Reached, reached

A_DAY = timedelta(days=1)
OVER = ("delivered", "returned_to_sender", "cancelled")
TOLD = f"SELECT kind, data FROM events WHERE \"order\" = {{}} AND kind LIKE 'shipment%' AND {of_order.ITSELF}"  # noqa: S608
Told = list[tuple[str, dict[str, Any]]]


async def tell(
    before: Mapping[str, Any], after: Mapping[str, Any], scans: Sequence[Checkpoint], at: datetime, *, history: bool = False
) -> int:
    """`before` and `after` are the shipment's row with its order's `customer` and `merchant`; `at` is when the estimate was
    said. How many events were recorded: of a parcel that the merchant has not sent off, or has called off, none.

    What a parcel has left behind by the time we hear of it is kept, for its timeline, but nobody is notified of it; of
    nothing at all where it is `history`.
    """
    if after["state"] != "dispatched":
        return 0
    all_reached, moved = reached(scans), _moved(before, after)
    told = await _told(after) if all_reached or moved else []
    new = [_event(after, one) for one in all_reached if one.number > _times(told, one.kind)]
    if moved and not _said(told, after):
        new.append(_row(after, "shipment_rescheduled", at))
    await events.record_all([event | {"noticed_at": event["recorded_at"]} for event in new] if history else new)
    return len(new)


async def _told(row: Mapping[str, Any]) -> Told:
    found = [(event["kind"], events.data_of(event["data"])) for event in await db.rows(TOLD, row["order"])]
    return [(kind, data) for kind, data in found if data.get("key") == row["external_id"]]


def _times(told: Told, kind: str) -> int:
    return sum(1 for other, _ in told if other == kind)


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """By a day or more, of a parcel that is still to come."""
    promised, now = before["estimated_to"], after["estimated_to"]
    return after["status"] not in OVER and bool(promised and now and abs(now - promised) >= A_DAY)


def _said(told: Told, row: Mapping[str, Any]) -> bool:
    to = msgspec.to_builtins(row["estimated_to"])
    return any(kind == "shipment_rescheduled" and data.get("estimated_to") == to for kind, data in told)


def _event(row: Mapping[str, Any], one: Reached) -> dict[str, Any]:
    """The promise and the signature belong to where the parcel is, not to what it has left behind."""
    return _row(row, one.kind, one.at, history=not one.current, reason=one.reason, place=one.place, occurrence=one.number)


def _row(row: Mapping[str, Any], kind: str, at: datetime, *, history: bool = False, **about: Any) -> dict[str, Any]:
    said = about | {} if history else about | _current(row, kind)
    return events.row(
        kind, customer=row["customer"], merchant=row["merchant"], order=row["order"], at=at, history=history,
        key=row["external_id"], shipment=row["id"], carrier=row["carrier"], tracking_number=row["tracking_number"],
        **{name: value for name, value in said.items() if value},
    )  # fmt: skip


def _current(row: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if kind in ("shipment_delivered", "shipment_returned_to_sender"):
        return {"signed_by": row["signed_by"]}
    said = {name: row[name] for name in ("estimated_from", "estimated_to")}
    return said | {"pickup": _pickup(row)} if kind == "shipment_ready_for_pickup" else said


def _pickup(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where it waits and until when, and whether a code is needed: the code itself is told on the page alone."""
    point = POINT.decode(row["pickup"])
    if point is None:
        return None
    said = {"name": point.name, "address": point.address, "until": point.until, "coded": bool(point.code)}
    return {name: value for name, value in said.items() if value}
