"""What the desk's screen shows of a return beyond what its customer sees: the buyer's history, what can be done, by when."""

from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.i18n import Voice, _
from app.orders import exchanges
from app.returns import claimed, exchanging, matching, receiving, settling, states
from app.returns.kept import Kept

HISTORY = """
SELECT count(*) AS orders, COALESCE(SUM(total), 0) AS spent FROM orders
WHERE customer = {} AND merchant = {} AND currency = {} AND state <> 'cancelled'
"""
RETURNS = """
SELECT kind, count(*) AS n, COALESCE(SUM(refunded), 0) AS refunded FROM returns
WHERE customer = {} AND merchant = {} AND created_at > {} AND id <> {} AND state <> 'unconfirmed' GROUP BY kind
"""


class Photo(Struct, frozen=True):
    url: str
    title: str


INSTEAD = """
SELECT o.number, o.total, o.payment, o.stage, o.fulfilment, o.external_id FROM orders o WHERE o.id = {} AND o.merchant = {}
"""
PRIMARY = {"exchange": "exchange", "replacement": "exchange", "repair": "repair"}  # else money


class Instead(Struct, frozen=True):
    """The order that ships in exchange. `to_pay`: what was asked for, empty once it is paid; `to_send`: it was made here, and
    nothing of it has gone out."""

    number: str
    to_pay: str
    to_send: bool


class DeskSheet(Struct, frozen=True, kw_only=True):
    """`can_…`: which forms are offered now; whether the person may is the guard's to say."""

    customer: str
    email: str
    history: list[str]
    photos: list[Photo]
    due: str
    late: bool
    can_approve: bool
    can_decline: bool
    can_ask: bool
    can_receive: bool
    can_want: bool
    can_recount: bool
    can_refund: bool
    can_deduct: bool
    can_exchange: bool
    can_repair: bool
    can_uphold: bool
    can_object: bool
    can_attach: bool
    first: str
    instead: Instead | None
    counts: dict[str, str]


async def desk_sheet(it: Kept, desk: str, voice: Voice) -> DeskSheet:
    row, kind, state, due = it.it, it.it.kind, it.it.state, _due(it)
    objection = state in ("declined", "denied") and row.waiting_on == "seller"
    decidable = state in ("requested", "open")
    return DeskSheet(
        customer=row.name or row.email, email=row.email,
        history=await _history(it, voice),
        photos=[Photo(f"{desk}/returns/{row.code}/photos/{file.id}", file.title) for file in it.files],
        due=voice.weekday(due - timedelta(seconds=1)) if due else "", late=due is not None and due <= clock.now(),
        can_approve=decidable or objection,
        can_decline=decidable and kind != "withdrawal",
        can_ask=state in ("requested", "open", "received", "goods_received"),
        can_receive=_receivable(it),
        can_want=claimed.wantable(it),
        can_recount=state in receiving.COUNTED,
        can_refund=settling.payable(it),
        can_deduct=state in settling.ARRIVED,
        can_exchange=settling.payable(it) and bool(exchanging.lines(it)),
        can_repair=kind == "claim" and state == "approved",
        can_uphold=objection,
        can_object=kind == "withdrawal" and row.settled_at is None,
        can_attach=matching.attachable(it),
        first=_first(it), instead=await _instead(it, voice), counts=_counts(it),
    )  # fmt: skip


def _counts(it: Kept) -> dict[str, str]:
    """By the names of the form's fields; what is none stays empty."""
    found = receiving.supposed(it)
    return {
        f"{name}-{line}": str(count) for line, them in found.items() for name in receiving.AS if (count := getattr(them, name))
    }  # fmt: skip


def _first(it: Kept) -> str:
    """What is offered first of what makes it good: what the customer wishes; what is to be repaired has to be there."""
    wishes = [line.wish for line in it.lines]
    if it.it.kind == "return" and not exchanging.wished(it):
        return "refund"
    wished = next((PRIMARY[wish] for wish in wishes if wish in PRIMARY), "refund")
    return "want" if wished == "repair" and claimed.wantable(it) else wished


async def _instead(it: Kept, voice: Voice) -> Instead | None:
    row = await db.one(INSTEAD, it.it.exchange, it.it.merchant) if it.it.exchange else None
    if row is None:
        return None
    ours, unpaid = row["external_id"] == exchanges.id_for(it.it.code), row["payment"] == "unpaid"
    to_pay = voice.money(row["total"], it.it.currency) if ours and unpaid else ""
    return Instead(row["number"], to_pay, ours and row["fulfilment"] == "unfulfilled" and row["stage"] != "cancelled")


def _due(it: Kept) -> datetime | None:
    """Of what waits for the seller."""
    return it.it.due_at if it.it.waiting_on == "seller" else None


def _receivable(it: Kept) -> bool:
    """What nobody has decided yet may arrive, too: it is agreed to by being taken in."""
    kind, state = it.it.kind, it.it.state
    if kind not in receiving.RECEIVED:
        return claimed.receivable(it)
    return states.may(kind, state, receiving.RECEIVED[kind]) or state == "requested"


async def _history(it: Kept, voice: Voice) -> list[str]:
    row = it.it
    if row.customer is None:
        return [_("Not known here: no order has this address.")]
    bought = (await db.rows(HISTORY, row.customer, row.merchant, row.currency))[0]
    year = clock.now() - timedelta(days=365)
    before = await db.rows(RETURNS, row.customer, row.merchant, year, row.id)
    orders = voice.ngettext("%(num)d order", "%(num)d orders", bought["orders"]) % {"num": bought["orders"]}
    found = [f"{orders} · {voice.money(int(bought['spent']), row.currency)}"]
    if count := sum(one["n"] for one in before):
        amount = voice.money(sum(int(one["refunded"]) for one in before), row.currency)
        ngettext = voice.ngettext
        said = ngettext(
            "%(num)d other in twelve months, %(amount)s paid back", "%(num)d others in twelve months, %(amount)s paid back",
            count,
        )  # fmt: skip
        found.append(said % {"num": count, "amount": amount})
    else:
        found.append(_("The first in twelve months"))
    return found
