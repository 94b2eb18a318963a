"""The application, asked from inside for the pages that a phone keeps: they are the very pages, by their addresses alone."""

import logging
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import NotAuthorizedException
from litestar.types import HTTPRequestEvent, Message
from msgspec.structs import asdict, replace

from app.accounts import sessions
from app.accounts.viewer import Viewer
from app.errors import Missing
from app.i18n import LOCALE_COOKIE
from app.offline.list_filters import ListFilters
from app.offline.order_lines import Undrawn
from app.orders.cards import OrderCard
from app.web.pages import KEPT, PAGE, page

log = logging.getLogger(__name__)
HANDED_ON = (sessions.cookie_name(), LOCALE_COOKIE)  # cookies; not what is to be said once on the next page
OVER = (303, 401, 503)  # the pack ends there, and is asked for again behind what was kept
ASKING = (b"accept-language", b"host", b"user-agent", b"x-forwarded-proto")


class Within:
    """What the person who sent `request` would be shown, without the frame. Nothing is marked, and nothing logged: that is done
    by the server that takes requests from outside."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self.request = request
        cookies = "; ".join(f"{name}={request.cookies[name]}" for name in HANDED_ON if name in request.cookies)
        headers = [(name, value) for name, value in request.scope["headers"] if name in ASKING]
        self.headers = [*headers, (b"cookie", cookies.encode("latin-1"))]

    async def page(self, address: str) -> bytes:
        """A title and a main.

        Raises Missing where there is none; NotAuthorizedException when they are signed in no more, or nobody can be asked just
        now; Undrawn when this one page is broken.
        """
        status, pieces = 0, list[bytes]()

        async def take(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                pieces.append(message.get("body", b""))

        await self.request.app(self._scope(address), _asked, take)
        if status == 404:
            raise Missing
        if status in OVER:
            raise NotAuthorizedException
        if status != 200:
            log.error("a page is left out of the pack: %s answers %d", address, status)
            raise Undrawn
        return b"".join(pieces)

    def drawn(self, name: str, address: str, *, layout: str = KEPT, **context: Any) -> bytes:
        """Of a template that no address shows, as if it stood at that one."""
        scope: Any = {**self._scope(address, layout), "user": self.request.user, "app": self.request.app}
        return page(Request(scope), name, **context).content

    def frame(self) -> bytes:
        """A whole page with nothing in it, and no number that changes with every piece of news."""
        viewer: Viewer = self.request.user
        desks = msgspec.json.encode(dict.fromkeys(viewer.waiting, 0)).decode() if viewer.desks else ""
        return self.drawn("offline/frame.html", "/", layout=PAGE, viewer=replace(viewer, unread=0, revision=0, desks=desks))

    def list(self, filters: ListFilters) -> bytes:
        return self.drawn("offline/orders.html", "/orders", **asdict(filters))

    def card(self, shown: OrderCard) -> str:
        return self.drawn("orders/_card.html", "/orders", card=shown).decode()

    def left_out(self, address: str, shown: OrderCard | None = None, *, too_long: bool = False) -> bytes:
        return self.drawn("offline/left_out.html", address, card=shown, too_long=too_long)

    def _scope(self, address: str, layout: str = KEPT) -> Any:
        kept = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path")
        about = {name: self.request.scope.get(name) for name in kept}
        path = {"path": address, "raw_path": address.encode(), "query_string": b"", "method": "GET"}
        return about | path | {"headers": self.headers, "extensions": {}, "layout": layout}


async def _asked() -> HTTPRequestEvent:
    return {"type": "http.request", "body": b"", "more_body": False}
