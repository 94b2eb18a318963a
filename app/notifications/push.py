"""News pushed to browsers (RFC 8030): encrypted for each (RFC 8291), signed with the counter's own key (RFC 8292).

The one importer of pywebpush and py_vapid. They encrypt and sign; the request itself is `outgoing`'s, since the addresses come
from strangers. A signature is good for every message to the same push service: it is made once in some hours.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import NoReturn
from urllib.parse import urlsplit

from py_vapid import Vapid02
from pywebpush import WebPusher

from app import clock, db, outgoing
from app.accounts import throttle
from app.errors import Missing
from app.notifications import email, push_addresses, push_keys, push_messages, push_subscriptions
from app.notifications.channels import Due, Never, NotNow, Person
from app.notifications.push_messages import Message
from app.outgoing import Answer, NoAnswer, Session
from app.settings import settings

log = logging.getLogger(__name__)
AT_ONCE = 50  # messages on their way
SIGNED_FOR, RENEWED_AFTER = timedelta(hours=12), timedelta(hours=6)  # RFC 8292 allows 24 hours
TESTS = throttle.Limit("push_tests", 20, throttle.HOUR)
MOST_SIGNATURES = 1_000  # kept, of as many push services
UNAUTHORIZED, FORBIDDEN, TOO_LONG, TOO_MANY = 401, 403, 413, 429
GONE = (FORBIDDEN, 404, 410)  # 403: bound to another key than ours, which was lost (RFC 8292, 4.2)
ANOTHER_KEY = "key mismatch"  # Mozilla says that with 401

_signatures: dict[str, tuple[str, datetime]] = {}
_session: Session | None = None


class Gone(Never):
    """Nobody is there any more: the subscription is dead."""


async def targets(persons: Collection[Person]) -> dict[int, list[str]]:
    """Ids of subscriptions; see there."""
    return await push_subscriptions.targets([person.id for person in persons])


async def send(due: Due) -> None:
    """Raises NotNow, Never. What comes upon a dead subscription goes by mail instead, where there is a mailbox for it."""
    try:
        to = await push_subscriptions.one(int(due.target), due.person.id)
    except Missing as error:
        raise Never("that browser was signed out, or wants no news any more") from error
    try:
        if to["dead_since"]:
            raise Gone("the browser takes no news any more")
        await deliver(to, push_messages.of(due))
    except Gone as gone:
        if not await email.targets([due.person]):
            raise
        await push_subscriptions.by_mail(due.news.id)
        raise Never(f"{gone}; sent by e-mail") from gone


async def try_it(to: db.Row, message: Message) -> None:
    """As `deliver`, at somebody's click. Raises Refused (429) for one too many, of one customer."""
    await throttle.count(TESTS, str(to["customer"]))
    await deliver(to, message)


async def deliver(to: db.Row, message: Message) -> None:
    """To one browser, and what follows from the answer. Raises NotNow, Never, or of these Gone."""
    answer = await _posted(to, message, push_messages.MOST)
    if answer.status == TOO_LONG:
        answer = await _posted(to, message, push_messages.LEAST)
    if 200 <= answer.status < 300:
        await push_subscriptions.delivered(to["id"])
        return
    await _refused(to, answer)


async def _refused(to: db.Row, answer: Answer) -> NoReturn:
    """401 is of our token: the clock is wrong, here or there. It is made anew for the next attempt."""
    said = f"{answer.status} {answer.text}".strip()
    if answer.status not in (404, 410, TOO_MANY) and answer.status < 500:
        log.warning("push to %s refused: %s", urlsplit(to["endpoint"]).hostname, said)
    if answer.status in GONE or (answer.status == UNAUTHORIZED and ANOTHER_KEY in answer.text):
        await push_subscriptions.died(to)
        raise Gone(said)
    if answer.status == UNAUTHORIZED:
        _signatures.pop(_audience(to["endpoint"]), None)
    if answer.status in (UNAUTHORIZED, TOO_MANY) or answer.status >= 500:
        raise NotNow(said, timedelta(seconds=answer.retry_after) if answer.retry_after else None)
    raise Never(said)


async def close() -> None:
    """At the end of the process."""
    global _session
    if _session is not None:
        await _session.close()
        _session = None


def encrypted(to: db.Row, text: bytes) -> bytes:
    """As aes128gcm, for `p256dh` and `auth` of a subscription."""
    pusher = WebPusher({"endpoint": to["endpoint"], "keys": {"p256dh": to["p256dh"], "auth": to["auth"]}})
    body: bytes = pusher.encode(text)["body"]
    return body


def signature(endpoint: str) -> str:
    """The Authorization header for the push service of an endpoint."""
    audience, at = _audience(endpoint), clock.now()
    kept = _signatures.get(audience)
    if kept and at < kept[1]:
        return kept[0]
    if len(_signatures) >= MOST_SIGNATURES:
        _signatures.clear()
    claims = {"aud": audience, "exp": int((at + SIGNED_FOR).timestamp()), "sub": _contact()}
    made: str = Vapid02(push_keys.private_key()).sign(claims)["Authorization"]
    _signatures[audience] = (made, at + RENEWED_AFTER)
    return made


def _audience(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"


def _contact() -> str:
    """Whom a push service can write to when something is wrong with what we send."""
    return f"mailto:{parseaddr(settings.mail_from)[1]}"


async def _posted(to: db.Row, message: Message, most: int) -> Answer:
    """Raises NotNow, and Gone for an address that is by now none of those we call."""
    global _session
    endpoint = to["endpoint"]
    if wrong := push_addresses.fault(endpoint):
        await push_subscriptions.died(to)
        raise Gone(wrong)
    headers = {
        "Authorization": signature(endpoint), "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
        **message.headers,
    }  # fmt: skip
    if _session is None or _session.closed:
        _session = outgoing.session()
    try:
        return await outgoing.post(_session, endpoint, encrypted(to, message.encoded(most)), headers)
    except NoAnswer as error:
        raise NotNow(str(error)) from error
