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
    written = await kept.of_lines([it.id for it in items])
    rows = [(it, pictures.url(it.picture), cards.card(written[it.id], said) if it.id in written else None) for it in items]
    return page(request, "reviews/index.html", keep=False, address=address, rows=rows)


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
    await writing.take_back(request.user.id, address, number)
    return redirect(f"/orders/{address}/reviews", flash=Flash(_("Your review is taken back."), "good"))


async def _page(
    request: Request, address: str, number: int, refusal: Refusal = None, typed: Review | None = None
) -> Response[Any]:
    item, said = await allowed.item(request.user.id, address, number), voice()
    it = (await kept.of_lines([number])).get(number)
    rating, text = (typed.rating, typed.text) if typed else (str(it.rating), it.text) if it else ("", "")
    words = {5: _("Very good"), 4: _("Good"), 3: _("Middling"), 2: _("Poor"), 1: _("Very poor")}
    return page(
        request,
        "reviews/one.html",
        refusal=refusal,
        keep=False,
        address=address,
        item=item,
        picture=pictures.url(item.picture),
        written=cards.card(it, said, whole=True) if it else None,
        called=writing.called(request.user.name) or _("A buyer"),
        choices=[(str(n), cards.drawn(n), cards.told(n, said), word) for n, word in words.items()],
        form=forms.shown(refusal, rating=rating, text=text),
    )


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
