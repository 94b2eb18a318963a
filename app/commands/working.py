"""`python -m app worker`: what goes on behind the pages, as a process of its own."""

import asyncio
import logging
import signal
from argparse import Namespace

from app import worker
from app.commands import database


def run(_options: Namespace) -> int:
    """Works until SIGTERM or SIGINT; what is being sent then is finished, and the exit code is 0."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s:     %(name)s: %(message)s")
    asyncio.run(_work())
    return 0


async def _work() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with database.opened(), worker.Worker():
        print("The worker is at work.", flush=True)
        await stop.wait()
