"""A link that has just been made, for the page that shows it after the redirect, reloaded or not: only its hash is kept."""

from litestar.datastructures import Cookie

from app.settings import settings
from app.tokens import sign, unsign

NAME, PURPOSE = "parcel_link", "parcel link just made"
PATH = "/orders"
LASTS = 300  # seconds


def made(parcel: int, token: str) -> Cookie:
    return Cookie(
        key=NAME, value=sign(f"{parcel}.{token}", PURPOSE), max_age=LASTS, path=PATH, httponly=True, samesite="lax",
        secure=settings.secure,
    )  # fmt: skip


def token_of(parcel: int, value: str | None) -> str:
    """Empty where none was made for this parcel lately."""
    number, _dot, token = (unsign(value or "", PURPOSE) or "").partition(".")
    return token if number == str(parcel) else ""
