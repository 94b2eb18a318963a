"""Events that people hear of, recorded as a carrier's message does it, in a process of its own beside the server.

`python -m tests.benchmarks.recording PEOPLE`, on a migrated database: so many people get a session, an order and a parcel. Then
it reads numbers: the parcel of that person goes out for delivery (0: everybody's revision is raised instead; a negative one:
the seller answers a question of theirs). It answers each with two moments of the machine's monotonic clock, in seconds: before
the commit (of an answer, before the verb), and when the notification could be read.
"""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

from app import clock, db
from app.inbox import about, posting, starting
from app.inbox.posting import Said
from app.ingest import actions as ingest
from app.ingest.snapshot import Line, OrderSnapshot, Person, Shipment
from app.merchants import actions as merchants
from app.shipments.actions import take
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tokens import hash_token
from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.listening import PATIENCE, session

BEGUN = datetime(2026, 11, 3, 8, tzinfo=UTC)
OLDEST, AT_ONCE = timedelta(minutes=5), 50
EMAIL = "c{}@bench.example"
WRITTEN = "SELECT 1 FROM notifications WHERE customer = {} AND kind = 'shipment_out_for_delivery'"


class Recorder:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def record(self, person: int) -> tuple[float, float]:
        """The moments before the commit, and when the notification could be read; `person`: see above."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"%d\n" % person)
        before, written = (await self.line()).split()
        return float(before), float(written)

    async def line(self) -> bytes:
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        if not line:
            raise RuntimeError("the process that records events has ended")
        return line


@contextlib.asynccontextmanager
async def recorder(database: Database, people: int) -> AsyncIterator[Recorder]:
    """With so many people in a fresh database."""
    command = (sys.executable, "-m", "tests.benchmarks.recording", str(people))
    process = await asyncio.create_subprocess_exec(
        *command, env=database.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        made = Recorder(process)
        await made.line()
        yield made
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def main(people: int) -> None:
    await db.open_pool()
    merchant = await merchants.ensure("bench", "Bench")
    ids = await _people(people)
    print("ready", flush=True)
    for line in sys.stdin:
        person = int(line)
        if person < 0:
            before = written = await _answered(merchant, ids[-person])
        else:
            before = await (_scanned(merchant, person) if person else _everybody())
            written = await _written(ids[person]) if person else before
        print(before, written, flush=True)
    await db.close_pool()


async def _people(count: int) -> Mapping[int, int]:
    """Number → row id. Their orders are history: nobody is told of them."""
    for start in range(1, count + 1, AT_ONCE):
        await ingest.record_all([_order(n) for n in range(start, min(start + AT_ONCE, count + 1))])
    found = await db.rows("SELECT id, email FROM customers")
    ids = {int(row["email"].partition("@")[0][1:]): row["id"] for row in found}
    at = clock.now()
    times = {"created_at": at, "seen_at": at, "expires_at": at + timedelta(days=90)}
    await db.insert("sessions", [
        {"customer": row, "token_hash": hash_token(session(n)), "user_agent": "bench", **times} for n, row in ids.items()
    ])  # fmt: skip
    return ids


def _order(n: int) -> OrderSnapshot:
    return OrderSnapshot(
        source="bench", external_id=str(n), number=str(n), merchant="bench", customer=Person(email=EMAIL.format(n)),
        placed_at=clock.now() - OLDEST, currency="EUR", total=1200,
        lines=[Line(id="1", title="Cup", quantity=1, unit_price=1200, total=1200)],
        shipments=[Shipment(id="1", carrier="UPS", tracking_number=f"N{n:06}")],
    )  # fmt: skip


async def _scanned(merchant: int, person: int) -> float:
    scan = ScanSnapshot(at=clock.now(), status="out_for_delivery", words="On its way to you", place="Lyon", country="FR")
    async with db.transaction():
        await take(merchant, TrackingSnapshot(source="bench", tracking_number=f"N{person:06}", scans=[scan]))
        return time.perf_counter()


async def _answered(merchant: int, customer: int) -> float:
    """What was asked before is no news of theirs."""
    asked = Said(side="buyer", text="Where is it?", author=customer, name="Camille")
    code = await starting.start(customer, await about.merchant("bench"), asked, subject="A parcel")
    before = time.perf_counter()
    await posting.answer(merchant, code, Said(side="seller", text="It is on its way to you.", name="Bench"))
    return before


async def _written(customer: int) -> float:
    while True:
        if await db.one(WRITTEN, customer):
            return time.perf_counter()
        await asyncio.sleep(0.001)


async def _everybody() -> float:
    async with db.transaction():
        await db.execute("UPDATE customers SET revision = revision + 1")
        return time.perf_counter()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
