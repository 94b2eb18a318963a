"""Taking carriers' news in. Sent again, cut in two or shuffled, it comes to the same parcel, and everything is told once.

Carrier news never moves money.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.db import transaction
from app.errors import Missing
from app.events import actions as events
from app.shipments import scan_rows, states, summaries, tracking_numbers, words
from app.shipments.snapshot import TrackingSnapshot
from app.shipments.states import Moment, State

MOVED_BY = timedelta(days=1)  # an estimate that moves by less is the same promise

PARCELS = """
SELECT s.id, s.external_id, s."order", s.carrier, s.service, s.tracking_number, s.tracking_url, s.status, s.reason,
  s.scanned_at, s.shipped_at, s.delivered_at, s.estimated_from, s.estimated_to, s.estimated_by, s.pickup, s.signed_by,
  o.customer, o.merchant, m.time_zone
FROM shipments s JOIN orders o ON o.id = s."order" JOIN merchants m ON m.id = o.merchant
"""
NUMBERED = PARCELS + "WHERE s.tracking_key = {} AND o.merchant = {} ORDER BY s.id"
TOLD = 'SELECT kind, data FROM events WHERE "order" = {}'


class Taken(Struct, frozen=True):
    """`scans` are new ones; `parcels` the ids of all that carry the number: one label may be for several orders."""

    result: Literal["changed", "unchanged"]
    scans: int
    parcels: list[int]


async def take(merchant: int, news: TrackingSnapshot) -> Taken:
    """What one message says of a merchant's parcel. Raises Missing when none of theirs has that number."""
    key = tracking_numbers.key(news.tracking_number)
    async with transaction():
        found = await _locked(key, merchant)
        changes = [await _tell(parcel, news) for parcel in found]
    scans = sum(count for _changed, count in changes)
    result: Literal["changed", "unchanged"] = "changed" if any(changed for changed, _count in changes) else "unchanged"
    return Taken(result, scans, [parcel["id"] for parcel in found])


async def _locked(key: str, merchant: int) -> Sequence[db.Row]:
    """The parcels, read when nobody else changes them any more: whose order it is may have changed before that."""
    owners: set[int] = set()
    while True:
        found = await db.scan(NUMBERED, key, merchant) if key else []
        if not found:
            raise Missing
        if {row["customer"] for row in found} <= owners:
            return found
        owners = {row["customer"] for row in found}
        for owner in sorted(owners):
            await customers.lock(owner)


async def _tell(parcel: db.Row, news: TrackingSnapshot) -> tuple[bool, int]:
    """Whether anything changed, and how many scans were new."""
    known = await scan_rows.seen(parcel["id"])
    fresh = await scan_rows.add(parcel["id"], news, parcel["time_zone"], known)
    await words.count_unknown(news.source, fresh)
    scans = await scan_rows.seen(parcel["id"]) if fresh else known
    after = _said(parcel, news, scans) | (_columns(states.state_of(scans), parcel) if scans else {})
    changed = {name: value for name, value in after.items() if value != parcel[name]}
    if not fresh and not changed:
        return False, 0
    await _set(parcel, changed)
    await summaries.write(parcel["order"])
    await _record({**parcel, **after}, states.moments(scans), _moved(parcel, after))
    await customers.raise_revision(parcel["customer"])
    return True, len(fresh)


def _said(parcel: db.Row, news: TrackingSnapshot, scans: Sequence[states.Seen]) -> dict[str, Any]:
    """What the message says beside its scans. Of a parcel that is there nothing is expected any more; an estimate in a message
    that is older than what is known is not heard."""
    said: dict[str, Any] = {
        "carrier": parcel["carrier"] or news.carrier,
        "service": news.service or parcel["service"],
        "tracking_url": parcel["tracking_url"] or news.tracking_url,
        "signed_by": news.signed_by or parcel["signed_by"],
    }
    if news.pickup is not None:
        said["pickup"] = msgspec.json.encode(news.pickup).decode()
    newest = max((scan_rows.moment(it.at, it.country, parcel["time_zone"]) for it in news.scans), default=None)
    heard = newest is None or all(newest >= scan.at for scan in scans)
    if news.estimated_to is not None and heard:
        said |= {name: at and scan_rows.moment(at, "", parcel["time_zone"]) for name, at in _estimate(news).items()}
        said |= {"estimated_by": "carrier"}
    return said


def _estimate(news: TrackingSnapshot) -> dict[str, datetime | None]:
    return {"estimated_from": news.estimated_from, "estimated_to": news.estimated_to}


def _columns(state: State, parcel: db.Row) -> dict[str, Any]:
    """`shipped_at` is the earlier of what the shop says and the carrier."""
    columns = msgspec.structs.asdict(state)
    columns["shipped_at"] = min((at for at in (parcel["shipped_at"], state.shipped_at) if at), default=None)
    return columns


def _moved(before: db.Row, after: dict[str, Any]) -> bool:
    was, now = before["estimated_to"], after.get("estimated_to")
    return was is not None and now is not None and abs(now - was) >= MOVED_BY and after.get("status") != "delivered"


async def _record(parcel: dict[str, Any], found: Sequence[Moment], moved: bool) -> None:
    """What was not told yet. What is older than where the parcel stands is written down and told to nobody."""
    told = {(row["kind"], events.data_of(row["data"]).get("key", "")) for row in await db.scan(TOLD, parcel["order"])}
    rows = []
    for moment in found:
        kind, key = f"shipment_{moment.scan.status}", _key(parcel, moment.nth)
        if (kind, key) not in told:
            about = {"reason": moment.scan.reason, "place": moment.scan.place}
            rows.append(_event(parcel, kind, key, moment.scan.at, not moment.telling, about))
    promise = _key(parcel, f"{parcel['estimated_to']:%Y-%m-%d}") if moved else ""
    if moved and ("shipment_rescheduled", promise) not in told:
        rows.append(_event(parcel, "shipment_rescheduled", promise, clock.now(), False, {}))
    await events.record_all(rows)


def _key(parcel: dict[str, Any], nth: int | str) -> str:
    """The first of a kind has the key under which a shop's own snapshot tells it."""
    return parcel["external_id"] if nth == 1 else f"{parcel['external_id']} {nth}"


def _event(parcel: dict[str, Any], kind: str, key: str, at: Any, history: bool, about: dict[str, Any]) -> dict[str, Any]:
    about |= {name: parcel[name] for name in ("carrier", "tracking_number", "signed_by")}
    about |= {name: parcel[name].isoformat() for name in ("estimated_from", "estimated_to") if parcel[name]}
    said = {name: value for name, value in about.items() if value}
    return events.row(
        kind, customer=parcel["customer"], merchant=parcel["merchant"], order=parcel["order"], at=at, history=history, key=key,
        shipment=parcel["id"], **said,
    )  # fmt: skip


async def _set(parcel: db.Row, values: dict[str, Any]) -> None:
    if values:
        pairs = ", ".join(f"{name} = {{}}" for name in values)
        await db.execute(f"UPDATE shipments SET {pairs} WHERE id = {{}}", *values.values(), parcel["id"])  # noqa: S608
