"""When a parcel may be expected, and who says so: its carrier, its seller, or this shop's own past parcels.

times = await estimates.times_of([order.merchant])
soon = estimates.expected(parcel, times, voice)   # parcel: anything with the fields of `UnderWay`
estimates.basis(soon, parcel.carrier, voice)      # “Usually 2–4 working days with Colissimo; from 212 parcels …”
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from msgspec import Struct

from app import clock, db
from app.i18n import Voice
from app.orders.awaited import DRIVING, NOT_AWAITED, awaited, named
from app.shipments import facts, working_days
from app.shipments.transit import FEWEST, keys

TOLERANCE = timedelta(days=1)
READ_AGAIN = timedelta(minutes=10)
MOST_KEPT = 5_000  # merchants


class Sent(Protocol):
    """A parcel that was sent; `destination` and `heard` as of `Shipment`, `merchant` an id."""

    @property
    def merchant(self) -> int: ...
    @property
    def carrier(self) -> str: ...
    @property
    def destination(self) -> str: ...
    @property
    def shipped_at(self) -> datetime | None: ...
    @property
    def heard(self) -> str: ...
    @property
    def estimated_from(self) -> datetime | None: ...
    @property
    def estimated_to(self) -> datetime | None: ...


class UnderWay(Sent, Protocol):
    @property
    def status(self) -> str: ...
    @property
    def scanned_at(self) -> datetime | None: ...


class Usual(Struct, frozen=True):
    """See `TransitTime`."""

    carrier: str
    destination: str
    parcels: int
    median: int
    late: int
    quiet: int


Times = Mapping[int, Mapping[tuple[str, str], Usual]]  # merchant → carrier, destination


class Expected(Struct, frozen=True):
    """Days of the person's zone, the last one included; `source` empty and no days when nobody can tell. `begin` and `end` are
    hours of one day, where somebody named them. `usual` is what was learnt, with the source of that name. `missed`: the last
    day that its carrier or seller named, when it is past."""

    source: Literal["carrier", "seller", "usual", ""] = ""
    first: date | None = None
    last: date | None = None
    usual: Usual | None = None
    begin: datetime | None = None
    end: datetime | None = None
    missed: date | None = None


UNKNOWN = Expected()
_known: dict[int, tuple[datetime, dict[tuple[str, str], Usual]]] = {}


async def times_of(merchants: Iterable[int]) -> Times:
    """What was learnt of these merchants; kept in memory for ten minutes, for it changes once a day."""
    at, wanted = clock.now(), sorted(set(merchants))
    old = [number for number in wanted if number not in _known or at - _known[number][0] > READ_AGAIN]
    if old:
        if len(_known) > MOST_KEPT:
            _known.clear()
        await _read(sorted({*old, *(number for number in wanted if number not in _known)}), at)
    return {number: _known[number][1] for number in wanted}


def forget() -> None:
    """For tests: what was learnt is asked for anew."""
    _known.clear()


async def _read(merchants: list[int], at: datetime) -> None:
    found: dict[int, dict[tuple[str, str], Usual]] = {number: {} for number in merchants}
    for row in await db.rows(
        "SELECT merchant, carrier, destination, parcels, median, late, quiet FROM transit_times "  # noqa: S608 - marks only
        f"WHERE merchant IN ({db.marks(len(merchants))})", *merchants,
    ):  # fmt: skip
        usual = Usual(row["carrier"], row["destination"], row["parcels"], row["median"], row["late"], row["quiet"])
        found[row["merchant"]][usual.carrier, usual.destination] = usual
    _known.update({number: (at, times) for number, times in found.items()})


def expected(parcel: UnderWay, times: Times, voice: Voice) -> Expected:
    """What is expected now, as `awaited` says, and who says so: never a day that is past."""
    if parcel.status in NOT_AWAITED:
        return UNKNOWN
    today, said = voice.today(), promised(parcel, times, voice)
    soon = awaited(parcel.status, parcel.estimated_from, parcel.estimated_to, voice, today, parcel.scanned_at)
    if soon:
        return Expected("carrier" if soon.driving else said.source, soon.first, soon.last, None, soon.begin, soon.end)
    past = said.last is not None and said.last < today
    if not past and parcel.status != DRIVING:
        return said
    return Expected(missed=said.last if past and parcel.estimated_to else None)


def late(soon: Expected, voice: Voice) -> bool:
    """Past the last day that was named and one more, whatever is heard on the way: that it never came can be said now."""
    return soon.missed is not None and voice.today() - soon.missed > TOLERANCE


def promised(parcel: Sent, times: Times, voice: Voice) -> Expected:
    """The carrier's or the seller's word where there is one, else what such parcels took; be it past or not."""
    said = named(parcel.estimated_from, parcel.estimated_to, voice)
    if said:
        carrier = facts.ESTIMATE in facts.ages({"heard": parcel.heard})
        return Expected("carrier" if carrier else "seller", said.first, said.last, None, said.begin, said.end)
    usual = usual_of(parcel, times)
    if usual is None or parcel.shipped_at is None:
        return UNKNOWN
    sent = voice.local(parcel.shipped_at).date()
    return Expected("usual", working_days.after(sent, usual.median), working_days.after(sent, usual.late), usual)


def usual_of(parcel: Sent, times: Times) -> Usual | None:
    """The most exact that was learnt from enough parcels."""
    learnt = times.get(parcel.merchant, {})
    found = (learnt[key] for key in keys(parcel.carrier, parcel.destination) if key in learnt)
    return next((usual for usual in found if usual.parcels >= FEWEST), None)


def basis(soon: Expected, carrier: str, voice: Voice) -> str:
    """Which kind of date it is, in words; empty when there is none."""
    _ = voice.gettext
    match soon.source:
        case "carrier":
            return _("Date given by %(carrier)s") % {"carrier": carrier or _("the carrier")}
        case "seller":
            return _("Date given by the seller")
    if soon.usual is None:
        return ""
    return _usually(soon.usual, carrier if soon.usual.carrier else "", voice)


def _usually(usual: Usual, carrier: str, voice: Voice) -> str:
    _, ngettext = voice.gettext, voice.ngettext
    about = {"first": usual.median, "last": usual.late, "carrier": carrier, "num": usual.late}
    if usual.median == usual.late and carrier:
        took = ngettext("Usually %(num)d working day with %(carrier)s", "Usually %(num)d working days with %(carrier)s",
                        usual.late)  # fmt: skip
    elif usual.median == usual.late:
        took = ngettext("Usually %(num)d working day", "Usually %(num)d working days", usual.late)
    elif carrier:
        took = _("Usually %(first)d–%(last)d working days with %(carrier)s")
    else:
        took = _("Usually %(first)d–%(last)d working days")
    source = ngettext("from %(num)d parcel of this shop", "from %(num)d parcels of this shop", usual.parcels)
    return f"{took % about}; {source % {'num': usual.parcels}}"
