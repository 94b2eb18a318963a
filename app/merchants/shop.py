"""The merchant that is the marketplace itself: whom customers ask to step in where a seller leaves them alone.

Named at the shell alone. Where there is none, as in a shop with one merchant, nobody can be asked but the seller.
"""

from msgspec import Struct

from app import db
from app.db import transaction
from app.errors import Missing
from app.events.actions import record

FOUND = "SELECT id, slug, name FROM merchants WHERE is_shop"


class Shop(Struct, frozen=True):
    id: int
    slug: str
    name: str


async def found() -> Shop | None:
    row = await db.one(FOUND)
    return Shop(row["id"], row["slug"], row["name"]) if row else None


async def other_than(merchant: int) -> Shop | None:
    """None too where that merchant is it."""
    it = await found()
    return it if it is not None and it.id != merchant else None


async def at_desk(merchant: int) -> Shop:
    """Raises Missing where it is another's desk."""
    it = await found()
    if it is None or it.id != merchant:
        raise Missing
    return it


async def name(slug: str) -> None:
    """Empty: none any more. Raises Missing."""
    async with transaction():
        row = await db.one("SELECT id FROM merchants WHERE slug = {}", slug)
        if row is None and slug:
            raise Missing
        await db.execute("UPDATE merchants SET is_shop = {} WHERE is_shop", False)
        if row is not None:
            await db.execute("UPDATE merchants SET is_shop = {} WHERE id = {}", True, row["id"])
            await record("shop_named", merchant=row["id"], by="operator")
