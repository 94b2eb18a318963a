"""What the desk's screen shows of a return beyond what its customer sees: the buyer's history, what can be done, by when."""

from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.i18n import Voice, _
from app.returns import (
    claimed,
    deciding,
    doubts,
    exchanging,
    extents,
    matching,
    objections,
    paid_before,
    queue,
    receiving,
    refusals,
    remedies,
    sentences,
    settling,
    states,
    taking,
    unfounded_reasons,
)
from app.returns.kept import Kept
from app.returns.remedies import Instead

HISTORY = """
SELECT count(*) AS orders, COALESCE(SUM(total), 0) AS spent FROM orders
WHERE customer = {} AND merchant = {} AND currency = {} AND state <> 'cancelled'
"""
RETURNS = """
SELECT count(*) AS n FROM returns
WHERE customer = {} AND merchant = {} AND created_at > {} AND id <> {} AND state <> 'unconfirmed'
"""


class Photo(Struct, frozen=True):
    url: str
    title: str


class Elsewhere(Struct, frozen=True):
    """Where its items are now, words and address. `gone`: an objection cannot be agreed to, for they are there no more."""

    links: list[tuple[str, str]]
    gone: bool


class DeskSheet(Struct, frozen=True, kw_only=True):
    """`can_…`: which forms are offered now; whether the person may is the guard's to say. `elsewhere` is about one that
    was let go. `no_effect`: why a declaration may be said to have none, and in words; `can_stand`: an objection against
    that waits."""

    customer: str
    email: str
    history: list[str]
    photos: list[Photo]
    tag: str
    tone: str
    due: str
    late: bool
    elsewhere: Elsewhere
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
    can_undo: bool
    can_object: bool
    no_effect: list[tuple[str, str]]
    can_stand: bool
    can_resume: bool
    can_attach: bool
    can_set_items: bool
    unclear: bool
    first: str
    instead: Instead | None
    counts: dict[str, str]


async def desk_sheet(it: Kept, desk: str, voice: Voice) -> DeskSheet:
    row, kind, state, due = it.it, it.it.kind, it.it.state, _due(it)
    objection = state in states.REFUSED and row.waiting_on == "seller"
    decidable = state in ("requested", "open")
    return DeskSheet(
        customer=row.name or row.email, email=row.email,
        history=await _history(it, voice),
        photos=[Photo(f"{desk}/returns/{row.code}/photos/{file.id}", file.title) for file in it.files],
        due=voice.weekday(due - timedelta(seconds=1)) if due else "", late=queue.late(row),
        tag=sentences.at_desk(row, voice), tone=queue.tone(row),
        elsewhere=(elsewhere := await _elsewhere(it, desk, voice)),
        can_approve=decidable or (objection and not elsewhere.gone), can_decline=decidable and kind != "withdrawal",
        can_ask=not row.proposed and state in ("requested", "open", "received", "goods_received"),
        can_receive=_receivable(it),
        can_want=claimed.wantable(it), can_refund=settling.payable(it),
        can_deduct=state in settling.ARRIVED, can_recount=state in states.COUNTED,
        can_exchange=not row.proposed and settling.payable(it) and bool(exchanging.lines(it)),
        can_repair=kind == "claim" and state == "approved",
        can_uphold=objection, can_undo=state in states.REFUSED and not objection and not elsewhere.gone,
        can_object=kind == "withdrawal" and row.settled_at is None and state not in states.LET_GO,
        no_effect=[(reason, refusals.clauses(voice)[reason]) for reason in await unfounded_reasons.fitting(it)],
        can_stand=kind == "withdrawal" and objections.waits(row) and row.settled_at is None, can_resume=state == "unfounded",
        can_attach=matching.attachable(it), can_set_items=extents.settable(it), unclear=doubts.of(it) == "unclear",
        first=remedies.first(it), instead=await remedies.instead(it, desk, voice), counts=remedies.counts(it),
    )  # fmt: skip


async def _elsewhere(it: Kept, desk: str, voice: Voice) -> Elsewhere:
    links = [(text, f"{desk}{path}") for text, path in taking.links(await taking.instead(it), voice)]
    return Elsewhere(links, it.it.state in states.REFUSED and await deciding.gone(it))


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
    (before,) = await db.rows(RETURNS, row.customer, row.merchant, year, row.id)
    orders = voice.ngettext("%(num)d order", "%(num)d orders", bought["orders"]) % {"num": bought["orders"]}
    found = [f"{orders} · {voice.money(int(bought['spent']), row.currency)}"]
    if count := before["n"]:
        said = voice.ngettext("%(num)d other request in twelve months", "%(num)d other requests in twelve months", count)
        found.append(said % {"num": count})
        found += await paid_before.told(it, year, voice)
    else:
        found.append(_("The first request in twelve months"))
    return found
