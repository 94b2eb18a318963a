"""A customer wants to hear no more of a seller, from the menu of a conversation; and takes that back."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.i18n import _
from app.inbox import blocking
from app.web import access
from app.web.flash import Flash, Undo
from app.web.pages import redirect


class Wish(Struct):
    to: str = ""


@post("/inbox/{code:str}/blocking", access=access.OWNER)
async def block(request: Request, code: FromPath[str], data: URLEncodedBody[Wish]) -> Response[Any]:
    to, here = data.to == "yes", f"/inbox/{code}"
    if not await blocking.by_customer(request.user.id, code, to):
        return redirect(here, flash=Flash(_("It is so already.")))
    said = (
        _("Blocked: what they write is put away, and you are not told of it.")
        if to
        else _("No longer blocked: you are told again of what they write.")
    )
    undo = Undo(f"{here}/blocking", "to", "no" if to else "yes", _("Undo"))
    return redirect(here, flash=Flash(said, "good", undo=undo))


CUSTOMER = [block]
