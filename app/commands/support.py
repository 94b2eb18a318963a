"""`python -m app sign-in-link`: helps a customer in who cannot get in by themselves."""

import asyncio
from argparse import Namespace

from app.accounts.actions import make_link
from app.commands import database
from app.commands.stop import Stop
from app.demo.people import COLLEAGUES, PEOPLE
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
    """Name and one-time address of each of the demo's people that is here; who works at a desk is marked."""
    found = []
    async with database.opened():
        for one in (*PEOPLE, *COLLEAGUES):
            mark = " (works at the desk)" if one in COLLEAGUES else ""
            try:
                found.append((f"{one.person.name}{mark}", await make_link(one.person.email)))
            except Missing:
                continue
    return found
