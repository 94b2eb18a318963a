"""What is no longer needed is forgotten: data protection wants it (GDPR, article 5.1 c and e), and tables stay small.

| what | kept |
|---|---|
| what strangers tried at addresses without an account: failed sign-ins, links asked for | 30 days |
| the same at a customer's | 400 days, as long as a browser keeps the cookie by which it is known |
| sessions, half sign-ins, passkeys' challenges, links, codes by telephone | until they are over |
| codes by mail | two hours longer, as `one_time_codes.KEPT` says |
| changes of address that nobody confirmed; confirmed ones | 30 days; a year, as long as orders for the old address still come |
| that a session was ended from elsewhere, for its browser to hear | 30 days |
| tries that the throttle counts | two days, more than any window |
| mails that are out: kind, time and the code by which they are asked for | a year |
| mails that could not be sent, with what they say | 30 days |

All else that happened to an account stays as long as the account does.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers, one_time_codes
from app.mail import letters

EVERY = 3600  # seconds, in each process
BITE = 500  # rows of one statement: whoever wants to write meanwhile waits a few milliseconds
MOST_BITES = 20  # of one table in one go; what is left then comes with the next chore, not in an hour
MONTH = timedelta(days=30)
TRIED = "kind IN ('sign_in_failed', 'second_factor_failed', 'password_link_asked')"  # as the index says it (migrations/…05_10…)


class Rule(Struct, frozen=True):
    """Rows of `table` that also fulfil `only` are forgotten when `column` is so long ago."""

    table: str
    column: str
    kept: timedelta = timedelta()
    only: str = "1 = 1"


RULES = (
    Rule("events", "at", MONTH, f"{TRIED} AND customer IS NULL"),
    Rule("events", "at", timedelta(days=400), f"{TRIED} AND customer IS NOT NULL"),
    Rule("sessions", "expires_at"),
    Rule("sign_ins", "expires_at"),
    Rule("challenges", "expires_at"),
    Rule("sign_in_codes", "expires_at", one_time_codes.KEPT),
    Rule("sign_in_links", "expires_at"),
    Rule("password_links", "expires_at"),
    Rule("phone_codes", "expires_at"),
    Rule("email_changes", "expires_at", MONTH, "confirmed_at IS NULL"),
    Rule("email_changes", "confirmed_at", customers.FOLLOWED_FOR),
    Rule("sign_in_attempts", "at", timedelta(days=2)),
    Rule("ended_sessions", "ended_at", MONTH),
)

_due = 0.0  # by this process's own clock


async def forget() -> None:
    """A chore: looks at the time and goes, but for once an hour. Of several processes each does it; none minds the others."""
    global _due
    if time.monotonic() < _due:
        return
    done = [await _forget(rule) for rule in RULES]
    done.append(await _in_bites(lambda: letters.forget(BITE)))
    if all(done):
        _due = time.monotonic() + EVERY


async def _forget(rule: Rule) -> bool:
    """Whether nothing of it is left."""
    until = clock.now() - rule.kept

    async def bite() -> int:
        """Looked for by a reader, so that only the rows themselves are waited for; asked again while deleting: a session
        may have been renewed since."""
        condition = f"{rule.column} <= {{}} AND {rule.only}"
        found = await db.scan(f"SELECT id FROM {rule.table} WHERE {condition} LIMIT {{}}", until, BITE)  # noqa: S608
        await _delete(rule.table, condition, until, [row["id"] for row in found])
        return len(found)

    return await _in_bites(bite)


async def _in_bites(bite: Callable[[], Awaitable[int]]) -> bool:
    for _ in range(MOST_BITES):
        if await bite() < BITE:
            return True
    return False


async def _delete(table: str, condition: str, until: Any, ids: Sequence[int]) -> None:
    if ids:
        await db.execute(f"DELETE FROM {table} WHERE {condition} AND id IN ({db.marks(len(ids))})", until, *ids)  # noqa: S608
