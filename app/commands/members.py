"""`python -m app member`: who works at which merchant's desk."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from app import db
from app.commands import database
from app.commands.missing import no_merchant
from app.commands.stop import Stop
from app.errors import Invalid, Missing, Refused
from app.mail import letters
from app.merchants import actions as merchants
from app.merchants import members


def add(options: Namespace) -> int:
    asyncio.run(_added(options))
    print(f"{options.email} works at {options.merchant} as {options.role}; a mail says so.")
    return 0


def remove(options: Namespace) -> int:
    asyncio.run(_removed(options))
    print(f"{options.email} does not work at {options.merchant} any more.")
    return 0


def listed(options: Namespace) -> int:
    """A line a person: merchant, role, since when, last there, address."""
    found = asyncio.run(_all(options.merchant))
    if options.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for row in found:
        seen = f"{row['seen_at']:%Y-%m-%d}" if row["seen_at"] else "never there"
        print(f"{row['merchant']:<20}  {row['role']:<7}  {row['created_at']:%Y-%m-%d}  {seen:<11}  {row['email']}")
    return 0


async def _added(options: Namespace) -> None:
    async with _at(options) as merchant:
        await members.add(merchant, options.email, options.role, by=None)


async def _removed(options: Namespace) -> None:
    async with _at(options) as merchant:
        try:
            member = await members.found(merchant, options.email)
        except Missing as error:
            raise Stop(f"{options.email} does not work at {options.merchant}", 1) from error
        await members.remove(merchant, member, by=None)


async def _all(slug: str) -> list[db.Row]:
    async with database.opened():
        if slug:
            await _merchant(slug)
        return [dict(row) for row in await members.everybody(slug)]


@asynccontextmanager
async def _at(options: Namespace) -> AsyncIterator[int]:
    async with database.opened():
        merchant = await _merchant(options.merchant)
        try:
            yield merchant
        except Invalid as error:
            raise Stop(f"{options.email}: {error}", 1) from error
        except Refused as error:
            raise Stop(error.message, 1) from error
        await letters.post()


async def _merchant(slug: str) -> int:
    found = await merchants.by_slug(slug)
    if found is None:
        raise await no_merchant(slug)
    number: int = found["id"]
    return number
