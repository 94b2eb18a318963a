"""`python -m app source`: who may bring news of a merchant's parcels by webhook, and the secrets with which they sign."""

import asyncio
import sys
from argparse import Namespace

import msgspec

from app import db
from app.commands import database
from app.commands.missing import no_merchant
from app.commands.stop import Stop
from app.errors import Invalid, Missing
from app.settings import settings
from app.tracking import sources


def add(options: Namespace) -> int:
    """A secret that is made goes alone to standard output, this once; one that is read is not shown again."""
    given = sys.stdin.readline().strip() if options.stdin else ""
    if options.stdin and not given:
        raise Stop("standard input is empty: expected the secret on its first line")
    secret = asyncio.run(_added(options.merchant, options.source, given))
    if not given:
        print(secret)
    print(f"Webhook: {settings.base_url}/webhooks/{options.source}/{options.merchant}", file=sys.stderr)
    return 0


def listed(options: Namespace) -> int:
    """A line a source: whose, which, since when, when it was last used, and how much of its news was of no parcel here."""
    found = asyncio.run(_all())
    if options.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for row in found:
        used = f"used {row['used_at']:%Y-%m-%d}" if row["used_at"] else "not used yet"
        strange = f"{row['unmatched']} of no parcel here, last {row['unmatched_number']}" if row["unmatched"] else ""
        print(f"{row['merchant']:<20}  {row['source']:<10}  {row['created_at']:%Y-%m-%d}  {used:<15}  {strange}".rstrip())
    return 0


def remove(options: Namespace) -> int:
    asyncio.run(_removed(options.merchant, options.source))
    print(f"Messages of {options.source} for {options.merchant} are refused from now on.")
    return 0


async def _all() -> list[db.Row]:
    async with database.opened():
        return [dict(row) for row in await sources.everywhere()]


async def _added(merchant: str, source: str, secret: str) -> str:
    async with database.opened():
        try:
            return await sources.add(merchant, source, secret)
        except Missing as error:
            raise await no_merchant(merchant) from error
        except Invalid as error:
            raise Stop(str(error)) from error


async def _removed(merchant: str, source: str) -> None:
    async with database.opened():
        try:
            await sources.remove(merchant, source)
        except Missing as error:
            raise Stop(f"{merchant} has no source {source}", 1) from error
