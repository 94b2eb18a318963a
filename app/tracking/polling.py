"""Asking carriers about parcels that are under way: seldom, in portions, and less often the longer a parcel takes.

A round runs in a task of its own beside the other chores, each call in a thread that nobody waits for at the end of the
process; a carrier that does not answer is left alone for longer each time, and `python -m app check` says so.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.setting_values import Carrier
from app.settings import settings
from app.tracking import karrio
from app.tracking.karrio import NoAnswer
from app.tracking.taking import take

T = TypeVar("T")
log = logging.getLogger(__name__)
PORTION = 20  # parcels of a carrier in a round
SEEN_AT_ONCE = 2_000  # parcels under way, the newest first; the next round goes on with those before them
LONGEST = timedelta(days=60)  # after which nobody is asked any more
PATIENCE = 90  # seconds for the answer to a portion
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
SOON = {"out_for_delivery": timedelta(minutes=30), "attempt_failed": timedelta(hours=2), "ready_for_pickup": timedelta(hours=4)}
BY_AGE = ((5, timedelta(hours=3)), (15, timedelta(hours=8)), (60, timedelta(hours=24)))  # days since it was sent → wait
# Of whatever carrier; the index `shipments_under_way` holds these alone.
UNDER_WAY = """
FROM shipments s WHERE s.state = 'dispatched' AND s.tracking_number <> ''
  AND s.status NOT IN ('delivered', 'returned_to_sender', 'cancelled') AND s.id <= {}
"""
BEFORE = f"SELECT s.id {UNDER_WAY} ORDER BY s.id DESC LIMIT 1 OFFSET {{}}"
DUE = f"""
SELECT s.id, s.tracking_number, s.status, s.shipped_at, o.placed_at, r.created_at, m.id AS merchant
FROM (
  SELECT s.id, s.tracking_number, s.carrier, s.status, s.shipped_at, s."order", s.of_return {UNDER_WAY}
  ORDER BY s.id DESC LIMIT {{}}
) AS s LEFT JOIN orders o ON o.id = s."order" LEFT JOIN returns r ON r.id = s.of_return AND r.received_at IS NULL
JOIN merchants m ON m.id = coalesce(o.merchant, r.merchant) LEFT JOIN tracking_polls p ON p.shipment = s.id
WHERE (p.next_at IS NULL OR p.next_at <= {{}}) AND coalesce(s.shipped_at, o.placed_at, r.created_at) >= {{}}
"""  # noqa: S608 - our own words
CLAIM = """
INSERT INTO tracking_polls (shipment, next_at) VALUES ({}, {}) ON CONFLICT (shipment) DO UPDATE SET next_at = excluded.next_at
WHERE tracking_polls.next_at <= {} RETURNING shipment
"""
KEEP = """
INSERT INTO carrier_accounts (name, asked_at, failures, error, next_at) VALUES ({}, {}, {}, {}, {}) ON CONFLICT (name) DO UPDATE
SET asked_at = excluded.asked_at, failures = excluded.failures, error = excluded.error, next_at = excluded.next_at
"""
running: set[asyncio.Task[None]] = set()
looked_to: dict[str, int] = {}  # carrier → the id of the parcel from which its next round looks on, in this process


async def begin() -> None:
    """A chore: a round, unless one is still going on."""
    if settings.carriers and not running:
        task = asyncio.create_task(ask_all(settings.carriers))
        running.add(task)
        task.add_done_callback(running.discard)


async def ask_all(carriers: Sequence[Carrier]) -> None:
    for carrier in carriers:
        try:
            await ask(carrier)
        except Exception:
            log.exception("%s could not be asked", carrier.name)


async def ask(carrier: Carrier) -> None:
    """One portion of what is due with this carrier."""
    at = clock.now()
    state = await db.one("SELECT failures, next_at FROM carrier_accounts WHERE name = {}", carrier.name)
    if state and state["failures"] and state["next_at"] > at:
        return
    parcels = [parcel for parcel in await _due(carrier, at) if await _claimed(parcel, at)]
    if not parcels:
        return
    numbers = list(dict.fromkeys(parcel["tracking_number"] for parcel in parcels))
    try:
        news = await asyncio.wait_for(_in_thread(lambda: karrio.asked(carrier, numbers)), PATIENCE)
    except (NoAnswer, TimeoutError) as error:
        await _failed(carrier, parcels, (state["failures"] if state else 0) + 1, str(error) or f"no answer in {PATIENCE} s")
        return
    await db.execute(KEEP, carrier.name, at, 0, "", at)
    for one in news:
        for merchant in sorted({parcel["merchant"] for parcel in parcels}):
            try:
                await take(merchant, one)
            # Another merchant's, or the label was changed meanwhile; a time that cannot be; somebody is changing it.
            except (Missing, Invalid, Refused):
                continue


def wait(status: str, sent_at: datetime, at: datetime) -> timedelta:
    if status in SOON:
        return SOON[status]
    return next((pause for days, pause in BY_AGE if at - sent_at <= timedelta(days=days)), BY_AGE[-1][1])


async def _due(carrier: Carrier, at: datetime) -> Sequence[db.Row]:
    names = [name.casefold() for name in (carrier.names or (carrier.connector,))]
    first = looked_to.pop(carrier.name, db.MOST_ID)
    sql, args = f"{DUE} AND lower(s.carrier) IN ({db.marks(len(names))})", [first, SEEN_AT_ONCE, at, at - LONGEST, *names]
    if carrier.merchants:
        sql, args = f"{sql} AND m.slug IN ({db.marks(len(carrier.merchants))})", [*args, *carrier.merchants]
    found = await db.scan(f"{sql} ORDER BY coalesce(s.shipped_at, o.placed_at, r.created_at) DESC LIMIT {PORTION}", *args)
    if len(found) == PORTION:  # there may be more among these
        looked_to[carrier.name] = first
    elif before := await db.scan(BEFORE, first, SEEN_AT_ONCE):
        looked_to[carrier.name] = before[0]["id"]
    return found


async def _claimed(parcel: Mapping[str, Any], at: datetime) -> bool:
    """Of several processes, one asks."""
    next_at = at + wait(parcel["status"], parcel["shipped_at"] or parcel["placed_at"] or parcel["created_at"], at)
    return bool(await db.execute(CLAIM, parcel["id"], next_at, at))


async def _failed(carrier: Carrier, parcels: Sequence[Mapping[str, Any]], failures: int, why: str) -> None:
    """The parcels are due again when the carrier is."""
    at = clock.now()
    next_at = at + min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    log.warning("%s does not answer (%d times): %s", carrier.name, failures, why)
    await db.execute(KEEP, carrier.name, at, failures, why, next_at)
    ids = [parcel["id"] for parcel in parcels]
    await db.execute(f"UPDATE tracking_polls SET next_at = {{}} WHERE shipment IN ({db.marks(len(ids))})", next_at, *ids)  # noqa: S608


async def failing() -> Sequence[db.Row]:
    """`name`, `failures`, `error`, `next_at` of the configured carriers that do not answer."""
    names = {carrier.name for carrier in settings.carriers}
    found = await db.rows("SELECT name, failures, error, next_at FROM carrier_accounts WHERE failures > 0 ORDER BY name")
    return [row for row in found if row["name"] in names]


async def _in_thread(function: Callable[[], T]) -> T:
    """In a thread that the process does not wait for when it ends: connectors set no limit to how long they read."""
    loop, future = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    def settle(put: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            put(value)

    def run() -> None:
        try:
            done, value = future.set_result, function()
        except Exception as error:  # handed over to who waits
            done, value = future.set_exception, error  # type: ignore[assignment]
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, done, value)

    threading.Thread(target=run, daemon=True, name="carrier").start()
    result: T = await future
    return result
