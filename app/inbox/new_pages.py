"""Beginning a thread: from an order, a return, or a seller's page."""

from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct, convert

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.inbox import about, asking, blocking, cards, reasons, sellers, starting, suggesting
from app.inbox import forms as picture_forms
from app.inbox.about import About
from app.inbox.posting import Said
from app.merchants import names
from app.merchants import shop as shops
from app.orders import filters as order_filters
from app.orders import lists as order_lists
from app.shelves import LARGEST_BODY, PAPERS_TOO
from app.tokens import new_token
from app.typed import key
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

NEW = "/inbox/new"
MOST = 12  # orders to choose from


class Draft(Struct):
    """`order`, `of_return` and `seller`: what it is about, one of them; `line` and `parcel` of the order. `to`: “shop” for the
    shop itself. `key` is the form's own."""

    order: str = ""
    line: str = ""
    parcel: str = ""
    of_return: str = ""
    seller: str = ""
    to: str = ""
    reason: str = ""
    subject: str = ""
    text: str = ""
    key: str = ""


@get(NEW, access=access.CUSTOMER)
async def begin(request: Request) -> Response[Any]:
    asked = request.query_params
    draft = Draft(
        order=asked.get("order", ""), line=asked.get("line", ""), parcel=asked.get("parcel", ""),
        of_return=asked.get("return", ""), seller=asked.get("seller", ""), to=asked.get("to", ""), key=new_token(),
    )  # fmt: skip
    draft.subject = await asking.subject(request.user.id, draft.order, draft.parcel, asked.get("reason", ""), voice())
    what = await _about(request.user.id, draft)
    return await _form(request, draft, what) if what else await _choice(request)


@post(
    "/inbox/threads", access=access.CUSTOMER, status_code=200, request_max_body_size=LARGEST_BODY,
    beforehand=picture_forms.beforehand,
)  # fmt: skip
async def send(request: Request) -> Response[Any]:
    await picture_forms.beforehand(request)  # before the words are read: with them a form is closed
    data = convert(dict(await forms.sent(request)), Draft, strict=False)
    try:
        async with picture_forms.sent(request) as (_typed, pictures):
            what = await _about(request.user.id, data)
            if what is None:
                raise Invalid(form=_("Choose what it is about."))
            what = asking.because(await asking.addressed(what, data.to), data.reason)
            said = Said(side="buyer", text=data.text, author=request.user.id, name=request.user.name, files=pictures)
            code = await starting.start(request.user.id, what, said, subject=data.subject, key=key(data.key))
    except (Invalid, Refused) as error:
        what = await _about(request.user.id, data)
        return await _form(request, data, what, error) if what else await _choice(request, error)
    return redirect(f"/inbox/{code}", flash=Flash(_("Sent. You are told when there is an answer."), "good"))


async def _about(customer: int, draft: Draft) -> About | None:
    """None where it says nothing that it could be about. Raises Missing."""
    if draft.of_return:
        return await about.returned(customer, draft.of_return)
    if draft.order:
        if draft.line:
            return await about.of_line(customer, draft.order, draft.line)
        return await about.order(customer, draft.order)
    if draft.seller:
        return await about.merchant(draft.seller)
    return None


async def _choice(request: Request, refusal: Invalid | Refused | None = None) -> Response[Any]:
    """Of the newest orders, what it is about."""
    found, _more = await order_lists.page_of(request.user.id, order_filters.Filter(), "", request.user.time_zone, MOST)
    rows = [(one.number, one.titles.partition("\n")[0], one.merchant_name, one.address) for one in map(order_lists.read, found)]
    shop = await shops.found()
    return page(request, "inbox/choice.html", refusal=refusal, keep=False, rows=rows, itself=shop, form=forms.shown(refusal))


async def _form(request: Request, draft: Draft, what: About, refusal: Invalid | Refused | None = None) -> Response[Any]:
    ((_slug, shop),), said = await names.of([what.merchant]), voice()
    blocks = await blocking.between(request.user.id, what.merchant)
    back = f"/returns/{draft.of_return}" if draft.of_return else f"/orders/{draft.order}" if draft.order else "/inbox"
    return page(
        request,
        "inbox/new.html",
        refusal=refusal,
        keep=False,
        shop_name=shop,
        back=back,
        draft=draft,
        titles=cards.titles(what.titles, said),
        order_number=what.order_number,
        picture=asking.picture(what),
        usually=said.lasting(reply) if (reply := (await sellers.measured(what.merchant)).reply) is not None else "",
        suggestions=await suggesting.of(
            request.user.id, what, said, order=draft.order, of_return=draft.of_return, line=draft.line
        ),
        itself=await shops.other_than(what.merchant),
        blocks=blocks,
        reasons=reasons.words(said) if what.kind == "order" else {},
        accept=PAPERS_TOO,
        form=forms.shown(refusal, subject=draft.subject, text=draft.text),
    )


CUSTOMER = [begin]
OFFLINE_TOO = [send]
