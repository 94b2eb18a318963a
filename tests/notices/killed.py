"""A worker that dies in the middle of telling: `python -m tests.notices.killed N`, in the bite after N whole ones."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

from app import db
from app.inbox import telling
from app.inbox.telling import Told
from app.notices import sending

tell = telling.tell


async def and_die(codes: Mapping[int, str], it: Told) -> None:
    """What it has written by then is in a transaction that nobody will end."""
    await tell(codes, it)
    if BITES[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    BITES[0] -= 1


BITES = [int(sys.argv[1])]


async def main() -> None:
    await db.open_pool()
    telling.tell = and_die
    while await sending.send_due():
        pass


if __name__ == "__main__":
    asyncio.run(main())
