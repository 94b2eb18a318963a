"""Scans taken in, one message each, as carriers send them; and the limit: the same rows written, and nothing else done.

`python -m tests.benchmarks.scanning FILE`, on an empty migrated database, writes `Scanned` as JSON.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from msgspec import Struct

from app import clock, db
from app.events import actions as events
from app.ingest import actions as ingest
from app.ingest.snapshot import Line, OrderSnapshot, Person, Shipment
from app.merchants import actions as merchants
from app.shipments.actions import take
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from tests.benchmarks.databases import ROOT, Database

MANY, ROUNDS = 150, 5  # parcels
PARCELS = """
SELECT s.id, s."order", o.customer FROM shipments s JOIN orders o ON o.id = s."order" ORDER BY s.tracking_number
"""
STEPS: tuple[Any, ...] = ("info_received", "picked_up", "in_transit", "out_for_delivery", "delivered")
BEGUN = datetime(2026, 11, 3, 8, tzinfo=UTC)


class Scanned(Struct):
    """A second: `taken` scans, `again` the same once more, `written` transactions with the rows of one scan. Medians of rounds
    that take turns."""

    taken: float
    again: float
    written: float

    @property
    def ratio(self) -> float:
        """How many times as long as its rows alone a scan takes."""
        return self.written / self.taken


def scanned(database: Database) -> Scanned:
    """In a process of its own, into a fresh database."""
    database.run("app", "migrate")
    file = database.place / "scanned.json"
    command = [sys.executable, "-m", "tests.benchmarks.scanning", str(file)]
    subprocess.run(command, env=database.environment, cwd=ROOT, check=True)
    return msgspec.json.decode(file.read_bytes(), type=Scanned)


async def _measured() -> Scanned:
    await db.open_pool()
    merchant = await merchants.ensure("bench", "Bench")
    for start in range(0, MANY, 50):
        await ingest.record_all([_order(n) for n in range(start, start + 50)])
    parcels = await db.rows(PARCELS)
    figures: list[list[float]] = [[], [], []]
    for part in range(ROUNDS):
        messages = [_message(n, step) for n in range(part, MANY, ROUNDS) for step in range(len(STEPS))]

        async def tell(one: TrackingSnapshot) -> None:
            await take(merchant, one)

        async def write(one: TrackingSnapshot) -> None:
            await _write(parcels[int(one.tracking_number[1:])], one.scans[0])

        for figure, work in zip(figures, (tell, tell, write), strict=True):
            figure.append(await _rate(messages, work))
    await db.close_pool()
    return Scanned(*map(median, figures))


async def _rate(messages: list[TrackingSnapshot], work: Callable[[TrackingSnapshot], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    for message in messages:
        await work(message)
    return len(messages) / (time.perf_counter() - begun)


def _order(n: int) -> OrderSnapshot:
    return OrderSnapshot(
        source="bench", external_id=str(n), number=str(n), merchant="bench", customer=Person(email=f"c{n % 50}@example.com"),
        placed_at=BEGUN, currency="EUR", lines=[Line(id="1", title="Cup", quantity=1, unit_price=1200, total=1200)], total=1200,
        shipments=[Shipment(id="1", carrier="UPS", tracking_number=f"N{n:06}")],
    )  # fmt: skip


def _message(n: int, step: int) -> TrackingSnapshot:
    scan = ScanSnapshot(at=BEGUN + timedelta(hours=step), status=STEPS[step], words=STEPS[step], place="Lyon", country="FR")
    return TrackingSnapshot(source="bench", tracking_number=f"N{n:06}", scans=[scan])


async def _write(parcel: db.Row, scan: ScanSnapshot) -> None:
    """A row each of its scans, its events, itself, its order and its customer: what taking the scan has changed."""
    at, status = clock.now(), scan.status
    async with db.transaction():
        await db.insert("scans", [{
            "shipment": parcel["id"], "external_id": f"bare {scan.at}", "source": "bench", "at": scan.at, "zoned": True,
            "status": status, "reason": "", "words": status, "code": "", "place": "Lyon", "country": "FR", "recorded_at": at,
        }])  # fmt: skip
        await db.execute("UPDATE shipments SET status = {}, scanned_at = {} WHERE id = {}", status, at, parcel["id"])
        await db.insert("events", [events.row(
            f"shipment_{status}", customer=parcel["customer"], order=parcel["order"], at=scan.at, key="1", place="Lyon"
        )])  # fmt: skip
        await db.execute("UPDATE orders SET carrier_status = {} WHERE id = {}", status, parcel["order"])
        await db.execute("UPDATE customers SET revision = revision + 1 WHERE id = {}", parcel["customer"])


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(msgspec.json.encode(asyncio.run(_measured())))
