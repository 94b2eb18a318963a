"""The pack that a phone keeps: its bytes, and the CPU it costs; the limit: the same pages asked for one by one.

`python -m tests.benchmarks.packing FILE`, on the demo shop, writes `Packed` as JSON.
"""

import asyncio
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import brotli
import msgspec
from httpx import ASGITransport, AsyncClient
from msgspec import Struct

from app import clock, db, worker
from app.asgi import create_app
from app.orders import actions
from app.shipments.actions import take
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tokens import hash_token, new_token
from tests.benchmarks.databases import ROOT, Database

WHO, ROUNDS = "alice@example.com", 7
PARCEL = """
SELECT s.tracking_number, o.merchant, o.customer, o.address FROM shipments s JOIN orders o ON o.id = s."order"
JOIN customers c ON c.id = o.customer WHERE c.email = {} AND o.stage = 'on_the_way' AND s.delivered_at IS NULL
AND s.tracking_number <> '' ORDER BY o.placed_at DESC LIMIT 1
"""


class Answer(Struct):
    """`bytes` as they were sent; `cpu` in milliseconds, the median of some rounds."""

    bytes: int
    cpu: float
    lines: list[dict[str, object]] = []


class Packed(Struct):
    """`whole` is of so many `orders`; `pages` are the same ones, one by one. After one change each: an order that was archived,
    a scan with the notification that tells of it; `nothing`: after none."""

    orders: int
    whole: Answer
    pages: Answer
    archived: Answer
    scanned: Answer
    nothing: Answer


def packed(database: Database) -> Packed:
    """In a process of its own, on a fresh database."""
    database.run("app", "migrate")
    database.run("app", "seed")
    file = database.place / "packed.json"
    command = [sys.executable, "-m", "tests.benchmarks.packing", str(file)]
    subprocess.run(command, env=database.environment, cwd=ROOT, check=True)
    return msgspec.json.decode(file.read_bytes(), type=Packed)


async def _measured() -> Packed:
    await db.open_pool()
    while await worker.notice():
        pass
    transport = ASGITransport(create_app())  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://localhost:8000", cookies=await _session()) as phone:
        whole = await _asked(phone)
        pages = await _one_by_one(phone, [str(line["url"]) for line in whole.lines if "url" in line])
        nothing = await _asked(phone, _cursor(whole))
        (parcel,) = await db.rows(PARCEL, WHO)
        await actions.put_away(parcel["customer"], parcel["address"], archived=True)
        archived = await _asked(phone, _cursor(whole))
        scan = ScanSnapshot(at=clock.now(), status="out_for_delivery", words="En livraison", place="Lyon", country="FR")
        news = TrackingSnapshot(source="bench", tracking_number=parcel["tracking_number"], scans=[scan])
        await take(parcel["merchant"], news)
        await worker.notice()
        scanned = await _asked(phone, _cursor(archived))
    await db.close_pool()
    orders = sum("card" in line for line in whole.lines)
    for answer in (whole, archived, scanned, nothing):
        answer.lines = []
    return Packed(orders, whole, pages, archived, scanned, nothing)


async def _session() -> dict[str, str]:
    token, at = new_token(), clock.now()
    (row,) = await db.rows("SELECT id FROM customers WHERE email = {}", WHO)
    session = {"customer": row["id"], "token_hash": hash_token(token), "user_agent": "bench", "created_at": at, "seen_at": at}
    await db.insert("sessions", [session | {"expires_at": at + timedelta(days=90), "proved_at": at}])
    return {"session": token}


def _cursor(answer: Answer) -> str:
    return str(answer.lines[0]["cursor"])


async def _asked(phone: AsyncClient, cursor: str = "") -> Answer:
    """The first round makes what is kept in memory, and does not count."""
    spent, body = [], b""
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        async with phone.stream("GET", "/offline/pack", params={"cursor": cursor}, headers={"Accept-Encoding": "br"}) as answer:
            body = b"".join([piece async for piece in answer.aiter_raw()])
        spent.append((time.process_time() - begun) * 1_000)
    return Answer(len(body), median(spent[1:]), [msgspec.json.decode(line) for line in brotli.decompress(body).splitlines()])


async def _one_by_one(phone: AsyncClient, addresses: list[str]) -> Answer:
    spent, size = [], 0
    for _ in range(ROUNDS):
        begun, size = time.process_time(), 0
        for address in addresses:
            async with phone.stream("GET", address, headers={"Accept-Encoding": "br"}) as answer:
                size += len(b"".join([piece async for piece in answer.aiter_raw()]))
        spent.append((time.process_time() - begun) * 1_000)
    return Answer(size, median(spent))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(msgspec.json.encode(asyncio.run(_measured())))
