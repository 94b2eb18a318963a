"""“I do not agree”: shown with the day by which it is answered, and posted at the same address."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.inbox import objecting
from app.returns import asking, kept, objections
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

OBJECTION = "/returns/{code:str}/objection"


class Objection(Struct):
    text: str = ""


@get(OBJECTION, access=access.OWNER)
async def ask(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code)


@post(OBJECTION, access=access.OWNER)
async def object_to(request: Request, code: FromPath[str], data: URLEncodedBody[Objection]) -> Response[Any]:
    await kept.owned_by(request.user.id, code)
    try:
        await objecting.object_to(request.user.id, code, text=data.text, name=request.user.name)
    except (Invalid, Refused) as error:
        return await _page(request, code, error, data.text)
    return redirect(f"/returns/{code}", flash=Flash(_("Your objection is with the seller."), "good"))


async def _page(request: Request, code: str, refusal: Invalid | Refused | None = None, text: str = "") -> Response[Any]:
    it, said = await kept.owned_by(request.user.id, code), voice()
    due = await asking.answer_by(it.it.merchant) if it.it.merchant else None
    return page(
        request,
        "inbox/objection.html",
        refusal=refusal,
        keep=False,
        code=code,
        shop_name=it.it.merchant_name,
        possible=objections.possible(it),
        waits=objections.looked_at(it.it, said),
        answer=it.it.answer,
        day=said.weekday(due - objections.A_SECOND, last=True) if due else "",
        form=forms.shown(refusal, text=text),
    )


CUSTOMER = [ask, object_to]
