"""Asking for a return, an exchange, a claim or a cancellation: chosen, looked at to the cent, and sent.

Choosing and looking share one address and change nothing. What is sent goes to another: it may wait for a network (see
app/offline/once.py), and who is only looking may not.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec.structs import replace

from app.accounts.forms import sent, shown
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.returns import drafts, files, forms, offered, photos, quotes, request_cards, requests, sums
from app.returns.asked import Asked
from app.returns.drafts import Draft
from app.returns.files import NewFile
from app.returns.offered import Offered
from app.returns.quotes import Quote
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, piece, redirect, wants_fragment

NEW, SEND = "/orders/{address:str}/returns/new", "/orders/{address:str}/returns"
Refusal = Invalid | Refused | None
STAY = ("add", "change")  # what of a form is no step on


@get(NEW, access=access.OWNER)
async def begin(request: Request, address: FromPath[str]) -> Response[Any]:
    """`kind`, `line`, `reason`, `wish`, `with`: see `drafts.begun`; `all=yes`: everything that can be asked for."""
    draft = drafts.begun(list(request.query_params.multi_items()))
    it = await offered.of_orders(request.user.id, address, draft.beside)
    everything = request.query_params.get("all") == "yes"
    draft = drafts.first_chosen(draft, it, everything=everything)
    if everything and draft.lines and (draft.reason or not draft.unopened):
        return await _review(request, it, draft)
    return await _form(request, it, draft)


@post(NEW, access=access.OWNER, status_code=200, request_max_body_size=files.LARGEST_BODY)
async def look(request: Request, address: FromPath[str]) -> Response[Any]:
    typed = await sent(request)
    said = dict(typed)
    try:
        draft = drafts.read(typed)
    except Invalid as error:
        return await _form(request, await _offered(request, address, Draft("return")), Draft("return"), error)
    it = await _offered(request, address, draft)
    if wants_fragment(request):
        back = f"/orders/{address}/returns/new?kind={draft.kind}"
        return piece(request, "returns/_preview.html", back, order=it.order, draft=draft, **_so_far(it, draft))
    if said.get("step") in STAY or draft.unopened:
        wrong = Invalid(reason=_("Choose what happened.")) if draft.unopened and draft.many and draft.of_all else None
        return await _form(request, it, draft, wrong)
    return await _review(request, it, draft)


@post(SEND, access=access.OWNER, status_code=200, request_max_body_size=files.LARGEST_BODY, beforehand=forms.beforehand)
async def send(request: Request, address: FromPath[str]) -> Response[Any]:
    """The photos are taken out of the form first: whatever is refused then, none of them stays."""
    taken, draft = await forms.taken(request), Draft("return")
    try:
        async with photos.or_let_go(taken.made):
            draft = drafts.read(await sent(request))
            it = await _offered(request, address, draft)
            if taken.refusal is not None:
                raise taken.refusal
            code = await _send(request, it, draft, taken.made)
    except (Invalid, Refused) as error:
        return await _review(request, await _offered(request, address, draft), draft, error, again=taken.any)
    said = _("Sent to %(shop)s. You find it under your returns.") % {"shop": it.shop}
    return redirect(f"/returns/{code}", flash=Flash(said, "good"))


async def _send(request: Request, it: Offered, draft: Draft, made: list[NewFile]) -> str:
    ways, by = it.newest.ways if draft.kind == "return" else (), f"customer:{request.user.id}"
    return await requests.send(request.user.id, draft.asked, ways, made, by=by, key=draft.key)


async def _form(request: Request, it: Offered, draft: Draft, refusal: Refusal = None) -> Response[Any]:
    said = voice()
    more = await offered.others(request.user.id, it, draft.kind)
    groups = request_cards.groups(it, draft, said)
    return page(
        request,
        "returns/new.html",
        refusal=refusal,
        keep=False,
        order=it.order,
        shop_name=it.shop,
        title=request_cards.titles(said)[draft.kind],
        draft=draft,
        groups=groups,
        of_all=request_cards.of_all(draft, said) if draft.many else None,
        abroad=it.abroad,
        way_later=draft.kind == "return" and len(it.newest.ways) > 1,
        nothing=not any(group.items or group.chosen for group in groups),
        others=[(one, _("%(number)s of %(day)s") % {"number": number, "day": said.day(at)}) for one, number, at in more],
        form=shown(refusal, note=draft.note),
        **_so_far(it, draft),
    )


def _amounts(it: Offered, asked: Asked) -> dict[str, Any]:
    """What comes back; what is to be repaired or replaced brings money only where that is impossible: `instead`. Raises
    Invalid."""
    quote = offered.quote(it, asked)
    money = [line for line in asked.lines if line.wish in quotes.MONEY]
    if asked.kind == "claim" and not money:
        return {"amounts": [], "then": "", "known": True, "instead": voice().money(_worth(quote), quote.currency)}
    if len(money) < len(asked.lines) and asked.kind == "claim":
        quote = offered.quote(it, replace(asked, lines=money))
    them, said = list(quote.previews.values()), voice()
    amounts = sums.summed(them, quote.currency, said) if money else []
    return {"amounts": amounts, "then": sums.delivery_then(them, quote.currency, said), "known": True}


def _worth(quote: Quote) -> int:
    return sum(preview.total for preview in quote.previews.values())


def _so_far(it: Offered, draft: Draft) -> dict[str, Any]:
    """Of a way that nobody has chosen yet, the one that is offered first: the next page begins with it."""
    draft = drafts.to_send(draft, it.newest.ways) if draft.kind == "return" else draft
    try:
        return _amounts(it, drafts.supposed(draft))
    except Invalid:
        return {"amounts": [], "then": "", "known": False}


async def _offered(request: Request, address: str, draft: Draft) -> Offered:
    it = await offered.of_orders(request.user.id, address, draft.beside)
    drafts.check(draft, it)
    return it


async def _review(
    request: Request, it: Offered, draft: Draft, refusal: Refusal = None, *, again: bool = False
) -> Response[Any]:
    """What is wrong with the lines themselves is said where they are chosen. `again`: there were photos, which a browser does
    not send twice."""
    said = voice()
    ways = request_cards.ways(draft, it, said)
    draft = drafts.to_send(draft, [way.code for way in ways])
    try:
        about = _amounts(it, draft.asked)
    except Invalid as error:
        return await _form(request, it, draft, refusal or error)
    return page(
        request,
        "returns/review.html",
        refusal=refusal,
        keep=False,
        order=it.order,
        shop_name=it.shop,
        title=request_cards.titles(said)[draft.kind],
        draft=draft,
        abroad=it.abroad,
        lines=request_cards.reviewed(it, draft, said),
        ways=ways,
        asked_for={"wanted": request_cards.photos_wanted(draft), "most": files.MOST_FILES, "again": again},
        accept=files.ACCEPT,
        form=shown(refusal),
        **about,
    )


CUSTOMER = [begin, look]
OFFLINE_TOO = [send]
