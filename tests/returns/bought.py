"""What the tests of returns begin with: an order that came three days ago, and what somebody asks for of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from app import clock, db
from app.ingest.snapshot import LineQuantity, Shipment
from app.returns import exchanging, kept
from app.returns.asked import Asked, AskedLine
from app.returns.exchanging import Sending
from tests import builders


async def delivered(external_id: str = "1001", days: float = 3, **about: Any) -> Mapping[str, Any]:
    """Alice's order of two teapots and a cup at Mo's, all in one parcel."""
    at = clock.now() - timedelta(days=days)
    lines = about.pop("lines", None) or [
        builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250),
    ]  # fmt: skip
    said = {
        "placed_at": at - timedelta(days=4), "lines": lines,
        "shipments": [Shipment(
            id="p1", carrier="Colissimo", tracking_number="8R1", status="delivered", shipped_at=at - timedelta(days=2),
            delivered_at=at, lines=[LineQuantity(line=line.id, quantity=line.quantity) for line in lines],
        )],
    } | about  # fmt: skip
    return await builders.order(external_id, **said)


async def line_ids(order: Mapping[str, Any]) -> list[int]:
    found = await db.rows('SELECT id FROM order_lines WHERE "order" = {} ORDER BY position', order["id"])
    return [row["id"] for row in found]


def asked(line: int, quantity: int = 1, kind: str = "return", **about: Any) -> Asked:
    what = {name: about.pop(name) for name in ("way", "note") if name in about}
    said = {"reason": {"return": "changed_mind", "claim": "damaged"}.get(kind, ""), **about}
    if kind == "claim":
        said.setdefault("wish", "repair")
    return Asked(kind, [AskedLine(line, quantity, **said)], **what)


async def same_again(code: str, **other: Any) -> Sending:
    """What a desk begins with when it sends something in exchange; `other`: than that, of each item."""
    it = await kept.by_code(code)
    suggested = [exchanging.suggested(line, it.it.kind) for line in exchanging.lines(it)]
    return Sending(items=[msgspec.structs.replace(item, **other) for item in suggested])


async def state(code: str) -> str:
    (row,) = await db.rows("SELECT state FROM returns WHERE code = {}", code)
    return str(row["state"])


async def told(code: str) -> list[str]:
    """The kinds of its events, oldest first."""
    found = await db.rows("SELECT kind, data FROM events ORDER BY id")
    return [row["kind"] for row in found if msgspec.json.decode(row["data"]).get("code") == code]
