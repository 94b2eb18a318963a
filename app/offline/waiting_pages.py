"""The list of what waits for the network: the service worker knows it, the page has the words."""

from typing import Any

from litestar import Request, Response, get

from app import i18n
from app.offline import change_words
from app.web import access
from app.web.pages import page
from app.web.worker_script import WAITING


@get(WAITING, include_in_schema=False, access=access.ANYBODY)
async def waiting(request: Request) -> Response[Any]:
    """Also nobody's, in the language that is asked for: as such it is kept on the device. What waits there is shown to whom it
    belongs to, also when their session is over."""
    if locale := i18n.supported(request.query_params.get("locale", "")):
        request.scope["user"] = None
        i18n.current.set(i18n.Voice(locale))
    said = i18n.voice()
    return page(
        request, "offline/waiting.html", keep=False, changes=change_words.changes(said), fields=change_words.fields(said),
        values=change_words.values(said),
    )  # fmt: skip


PUBLIC = [waiting]
