"""“I do not agree”: shown with the day by which it is answered, and posted at the same address; and behind the link that was
mailed to who declared a withdrawal without signing in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.inbox import objecting
from app.returns import asking, guest_door, kept, objections
from app.returns.guest_door import LINK, WITHDRAWAL
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


@post(f"{LINK}/objection", status_code=200, access=access.ANYBODY)
async def by_link(request: Request, token: FromPath[str], data: URLEncodedBody[Objection]) -> Response[Any]:
    """Against what the seller says of it, or less than was promised."""
    try:
        code = await objecting.by_link(token, text=data.text)
    except Missing:
        return await guest_door.linked(request, token)
    except (Invalid, Refused) as error:
        return await guest_door.linked(request, token, error, data.text)
    said = _("Your objection is with the seller.")
    if code:
        said = _("Your objection is with the seller. Once you are signed in, you find the conversation about it under “Inbox”.")
    return guest_door.secret(redirect(f"{WITHDRAWAL}/{token}", flash=Flash(said, "good")))


CUSTOMER = [ask, object_to]
PUBLIC = [by_link]
