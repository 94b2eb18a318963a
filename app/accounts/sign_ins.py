"""Half way in: the first factor was right, the second is still to be shown. Ten minutes; opens nothing but that page."""

from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.accounts import zones
from app.settings import settings
from app.tokens import hash_token, new_token

LIFETIME = timedelta(minutes=10)

OPEN = """
SELECT s.id, s.customer, s.way, s.zone, s.new_password, c.locale, c.time_zone
FROM sign_ins s JOIN customers c ON c.id = s.customer WHERE s.token_hash = {} AND s.expires_at > {}
"""


class HalfIn(Struct, frozen=True):
    """Who wants to come in, and by which first factor. `new_password` is the hash of one that waits for the second."""

    id: int
    customer: int
    way: str
    zone: str
    new_password: str
    locale: str
    time_zone: str


def cookie_name() -> str:
    return "__Host-sign-in" if settings.secure else "sign-in"


async def begin(customer: int, way: str, zone: str) -> str:
    """The token for the browser."""
    token, at = new_token(), clock.now()
    await db.execute("DELETE FROM sign_ins WHERE expires_at <= {}", at)
    row = {
        "customer": customer, "token_hash": hash_token(token), "way": way, "created_at": at,
        "expires_at": at + LIFETIME, "zone": zone if zone in zones.known() else "",
    }  # fmt: skip
    await db.insert("sign_ins", [row])
    return token


async def choose_password(token: str, made: str) -> None:
    """The hash of a password that is to count when the second factor has been shown."""
    await db.execute("UPDATE sign_ins SET new_password = {} WHERE token_hash = {}", made, hash_token(token))


async def find(token: str) -> HalfIn | None:
    found = await db.one(OPEN, hash_token(token), clock.now()) if token else None
    return HalfIn(**found) if found else None


async def finish(half: HalfIn) -> bool:
    """Once: of two factors shown at the same moment, one lets in."""
    return bool(await db.execute("DELETE FROM sign_ins WHERE id = {} AND customer = {} RETURNING id", half.id, half.customer))


async def end_all(customer: int) -> None:
    await db.execute("DELETE FROM sign_ins WHERE customer = {}", customer)
