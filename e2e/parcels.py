"""Parcels whose carriers have told something of them, put into a counter's tables."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from e2e.counter import DEADLINE, ROOT, Counter

# The order's parcel of that external id hears of scans, and of what its own row then says.
PROGRAM = """
import asyncio, json, sys
from datetime import datetime
from app import db

def times(record):
    return {name: datetime.fromisoformat(value) if name.endswith(("_at", "_to", "_from")) or name == "at" else value
            for name, value in record.items()}

async def tell(told):
    found = await db.one('SELECT p.id, o.customer FROM shipments p JOIN orders o ON o.id = p."order" '
                         'WHERE o.external_id = {} AND p.external_id = {}', told["order"], told["parcel"])
    await db.insert("scans", [times(scan) | {"shipment": found["id"]} for scan in told["scans"]])
    for name, value in times(told["about"]).items():
        await db.execute(f'UPDATE shipments SET "{name}" = {{}} WHERE id = {{}}', value, found["id"])
    for name, value in times(told["order_about"]).items():
        await db.execute(f'UPDATE orders SET "{name}" = {{}} WHERE external_id = {{}}', value, told["order"])
    await db.execute("UPDATE customers SET revision = revision + 1 WHERE id = {}", found["customer"])
    print(found["id"])

asyncio.run(tell(json.load(sys.stdin)))
"""


def ago(days: float = 0.0, **more: float) -> str:
    """A time before now (negative: to come), as JSON has it."""
    return (datetime.now(UTC) - timedelta(days, **more)).isoformat()


def scan(
    at: str, status: str, words: str = "", place: str = "", where: tuple[float, float] | None = None, **about: Any
) -> dict:
    """`where` is (latitude, longitude)."""
    latitude, longitude = where or (None, None)
    said = {"reason": "", "country": "", "latitude": latitude, "longitude": longitude, "code": "", "zoned": True, **about}
    return {"external_id": f"{at} {status} {words}", "source": "test", "at": at, "status": status, "words": words,
            "place": place, "recorded_at": at, **said}  # fmt: skip


def tell(counter: Counter, order: str, scans: list[dict[str, Any]], parcel: str = "p1", **about: Any) -> int:
    """The shipment's id. `about`: columns of its row, and with `order_` in front of their names those of its order's."""
    order_about = {name.removeprefix("order_"): value for name, value in about.items() if name.startswith("order_")}
    told = {"order": order, "parcel": parcel, "scans": scans, "order_about": order_about,
            "about": {name: value for name, value in about.items() if not name.startswith("order_")}}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=counter.environment, input=json.dumps(told), capture_output=True,
        text=True, timeout=DEADLINE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def parcel(id: str = "p1", **about: Any) -> dict[str, Any]:
    """As the API takes it: with Colissimo since yesterday."""
    return {"id": id, "carrier": "Colissimo", "tracking_number": f"6A1234567890{id[-1]}", "status": "in_transit",
            "shipped_at": ago(1), "lines": [{"line": "1", "quantity": 1}], **about}  # fmt: skip


LYON, PARIS, ROISSY, LONDON = (45.76, 4.84), (48.86, 2.35), (49.01, 2.55), (51.51, -0.13)
