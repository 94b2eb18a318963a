"""The customer asks the shop itself to step in."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from app.errors import Refused
from app.i18n import _
from app.inbox import escalating
from app.web import access
from app.web.flash import Flash
from app.web.pages import redirect


@post("/inbox/{code:str}/escalation", access=access.OWNER)
async def escalate(request: Request, code: FromPath[str]) -> Response[Any]:
    here = f"/inbox/{code}#newest"
    try:
        await escalating.escalate(request.user.id, code)
    except Refused as error:
        return redirect(here, flash=Flash(error.message, "bad"))
    return redirect(here, flash=Flash(_("Asked. You are told when there is an answer."), "good"))


CUSTOMER = [escalate]
