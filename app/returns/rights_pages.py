"""What can still be done with each item of an order, until when, and where that comes from; and the last days as a calendar."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.accounts import zones
from app.i18n import voice
from app.returns import last_days, rights, rights_cards
from app.web import access
from app.web.pages import page

RIGHTS = "/orders/{address:str}/rights"


@get(RIGHTS, access=access.OWNER)
async def show(request: Request, address: FromPath[str]) -> Response[Any]:
    """Not kept: a right ends at an instant, and rules change without the customer's revision."""
    found, said = await rights.of_order(request.user.id, address), voice()
    return page(
        request,
        "returns/rights.html",
        keep=False,
        order=found.order,
        groups=rights_cards.groups(found, said),
        since=said.day(found.since) if found.since and found.since <= found.order.placed_at else "",
        ics_url=f"/orders/{found.order.address}/rights.ics" if last_days.there(found) else "",
        zone=zones.named(found.bought.zone, said.locale),
    )


@get("/orders/{address:str}/rights.ics", access=access.OWNER)
async def calendar(request: Request, address: FromPath[str]) -> Response[bytes]:
    """Raises Missing also where no last day can be said."""
    body = await last_days.of_order(request.user.id, address, voice())
    headers = {"Content-Disposition": 'attachment; filename="rights.ics"', "Cache-Control": "private, no-store"}
    return Response(body, media_type="text/calendar", headers=headers)


CUSTOMER = [show, calendar]
