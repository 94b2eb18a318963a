"""The page that the service worker shows where it has kept none."""

from typing import Any

from litestar import Request, Response, get

from app import i18n
from app.web import access
from app.web.pages import page
from app.web.worker_script import OFFLINE


@get(OFFLINE, include_in_schema=False, access=access.ANYBODY)
async def offline(request: Request) -> Response[Any]:
    """Nobody's: it is kept on the device for whoever comes, in each language that the shop speaks. What is to be said once
    waits for a page that somebody looks at."""
    request.scope["user"] = None
    i18n.current.set(i18n.Voice(i18n.supported(request.query_params.get("locale", "")) or i18n.voice().locale))
    return page(request, "offline/offline.html", flash=None)


PUBLIC = [offline]
