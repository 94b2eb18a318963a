"""What a shop's own parcels took, learnt by a chore once a day and merchant from those delivered in the last twelve months.

Kept for carrier and region, carrier and country, carrier, and the shop as a whole; a row says from how many parcels.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from app import clock, db
from app.search import folded
from app.shipments import working_days
from app.shipments.percentiles import percentile

FEWEST = 20  # parcels that allow to say “usually”
MOST = 20_000  # parcels of one merchant, the newest: what a shop does now
LONGEST = 90  # working days; more was a mistake of somebody's
EVERY = timedelta(days=1)
MEMORY = timedelta(days=365)
MIDDLE, LATE = 50, 90  # percent

DUE = """
SELECT m.id, m.time_zone FROM merchants m
LEFT JOIN transit_times t ON t.merchant = m.id AND t.carrier = '' AND t.destination = ''
WHERE t.computed_at IS NULL OR t.computed_at < {} ORDER BY m.id LIMIT 1
"""
ARRIVED = """
SELECT s.id, s.carrier, s.destination, s.shipped_at, s.delivered_at, s.scanned_at
FROM orders o JOIN shipments s ON s."order" = o.id
WHERE o.merchant = {} AND o.delivered_at > {} AND s.state = 'dispatched' AND s.status = 'delivered'
AND s.shipped_at IS NOT NULL AND s.delivered_at > {} AND s.delivered_at >= s.shipped_at
ORDER BY o.delivered_at DESC LIMIT {}
"""
SCANNED = "SELECT shipment, at FROM scans WHERE shipment IN ({}) ORDER BY shipment, at"
MOST_SCANNED = 400  # parcels whose gaps between scans are looked at

Key = tuple[str, str]  # carrier, destination


async def learn() -> None:
    """The chore: one merchant at a time."""
    at = clock.now()
    if (merchant := await db.one(DUE, at - EVERY)) is not None:
        await learn_of(merchant["id"], merchant["time_zone"])


async def learn_of(merchant: int, zone: str) -> None:
    since = clock.now() - MEMORY
    parcels = await db.scan(ARRIVED, merchant, since, since, MOST)
    quiet = await _quiet([row["id"] for row in parcels if row["scanned_at"]][:MOST_SCANNED])
    rows = list(_rows(merchant, times(parcels, zone), quiet))
    async with db.transaction():
        await db.take_turn(f"transit times {merchant}")
        await db.execute("DELETE FROM transit_times WHERE merchant = {}", merchant)
        await db.insert("transit_times", rows)


def times(parcels: Iterable[db.Row], zone: str) -> dict[Key, Counter[int]]:
    """How many parcels took how many working days, by all the keys that they count for; the whole shop is always there."""
    found: dict[Key, Counter[int]] = defaultdict(Counter, {("", ""): Counter()})
    local = clock.zone(zone)
    for row in parcels:
        days = working_days.between(row["shipped_at"].astimezone(local).date(), row["delivered_at"].astimezone(local).date())
        if days <= LONGEST:
            for key in keys(row["carrier"], row["destination"]):
                found[key][days] += 1
    return found


def keys(carrier: str, destination: str) -> list[Key]:
    """The most exact first."""
    name = carrier_key(carrier)
    exact = [(name, destination), (name, destination[:2]), (name, "")] if name else []
    return list(dict.fromkeys([*exact, ("", "")]))


def carrier_key(carrier: str) -> str:
    return "".join(sign for sign in folded(carrier) if sign.isalnum())[:80]


def _rows(merchant: int, found: dict[Key, Counter[int]], quiet: int) -> Iterator[dict[str, Any]]:
    at = clock.now()
    for (carrier, destination), counts in found.items():
        parcels = counts.total()
        if parcels >= FEWEST or not carrier:
            middle, late = (percentile(counts, share) if parcels else 0 for share in (MIDDLE, LATE))
            yield {
                "merchant": merchant, "carrier": carrier, "destination": destination, "parcels": parcels, "median": middle,
                "late": late, "quiet": quiet, "computed_at": at,
            }  # fmt: skip


async def _quiet(parcels: list[int]) -> int:
    """Hours: of twenty parcels, nineteen were never longer without a scan. 0 when too few were scanned."""
    if len(parcels) < FEWEST:
        return 0
    longest: dict[int, timedelta] = {}
    last: tuple[int, datetime] | None = None
    for row in await db.scan(SCANNED.replace("{}", db.marks(len(parcels))), *parcels):
        if last is not None and last[0] == row["shipment"]:
            longest[row["shipment"]] = max(longest.get(row["shipment"], timedelta()), row["at"] - last[1])
        last = row["shipment"], row["at"]
    gaps = Counter(-(-gap // timedelta(hours=1)) for gap in longest.values())
    return percentile(gaps, 95) if gaps.total() >= FEWEST else 0
