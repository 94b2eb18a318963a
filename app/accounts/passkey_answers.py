"""What a browser sends for a passkey, as far as it is read before it is verified; and the one answer to a wrong one."""

import re
from typing import Any

import msgspec
from msgspec import Struct

from app.errors import Invalid
from app.i18n import _

LARGEST = 16_384  # characters
BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,1400}")
TRANSPORTS = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")  # WebAuthn level 3, 5.8.4
# What reading a text of unknown structure may raise; nesting without end is one of these.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Answer(Struct, frozen=True):
    """`client_data` and `id` are base64url; `user_handle` is missing where the authenticator keeps none. Of `transports` only
    those that the standard knows."""

    client_data: str
    user_handle: str | None
    transports: list[str]
    id: str


def read(credential: str) -> Answer:
    try:
        if len(credential) > LARGEST:
            raise ValueError
        whole = msgspec.json.decode(credential)
        response = whole["response"]
        return Answer(
            client_data=str(response["clientDataJSON"]), id=base64url(whole["id"]), user_handle=response.get("userHandle"),
            transports=[text for text in TRANSPORTS if text in (response.get("transports") or [])],
        )  # fmt: skip
    except UNREADABLE as error:
        raise wrong() from error


def base64url(value: Any) -> str:
    """Raises ValueError for what is none: not every text can be looked for in a table."""
    if not isinstance(value, str) or not BASE64URL.fullmatch(value):
        raise ValueError
    return value


def wrong() -> Invalid:
    return Invalid(passkey=_("That did not work. Try again, or use another way."))
