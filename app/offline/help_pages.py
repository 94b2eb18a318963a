"""Help: what most people come for, each leading to the page that does it; and why messages do not come."""

from typing import Any

from litestar import Request, Response, get

from app.i18n import voice
from app.merchants import shop
from app.offline import reaching
from app.web import access
from app.web.pages import page


@get("/help", access=access.ANYBODY)
async def help_(request: Request) -> Response[Any]:
    return page(request, "offline/help.html", keep=False, itself=await shop.found() if request.user else None)


@get("/help/messages", access=access.CUSTOMER)
async def messages(request: Request) -> Response[Any]:
    """As it stands with this person, and beside it with their browser (`/app-health`)."""
    found = await reaching.findings(request.user, voice())
    return page(request, "offline/help_messages.html", keep=False, findings=found)


PUBLIC = [help_]
CUSTOMER = [messages]
