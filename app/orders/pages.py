"""The customer's orders: the list, one order and its papers, putting away, money spent."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from markupsafe import Markup
from msgspec import Struct

from app import reading
from app.errors import Missing
from app.events import timeline
from app.i18n import Voice, _, ngettext, voice
from app.inbox import order_cards as talks
from app.merchants import names
from app.orders import actions, filters, invoices, json_ld, kept, lists
from app.orders.cards import card, cards
from app.orders.documents import order_summary
from app.orders.sheet import sheet
from app.orders.spending import PATH, spending
from app.returns import kept_terms as return_rows
from app.returns import order_cards as returned
from app.returns import proposal_cards
from app.returns import rights_cards as return_cards
from app.shipments import cards as parcel_cards
from app.shipments import kept as parcel_rows
from app.shipments import timeline as parcel_turns
from app.shipments.cards import ParcelCard
from app.web import access, caching, private
from app.web.flash import Flash, Undo
from app.web.pages import came_from, page, piece, wants_fragment

HANGING_ON = (*kept.PARTS, *parcel_rows.PARTS, *timeline.PARTS, *return_rows.PARTS, *returned.PARTS, *talks.PARTS)
WHOLE = (kept.ORDER, *(part.of(kept.THIS) for part in HANGING_ON))


@get("/orders", access=access.CUSTOMER)
async def index(request: Request) -> Response[bytes]:
    viewer, query = request.user, request.query_params
    asked, before, shown = filters.read(query), query.get("before", ""), filters.read_shown(query)
    most = filters.PAGE if before else shown
    found, next_page = await lists.page_of(viewer.id, asked, before, viewer.time_zone, most)
    appending = bool(before) and wants_fragment(request)
    last = reading.read_cursor(before) if appending else None
    longer, address = shown + filters.PAGE, asked.url()
    here = f"{address}&" if "?" in address else f"{address}?"
    merchants = await names.of([int(number) for number in viewer.order_merchants.split()])
    return page(
        request,
        "orders/index.html",
        cards=cards(found, voice(), last[0] if last else None),
        older=f"{here}before={next_page}&shown={longer}" if next_page else "",
        grown=f"{here}shown={longer}",
        newest=address if before else "",
        appending=appending,
        filters=filters.offered(asked, viewer.order_years.split(), merchants),
        empty="" if found else _empty(asked, bool(viewer.order_years)),
        count_text=_count(asked, len(found), bool(next_page)),
        spending_url=_spending_url(asked, viewer.order_years),
        spending_title=_("Money spent"),
    )


def _count(asked: filters.Filter, shown: int, more: bool) -> str:
    """How much a choice has found, said aloud where the list changes in place; counting all would read them all."""
    if not shown or asked == filters.Filter():
        return ""
    if more:
        return ngettext("%(num)d order and more", "%(num)d orders and more", shown) % {"num": shown}
    return ngettext("%(num)d order", "%(num)d orders", shown) % {"num": shown}


def _spending_url(asked: filters.Filter, years: str) -> str:
    """Of the year that the list shows, else of the newest."""
    year = asked.period if asked.period.isdecimal() else years.split(" ")[0]
    return f"{PATH}?year={year}" if year else PATH


def _empty(asked: filters.Filter, has_orders: bool) -> str:
    if not has_orders:
        return "none_yet"
    return "no_archived" if asked == filters.Filter(archived="yes") else "none_found"


@get("/orders/{address:str}", access=access.OWNER)
async def show(request: Request, address: FromPath[str]) -> Response[Any]:
    viewer, said = request.user, voice()
    if (same := await caching.unchanged(request)) is not None:
        await kept.owned_by(viewer.id, address)
        return same
    order, parcels, moments, rights, returns, talked = await with_rights(viewer.id, address, said)
    return page(
        request,
        "orders/show.html",
        order=sheet(order, said),
        parcels=parcels,
        timeline=moments,
        rights=rights,
        returns=returns,
        talks=talked,
        to_pay=await proposal_cards.to_pay(order.order.id if order.order.payment == "unpaid" else None, said),
        json_ld=Markup(json_ld.order(order, parcels)),  # noqa: S704 - escaped for a script element
    )


Links = list[tuple[str, str]]
Whole = tuple[kept.Kept, list[ParcelCard], list[timeline.Moment]]


async def whole(customer: int, address: str, said: Voice) -> Whole:
    """An order with all that hangs on it: what is kept, its parcels, what happened. Raises Missing as `owned_by`."""
    return (await with_rights(customer, address, said))[:3]


async def with_rights(customer: int, address: str, said: Voice) -> tuple[*Whole, return_cards.RightsLine | None, Links, Links]:
    """And the line about its rights (see `returns/rights_cards.py`), the links to its returns and its conversations."""
    every = await reading.together(WHOLE, customer, address)
    orders, lines, payments, refunds, parcels, contents, seen, events, terms, repairs, asked, held, came_of, said_of = every
    order = kept.the_one(orders)
    cards = await parcel_cards.parcels(order, parcels, contents, seen, said)
    found = kept.Kept(order, lines, payments, refunds)
    rights = return_cards.line(found, parcels, contents, terms[0], repairs, held, said)
    moments, links = timeline.timeline(events, said, parcel_turns.turns(parcels, seen)), returned.links(asked, came_of, said)
    return found, cards, moments, rights, links, talks.links(said_of, said)


@get("/orders/{address:str}/summary.pdf", access=access.OWNER)
async def summary_pdf(request: Request, address: FromPath[str]) -> Response[bytes]:
    said = voice()
    order, parcels, _moments = await whole(request.user.id, address, said)
    return private.pdf(await order_summary(order, parcels, said), _("order-%(number)s.pdf") % {"number": address})


@get("/orders/{address:str}/invoice.pdf", access=access.OWNER)
async def invoice_pdf(request: Request, address: FromPath[str]) -> Response[bytes]:
    """The merchant's own file, as it was given to us."""
    order = await kept.owned_by(request.user.id, address)
    return private.pdf(invoices.read(order.invoice_file), _("invoice-%(number)s.pdf") % {"number": address})


class PutAway(Struct):
    """`back` is the page to go to when the change is not shown in place; `undo` says that this takes one back."""

    archived: str = ""
    back: str = ""
    undo: str = ""


@post("/orders/{address:str}/archiving", status_code=200, access=access.OWNER)
async def put_away(request: Request, address: FromPath[str], data: URLEncodedBody[PutAway]) -> Response[Any]:
    """In place, the card becomes a line with an undo, and the undone line the card again."""
    archived = data.archived == "yes"
    await actions.put_away(request.user.id, address, archived=archived)
    row = await lists.one(request.user.id, address)
    if row is None:
        raise Missing
    shown = card(row, voice())
    undo = Undo(shown.archive_url, "archived", "no" if archived else "yes", _("Undo"))
    said = _("Archived: order %(number)s") if archived else _("Back among your orders: %(number)s")
    flash = Flash(said % {"number": shown.number}, undo=undo)
    name = "orders/_card.html" if data.undo else "orders/_archived.html"
    return piece(request, name, data.back or came_from(request, "/orders"), flash=flash, card=shown)


@get("/orders/spending", access=access.CUSTOMER)
async def money_spent(request: Request) -> Response[bytes]:
    viewer = request.user
    found = await spending(viewer.id, request.query_params.get("year", ""), viewer.order_years.split(), voice())
    return page(request, "orders/spending.html", spending=found)


CUSTOMER = [index, show, summary_pdf, invoice_pdf, money_spent]
OFFLINE_TOO = [put_away]
