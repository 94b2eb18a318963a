"""Handing a parcel to somebody else: its owner's page of links, and what whoever holds one sees."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import door, forms
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, _, current, voice
from app.settings import settings
from app.shipments import estimates, link_cards, link_cookie, links, owned, parcel_forms
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

LINKS = "/orders/{address:str}/parcels/{number:int}/links"
# Its address is a secret: nothing keeps it, finds it or passes it on.
SECRET = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


@get(LINKS, access=access.OWNER)
async def index(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _page(request, address, number)


@post(LINKS, access=access.OWNER)
async def make(
    request: Request, address: FromPath[str], number: FromPath[int], data: URLEncodedBody[parcel_forms.Link]
) -> Response[Any]:
    """The link is shown there for some minutes: only its hash is kept."""
    try:
        token = await links.make(request.user.id, address, number, label=data.label, show_code=data.code == "yes")
    except (Invalid, Refused) as error:
        return await _page(request, address, number, error, label=data.label, code=data.code)
    answer = redirect(f"/orders/{address}/parcels/{number}/links")
    answer.set_cookie(link_cookie.made(number, token))
    return answer


@post("/orders/{address:str}/parcels/{number:int}/links/{link:int}/revocation", access=access.OWNER)
async def revoke(request: Request, address: FromPath[str], number: FromPath[int], link: FromPath[int]) -> Response[Any]:
    await links.revoke(request.user.id, address, number, link)
    flash = Flash(_("The link is over."), "good")
    return redirect(f"/orders/{address}/parcels/{number}/links", flash=flash)


async def _page(
    request: Request, address: str, number: int, refusal: Invalid | Refused | None = None, *, label: str = "", code: str = ""
) -> Response[Any]:
    parcel, said = await owned.parcel(request.user.id, address, number), voice()
    token = link_cookie.token_of(parcel.id, request.cookies.get(link_cookie.NAME))
    made = f"{settings.base_url}/parcels/{token}" if await links.is_open(parcel.id, token) else ""
    return page(
        request,
        "shipments/links.html",
        refusal=refusal,
        keep=False,
        back=f"/orders/{parcel.address}#parcel-{parcel.id}",
        links=link_cards.links(await links.listed(parcel), said),
        here_url=f"/orders/{parcel.address}/parcels/{parcel.id}/links",
        form=forms.shown(refusal, at="label", label=label, code=code),
        made=made,
    )


@get("/parcels/{token:str}", access=access.LINK_HOLDER)
async def handed(request: Request, token: FromPath[str]) -> Response[Any]:
    """Days and hours are those of whom it is for: next door it is the same time."""
    try:
        found = await links.opened(token, door.network(request))
    except Missing:
        return _ended(request)
    said = Voice(voice().locale, found.time_zone)
    current.set(said)
    times = await estimates.times_of([found.parcel.merchant])
    answer = page(request, "shipments/handed.html", keep=False, parcel=link_cards.shared(found, times, said))
    answer.headers.update(SECRET)
    return answer


def _ended(request: Request) -> Response[Any]:
    """The same for every link that opens nothing, whatever the reason; whoever stands here has no orders to go to."""
    title, text = _("This link is over"), _("It may have been ended, or the parcel has come. Ask whoever gave it to you.")
    answer = page(request, "errors/error.html", 404, keep=False, title=title, text=text, action=None, path="", here="")
    answer.headers.update(SECRET)
    return answer


CUSTOMER = [index, make, revoke]
PUBLIC = [handed]
