"""`python -m app purge`: conversations whose time is up, at once instead of within the hour; or only what that would be."""

import asyncio
import sys
from argparse import Namespace

import msgspec

from app.commands import database
from app.inbox import purging, searching
from app.inbox.purging import Due
from app.notifications import purging as everywhere


def run(options: Namespace) -> int:
    found = asyncio.run(_done(dry=options.dry_run))
    if options.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for one in found:
        kept = f"{one.days} days" if one.days else "for ever"
        print(f"{one.kind:<10}{kept:>12}  {one.threads:>8} conversations  {one.messages:>8} messages  {one.files:>6} files")
    print("Nothing was changed." if options.dry_run else "These are gone.", file=sys.stderr)
    return 0


async def _done(*, dry: bool) -> list[Due]:
    async with database.opened():
        found = await purging.due()
        while not dry and await everywhere.bite():
            pass
        if not dry:
            await searching.put_together()
        return found
