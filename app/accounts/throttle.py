"""How often a door may be tried, counted by account and by network in a window that slides.

By e-mail it counts for addresses with and without an account alike. The ways in are counted apart, and asking for codes
also by who asks: a stranger in one network can use up the password tries of an address, but not its owner's codes. Fifteen
codes an hour asked for from three networks do keep the owner from another one; a code that was mailed before stays good.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from msgspec import Struct

from app import clock, db
from app.errors import Refused
from app.i18n import ngettext
from app.tokens import hash_secret


class Limit(Struct, frozen=True):
    """At most `most` tries in `window`; `kind` is what a row in the table says (20 characters). After `free` of them each
    has to wait twice as long as the one before: two seconds, four, eight …"""

    kind: str
    most: int
    window: timedelta
    free: int = 1_000


HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
CODES_BY_NETWORK = Limit("codes_network", 30, HOUR)
CODES_BY_ASKER = Limit("codes_asker", 5, HOUR)
CODES_BY_EMAIL = Limit("codes_email", 15, HOUR)  # nobody's mailbox is flooded, from however many networks
CODE_TRIES_BY_NETWORK = Limit("tries_network", 50, HOUR)
PASSWORDS_BY_NETWORK = Limit("passwords_network", 50, QUARTER)
PASSWORDS_BY_EMAIL = Limit("passwords_email", 10, QUARTER, free=4)
PASSWORDS_BY_DEVICE = Limit("passwords_device", 10, QUARTER, free=4)
LINKS_BY_NETWORK = Limit("links_network", 30, HOUR)
LINKS_BY_ASKER = Limit("links_asker", 5, HOUR)
LINKS_BY_EMAIL = Limit("links_email", 10, HOUR)
NEW_PASSWORDS = Limit("new_passwords", 30, HOUR)
STRENGTHS = Limit("strengths", 300, QUARTER)
PASSKEYS_BY_NETWORK = Limit("passkeys_network", 50, QUARTER)
ORIGINS_BY_NETWORK = Limit("origins_network", 30, HOUR)
FACTORS_BY_NETWORK = Limit("factors_network", 50, QUARTER)
FACTORS_BY_CUSTOMER = Limit("factors_customer", 20, HOUR, free=4)
FACTORS_BY_DEVICE = Limit("factors_device", 20, HOUR, free=4)
PROOFS_BY_SESSION = Limit("proofs_session", 20, HOUR, free=4)
PEOPLE_BY_MERCHANT = Limit("people_merchant", 20, HOUR)
PEOPLE_BY_EMAIL = Limit("people_email", 5, HOUR)
KEYS_BY_MERCHANT = Limit("keys_merchant", 20, HOUR)
EMAILS_BY_NETWORK = Limit("emails_network", 20, HOUR)
EMAILS_BY_CUSTOMER = Limit("emails_customer", 5, HOUR)
EMAILS_BY_TARGET = Limit("emails_target", 3, HOUR)
PHONES_BY_NETWORK = Limit("phones_network", 20, HOUR)
PHONES_BY_CUSTOMER = Limit("phones_customer", 5, HOUR)
PHONES_BY_NUMBER = Limit("phones_number", 5, HOUR)
PHONE_TRIES = Limit("phone_tries", 20, HOUR)

Tries = list[int]  # row ids
# Ids rise with time: the oldest rows are the first ones. A few are taken out at each try, never all at once.
FORGET = "DELETE FROM sign_in_attempts WHERE at <= {} AND id IN (SELECT id FROM sign_in_attempts ORDER BY id LIMIT 20)"


@lru_cache(4096)
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


async def password_tried(email: str, network: str, *, device: str = "") -> None:
    """`device` is the token of a browser on which the account's owner is known: strangers do not use up its tries."""
    await count(PASSWORDS_BY_NETWORK, network)
    if device:
        await count(PASSWORDS_BY_DEVICE, f"{email} {device}")
    else:
        await count(PASSWORDS_BY_EMAIL, email)


async def passkey_tried(network: str) -> None:
    await count(PASSKEYS_BY_NETWORK, network)


async def origin_asked(network: str) -> None:
    await count(ORIGINS_BY_NETWORK, network)


async def factor_tried(customer: int, network: str, *, device: str = "") -> Tries:
    """By who has shown the first factor; `device` as of `password_tried`: also who knows the password shuts no owner out."""
    limit, key = (FACTORS_BY_DEVICE, f"{customer} {device}") if device else (FACTORS_BY_CUSTOMER, str(customer))
    return [await count(FACTORS_BY_NETWORK, network), await count(limit, key)]


async def proof_tried(customer: int, session: int, network: str) -> Tries:
    """By who is signed in: apart from the door, and from whoever else is signed in."""
    return [await count(FACTORS_BY_NETWORK, network), await count(PROOFS_BY_SESSION, f"{customer} {session}")]


async def take_back(tries: Tries) -> None:
    """What was right was no guess."""
    await db.execute(f"DELETE FROM sign_in_attempts WHERE id IN ({db.marks(len(tries))})", *tries)  # noqa: S608


async def person_added(merchant: int, email: str) -> None:
    """Each gets a mail: a desk is no way to fill a stranger's mailbox."""
    await count(PEOPLE_BY_MERCHANT, str(merchant))
    await count(PEOPLE_BY_EMAIL, email)


async def key_made(merchant: int) -> None:
    await count(KEYS_BY_MERCHANT, str(merchant))


async def password_link_asked(email: str, network: str) -> None:
    """Apart from codes: who is kept from one of the two by strangers has the other."""
    await count(LINKS_BY_NETWORK, network)
    await count(LINKS_BY_ASKER, f"{email} {network}")
    await count(LINKS_BY_EMAIL, email)


async def password_chosen(customer: int) -> None:
    """By somebody signed in or with a mailed link: nobody else gets here."""
    await count(NEW_PASSWORDS, str(customer))


async def strength_asked(customer: int) -> None:
    """The meter, at every pause of the fingers: measuring takes time."""
    await count(STRENGTHS, str(customer))


async def new_email_asked(customer: int, email: str, network: str) -> None:
    """Nobody's mailbox is filled by people who say that it is theirs."""
    await count(EMAILS_BY_NETWORK, network)
    await count(EMAILS_BY_CUSTOMER, str(customer))
    await count(EMAILS_BY_TARGET, email)


async def phone_code_asked(customer: int, phone: str, network: str) -> None:
    """Nobody's telephone is flooded, from however many accounts."""
    await count(PHONES_BY_NETWORK, network)
    await count(PHONES_BY_CUSTOMER, str(customer))
    await count(PHONES_BY_NUMBER, phone)


async def phone_code_tried(customer: int) -> None:
    await count(PHONE_TRIES, str(customer))


async def count(limit: Limit, key: str) -> int:
    """Counts a try: its row's id. Raises Refused (429) with the seconds to wait for one too many, which is not kept.

    The row is written before the rows are counted: of many tries at once too many may be refused, never too few.
    """
    at, key_hash = clock.now(), hash_secret(key, limit.kind)
    made = await db.insert("sign_in_attempts", [{"kind": limit.kind, "key_hash": key_hash, "at": at}], "id")
    own: int = made[0]["id"]
    recent = await db.rows(
        "SELECT id, at FROM sign_in_attempts WHERE key_hash = {} AND at > {} ORDER BY at, id", key_hash, at - limit.window
    )
    earlier = [row["at"] for row in recent if row["id"] != own]
    if (wait := _wait(limit, earlier, at)) > timedelta():
        await db.execute("DELETE FROM sign_in_attempts WHERE id = {}", own)
        _refuse(wait)
    await db.execute(FORGET, at - HOUR)
    return own


def _wait(limit: Limit, earlier: list[datetime], at: datetime) -> timedelta:
    """Until the window has room, and until the growing wait after the last try is over."""
    room = earlier[-limit.most] + limit.window - at if len(earlier) >= limit.most else timedelta()
    over = len(earlier) - limit.free
    grown = earlier[-1] + min(timedelta(seconds=2 ** min(over + 1, 12)), limit.window) - at if over >= 0 else timedelta()
    return max(room, grown)


def _refuse(wait: timedelta) -> None:
    seconds = max(1, int(wait.total_seconds()) + 1)
    minutes = -(-seconds // 60)
    text = ngettext(
        "There were too many tries. Try again in a minute.",
        "There were too many tries. Try again in {minutes} minutes.",
        minutes,
    )
    raise Refused(text.format(minutes=minutes), status=429, retry_after=seconds)
