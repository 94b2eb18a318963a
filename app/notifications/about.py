"""What an event is about, as far as its words need it: kept with the notification, whatever becomes of the order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.events.unnoticed import Heard

ORDERS = """
SELECT o.id, o.customer, o.address, o.number, o.placed_at, o.titles, o.line_count, o.total, o.currency, o.pictures,
  m.name AS shop
FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id IN
"""
RETURNS = ("withdrawal_", "return_", "claim_", "cancellation_")  # events whose page is that of the return they name
LONGEST = 120  # characters of a title


class About(Struct, frozen=True):
    """`url` is the page that the news opens; `of` what the words say of the order (number, shop, title, more, total,
    currency, picture)."""

    url: str
    of: dict[str, Any] = {}
    placed_at: datetime | None = None


async def about(events: Sequence[Heard]) -> dict[int, About]:
    """By event."""
    ids = sorted({event.order for event in events if event.order is not None})
    found = {row["id"]: row for row in await db.rows(f"{ORDERS} ({db.marks(len(ids))})", *ids)} if ids else {}
    return {event.id: _about(event, found.get(event.order or 0)) for event in events}


def _about(event: Heard, order: db.Row | None) -> About:
    code = event.data.get("code") if event.kind.startswith(RETURNS) else ""
    if order is None and isinstance(code, str) and code:
        return About(f"/returns/{code}")
    if order is None or order["customer"] != event.customer:
        if event.kind == "push_lost":
            return About("/account/notifications/devices")
        return About("/account/activity" if event.order is None else "/orders")
    address, parcel = f"/orders/{order['address']}", event.data.get("shipment")
    part = "#parcels" if event.kind.startswith(("shipment_", "parcel_")) else ""
    part = f"#parcel-{parcel}" if part and isinstance(parcel, int) else part
    title, pictures = order["titles"].partition("\n")[0], msgspec.json.decode(order["pictures"])
    of = {
        "number": order["number"], "shop": order["shop"], "title": title[:LONGEST], "more": max(order["line_count"] - 1, 0),
        "total": order["total"], "currency": order["currency"], "picture": pictures[0] if pictures else "",
    }  # fmt: skip
    return About(f"/returns/{code}" if code else address + part, of, order["placed_at"])
