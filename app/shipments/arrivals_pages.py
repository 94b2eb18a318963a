"""`/arrivals`: what is coming, by day; and a delivery for one's own calendar."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.i18n import voice
from app.shipments import arrival_cards, arrivals, calendar, estimates
from app.web import access
from app.web.pages import page

ARRIVALS = "/arrivals"


@get(ARRIVALS, access=access.CUSTOMER)
async def index(request: Request) -> Response[Any]:
    """What such parcels usually take is learnt once a day and raises nobody's revision: until the next day, or other news, a
    browser that has the page keeps what it says."""
    parcels, contents = await arrivals.of(request.user.id)
    times = await estimates.times_of({parcel.merchant for parcel in parcels})
    return page(request, "shipments/arrivals.html", headings=arrival_cards.headings(parcels, contents, times, voice()))


@get("/orders/{address:str}/parcels/{number:int}/delivery.ics", access=access.OWNER)
async def delivery(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """Raises Missing also for a parcel whose day nobody has named."""
    body = await calendar.delivery(request.user.id, address, number, voice())
    headers = {"Content-Disposition": f'attachment; filename="delivery-{number}.ics"', "Cache-Control": "private, no-store"}
    return Response(body, media_type="text/calendar", headers=headers)


ALWAYS_THERE = [index]
CUSTOMER = [delivery]
