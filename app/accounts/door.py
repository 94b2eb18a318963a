"""The browser at the door: what it brings with a request, and the cookies it leaves with."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response

from app.accounts import browsers, devices, sessions, sign_ins, throttle
from app.accounts.entering import Entered
from app.accounts.sessions import Browser
from app.i18n import _
from app.web import problems
from app.web.flash import Flash
from app.web.pages import cookie_options, redirect

HOME = "/orders"
SECOND_FACTOR = "/sign-in/second-factor"


def network(request: Request) -> str:
    return throttle.network(request.client.host if request.client else "")


def browser(request: Request, zone: str = "") -> Browser:
    return Browser(
        network=network(request),
        user_agent=request.headers.get("user-agent", "")[: browsers.LONGEST],
        token=request.cookies.get(sessions.cookie_name(), ""),
        zone=zone,
        device=request.cookies.get(devices.cookie_name(), "")[:64],
    )


def opened(next: str, entered: Entered) -> Response[Any]:
    """In, or on to the second factor. What the browser itself has of others' pages goes: no script of ours could throw it
    away. All files come anew after it, so it is not done to who is there alone."""
    if entered.half:
        response = redirect(SECOND_FACTOR + (f"?next={quote(next)}" if next else ""))
        lifetime = int(sign_ins.LIFETIME.total_seconds())
        response.set_cookie(sign_ins.cookie_name(), entered.token, **cookie_options(lifetime))
        return response
    response = redirect(next or HOME)
    response.set_cookie(sessions.cookie_name(), entered.token, **cookie_options(sessions.COOKIE_LIFETIME))
    response.set_cookie(devices.cookie_name(), entered.device, **cookie_options(devices.COOKIE_LIFETIME))
    response.set_cookie(sign_ins.cookie_name(), "", **cookie_options(0))
    if entered.others:
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def left(request: Request, said: Flash | None) -> Response[Any]:
    """Out. A service worker asks as for a problem document, and knows by the 204 that it was us who answered."""
    if not problems.wanted(request):
        return redirect("/sign-in", flash=said)
    cookies = [said.cookie()] if said else []
    return Response(b"", status_code=204, headers={"Cache-Control": "no-store"}, cookies=cookies)


def of_another(request: Request) -> bool:
    """Whether a service worker asks on behalf of who was here before (`X-Viewer`), and somebody else is signed in by now."""
    user = request.user
    return user is not None and request.headers.get("x-viewer", user.public_id) != user.public_id


def password_is_set() -> Flash:
    return Flash(_("Your new password is set. Everywhere else you were signed out."), "good")


def options(text: str) -> Response[bytes]:
    """What a passkey is asked (JSON): once, so no cache may keep it."""
    return Response(text.encode(), media_type="application/json", headers={"Cache-Control": "no-store"})
