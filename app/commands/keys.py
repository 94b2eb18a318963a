"""`python -m app key`: the keys with which a merchant's programs send orders."""

import asyncio
import sys
from argparse import Namespace

import msgspec

from app import db
from app.commands import database
from app.commands.missing import no_merchant
from app.commands.stop import Stop
from app.errors import Invalid, Missing
from app.mail import letters
from app.merchants import actions as merchants


def make(options: Namespace) -> int:
    """The key alone on standard output: it can be put into a file or another program."""
    key = asyncio.run(_made(options.merchant, options.name))
    print(key)
    print(f"It is shown this once. To revoke it: python -m app key revoke {key[:10]}", file=sys.stderr)
    return 0


def listed(options: Namespace) -> int:
    """A line a key: its beginning, whose it is, what for, since when, and whether it is revoked."""
    found = asyncio.run(_all())
    if options.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for key in found:
        state = f"revoked {key['revoked_at']:%Y-%m-%d}" if key["revoked_at"] else "in use"
        print(f"{key['prefix']}…  {key['merchant']:<20}  {key['created_at']:%Y-%m-%d}  {state:<18}  {key['name']}")
    return 0


def revoke(options: Namespace) -> int:
    asyncio.run(_revoked(options.prefix))
    print(f"The key {options.prefix}… is revoked.")
    return 0


async def _all() -> list[db.Row]:
    async with database.opened():
        return [dict(row) for row in await merchants.keys()]


async def _made(merchant: str, name: str) -> str:
    async with database.opened():
        try:
            key = await merchants.make_key(merchant, name)
        except Missing as error:
            raise await no_merchant(merchant) from error
        except Invalid as error:
            raise Stop(str(error)) from error
        await letters.post()
        return key


async def _revoked(prefix: str) -> None:
    async with database.opened():
        try:
            await merchants.revoke_key(prefix)
        except Missing as error:
            raise Stop(f"no key in use begins with “{prefix}”", 1) from error
        await letters.post()
