"""`python -m app deliveries`: notices on their way out, and those that were given up."""

import asyncio
import sys
from argparse import Namespace
from datetime import timedelta

import msgspec

from app import clock, db
from app.commands import database
from app.commands.stop import Stop
from app.errors import Missing
from app.notifications import deliveries


def listed(options: Namespace) -> int:
    """A line each: number, state, way, age, attempts, kind, to whom, the last error."""
    found = asyncio.run(_all([options.state] if options.state else ["waiting", "failed"]))
    if options.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for one in found:
        age = _age(clock.now() - one.created_at)
        print(
            f"{one.id:>8}  {one.state:<8} {one.channel:<6} {age:>5}  {one.attempts:>2}×  "
            f"{one.kind:<28} {one.email}  {one.last_error}".rstrip()
        )
    if not found:
        print("Nothing waits, nothing was given up.", file=sys.stderr)
    return 0


def retry(options: Namespace) -> int:
    if not options.numbers and not options.all:
        raise Stop("name the deliveries, or say --all for all of the last seven days that were given up")
    print(f"{asyncio.run(_changed(deliveries.retry, options.numbers))} are tried again at once.")
    return 0


def drop(options: Namespace) -> int:
    print(f"{asyncio.run(_changed(deliveries.drop, options.numbers))} will not be sent.")
    return 0


async def _all(states: list[str]) -> list[deliveries.Listed]:
    async with database.opened():
        return await deliveries.listed(states)


async def _changed(verb: deliveries.Verb, numbers: list[int]) -> int:
    if any(not 0 < number <= db.MOST_ID for number in numbers):
        raise Stop("no delivery has such a number", 1)
    async with database.opened():
        try:
            return await verb(numbers)
        except Missing as error:
            raise Stop("one of them is neither waiting nor given up: nothing was changed", 1) from error


def _age(age: timedelta) -> str:
    """“45s”, “12m”, “3h”, “5d”."""
    seconds = max(int(age.total_seconds()), 0)
    for most, size, unit in ((60, 1, "s"), (3600, 60, "m"), (86_400, 3600, "h")):
        if seconds < most:
            return f"{seconds // size}{unit}"
    return f"{seconds // 86_400}d"
