"""Which browsers news is pushed to: taken in on a click, kept right at each visit, dead when their push service says so."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app import clock, db
from app.accounts import browsers, customers, sessions
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Missing, Refused
from app.events.actions import record
from app.i18n import _
from app.notifications.push_addresses import Given
from app.tokens import hash_token

KEPT = timedelta(days=30)  # after the session has ended, since somebody may come back
MOST = 20  # of one customer
LONGEST_NAME = 60

# In a session that is open: whoever has signed out there, or was signed out, is told nothing there any more.
OPEN = "s.id = p.session AND s.customer = p.customer AND s.created_at = p.session_since AND s.expires_at > {}"
LIVE = f"""
SELECT p.customer, p.id FROM push_subscriptions p JOIN sessions s ON {OPEN}
WHERE p.dead_since IS NULL AND p.customer IN ($people) ORDER BY p.id
"""  # noqa: S608 - our own words
DEAD = "SELECT customer, id FROM push_subscriptions WHERE dead_since IS NOT NULL AND customer IN ($people) ORDER BY dead_since"
ONE = f"""
SELECT p.id, p.customer, p.endpoint, p.p256dh, p.auth, p.user_agent, p.name, p.dead_since
FROM push_subscriptions p LEFT JOIN sessions s ON {OPEN} WHERE p.id = {{}} AND (s.id IS NOT NULL OR p.dead_since IS NOT NULL)
"""  # noqa: S608
KEEP = """
INSERT INTO push_subscriptions (customer, endpoint_hash, endpoint, p256dh, auth, user_agent, name, session, session_since,
  created_at, seen_at)
VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})
ON CONFLICT (endpoint_hash) DO UPDATE SET customer = excluded.customer, p256dh = excluded.p256dh, auth = excluded.auth,
  user_agent = excluded.user_agent, name = excluded.name, session = excluded.session, session_since = excluded.session_since,
  created_at = excluded.created_at, seen_at = excluded.seen_at, delivered_at = NULL, dead_since = NULL
"""
RENEW = """
UPDATE push_subscriptions SET endpoint_hash = {}, endpoint = {}, p256dh = {}, auth = {}, session = {}, session_since = {},
  seen_at = {} WHERE id = {}
"""
# By its address, the one before that, or the session in which it was made.
ITS_OWN = """
SELECT id, endpoint_hash FROM push_subscriptions WHERE customer = {} AND dead_since IS NULL
AND (endpoint_hash IN ({}, {}) OR session = {} AND session_since = {}) ORDER BY id
"""
OTHERS = "DELETE FROM push_subscriptions WHERE endpoint_hash = {} AND customer <> {}"
GONE = """
DELETE FROM push_subscriptions WHERE customer = {} AND (session = {} OR dead_since IS NULL AND NOT EXISTS (
  SELECT 1 FROM sessions s WHERE s.id = session AND s.created_at = session_since)) AND endpoint_hash <> {}
RETURNING name, session
"""
# What is on its way to a browser that is not there any more goes by mail, be mails wanted or not: nothing is lost.
BY_MAIL = """
INSERT INTO deliveries (notification, channel, target, message_id, state, attempts, next_try_at, last_error, created_at,
  instead)
VALUES ({}, 'email', '', {}, 'waiting', 0, {}, '', {}, {}) ON CONFLICT (notification, channel, target) DO NOTHING
"""


async def targets(customers: Collection[int]) -> dict[int, list[str]]:
    """By customer, ids of those that live. Where none does, of the last one that has died unbeknown to its owner: what is sent
    to it goes by mail."""
    found: dict[int, list[str]] = {}
    for row in await _of(LIVE, customers, clock.now()):
        found.setdefault(row["customer"], []).append(str(row["id"]))
    return {row["customer"]: [str(row["id"])] for row in await _of(DEAD, set(customers) - found.keys())} | found


async def _of(sql: str, customers: Collection[int], *args: datetime) -> Sequence[db.Row]:
    return await db.rows(sql.replace("$people", db.marks(len(customers))), *args, *customers) if customers else ()


async def one(number: int, customer: int) -> db.Row:
    """Raises Missing for a stranger's, and where the session has ended."""
    found = await db.one(ONE, clock.now(), number)
    if found is None or found["customer"] != customer:
        raise Missing
    return found


async def subscribe(viewer: Viewer, given: Given, user_agent: str) -> None:
    """On a click, in place of what this browser had before. One that was another customer's is now this one's: who sits there
    now has said so. Raises Refused when there are too many."""
    at, key = clock.now(), hash_token(given.endpoint)
    async with transaction():
        await sessions.still_in(viewer)
        since = await _since(viewer)
        gone = await db.execute(GONE, viewer.id, viewer.session_id, key)
        if len(await _of(LIVE, [viewer.id], at)) >= MOST:
            raise Refused(_("News goes to %(num)d browsers already. Remove one first.") % {"num": MOST})
        own = await db.one("SELECT name FROM push_subscriptions WHERE endpoint_hash = {} AND customer = {}", key, viewer.id)
        name = next((row["name"] for row in gone if row["session"] == viewer.session_id), own["name"] if own else "")
        await db.execute(
            KEEP, viewer.id, key, given.endpoint, given.keys.p256dh, given.keys.auth, user_agent[: browsers.LONGEST], name,
            viewer.session_id, since, at, at,
        )  # fmt: skip
        await record("push_added", customer=viewer.id)


async def renew(viewer: Viewer, given: Given, old: str = "") -> bool:
    """What a browser still has, told at a visit or when its push service has changed the address (`old`). Whether it is this
    customer's, and alive.

    Nobody has clicked: another customer's is not taken over, but taken away, since it is not they who sit there now.
    """
    key = hash_token(given.endpoint)
    async with transaction():
        await sessions.still_in(viewer)
        await db.execute(OTHERS, key, viewer.id)
        since = await _since(viewer)
        found = await db.rows(ITS_OWN, viewer.id, key, hash_token(old) if old else key, viewer.session_id, since)
        if not found:
            return False
        kept = next((row for row in found if row["endpoint_hash"] == key), found[0])
        for row in found:
            if row["id"] != kept["id"]:
                await db.execute("DELETE FROM push_subscriptions WHERE id = {}", row["id"])
        keys = given.keys
        await db.execute(RENEW, key, given.endpoint, keys.p256dh, keys.auth, viewer.session_id, since, clock.now(), kept["id"])
    return True


async def rename(viewer: Viewer, number: int, name: str) -> None:
    """An empty name: that of its browser again. Raises Missing."""
    await one(number, viewer.id)
    said = "".join(filter(str.isprintable, name)).strip()[:LONGEST_NAME]
    await db.execute("UPDATE push_subscriptions SET name = {} WHERE id = {} AND customer = {}", said, number, viewer.id)


async def remove(viewer: Viewer, number: int) -> None:
    """Raises Missing."""
    async with transaction():
        await sessions.still_in(viewer)
        await one(number, viewer.id)
        await db.execute("DELETE FROM push_subscriptions WHERE id = {} AND customer = {}", number, viewer.id)
        await record("push_removed", customer=viewer.id)


async def told(customer: int) -> None:
    """They know which ones have died: nothing goes by mail in their place any more."""
    await db.execute("DELETE FROM push_subscriptions WHERE customer = {} AND dead_since IS NOT NULL", customer)


async def delivered(number: int) -> None:
    await db.execute("UPDATE push_subscriptions SET delivered_at = {} WHERE id = {}", clock.now(), number)


async def died(subscription: db.Row) -> None:
    """Its push service says that nobody is there. Its owner hears of it in the app; once, however many messages hit on it.

    The customer is locked first, as at a visit: the event's row names them, and would wait for them with ours in hand.
    """
    async with transaction():
        await customers.lock(subscription["customer"])
        first = await db.execute(
            "UPDATE push_subscriptions SET dead_since = {} WHERE id = {} AND endpoint = {} AND dead_since IS NULL RETURNING id",
            clock.now(), subscription["id"], subscription["endpoint"],
        )  # fmt: skip
        if first:
            about = {"device": subscription["name"], "agent": subscription["user_agent"]}
            await record("push_lost", customer=subscription["customer"], **about)


async def by_mail(notification: int) -> None:
    at = clock.now()
    await db.execute(BY_MAIL, notification, secrets.token_hex(16), at, at, True)


async def dead(customer: int) -> Sequence[db.Row]:
    return await db.rows(
        "SELECT id, name, user_agent, dead_since FROM push_subscriptions WHERE customer = {} AND dead_since IS NOT NULL "
        "ORDER BY dead_since, id",
        customer,
    )


async def forget(most: int = 500) -> int:
    """A chore: those of sessions that have ended, once nobody has come back to them for a month; how many it were."""
    old = await db.scan(
        "SELECT p.id FROM push_subscriptions p WHERE p.seen_at <= {} AND NOT EXISTS (SELECT 1 FROM sessions s "
        "WHERE s.id = p.session AND s.created_at = p.session_since) LIMIT {}",
        clock.now() - KEPT, most,
    )  # fmt: skip
    if old:
        await db.execute(f"DELETE FROM push_subscriptions WHERE id IN ({db.marks(len(old))})", *(row["id"] for row in old))  # noqa: S608
    return len(old)


async def _since(viewer: Viewer) -> datetime:
    found = await db.one("SELECT created_at FROM sessions WHERE id = {} AND customer = {}", viewer.session_id, viewer.id)
    if found is None:
        raise Missing
    since: datetime = found["created_at"]
    return since
