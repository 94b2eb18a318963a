"""How often a door may be tried, counted by account and by network in a window that slides.

By e-mail it counts for addresses with and without an account alike. The ways in are counted apart, and asking for codes
also by who asks: a stranger in one network can use up the password tries of an address, but not its owner's codes. Fifteen
codes an hour asked for from three networks do keep the owner from another one; a code that was mailed before stays good.
"""

from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from msgspec import Struct

from app import clock, db
from app.errors import Refused
from app.i18n import ngettext
from app.tokens import hash_secret


class Limit(Struct, frozen=True):
    """At most `most` tries in `window`; `kind` is what a row in the table says (20 characters)."""

    kind: str
    most: int
    window: timedelta


HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
CODES_BY_NETWORK = Limit("codes_network", 30, HOUR)
CODES_BY_ASKER = Limit("codes_asker", 5, HOUR)
CODES_BY_EMAIL = Limit("codes_email", 15, HOUR)  # nobody's mailbox is flooded, from however many networks
CODE_TRIES_BY_NETWORK = Limit("tries_network", 50, HOUR)
PASSWORDS_BY_NETWORK = Limit("passwords_network", 50, QUARTER)
PASSWORDS_BY_EMAIL = Limit("passwords_email", 10, QUARTER)
OWN_PASSWORD = Limit("own_password", 10, QUARTER)

# Ids rise with time: the oldest rows are the first ones. A few are taken out at each try, never all at once.
FORGET = """
DELETE FROM sign_in_attempts
WHERE at <= {} AND id IN (SELECT id FROM sign_in_attempts ORDER BY id LIMIT 20)
"""


def network(host: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: that is what one household or server has to itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))


async def code_asked(email: str, network: str) -> None:
    await count(CODES_BY_NETWORK, network)
    await count(CODES_BY_ASKER, f"{email} {network}")
    await count(CODES_BY_EMAIL, email)


async def code_tried(network: str) -> None:
    await count(CODE_TRIES_BY_NETWORK, network)


async def password_tried(email: str, network: str) -> None:
    await count(PASSWORDS_BY_NETWORK, network)
    await count(PASSWORDS_BY_EMAIL, email)


async def own_password_tried(email: str) -> None:
    """By somebody signed in: strangers at the door must not keep the owner from changing the password."""
    await count(OWN_PASSWORD, email)


async def count(limit: Limit, key: str) -> None:
    """Counts a try; raises Refused (429) with the seconds to wait when it is one too many. A refused try is not kept.

    The row is written before the rows are counted: of many tries at once too many may be refused, never too few.
    """
    at, key_hash = clock.now(), hash_secret(key, limit.kind)
    made = await db.insert("sign_in_attempts", [{"kind": limit.kind, "key_hash": key_hash, "at": at}], "id")
    own = made[0]["id"]
    recent = await db.rows(
        "SELECT id, at FROM sign_in_attempts WHERE key_hash = {} AND at > {} ORDER BY at, id", key_hash, at - limit.window
    )
    earlier = [row["at"] for row in recent if row["id"] != own]
    if len(earlier) >= limit.most:
        await db.execute("DELETE FROM sign_in_attempts WHERE id = {}", own)
        _refuse(earlier[-limit.most] + limit.window - at)
    await db.execute(FORGET, at - HOUR)


def _refuse(wait: timedelta) -> None:
    seconds = max(1, int(wait.total_seconds()) + 1)
    minutes = -(-seconds // 60)
    text = ngettext(
        "There were too many tries. Try again in a minute.",
        "There were too many tries. Try again in {minutes} minutes.",
        minutes,
    )
    raise Refused(text.format(minutes=minutes), status=429, retry_after=seconds)
