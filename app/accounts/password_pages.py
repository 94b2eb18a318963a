"""An account's own password: set, changed, removed, behind a fresh proof (`guard.proved`); and how good one would be.

A password that waits while the proof is asked for is a hidden field of that form: it is in no address, no log, no cache.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody

from app.accounts import forms, new_passwords, passwords
from app.errors import Invalid, Refused
from app.i18n import _
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, piece, redirect

PASSWORD = "/account/password"  # noqa: S105 - an address


@get("/.well-known/change-password", access=access.ANYBODY)
async def where_to_change_it() -> Response[Any]:
    """For password managers (W3C, “A Well-Known URL for Changing Passwords”)."""
    return redirect(PASSWORD)


@get("/account/password", access=access.PROVED_CUSTOMER)
async def password(request: Request) -> Response[Any]:
    return _form(request)


@post("/account/password", access=access.PROVED_CUSTOMER)
async def change_password(request: Request, data: URLEncodedBody[forms.NewPassword]) -> Response[Any]:
    try:
        await new_passwords.set_password(request.user, data.new_password)
    except (Invalid, Refused) as error:
        return _form(request, error)
    return _done(_("Your password is set. Everywhere else you were signed out."))


@post("/account/password/removal", access=access.PROVED_CUSTOMER)
async def remove_password(request: Request) -> Response[Any]:
    try:
        await new_passwords.remove_password(request.user)
    except Refused as error:
        return _form(request, error)
    return _done(_("Your password is removed. Everywhere else you were signed out."))


@post("/account/password/strength", access=access.CUSTOMER)
async def strength(request: Request, data: URLEncodedBody[forms.NewPassword]) -> Response[Any]:
    """For the meter."""
    viewer = request.user
    found = await new_passwords.strength(viewer.id, data.new_password, viewer.email, viewer.name)
    return piece(request, "accounts/_strength.html", back=PASSWORD, strength=found)


def _form(request: Request, error: Invalid | Refused | None = None) -> Response[Any]:
    form = forms.shown(error, has_password=request.user.has_password, fewest=passwords.FEWEST)
    return page(request, "accounts/password.html", refusal=error, form=form)


def _done(said: str) -> Response[Any]:
    return redirect("/account", flash=Flash(said, "good"))


PUBLIC = [where_to_change_it]
CUSTOMER = [strength]
PROVED = [password, change_password, remove_password]
