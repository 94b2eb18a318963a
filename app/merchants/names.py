"""What merchants are called, for the choices of every list: it hardly ever changes, and is read again after a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app import clock, db

READ_AGAIN = timedelta(minutes=1)
MOST = 10_000  # merchants kept

known: dict[int, tuple[str, str, datetime]] = {}


async def of(ids: Sequence[int]) -> list[tuple[str, str]]:
    """(slug, name) of each, by name."""
    at = clock.now()
    if asked := [number for number in ids if number not in known or at - known[number][2] > READ_AGAIN]:
        if len(known) > MOST:
            known.clear()
            asked = list(ids)
        found = await db.rows(f"SELECT id, slug, name FROM merchants WHERE id IN ({db.marks(len(asked))})", *asked)  # noqa: S608
        known.update((row["id"], (row["slug"], row["name"], at)) for row in found)
    named = [known[number][:2] for number in ids if number in known]
    return sorted(named, key=lambda merchant: merchant[1].casefold())
