"""`python -m app sign-in-link`: helps a customer in who cannot get in by themselves."""

import asyncio
from argparse import Namespace

from app.accounts.actions import make_link
from app.commands import database
from app.commands.stop import Stop
from app.demo.people import PEOPLE
from app.errors import Invalid, Missing


def sign_in_link(options: Namespace) -> int:
    """Prints the address and nothing else."""
    print(asyncio.run(_link(options.email)))
    return 0


async def _link(email: str) -> str:
    async with database.opened():
        try:
            return await make_link(email)
        except Invalid as error:
            raise Stop(f"“{email}” is not an e-mail address") from error
        except Missing as error:
            raise Stop(f"there is no account for {email}", 1) from error


async def demo_links() -> list[tuple[str, str]]:
    """Name and one-time address of each demo customer that is here."""
    found = []
    async with database.opened():
        for one in PEOPLE:
            try:
                found.append((one.person.name, await make_link(one.person.email)))
            except Missing:
                continue
    return found
