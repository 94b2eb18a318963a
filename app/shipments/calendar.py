"""A delivery as a calendar takes it (iCalendar, RFC 5545). No alarm: whoever wants one has a calendar for that."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from app import clock
from app.errors import Missing
from app.i18n import Voice
from app.settings import settings
from app.shipments import owned
from app.shipments.owned import OwnedParcel


async def delivery(customer: int, address: str, number: int, voice: Voice) -> bytes:
    """Raises Missing for a stranger's parcel, and for one without a day that its carrier or seller named."""
    parcel = await owned.parcel(customer, address, number)
    if parcel.estimated_to is None:
        raise Missing
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.name}//Comptoir//{voice.locale.upper()}")
    calendar.add("version", "2.0")
    calendar.add_component(_event(parcel, parcel.estimated_to, voice))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(parcel: OwnedParcel, last: datetime, voice: Voice) -> Event:
    _ = voice.gettext
    event = Event()
    event.add("uid", f"parcel-{parcel.id}@{urlsplit(settings.base_url).hostname}")
    event.add("dtstamp", parcel.scanned_at or clock.now())
    event.add("summary", _("Delivery: %(titles)s") % {"titles": parcel.titles.replace("\n", ", ")})
    _when(event, voice.local(parcel.estimated_from or last), voice.local(last))
    lines = (
        _("Order %(number)s") % {"number": parcel.number} + f" · {parcel.merchant_name}",
        f"{parcel.carrier} {parcel.tracking_number}".strip(),
    )
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", f"{settings.base_url}/orders/{parcel.address}#parcel-{parcel.id}")
    event.add("transp", "TRANSPARENT")  # nobody is busy for it
    return event


def _when(event: Event, first: datetime, last: datetime) -> None:
    """Hours when they are of one day, else whole days; the end of an all-day event is the day after it."""
    if first.date() == last.date() and first < last:
        event.add("dtstart", first)
        event.add("dtend", last)
    else:
        event.add("dtstart", min(first.date(), last.date()))
        event.add("dtend", last.date() + timedelta(days=1))
