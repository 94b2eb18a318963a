"""Parcels that are late or silent are marked by a chore; whoever waits for one is told once, before they have to ask.

Late: past the day that was given for it and one more, or past what nine of ten such parcels of the shop took. Silent: without a
scan for longer than nineteen of twenty of the shop's parcels ever were, else for five days. News gives it two more days: nobody
is told of silence where there is none; that it is late is said all the same (`estimates.late`), and it can be reported.
The mark goes when news comes (`eased`); `overdue_why` stays and says that it was told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from app import clock, db, reading
from app.accounts import customers
from app.events import actions as events
from app.i18n import Voice
from app.orders import revisions
from app.orders.filters import NEWS_WITHIN
from app.shipments import estimates, owned
from app.shipments.estimates import TOLERANCE, Times

AFTER_NEWS = timedelta(days=2)
SILENCE = timedelta(days=5)
LEAST_SILENCE = timedelta(days=2)  # a weekend is no silence
AT_ONCE = 200  # parcels a turn
REST = timedelta(hours=1)  # between two walks over all that is under way

# Nothing of histories (`unknown`, no date, no scan): of those nobody will ever say that they came.
UNDER_WAY = """
FROM shipments s JOIN orders o ON o.id = s."order" JOIN customers c ON c.id = o.customer
WHERE s.delivered_at IS NULL AND s.overdue_at IS NULL AND (s.shipped_at, s.id) > ({}, {}) AND s.shipped_at <= {}
AND s.state = 'dispatched' AND s.missing_at IS NULL AND o.stage IN ('on_the_way', 'needs_you')
AND (s.status IN ('info_received', 'picked_up', 'in_transit', 'on_hold', 'delayed', 'out_for_delivery')
     OR (s.status IN ('unknown', 'pending') AND (s.estimated_to IS NOT NULL OR s.scanned_at IS NOT NULL)))
ORDER BY s.shipped_at, s.id LIMIT {}
"""


class UnderWay(Struct, frozen=True, array_like=True):
    """Columns of `Shipment`, of its order and of its customer."""

    id: int
    carrier: str
    destination: str
    shipped_at: datetime
    scanned_at: datetime | None
    heard: str
    estimated_from: datetime | None
    estimated_to: datetime | None
    overdue_why: str
    merchant: int
    time_zone: str


COLUMNS = (
    "s.id, s.carrier, s.destination, s.shipped_at, s.scanned_at, s.heard, s.estimated_from, s.estimated_to, s.overdue_why, "
    "o.merchant, c.time_zone"
)


class Walk(Struct):
    """Where the chore of this process is among what is under way, and when it begins again."""

    after: tuple[datetime, int] | None = None
    rest_until: datetime | None = None


walk = Walk()


async def look() -> None:
    """The chore: the next few parcels, all of them once an hour."""
    at = clock.now()
    if walk.rest_until is not None and at < walk.rest_until:
        return
    since, number = walk.after or (at - NEWS_WITHIN, 0)
    texts = await reading.texts(COLUMNS, UNDER_WAY, since, number, at - TOLERANCE, AT_ONCE)
    found = [reading.decoder(UnderWay)(text) for text in texts]
    times = await estimates.times_of({parcel.merchant for parcel in found})
    for parcel in found:
        if why := why_overdue(parcel, times, at):
            await mark(parcel.id, why, told=bool(parcel.overdue_why))
    done = len(found) < AT_ONCE
    walk.after = None if done else (found[-1].shipped_at, found[-1].id)
    walk.rest_until = at + REST if done else None


def why_overdue(parcel: UnderWay, times: Times, at: datetime) -> str:
    """`late`, `silent`, or nothing."""
    if (limit := _limit(parcel, times)) is not None and at > limit:
        return "late"
    return "silent" if at - (parcel.scanned_at or parcel.shipped_at) > _silence(parcel, times) else ""


def _limit(parcel: UnderWay, times: Times) -> datetime | None:
    """The end of its last day by the customer's clock, with what is tolerated."""
    soon = estimates.promised(parcel, times, Voice("en", parcel.time_zone))
    if soon.last is None:
        return None
    end = clock.start_of(soon.last + timedelta(days=1), parcel.time_zone)
    limit = end if soon.source == "usual" else end + TOLERANCE
    return max(limit, parcel.scanned_at + AFTER_NEWS) if parcel.scanned_at else limit


def _silence(parcel: UnderWay, times: Times) -> timedelta:
    """Of a parcel that is not scanned at all, one knows only when it was sent and when it should be there."""
    usual = estimates.usual_of(parcel, times)
    if parcel.scanned_at is None:
        return timedelta(days=30) if parcel.estimated_to or usual else SILENCE * 3
    return max(timedelta(hours=usual.quiet), LEAST_SILENCE) if usual and usual.quiet else SILENCE


def eased(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a parcel of which something newer was heard: no longer overdue, until nothing is heard again."""
    news = any(before[name] != after[name] for name in ("scanned_at", "estimated_to", "delivered_at"))
    return {"overdue_at": None} if news and before["overdue_at"] is not None else {}


async def ease(numbers: Sequence[int]) -> None:
    """As `eased`, of parcels of which their shop has said something else than before; in the transaction of that."""
    if numbers:
        here = db.marks(len(numbers))
        await db.execute(f"UPDATE shipments SET overdue_at = NULL WHERE overdue_at IS NOT NULL AND id IN ({here})", *numbers)  # noqa: S608


async def mark(number: int, why: str, *, told: bool) -> None:
    """Unless it came meanwhile, or another process was faster. `told`: it was overdue before, nobody hears of it again."""
    parcel = await owned.of_number(number)
    async with db.transaction():
        await customers.lock(parcel.customer)
        marked = await db.execute(
            "UPDATE shipments SET overdue_at = {}, overdue_why = {} "
            "WHERE id = {} AND overdue_at IS NULL AND delivered_at IS NULL RETURNING id",
            clock.now(), why, number,
        )  # fmt: skip
        if not marked:
            return
        if not told:
            await events.record(
                "shipment_overdue", customer=parcel.customer, merchant=parcel.merchant, order=parcel.order,
                **owned.about(parcel), why=why,
            )  # fmt: skip
        await revisions.changed(parcel.order)
