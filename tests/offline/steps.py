"""Orders for a phone, changes as a browser's service worker sends them, and what is left of those."""

from collections.abc import Mapping
from datetime import timedelta

from httpx import AsyncClient, Response

from app import clock, db
from app.tokens import hash_secret
from tests import builders

PROBLEM = "application/problem+json"
ARCHIVING = "/orders/1001/archiving"
KEY = "0b8f1c52-6f0e-4b6f-9a3e-5f1d6a7c2e10"
YES, NO = {"archived": "yes"}, {"archived": "no"}


def public_id(customer: int) -> str:
    return hash_secret(str(customer), "viewer")[:16]


async def order(number: int, days: float, **about: object) -> None:
    """Alice's, placed so many days ago."""
    await builders.order(str(number), placed_at=clock.now() - timedelta(days=days), **about)


async def send(
    browser: AsyncClient, path: str = ARCHIVING, form: Mapping[str, str] = YES, key: str | None = KEY, **headers: str
) -> Response:
    """`headers` as Python names: `x_viewer`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if key is not None:
        named["Idempotency-Key"] = key
    return await browser.post(path, data=dict(form), headers=named)


async def effects() -> int:
    """How often an order was put away or taken out, by its history."""
    found = await db.one("SELECT count(*) AS n FROM events WHERE kind IN ('order_archived', 'order_unarchived')")
    assert found is not None
    return found["n"]


async def kept() -> list[str]:
    """The keys that are known."""
    return sorted(row["key"] for row in await db.rows("SELECT key FROM kept_answers"))
