"""A manager takes no more messages from a customer, with a reason that they read; and takes that back."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid
from app.i18n import _, voice
from app.inbox import blocking, cards, kept
from app.merchants import door
from app.web import access

BLOCK = "/desk/{merchant:str}/inbox/{code:str}/block"


class Wish(Struct):
    to: str = ""
    reason: str = ""


@get(BLOCK, access=access.DESK_MANAGERS)
async def ask(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _shown(request, code)


@post(BLOCK, access=access.DESK_MANAGERS, status_code=200)
async def block(request: Request, code: FromPath[str], data: URLEncodedBody[Wish]) -> Response[Any]:
    desk, to = request.auth, data.to == "yes"
    try:
        by = f"member:{desk.member}"
        await blocking.by_desk(desk.merchant, code, to, author=request.user.id, reason=data.reason, by=by)
    except Invalid as error:
        return await _shown(request, code, error, data.reason)
    said = _("Blocked. They are told why, and can be let back in here.") if to else _("They can write again.")
    return door.changed(f"{desk.url}/inbox/{code}", said)


async def _shown(request: Request, code: str, refusal: Invalid | None = None, reason: str = "") -> Response[Any]:
    desk = request.auth
    it = await kept.at_desk(desk.merchant, code)
    return door.shown(
        request,
        "inbox/desk/block",
        refusal=refusal,
        url=f"{desk.url}/inbox/{it.code}",
        who=cards.called(it.customer_name, voice()),
        blocks=await blocking.between(it.customer, it.merchant),
        most=blocking.LONGEST,
        form=forms.shown(refusal, reason=reason),
    )


MANAGERS = [ask, block]
