"""Reviews at their order, by who bought: written, changed, taken back; and reported by whoever reads them."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import pictures
from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.reviews import allowed, cards, hiding, kept, writing
from app.reviews.allowed import Item
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

OF_ORDER = "/orders/{address:str}/reviews"
ONE = f"{OF_ORDER}/{{number:int}}"
REPORT = "/sellers/{slug:str}/reviews/{number:int}/report"
Refusal = Invalid | Refused | None


class Review(Struct):
    rating: str = ""
    text: str = ""


class Report(Struct):
    why: str = ""
    text: str = ""


@get(OF_ORDER, access=access.OWNER)
async def index(request: Request, address: FromPath[str]) -> Response[Any]:
    items, said = await allowed.items(request.user.id, address), voice()
    written = await kept.written(request.user.id, [it.id for it in items])
    rows = [
        (it, pictures.url(it.picture), cards.card(written[it.id], said) if it.id in written else None)
        for it in items
        if not it.by_another
    ]
    return page(request, "reviews/index.html", keep=False, address=address, rows=rows, by_another=len(rows) < len(items))


@get(ONE, access=access.OWNER)
async def show(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _page(request, address, number)


@post(ONE, access=access.OWNER, status_code=200)
async def write(request: Request, address: FromPath[str], number: FromPath[int], data: URLEncodedBody[Review]) -> Response[Any]:
    rating = int(data.rating) if data.rating in ("1", "2", "3", "4", "5") else 0
    try:
        await writing.write(request.user.id, address, number, rating=rating, text=data.text, name=request.user.name)
    except Invalid as error:
        return await _page(request, address, number, error, data)
    return redirect(f"/orders/{address}/reviews", flash=Flash(_("Thank you. It stands on the seller’s page."), "good"))


@post(f"{ONE}/removal", access=access.OWNER)
async def take_back(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    slug = await writing.take_back(request.user.id, number)
    here = f"/orders/{address}/reviews" if await _item(request, address, number) else f"/sellers/{slug}"
    return redirect(here, flash=Flash(_("Your review is taken back."), "good"))


async def _item(request: Request, address: str, number: int) -> Item | None:
    """None for what is not (or no longer) to be reviewed by them."""
    try:
        return await allowed.item(request.user.id, address, number)
    except Missing:
        return None


async def _page(
    request: Request, address: str, number: int, refusal: Refusal = None, typed: Review | None = None
) -> Response[Any]:
    """Of an order that somebody else has by now, their own words, to be taken back."""
    item, said = await _item(request, address, number), voice()
    it = (await kept.written(request.user.id, [number])).get(number)
    if item is None and it is None:
        raise Missing
    rating, text = (typed.rating, typed.text) if typed else (str(it.rating), it.text) if it else ("", "")
    return page(
        request,
        "reviews/one.html",
        refusal=refusal,
        keep=False,
        address=address,
        item=item,
        number=number,
        picture=pictures.url(item.picture) if item else "",
        written=cards.card(it, said, whole=True) if it else None,
        called=writing.called(request.user.name) or _("A buyer"),
        choices=[(str(n), cards.drawn(n), cards.told(n, said), word) for n, word in _words().items()],
        form=forms.shown(refusal, rating=rating, text=text),
    )


def _words() -> dict[int, str]:
    return {5: _("Very good"), 4: _("Good"), 3: _("Middling"), 2: _("Poor"), 1: _("Very poor")}


@get(REPORT, access=access.CUSTOMER)
async def ask_why(request: Request, slug: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _report_page(request, slug, number)


@post(REPORT, access=access.CUSTOMER, status_code=200)
async def report(request: Request, slug: FromPath[str], number: FromPath[int], data: URLEncodedBody[Report]) -> Response[Any]:
    try:
        await hiding.report(request.user.id, slug, number, why=data.why, text=data.text, voice=voice())
    except (Invalid, Refused) as error:
        return await _report_page(request, slug, number, error, data)
    return redirect(f"/sellers/{slug}#reviews", flash=Flash(_("Thank you. Somebody looks at it."), "good"))


async def _report_page(
    request: Request, slug: str, number: int, refusal: Refusal = None, typed: Report | None = None
) -> Response[Any]:
    it = await kept.one(number)
    if it.merchant_slug != slug or it.hidden_at is not None:
        raise Missing
    return page(
        request,
        "reviews/report.html",
        refusal=refusal,
        keep=False,
        review=cards.card(it, voice()),
        slug=slug,
        reasons=list(hiding.reasons(voice()).items()),
        form=forms.shown(refusal, why=typed.why if typed else "", text=typed.text if typed else ""),
    )


CUSTOMER = [index, show, write, take_back, ask_why, report]
