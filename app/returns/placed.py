"""Where an order is delivered: what decides whose law and whose working days count."""

import msgspec

from app import db

ADDRESSES = "SELECT shipping_address, billing_address FROM orders WHERE id = {}"


def where(shipping: str, billing: str) -> tuple[str, str]:
    """Country (ISO 3166-1 alpha-2) and region, of addresses in JSON; what needs no delivery has a bill. Empty: nobody says."""
    for text in (shipping, billing):
        if isinstance(found := msgspec.json.decode(text), dict):
            return str(found.get("country") or "").strip(), str(found.get("region") or "")
    return "", ""


async def delivered_to(order: int | None) -> tuple[str, str] | None:
    """The same of an order; None where that is not known."""
    row = await db.one(ADDRESSES, order) if order is not None else None
    found = where(row["shipping_address"], row["billing_address"]) if row else ("", "")
    return found if found[0] else None
