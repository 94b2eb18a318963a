"""Two things for every request, in plain ASGI: who may send a change, and the headers that keep a page to itself."""

import re
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Send

from app.errors import Refused
from app.settings import settings
from app.web import errors
from app.web.pages import SAFE

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types htmx app"
)
HEADERS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
]
if settings.secure:
    HEADERS.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
# The browser's session was ended from elsewhere: its service worker, and what it keeps by itself, forget (W3C Clear Site Data).
FORGET: list[tuple[bytes, bytes]] = [(b"x-forget", b"1"), (b"clear-site-data", b'"cache"')]
OURS = frozenset(name for name, _value in HEADERS)
HOST = urlsplit(settings.base_url).netloc.encode()
# Called by mail programs, from whatever page they are (RFC 8058): the signed address says all, no cookie is looked at.
ONE_CLICK = re.compile(r"/unsubscribe/[^/]+")


class SafeRequests:
    """Refuses changes sent from other sites; adds the security headers to every answer that has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        head, over = scope["method"] == "HEAD", False
        if head:  # the same as GET, and nothing behind the headers (RFC 9110, 9.3.2); the server goes by its own scope
            scope = {**scope, "method": "GET"}

        async def send_with_headers(message: Message) -> None:
            nonlocal over
            if message["type"] == "http.response.start":
                told = FORGET if "ended_elsewhere" in scope else ()
                message["headers"] = [*message["headers"], *_missing(message["headers"]), *told]
            elif head:  # also of an answer that would never end
                if over:
                    return
                over = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        if scope["method"] in SAFE or _same_site(scope) or ONE_CLICK.fullmatch(scope["path"]):
            await self.app(scope, receive, send_with_headers)
        else:
            await _refuse(scope, receive, send_with_headers)


def _missing(headers: Any) -> list[tuple[bytes, bytes]]:
    """A page with policies of its own (the API's reference, a parcel that was handed on) keeps them."""
    own = {name.lower() for name, _ in headers}
    return HEADERS if OURS.isdisjoint(own) else [it for it in HEADERS if it[0] not in own]


def _same_site(scope: Any) -> bool:
    """Sec-Fetch-Site, which no page can forge; before browsers sent it, Origin. A program sends neither.

    Programs are let through: without a browser there is no cookie to ride on (the API's keys are never cookies).
    """
    headers = dict(scope["headers"])
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc in (headers.get(b"host", b""), HOST)
    except ValueError:  # no address at all
        return False


async def _refuse(scope: Any, receive: Receive, send: Send) -> None:
    """A page or a problem document, as of every other error; nothing inside is asked."""
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    answer = errors.answer(request, Refused("This was sent from another site", status=403))
    await answer.to_asgi_response(None, request)(scope, receive, send)
