"""When the goods of an order came, as far as anybody has told. Nothing is read here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from app import clock
from app.returns.days import day_of, months_after

LATEST = 12  # months after which no parcel is on its way any more


class Parcel(Struct, frozen=True):
    """One that was really sent. `contents`: the quantity of each line by its id, None where the shop has not said what is in
    it. `delivered_at` None: not there, on its way back, or nobody has told."""

    delivered_at: datetime | None
    contents: Mapping[int, int] | None = None
    sent_at: datetime | None = None


class Item(Struct, frozen=True):
    """A line: `quantity` is what is still theirs, neither cancelled nor refunded. `repaired_at`: when it came back from its
    first repair under the guarantee. The rest as of `OrderLine`."""

    id: int
    quantity: int
    needs_shipping: bool = True
    category: str = ""
    title: str = ""
    sku: str = ""
    repaired_at: datetime | None = None


class Bought(Struct, frozen=True):
    """An order. `country` (ISO 3166-1 alpha-2) and `region` are where it is delivered, `zone` is the consumer's. `promised`:
    the day agreed for the delivery. `all_sent`: the shop says that nothing is left to send."""

    placed_at: datetime
    items: Sequence[Item]
    parcels: Sequence[Parcel] = ()
    zone: str = "UTC"
    country: str = ""
    region: str = ""
    promised: datetime | None = None
    state: str = "open"
    all_sent: bool = False


class Arrival(Struct, frozen=True):
    """When the last piece came, None while that is not known; whether any was `sent` (or needs no sending), or is still to be;
    whether the day is only `supposed` (see LATEST)."""

    came: datetime | None
    sent: bool
    to_send: bool = False
    supposed: bool = False


NOT_YET = Arrival(None, False)


def last_of(bought: Bought, arrivals: Sequence[Arrival]) -> Arrival:
    """Of the goods of an order, by its items' arrivals. What has come and gone back since was one of them, too; what was
    refunded and never came is not waited for."""
    last = NOT_YET
    for item, it in zip(bought.items, arrivals, strict=True):
        if it.came is None and item.needs_shipping and item.quantity:
            return NOT_YET
        if it.came is not None and item.needs_shipping and (last.came is None or it.came > last.came):
            last = it
    return last


def arrival(bought: Bought, item: Item, now: datetime) -> Arrival:
    if not item.needs_shipping:
        return Arrival(bought.placed_at, True)
    to_send = _to_send(bought, item)
    parcels = [it for it in bought.parcels if it.contents is None or it.contents.get(item.id)]
    if to_send or not parcels:
        return Arrival(None, bool(parcels) or bought.all_sent, to_send)
    came = [_came(it, bought, now) for it in parcels]
    days = [(at, supposed) for at, supposed in came if at is not None]
    if len(days) < len(came):
        return Arrival(None, True)
    last, supposed = max(days)
    return Arrival(last, True, supposed=supposed)


def _came(parcel: Parcel, bought: Bought, now: datetime) -> tuple[datetime | None, bool]:
    """Of one parcel; and whether that is only supposed."""
    if parcel.delivered_at is not None:
        return parcel.delivered_at, False
    latest = months_after(day_of(parcel.sent_at or bought.placed_at, bought.zone), LATEST)
    at = clock.start_of(latest, bought.zone)
    return (at, True) if at <= now else (None, False)


def _to_send(bought: Bought, item: Item) -> bool:
    """Whether some of a line is in no parcel. A parcel that does not say what is in it may hold all of it, where the shop says
    that nothing is left."""
    if bought.all_sent:
        return False
    sent = sum(it.contents.get(item.id, 0) for it in bought.parcels if it.contents is not None)
    return sent < item.quantity
