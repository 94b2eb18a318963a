"""“This wasn't me”: the address in an alarm's mail. Looking at it changes nothing; mail programs follow links."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import alarms
from app.web import access
from app.web.pages import page


@get("/not-me/{token:str}", access=access.ANYBODY)
async def not_me(request: Request, token: FromPath[str]) -> Response[Any]:
    """Raises Missing for an address that is not ours or too old."""
    alarms.read(token)
    return page(request, "accounts/not_me.html", keep=False, done=False, restored=True)


@post("/not-me/{token:str}", status_code=200, access=access.ANYBODY)
async def lock_everybody_out(request: Request, token: FromPath[str]) -> Response[Any]:
    restored = await alarms.not_me(token)
    return page(request, "accounts/not_me.html", done=True, restored=restored)


PUBLIC = [not_me, lock_everybody_out]
