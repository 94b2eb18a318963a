"""What a browser sends for a passkey, as far as it is read before it is verified; and the one answer to a wrong one."""

import msgspec
from msgspec import Struct

from app.errors import Invalid
from app.i18n import _

LARGEST = 16_384  # characters


class Answer(Struct, frozen=True):
    """`client_data` is base64url; `user_handle` is missing where the authenticator keeps none."""

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
            client_data=str(response["clientDataJSON"]), id=str(whole["id"])[:1400], user_handle=response.get("userHandle"),
            transports=[text for text in response.get("transports") or [] if isinstance(text, str)][:8],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise wrong() from error


def wrong() -> Invalid:
    return Invalid(passkey=_("That did not work. Try again, or use another way."))
