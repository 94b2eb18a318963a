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


def came_last(bought: Bought, now: datetime) -> tuple[datetime | None, bool]:
    """When the last good of the order came, None while that is not known; and whether it is only supposed (see LATEST).

    What has come and gone back since was a good of the order, too; what was refunded and never came is not waited for."""
    known = []
    for item in (it for it in bought.items if it.needs_shipping):
        came, _sent, supposed = arrival(bought, item, now)
        if came is not None:
            known.append((came, supposed))
        elif item.quantity:
            return None, False
    return max(known, default=(None, False))


def arrival(bought: Bought, item: Item, now: datetime) -> tuple[datetime | None, bool, bool]:
    """When the last piece of a line came, None while that is not known; whether any was sent (or needs no sending); whether
    the day is only supposed."""
    if not item.needs_shipping:
        return bought.placed_at, True, False
    parcels = [it for it in bought.parcels if it.contents is None or it.contents.get(item.id)]
    if not parcels:
        return None, bought.all_sent, False
    if still_to_send(bought, item):
        return None, True, False
    came = [_came(it, bought, now) for it in parcels]
    last = max((at for at, _supposed in came if at is not None), default=None)
    if last is None or any(at is None for at, _supposed in came):
        return None, True, False
    return last, True, any(supposed for at, supposed in came if at == last)


def _came(parcel: Parcel, bought: Bought, now: datetime) -> tuple[datetime | None, bool]:
    """Of one parcel; and whether that is only supposed."""
    if parcel.delivered_at is not None:
        return parcel.delivered_at, False
    latest = months_after(day_of(parcel.sent_at or bought.placed_at, bought.zone), LATEST)
    at = clock.start_of(latest, bought.zone)
    return (at, True) if at <= now else (None, False)


def still_to_send(bought: Bought, item: Item) -> bool:
    """Whether some of a line is in no parcel. A parcel that does not say what is in it may hold all of it, where the shop says
    that nothing is left."""
    if bought.all_sent:
        return False
    sent = sum(it.contents.get(item.id, 0) for it in bought.parcels if it.contents is not None)
    return sent < item.quantity
