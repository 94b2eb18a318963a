"""`python -m app shop`: which merchant is the marketplace itself."""

import asyncio
from argparse import Namespace

from app.commands import database
from app.commands.missing import no_merchant
from app.commands.stop import Stop
from app.errors import Missing
from app.merchants import shop


def name(options: Namespace) -> int:
    """Without one, says which it is."""
    if options.merchant and options.none:
        raise Stop("either a merchant or --none", 2)
    if not options.merchant and not options.none:
        found = asyncio.run(_found())
        print(found.slug if found else "none: nobody can be asked but the sellers")
        return 0
    asyncio.run(_named(options.merchant))
    print(f"{options.merchant} is the shop itself." if options.merchant else "None of them is the shop itself.")
    return 0


async def _found() -> shop.Shop | None:
    async with database.opened():
        return await shop.found()


async def _named(slug: str) -> None:
    async with database.opened():
        try:
            await shop.name(slug)
        except Missing as error:
            raise await no_merchant(slug) from error
