"""A delivery, and other days, as a calendar takes them (iCalendar, RFC 5545). No alarm: who wants one has a calendar for it."""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

import msgspec
from icalendar import Calendar, Event
from msgspec import Struct

from app import clock, db
from app.addresses import layout
from app.errors import Missing
from app.i18n import Voice
from app.settings import settings
from app.shipments import estimates, owned
from app.shipments.estimates import Expected
from app.shipments.links import pickup_of
from app.shipments.owned import OwnedParcel


async def delivery(customer: int, address: str, number: int, voice: Voice) -> bytes:
    """Raises Missing for a stranger's parcel, and for one without a day to come that its carrier or seller named."""
    parcel = await owned.parcel(customer, address, number)
    soon = estimates.expected(parcel, {}, voice)
    if soon.last is None:
        raise Missing
    return _written([_event(parcel, soon, await _place(parcel, voice), voice)], voice)


class Day(Struct, frozen=True):
    """A whole day; `key` tells it from all others, in letters of a host's name; `path` is the page that says more."""

    key: str
    on: date
    summary: str
    description: str
    path: str


def of_days(days: Iterable[Day], voice: Voice) -> bytes:
    return _written([_day(it) for it in days], voice)


def _written(events: Iterable[Event], voice: Voice) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.name}//Comptoir//{voice.locale.upper()}")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _day(day: Day) -> Event:
    event = Event()
    event.add("uid", f"{day.key}@{urlsplit(settings.base_url).hostname}")
    event.add("dtstamp", clock.now())
    event.add("summary", day.summary)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("description", day.description)
    event.add("url", f"{settings.base_url}{day.path}")
    event.add("transp", "TRANSPARENT")
    return event


async def _place(parcel: OwnedParcel, voice: Voice) -> str:
    """In a line: where it is taken to, a pick-up point or their door. Empty where the shop has not said."""
    if point := pickup_of(parcel):
        return ", ".join([point.name, *point.address])
    (row,) = await db.rows("SELECT shipping_address FROM orders WHERE id = {}", parcel.order)
    address = msgspec.json.decode(row["shipping_address"]) or {}
    return ", ".join(layout.lines({**address, "name": "", "phone": ""}, locale=voice.locale))


def _event(parcel: OwnedParcel, soon: Expected, place: str, voice: Voice) -> Event:
    _ = voice.gettext
    event = Event()
    event.add("uid", f"parcel-{parcel.id}@{urlsplit(settings.base_url).hostname}")
    event.add("dtstamp", parcel.scanned_at or clock.now())
    event.add("summary", _("Delivery: %(titles)s") % {"titles": parcel.titles.replace("\n", ", ")})
    _when(event, soon, voice)
    if place:
        event.add("location", place)
    lines = (
        _("Order %(number)s") % {"number": parcel.number} + f" · {parcel.merchant_name}",
        f"{parcel.carrier} {parcel.tracking_number}".strip(),
    )
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", f"{settings.base_url}/orders/{parcel.address}#parcel-{parcel.id}")
    event.add("transp", "TRANSPARENT")  # nobody is busy for it
    return event


def _when(event: Event, soon: Expected, voice: Voice) -> None:
    """Hours when they are known, else whole days; the end of an all-day event is the day after it."""
    if soon.begin and soon.end:
        event.add("dtstart", voice.local(soon.begin))
        event.add("dtend", voice.local(soon.end))
    elif soon.first and soon.last:
        event.add("dtstart", soon.first)
        event.add("dtend", soon.last + timedelta(days=1))
