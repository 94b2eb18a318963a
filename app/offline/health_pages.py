"""How the app is on this very device, and what mends it: the answer to “clear your cache”."""

from typing import Any

from litestar import Request, Response, get, post

from app import i18n
from app.accounts import devices
from app.i18n import _
from app.notifications import push_cards, push_keys
from app.offline import forgetting
from app.web import access, flash
from app.web.flash import Flash
from app.web.pages import cookie_options, page, redirect
from app.web.worker_script import HEALTH

STAYS = (i18n.LOCALE_COOKIE, flash.COOKIE)  # of nobody


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
    news is pushed (W3C Clear Site Data). Cookies one by one, since what is said next comes in one."""
    await forgetting.forget_device(request.user, request.cookies.get(devices.cookie_name(), ""))
    said = _("This device is forgotten. Nobody is signed in on it or trusted; it keeps no orders and gets no news.")
    response = redirect("/sign-in", flash=Flash(said, "good"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    for name in request.cookies:
        if name not in STAYS:
            response.set_cookie(name, "", **cookie_options(0))
    return response


PUBLIC = [health, forget_device]
