"""How the app is on this very device, and what mends it: the answer to “clear your cache”."""

from typing import Any

from litestar import Request, Response, get, post

from app import i18n
from app.accounts import asked_cookie, devices, door, sessions, sign_ins
from app.i18n import _
from app.notifications import push_cards, push_keys
from app.offline import forgetting
from app.shipments import link_cookie
from app.web import access
from app.web.flash import Flash
from app.web.pages import cookie_options, page
from app.web.worker_script import HEALTH

# All that are somebody's, with their paths: not the language, nor what is said next.
COOKIES = (
    *((name, "/") for name in (sessions.cookie_name(), devices.cookie_name(), sign_ins.cookie_name())),
    *((name, "/") for name in (asked_cookie.COOKIE, asked_cookie.PROOF, asked_cookie.LINK)),
    (link_cookie.NAME, link_cookie.PATH),
)  # fmt: skip


@get(HEALTH, access=access.ANYBODY)
async def health(request: Request) -> Response[Any]:
    """The page looks into the browser by itself: nothing of it is known here. `locale`: nobody's, for the device to keep."""
    if locale := i18n.supported(request.query_params.get("locale", "")):
        request.scope["user"] = None
        i18n.current.set(i18n.Voice(locale))
    pushed = request.user is not None and await push_cards.here(request.user)
    return page(request, "offline/health.html", keep=False, key=push_keys.public_key(), pushed=pushed)


@post("/device/forgetting", access=access.ANYBODY)
async def forget_device(request: Request) -> Response[Any]:
    """The browser throws away all that it keeps of ours: pages, databases, the service worker and with it the address to which
    news is pushed (W3C Clear Site Data). Cookies one by one, since what is said next comes in one.

    A service worker that asks later (`X-Viewer`) has emptied itself, and is not thrown away while it holds the answer;
    whoever has come in since stays, and is asked for their second factor again."""
    another, later = door.of_another(request), "x-viewer" in request.headers
    await forgetting.forget_device(None if another else request.user, request.cookies.get(devices.cookie_name(), ""))
    if another:
        return door.left(request, None)
    said = _("This device is forgotten. Nobody is signed in on it or trusted; it keeps no orders and gets no news.")
    response = door.left(request, Flash(said, "good"))
    response.headers["Clear-Site-Data"] = '"cache"' if later else '"cache", "storage"'
    for name, path in COOKIES:
        response.set_cookie(name, "", **{**cookie_options(0), "path": path})
    return response


PUBLIC = [health, forget_device]
