"""Beginning a thread: from an order, a return, or a seller's page."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.inbox import about, cards, starting
from app.inbox.about import About
from app.inbox.posting import Said
from app.merchants import names
from app.tokens import new_token
from app.typed import key
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

NEW = "/inbox/new"


class Draft(Struct):
    """`order`, `of_return` and `seller`: what it is about, one of them. `key` is the form's own."""

    order: str = ""
    of_return: str = ""
    seller: str = ""
    subject: str = ""
    text: str = ""
    key: str = ""


@get(NEW, access=access.CUSTOMER)
async def begin(request: Request) -> Response[Any]:
    asked = request.query_params
    draft = Draft(
        order=asked.get("order", ""), of_return=asked.get("return", ""), seller=asked.get("seller", ""), key=new_token()
    )
    return await _form(request, draft, await _about(request.user.id, draft))


@post("/inbox/threads", access=access.CUSTOMER, status_code=200)
async def send(request: Request, data: URLEncodedBody[Draft]) -> Response[Any]:
    what = await _about(request.user.id, data)
    try:
        said = Said(side="buyer", text=data.text, author=request.user.id, name=request.user.name)
        code = await starting.start(request.user.id, what, said, subject=data.subject, key=key(data.key))
    except (Invalid, Refused) as error:
        return await _form(request, data, what, error)
    return redirect(f"/inbox/{code}", flash=Flash(_("Sent. You are told when there is an answer."), "good"))


async def _about(customer: int, draft: Draft) -> About:
    """Raises Missing, also where it says nothing that it could be about."""
    if draft.of_return:
        return await about.returned(customer, draft.of_return)
    if draft.order:
        return await about.order(customer, draft.order)
    if draft.seller:
        return await about.merchant(draft.seller)
    raise Missing


async def _form(request: Request, draft: Draft, what: About, refusal: Invalid | Refused | None = None) -> Response[Any]:
    ((_slug, shop),) = await names.of([what.merchant])
    back = f"/returns/{draft.of_return}" if draft.of_return else f"/orders/{draft.order}" if draft.order else "/inbox"
    return page(
        request,
        "inbox/new.html",
        refusal=refusal,
        keep=False,
        shop_name=shop,
        back=back,
        draft=draft,
        titles=cards.titles(what.titles, voice()),
        form=forms.shown(refusal, subject=draft.subject, text=draft.text),
    )


CUSTOMER = [begin]
OFFLINE_TOO = [send]
