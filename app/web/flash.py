"""One sentence said on the next page: “Archived.”, with an undo where there is one. Kept in a signed cookie."""

from urllib.parse import quote, unquote

import msgspec
from litestar import Request
from litestar.datastructures import Cookie

from app.settings import settings
from app.tokens import sign, unsign

COOKIE = "flash"
LIFETIME = 60  # seconds


class Undo(msgspec.Struct, frozen=True):
    """A form of one button: POST `name`=`value` to `url`."""

    url: str
    name: str
    value: str
    label: str


class Flash(msgspec.Struct, frozen=True):
    text: str
    tone: str = "info"
    undo: Undo | None = None

    def cookie(self) -> Cookie:
        text = msgspec.json.encode(self).decode()
        return Cookie(
            key=COOKIE, value=quote(sign(text, COOKIE)), max_age=LIFETIME, path="/", httponly=True, samesite="lax",
            secure=settings.secure,
        )  # fmt: skip


def heard(request: Request) -> Flash | None:
    """What the last change wanted said; a cookie that is not ours, or of an older release's structure, says nothing."""
    cookie = request.cookies.get(COOKIE)
    # The framework may have taken the quotes away already: a second time would change an address with quotes of its own.
    text = (unsign(cookie, COOKIE) or unsign(unquote(cookie), COOKIE)) if cookie else None
    try:
        return msgspec.json.decode(text, type=Flash) if text else None
    except msgspec.DecodeError:
        return None
