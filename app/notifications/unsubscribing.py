"""The address in a mail that ends mails of its kind: signed, for one person, one topic, one way; without an end.

It opens nothing and tells nothing but an address with most of its letters hidden. A mail server may call it by itself
(RFC 8058): then there is neither cookie nor page.
"""

import hmac

from msgspec import Struct

from app import db
from app.errors import Missing
from app.notifications import preferences, push_subscriptions
from app.settings import settings
from app.tokens import hash_secret, sign, unsign

PURPOSE = "unsubscribe"
# Mails in the place of a push look at no choices: those in waiting have to be taken out.
DROP = """
UPDATE deliveries SET state = 'dropped', last_error = 'no longer wanted' WHERE channel = 'email' AND state = 'waiting'
AND notification IN (SELECT id FROM notifications WHERE customer = {} AND topic = {} AND kind <> 'policy_posted')
"""


class Subscription(Struct, frozen=True):
    """`shown` is the address as anybody may see it; empty when the account has another one by now: nothing is sent there."""

    customer: int
    topic: str
    way: str
    on: bool
    shown: str


def address(customer: int, email: str, topic: str, way: str) -> str:
    """Empty for what cannot be turned off."""
    if (topic, way) in preferences.LOCKED:
        return ""
    return f"{settings.base_url}/unsubscribe/{sign(f'{customer}.{topic}.{way}.{_of(email)}', PURPOSE)}"


async def read(token: str) -> Subscription:
    """Raises Missing for what is not ours."""
    parts = (unsign(token, PURPOSE) or "").split(".")
    if len(parts) != 4 or (parts[1], parts[2]) not in preferences.EVERY - preferences.LOCKED:
        raise Missing
    customer, topic, way, of = int(parts[0]), *parts[1:]
    found = await db.one("SELECT email FROM customers WHERE id = {}", customer)
    if found is None:
        raise Missing
    same = hmac.compare_digest(of, _of(found["email"]))
    on = same and (topic, way) in (await preferences.one(customer)).on
    return Subscription(customer, topic, way, on, masked(found["email"]) if same else "")


async def stop(token: str) -> Subscription:
    """Said twice, it is done once. A mail that came in the place of a push to a browser that is gone is stopped by it, too:
    that browser is forgotten. Raises Missing."""
    known = await read(token)
    if known.shown:
        await preferences.stop(known.customer, known.topic, known.way)
    if known.shown and known.way == "email":
        await push_subscriptions.told(known.customer)
        await db.scan(DROP, known.customer, known.topic)
    return await read(token)


async def resume(token: str) -> Subscription:
    """Takes it back. Raises Missing."""
    known = await read(token)
    if known.shown:
        await preferences.resume(known.customer, known.topic, known.way)
    return await read(token)


def masked(email: str) -> str:
    """“a•••@example.com”."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def _of(email: str) -> str:
    return hash_secret(email, PURPOSE)[:16]
