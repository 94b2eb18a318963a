"""“It never came”: shown and posted at one address, and there afterwards to say what was said."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.settings import settings
from app.shipments import missing, owned, parcel_forms
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

MISSING = "/orders/{address:str}/parcels/{number:int}/missing"
Refusal = Invalid | Refused | None


@get(MISSING, access=access.OWNER)
async def never_came(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _page(request, address, number)


@post(MISSING, access=access.OWNER)
async def report(
    request: Request, address: FromPath[str], number: FromPath[int], data: URLEncodedBody[parcel_forms.Missing]
) -> Response[Any]:
    try:
        await missing.report(request.user.id, address, number, what=data.what, note=data.note)
    except (Invalid, Refused) as error:
        return await _page(request, address, number, error, what=data.what, note=data.note)
    parcel = await owned.parcel(request.user.id, address, number)
    return redirect(f"/orders/{address}#parcel-{number}", flash=_heard(parcel.missing_told))


def _heard(told: str) -> Flash:
    """Nobody but who was told is said to know."""
    if told == "seller":
        return Flash(_("The seller has been told."), "good")
    if told == "operator":
        said = _("The seller cannot be written to from here; %(counter)s has been told instead.")
        return Flash(said % {"counter": settings.name}, "good")
    return Flash(_("It is noted, but the seller cannot be written to from here."), "wait")


async def _page(
    request: Request, address: str, number: int, refusal: Refusal = None, *, what: str = "", note: str = ""
) -> Response[Any]:
    parcel, said = await owned.parcel(request.user.id, address, number), voice()
    if not what and parcel.delivered_at is not None:
        what = "delivered_not_here"
    return page(
        request,
        "shipments/missing.html",
        refusal=refusal,
        keep=False,
        parcel=parcel,
        back=f"/orders/{parcel.address}#parcel-{parcel.id}",
        offered=missing.offered(parcel),
        reported=said.long_day(parcel.missing_at) if parcel.missing_at else "",
        hears=parcel.missing_told if parcel.missing_at else (await missing.hears(parcel.merchant))[0],
        reported_what=missing.labels(said).get(parcel.missing_what, ""),
        whats=list(missing.labels(said).items()),
        form=forms.shown(refusal, what=what, note=note),
    )


CUSTOMER = [never_came, report]
