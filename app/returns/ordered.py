"""An order as it is kept, and the rights in each of its lines. Nothing is read here."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import clock
from app.orders.kept import KeptLine, KeptOrder
from app.returns import binding, days, placed, rules, windows
from app.returns.arrivals import Bought, Item, Parcel
from app.returns.cases import Right
from app.returns.kept_terms import KeptRepair, KeptTerms
from app.returns.rule_book import DEFAULT, Rules
from app.settings import settings
from app.shipments.kept import KeptParcel, Packed

ALL_SENT = ("shipped", "delivered", "partly_returned", "returned")
WITHDRAWING = settings.withdrawal


class LineRights(Struct, frozen=True):
    """`line` is as it was bought, `item` what is left of it."""

    line: KeptLine
    item: Item
    rights: list[Right]

    def right(self, code: str) -> Right:
        return next(it for it in self.rights if it.code == code)


class OrderRights(Struct, frozen=True):
    """`version` and `newest` are the merchant's rules at this moment, `rules` those by which the order goes (see `binding.py`);
    `since`: when those of its day were written. `lines` are in the order's order."""

    order: KeptOrder
    merchant: int
    version: int
    newest: Rules
    rules: Rules
    since: datetime | None
    bought: Bought
    lines: list[LineRights]

    @property
    def alike(self) -> bool:
        """Whether all that is left of the order has the same rights."""
        left = [it.rights for it in self.lines if it.item.quantity] or [it.rights for it in self.lines]
        return all(it == left[0] for it in left)


def rights(
    order: KeptOrder, lines: Sequence[KeptLine], parcels: Sequence[KeptParcel], contents: Sequence[Packed], terms: KeptTerms,
    repairs: Sequence[KeptRepair], at: datetime | None = None, by: Rules | None = None,
    of: windows.Some = (),
) -> OrderRights:  # fmt: skip
    """`repairs` newest first; `at` the moment they are asked for, now unless it is said; `by` other rules than its own; `of`:
    which rights, see `windows`."""
    repaired = {it.line: it.at for it in repairs}  # the first one counts
    newest = read(terms.rules)
    binds = by or binding.of(newest, read(terms.then), WITHDRAWING)
    items = [_item(line, terms, repaired.get(line.id)) for line in lines]
    bought = _bought(order, items, [it for it in parcels if it.state == "dispatched"], contents, terms)
    found = windows.of_all(bought, binds, withdrawing=WITHDRAWING, now=at or clock.now(), of=of)
    each = [LineRights(*it) for it in zip(lines, items, found, strict=True)]
    return OrderRights(order, terms.merchant, terms.version, newest, binds, terms.since, bought, each)


def read(text: str) -> Rules:
    """Of a merchant that has written none: the usual ones."""
    return rules.read(text) if text else DEFAULT


def _item(line: KeptLine, terms: KeptTerms, repaired: datetime | None) -> Item:
    left = max(line.quantity - line.cancelled_quantity - line.refunded_quantity, 0)
    left = 0 if terms.state == "cancelled" else left
    return Item(line.id, left, bool(line.needs_shipping), line.category, line.title, line.sku, repaired)


def _bought(
    order: KeptOrder, items: Sequence[Item], parcels: Sequence[KeptParcel], contents: Sequence[Packed], terms: KeptTerms
) -> Bought:
    country, region = placed.where(order.shipping_address, order.billing_address)
    all_sent = terms.state == "closed" or _all_sent(order, parcels, contents)
    found = _parcels(parcels, contents)
    if all_sent:
        found += _without_a_parcel(items, found, terms.closed_at)
    return Bought(
        order.placed_at, items, found, terms.time_zone or days.zone_of(country), country,
        region, _promised(order, parcels), terms.state, all_sent,
    )  # fmt: skip


def _all_sent(order: KeptOrder, parcels: Sequence[KeptParcel], contents: Sequence[Packed]) -> bool:
    """As the order's own row has it (see `orders/summary.py`). Of one that is delivered in part the rest may not be sent,
    unless a parcel may hold it."""
    unsaid = {it.id for it in parcels} - {part.shipment for part in contents}
    return order.fulfilment in ALL_SENT or (order.fulfilment == "partly_delivered" and bool(unsaid))


def _parcels(parcels: Sequence[KeptParcel], contents: Sequence[Packed]) -> list[Parcel]:
    held: dict[int, dict[int, int]] = {}
    for part in contents:
        of_parcel = held.setdefault(part.shipment, {})
        of_parcel[part.line] = of_parcel.get(part.line, 0) + part.quantity
    return [
        Parcel(None if it.status == "returned_to_sender" else it.delivered_at, held.get(it.id), it.shipped_at) for it in parcels
    ]  # fmt: skip


def _without_a_parcel(items: Sequence[Item], parcels: Sequence[Parcel], sent: datetime | None) -> list[Parcel]:
    """One that stands for what is in none, of an order of which nothing is left to send: closed by the shop."""
    known = [it.contents for it in parcels]
    left = {it.id: it.quantity for it in items if it.quantity and not any(held is None or it.id in held for held in known)}
    return [Parcel(None, left, sent)] if left else []


def _promised(order: KeptOrder, parcels: Sequence[KeptParcel]) -> datetime | None:
    """The day that was named, or that of a parcel that is overdue; never later than the law's thirty days."""
    named = [at for at in (order.arrives_to, *(it.overdue_at for it in parcels)) if at is not None]
    latest = order.placed_at + timedelta(days=windows.TO_DELIVER)
    return min((at for at in named if at < latest), default=None)
