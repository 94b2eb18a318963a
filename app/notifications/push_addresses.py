"""What a browser says of itself when it wants news pushed: where to send it, and the keys to write with. All of it is checked;
it comes from whoever asks, and we are to call there."""

import re
from base64 import urlsafe_b64decode
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from msgspec import Struct

from app import outgoing
from app.errors import Invalid
from app.i18n import _
from app.settings import settings

LONGEST = 4_000  # characters of all of it
LONGEST_ENDPOINT = 2_000
BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,100}")
SECRET_BYTES = 16  # RFC 8291, 3.2


class Keys(Struct, frozen=True):
    p256dh: str
    auth: str


class Given(Struct, frozen=True):
    """`PushSubscription.toJSON()` of the Push API."""

    endpoint: str
    keys: Keys


def read(text: str) -> Given:
    """Raises Invalid(subscription=…)."""
    try:
        given = msgspec.json.decode(text[:LONGEST].encode(), type=Given)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(given.keys.p256dh))
        sound = len(_bytes(given.keys.auth)) == SECRET_BYTES
    except (ValueError, UnicodeError):  # msgspec's are, base64's too, and that a point is not on the curve
        sound = False
    if not sound:
        raise Invalid(subscription=_("This browser’s answer cannot be used. Try again."))
    if fault(given.endpoint):
        raise Invalid(subscription=_("The push service of this browser is not one that this shop calls."))
    return given


def fault(endpoint: str) -> str:
    """Why we do not push there; empty when we do. A host is one of `COMPTOIR_PUSH_HOSTS`; whether its address is a public
    one, `outgoing` looks at every time it connects."""
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
        return "it is too long, or not ASCII"
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "it is not an address"
    if not any(_is(host, known) for known in settings.push_hosts):
        return f"“{host}” is not among COMPTOIR_PUSH_HOSTS"
    if parts.username is not None or parts.password is not None:
        return "there is a name or a password in it"
    if port not in (None, 443) and host not in outgoing.HERE:
        return f"port {port} is not one for this"
    return outgoing.fault(endpoint)


def _is(host: str, known: str) -> bool:
    return host.endswith(known[1:]) if known.startswith("*.") else host == known


def _bytes(text: str) -> bytes:
    if not BASE64URL.fullmatch(text):
        raise ValueError("not base64url")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
