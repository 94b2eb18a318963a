"""Proof of delivery: the carrier's photo, and the signature. Private files beside the database, made anew of what was sent.

Made anew, a picture holds nothing but pixels: no place where it was taken, no second file behind it.
"""

import asyncio
import hashlib
import re
import time
from pathlib import Path
from typing import Literal

from app import db, pictures_anew, private_files
from app.errors import Invalid, Missing
from app.orders import revisions
from app.settings import settings
from app.shipments.actions import parcels_of

Kind = Literal["photo", "signature"]
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
LONGEST_SIDE = 1_600
LEFT_ALONE, EVERY = 24 * 3600, 24 * 3600  # seconds: a file that is younger may be about to be named
NAME = re.compile(r"(photo|signature)-[0-9a-f]{32}\.webp")
OWNED = """
SELECT p.proof_photo AS photo, p.proof_signature AS signature FROM shipments p JOIN orders o ON o.id = p."order"
WHERE o.customer = {} AND o.address = {} AND p.id = {} AND p.state <> 'cancelled'
"""
REFUSED = "The picture was not taken"

_due = 0.0  # by this process's own clock


def folder() -> Path:
    return settings.data_dir / "proofs"


async def owned_by(customer: int, address: str, number: int, kind: Kind) -> bytes:
    """Of a parcel (its id) of that customer's order. Raises Missing."""
    found = await db.one(OWNED, customer, address, number)
    if found is None:
        raise Missing
    return read(found[kind])


def read(name: str) -> bytes:
    """The WebP that a parcel's row names; raises Missing."""
    if not NAME.fullmatch(name):
        raise Missing
    try:
        return (folder() / name).read_bytes()
    except OSError as error:
        raise Missing from error


async def keep(merchant: int, number: str, kind: Kind, body: bytes) -> None:
    """For all parcels with that number. Raises Missing without one, Invalid when this is no such picture.

    The same one again changes nothing. The file comes first: without its row nobody is shown it.
    """
    await _there(merchant, number)
    picture = await asyncio.to_thread(_made_anew, body)
    name = f"{kind}-{hashlib.sha256(picture).hexdigest()[:32]}.webp"
    await asyncio.to_thread(private_files.write, folder(), name, picture)
    column = f"proof_{kind}"
    async with db.transaction():
        changed = [parcel for parcel in await parcels_of(merchant, number) if parcel[column] != name]
        for parcel in changed:
            await db.execute(f"UPDATE shipments SET {column} = {{}} WHERE id = {{}}", name, parcel["id"])  # noqa: S608
        await revisions.changed(*(parcel["order"] for parcel in changed if parcel["order"] is not None))
    for former in {parcel[column] for parcel in changed} - {""}:
        await _drop(column, former)


async def _there(merchant: int, number: str) -> None:
    """Before a picture is opened: raises Missing."""
    async with db.transaction():
        await parcels_of(merchant, number)


def _made_anew(body: bytes) -> bytes:
    try:
        return pictures_anew.webp(body, LONGEST_SIDE)
    except pictures_anew.TooManyPixels as error:
        raise Invalid.at({"": f"more than {pictures_anew.MOST_PIXELS // 1_000_000} million pixels"}, REFUSED) from error
    except pictures_anew.Unreadable as error:
        raise Invalid.at({"": "this cannot be read as a JPEG, PNG or WebP picture"}, REFUSED) from error


async def _drop(column: str, name: str) -> None:
    """A picture of somebody's door that no parcel names any more."""
    if not await db.one(f"SELECT id FROM shipments WHERE {column} = {{}} AND {column} <> '' LIMIT 1", name):  # noqa: S608
        (folder() / name).unlink(missing_ok=True)


async def forget() -> None:
    """A chore, once a day: pictures that no parcel names any more, because its number was put right or a change failed."""
    global _due
    if time.monotonic() < _due:
        return
    _due = time.monotonic() + EVERY
    for name in await asyncio.to_thread(_old):
        await _drop(f"proof_{name.partition('-')[0]}", name)


def _old() -> list[str]:
    before = time.time() - LEFT_ALONE
    return [file.name for file in folder().glob("*.webp") if NAME.fullmatch(file.name) and file.stat().st_mtime < before]
