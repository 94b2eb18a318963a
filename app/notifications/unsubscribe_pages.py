"""`/unsubscribe/…`, from a mail. Looking at it changes nothing: mail programs follow links."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.i18n import voice
from app.notifications import unsubscribing, wording
from app.notifications.unsubscribing import Subscription
from app.web import access
from app.web.pages import page


@get("/unsubscribe/{token:str}", access=access.ANYBODY)
async def unsubscribe(request: Request, token: FromPath[str]) -> Response[Any]:
    return _shown(request, token, await unsubscribing.read(token))


@post("/unsubscribe/{token:str}", status_code=200, access=access.ANYBODY)
async def stop(request: Request, token: FromPath[str]) -> Response[Any]:
    """Also by a mail server, from anywhere (see `SafeRequests`); whatever it sends along is not looked at."""
    return _shown(request, token, await unsubscribing.stop(token), done="stopped")


@post("/unsubscribe/{token:str}/return", status_code=200, access=access.ANYBODY)
async def resume(request: Request, token: FromPath[str]) -> Response[Any]:
    return _shown(request, token, await unsubscribing.resume(token), done="resumed")


def _shown(request: Request, token: str, known: Subscription, *, done: str = "") -> Response[Any]:
    topic = wording.topics(voice()).get(known.topic, known.topic)
    return page(request, "notifications/unsubscribe.html", keep=False, known=known, topic=topic, token=token, done=done)


PUBLIC = [unsubscribe, stop, resume]
