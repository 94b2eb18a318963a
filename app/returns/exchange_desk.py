"""At the desk: what is really sent in exchange or as a replacement, its price beside that of what came back; and its parcel.

One address for looking and sending. A difference in price is shown to the cent before anything is made: what is sent with it
has to name the amount that was shown.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app import typed
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import Voice, _, voice
from app.merchants import door, roles
from app.returns import (
    asked,
    cards,
    exchange_cards,
    exchanging,
    given_beside,
    given_cards,
    kept,
    proposal_cards,
    proposals,
    proposing,
    replacing,
)  # fmt: skip
from app.returns import door as one
from app.returns.door import NOTHING, Refusal
from app.returns.exchanging import TEXTS, Item, Sending
from app.returns.kept import Kept, KeptReturnLine
from app.web import access

EXCHANGE = f"{one.ONE}/exchange"
FIELDS = (
    *TEXTS, "quantity", "price", "number", "ask", "how_paid", "difference", "carrier", "tracking_number", "early", "again",
)  # fmt: skip
WITH_DIFFERENCE = {"ask", "how_paid", "early", "again"}  # what is wrong there is said beside the difference that was shown


class Row(Struct, frozen=True):
    """A line that came back, what its customer wishes for it, and what the form's fields begin with."""

    id: int
    title: str
    about: str
    wish: str
    worth: str
    fields: dict[str, str]


@get(EXCHANGE, access=access.DESK)
async def look(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code)


@post(EXCHANGE, status_code=200, access=access.DESK)
async def send(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    it = await kept.at_desk(request.auth.merchant, code)
    try:
        what = _sending(it, said)
        difference = exchange_cards.difference(it, what, voice())
        if difference and difference.minor != said.get("difference", ""):
            return await _page(request, code, said=said, difference=difference)
        flash = await _sent(request, it, what, said)
    except (Invalid, Refused) as error:
        beside = isinstance(error, Invalid) and WITH_DIFFERENCE & {*error.fields}
        return await _page(request, code, error, said, exchange_cards.difference(it, what, voice()) if beside else None)
    return door.changed(f"{request.auth.url}/returns/{code}", flash)


@post(f"{EXCHANGE}/parcel", access=access.DESK)
async def gone_out(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    verb = replacing.sent(
        request.auth.merchant, code, carrier=said.get("carrier", ""), number=said.get("tracking_number", ""),
        by=one.member(request),
    )  # fmt: skip
    return await one.done(request, code, verb, _("The customer is told that it is on its way."), said)


@post(f"{EXCHANGE}/payment", access=access.DESK)
async def paid(request: Request, code: FromPath[str]) -> Response[Any]:
    verb = replacing.difference_paid(request.auth.merchant, code, by=one.member(request))
    return await one.done(request, code, verb, _("Noted: the difference is paid."), {})


@post(f"{EXCHANGE}/proposal/end", access=access.DESK)
async def take_back(request: Request, code: FromPath[str]) -> Response[Any]:
    verb = proposing.take_back(request.auth.merchant, code, by=one.member(request))
    return await one.done(request, code, verb, _("Taken back. The customer is told."), {})


async def _said(request: Request) -> dict[str, str]:
    return {name: text for name, text in await forms.sent(request) if name.partition("-")[0] in FIELDS}


async def _sent(request: Request, it: Kept, what: Sending, said: Mapping[str, str]) -> str:
    """At once; what is dearer, and not waived, once its customer has agreed."""
    by, again = one.member(request), said.get("again") == "yes"
    if proposing.dearer(it, what):
        how = said.get("how_paid", "")
        await proposing.propose(request.auth.merchant, it.it.code, what.items, how_paid=how, again=again, by=by)
        return _("Proposed. It waits for the customer, who agrees or has the money back.")
    if _waived(it, what):
        _check_waiver(request, it, said)
    if _early(it) and said.get("early") != "yes":
        raise Invalid(early=_("Say that it is sent before the goods are back."))
    await replacing.exchange(request.auth.merchant, it.it.code, what, again=again, by=by)
    return _("It is an order now. Say here when its parcel has gone out.")


def _waived(it: Kept, what: Sending) -> bool:
    """Whether more is given than was promised."""
    return sum(one.difference for one in exchanging.compared(what.items, exchanging.lines(it))) > 0


def _check_waiver(request: Request, it: Kept, said: Mapping[str, str]) -> None:
    """Of a return the difference could be asked for: nobody gives it away by not looking."""
    if not request.auth.manager:
        raise roles.refusal("manager")
    if it.it.kind == "return" and said.get("ask") != "no":
        raise Invalid(ask=_("Choose one of the two."))


def _sending(it: Kept, said: Mapping[str, str]) -> Sending:
    """Raises Invalid at the fields."""
    if number := said.get("number", "").strip():
        return Sending(number=number)
    if "number" in said and not any(name.startswith("title-") for name in said):
        raise Invalid(number=_("Say its number."))
    wanted = exchanging.lines(it)
    items = [_item(line, said, it.it.currency) for line in wanted]
    exchanging.check(items, wanted)
    return Sending(items=items, ask=said.get("ask") == "yes")


def _item(line: KeptReturnLine, said: Mapping[str, str], currency: str) -> Item:
    price = typed.amount_at(f"price-{line.id}", said.get(f"price-{line.id}", ""), currency)
    quantity = typed.count_at(f"quantity-{line.id}", said.get(f"quantity-{line.id}", ""))
    texts = {name: said.get(f"{name}-{line.id}", "").strip() for name in TEXTS}
    return Item(line=line.id, quantity=quantity, unit_price=price, **texts)


async def _page(
    request: Request, code: str, refusal: Refusal = None, said: Mapping[str, str] = NOTHING,
    difference: exchange_cards.Difference | None = None,
) -> Response[Any]:  # fmt: skip
    it, words = await kept.at_desk(request.auth.merchant, code), voice()
    rows = [_row(line, it, words) for line in exchanging.lines(it)]
    begun = {name: text for row in rows for name, text in row.fields.items()}
    begun["how_paid"] = await proposals.how_paid(request.auth.merchant)
    return door.shown(
        request,
        "returns/desk/exchange",
        refusal=refusal,
        it=cards.sheet(it, [], words, desk=True),
        beside=await given_cards.shown(it, words),
        warning=await given_beside.warning(it, goods=True),
        rows=rows,
        difference=difference,
        early=_early(it),
        proposal=await proposal_cards.shown(it, words),
        form=forms.shown(refusal, **{"number": "", "ask": "", "how_paid": "", "early": "", "again": "", **begun, **said}),
    )


def _early(it: Kept) -> bool:
    """Whether it is sent before its seller has what it is for. A claim's goods may never come back."""
    return it.it.kind == "return" and it.it.received_at is None


def _row(line: KeptReturnLine, it: Kept, said: Voice) -> Row:
    item, wish = exchanging.suggested(line, it.it.kind), asked.wishes(said)[line.wish]
    fields = {f"{name}-{line.id}": getattr(item, name) for name in TEXTS} | {
        f"quantity-{line.id}": str(item.quantity),
        f"price-{line.id}": typed.of_amount(item.unit_price, it.it.currency, said.locale),
    }
    about = " · ".join(text for text in (line.variant, line.sku) if text)
    wished = _("%(wish)s: %(what)s") % {"wish": wish, "what": line.wanted} if line.wanted else wish
    return Row(
        line.id, f"{line.quantity} × {line.title}", about, wished, said.money(line.expected, it.it.currency), fields
    )  # fmt: skip


MEMBERS = [look, send, gone_out, paid, take_back]
