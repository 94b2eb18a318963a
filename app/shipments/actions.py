"""What carriers say of parcels, taken in: the same again, later, in portions or in another order ends in the same."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Missing
from app.orders import revisions
from app.shipments import facts, order_summaries, overdue, scans, tracking_numbers, words
from app.shipments.facts import ESTIMATE, SHIPPED
from app.shipments.snapshot import TrackingSnapshot
from app.shipments.states import Checkpoint, state
from app.shipments.tellings import tell

YEARS = range(1900, 9998)  # a day to either side must exist, too
NUMBER = "upper(replace(replace({}, ' ', ''), '-', ''))"
PARCELS = f"""
SELECT s.*, coalesce(o.customer, r.customer) AS customer, m.id AS merchant, m.time_zone
FROM shipments s LEFT JOIN orders o ON o.id = s."order" LEFT JOIN returns r ON r.id = s.of_return
JOIN merchants m ON m.id = coalesce(o.merchant, r.merchant)
WHERE m.id = {{}} AND {NUMBER.format("s.tracking_number")} = {NUMBER} AND coalesce(o.customer, r.customer) IS NOT NULL
ORDER BY s.id
"""  # noqa: S608


class Taken(Struct, frozen=True):
    """What became of a message. `shipments` are the row ids of all parcels with that number, `scans` and `events` count what
    is new. `returns` are the ids of those whose parcel it changed: they go on where this was called (`tracking/taking.py`)."""

    result: Literal["updated", "unchanged"]
    shipments: list[int]
    scans: int = 0
    events: int = 0
    returns: list[int] = []


class Change(Struct, frozen=True):
    """Of one parcel. `scans` are the new rows; `seen`: whether its customer can see a difference."""

    scans: Sequence[Mapping[str, Any]]
    seen: bool
    events: int


async def take(merchant: int, news: TrackingSnapshot, *, history: bool = False) -> Taken:
    """Raises Missing when no parcel of that merchant has this number (however written), Invalid for a time of no use, and for
    more scans than any parcel has; Refused as `parcels_of` does.

    Several parcels with one number (a box for two orders) are all told. Carrier news never moves money. `history`: what
    happened then is news to nobody.
    """
    _check_times(news)
    async with db.transaction():
        parcels = await parcels_of(merchant, news.tracking_number)
        changes = [await _change(parcel, news, history) for parcel in parcels]
        seen = [parcel for parcel, change in zip(parcels, changes, strict=True) if change.seen]
        await revisions.changed(*(parcel["order"] for parcel in seen if parcel["order"] is not None))
        await words.count_all(news.source, _unknown(changes))
    new, told = sum(len(change.scans) for change in changes), sum(change.events for change in changes)
    back = [parcel["of_return"] for parcel in seen if parcel["of_return"] is not None]
    return Taken("updated" if seen else "unchanged", [parcel["id"] for parcel in parcels], new, told, back)


async def parcels_of(merchant: int, number: str) -> Sequence[db.Row]:
    """Rows of `Shipment` with `customer`, `merchant` and `time_zone`, their customers' rows locked. Raises Missing.

    Read again when they are locked: the number may be another customer's, too, by then. One whose turn to be locked is over is
    not waited for (raises Refused, 503, when somebody has their row): no dead lock.
    """
    number = "".join(number.split())
    locked: set[int] = set()
    while number and "\0" not in number:
        found = _rightful(await db.rows(PARCELS, merchant, number))
        people = {row["customer"] for row in found} - locked
        if found and not people:
            return found
        if not people:
            break
        last = max(locked, default=0)
        for person in sorted(people):
            await customers.lock(person, wait=person > last)
        locked |= people
    raise Missing


def _rightful(found: Sequence[db.Row]) -> Sequence[db.Row]:
    """What comes back has the number that its customer typed, or that a label has. It shows nobody another's parcel: what goes
    out under that number has it alone, and of two customers the first."""
    out = [row for row in found if row["order"] is not None]
    return out or [row for row in found if row["customer"] == found[0]["customer"]]


async def _change(parcel: Mapping[str, Any], news: TrackingSnapshot, history: bool) -> Change:
    known = await scans.kept(parcel["id"])
    seen = {scan.external_id for scan in known}
    records = {scans.identity(news.source, scan): scan for scan in news.scans}
    new = [scans.record(news.source, scan, parcel["time_zone"]) for name, scan in records.items() if name not in seen]
    if len(known) + len(new) > scans.MOST:
        raise Invalid.at({"/scans": f"more than {scans.MOST:,} of one parcel"}, "The message was not taken")
    learnt = facts.learnt(parcel, news, parcel["time_zone"])
    if not new and not learnt.columns:
        return Change((), False, 0)
    await scans.add(parcel["id"], new)
    every = known + [Checkpoint(**{name: row[name] for name in Checkpoint.__struct_fields__}) for row in new]
    after = {**parcel, **learnt.columns}
    after |= _carrier(after) | _derived(after, every)
    after |= overdue.eased(parcel, after)
    changed = await _write(parcel, after)
    events = 0
    if parcel["order"] is not None:
        events = await tell(parcel, after, every, facts.ages(after).get(ESTIMATE, clock.now()), history=history)
        if order_summaries.concerned(changed, after["status"]):
            await order_summaries.renew(parcel["order"])
    return Change(new, bool(new or learnt.news), events)


def _derived(row: Mapping[str, Any], every: Sequence[Checkpoint]) -> dict[str, Any]:
    """When it was sent off is the shop's to say; where it does not, the carrier's first scan does."""
    found = state(every)
    if not every:
        return {}
    columns: dict[str, Any] = {"scanned_at": found.scanned_at}
    if found.status:
        columns |= {"status": found.status, "reason": found.reason, "delivered_at": found.delivered_at}
    ages = facts.ages(row)
    if found.shipped_at and (row["shipped_at"] is None or SHIPPED in ages):
        columns |= {"shipped_at": found.shipped_at, "heard": facts.written(ages | {SHIPPED: found.shipped_at})}
    return columns


def _carrier(row: Mapping[str, Any]) -> dict[str, str]:
    return {} if row["carrier"] else {"carrier": tracking_numbers.carrier(row["tracking_number"])}


async def _write(before: Mapping[str, Any], after: Mapping[str, Any]) -> Set[str]:
    """The names of the columns that are others now."""
    changed = {name: value for name, value in after.items() if before[name] != value}
    if changed:
        pairs = ", ".join(f'"{name}" = {{}}' for name in changed)
        await db.execute(f"UPDATE shipments SET {pairs} WHERE id = {{}}", *changed.values(), before["id"])  # noqa: S608
    return changed.keys()


def _unknown(changes: Sequence[Change]) -> list[str]:
    """What no table of ours knows of the new scans: the code, else the words."""
    new = (row for change in changes for row in change.scans if row["status"] == "unknown")
    return [word for row in new if (word := row["code"] or row["words"])]


def _check_times(news: TrackingSnapshot) -> None:
    """Raises Invalid: a year that no calendar goes on from (some write “none” as the year 1)."""
    times: dict[str, datetime | None] = {f"/scans/{n}/at": scan.at for n, scan in enumerate(news.scans)}
    times |= {f"/{name}": getattr(news, name) for name in ("estimated_from", "estimated_to", "said_at")}
    times["/pickup/until"] = news.pickup.until if news.pickup else None
    reason = f"expected a year from {YEARS.start} to {YEARS.stop - 1}"
    wrong = {pointer: reason for pointer, at in times.items() if at and at.year not in YEARS}
    if wrong:
        raise Invalid.at(wrong, "The message was not taken")
