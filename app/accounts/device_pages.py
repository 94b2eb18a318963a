"""Where a customer is signed in, and what ends it. Nothing here wants a fresh proof: `leaving.py` says why."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import forms, leaving, session_cards
from app.i18n import _, voice
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

DEVICES = "/account/devices"


@get("/account/devices", access=access.CUSTOMER)
async def devices(request: Request) -> Response[Any]:
    """Not kept by the browser: it changes with every sign-in elsewhere, of which the customer's revision knows nothing."""
    sessions, trusted = await session_cards.of(request.user, voice())
    return page(request, "accounts/devices.html", keep=False, sessions=sessions, trusted=trusted)


@post("/account/sessions/{number:int}/ending", access=access.OWNER)
async def end_session(request: Request, number: FromPath[int], data: URLEncodedBody[forms.Ending]) -> Response[Any]:
    await leaving.end_session(request.user, number, session_cards.read_since(data.since))
    return redirect(DEVICES, flash=Flash(_("That browser is signed out."), "good"))


@post("/account/sessions/ending", access=access.CUSTOMER)
async def end_other_sessions(request: Request) -> Response[Any]:
    await leaving.end_other_sessions(request.user)
    return redirect(DEVICES, flash=Flash(_("You are signed out everywhere but here."), "good"))


@post("/account/devices/{number:int}/distrust", access=access.OWNER)
async def distrust(request: Request, number: FromPath[int]) -> Response[Any]:
    await leaving.distrust(request.user, number)
    return redirect(DEVICES, flash=Flash(_("That browser is trusted no longer."), "good"))


@post("/account/devices/distrust", access=access.CUSTOMER)
async def distrust_all(request: Request) -> Response[Any]:
    await leaving.distrust_all(request.user)
    return redirect(DEVICES, flash=Flash(_("No browser is trusted any longer."), "good"))


CUSTOMER = [devices, end_session, end_other_sessions, distrust, distrust_all]
