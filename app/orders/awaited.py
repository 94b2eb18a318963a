"""Which day and which hours a parcel is expected on now. The one answer for pages, lists, news and calendars."""

from datetime import date, datetime

from msgspec import Struct

from app.i18n import Voice

# Nobody comes for it any more, or only once its customer has done something.
NOT_AWAITED = ("delivered", "returned_to_sender", "cancelled", "ready_for_pickup", "attempt_failed")
DRIVING = "out_for_delivery"


class Days(Struct, frozen=True):
    """Days of the person's zone, the last one included. `begin` and `end` are hours of one day, None where only days are
    known. `driving`: it is in the van, whatever day was named before."""

    first: date
    last: date
    begin: datetime | None = None
    end: datetime | None = None
    driving: bool = False


def named(begin: datetime | None, end: datetime | None, voice: Voice) -> Days | None:
    """What was once said of it, be it past or not."""
    if end is None:
        return None
    last = voice.local(end).date()
    first = min(voice.local(begin).date(), last) if begin else last
    if begin and begin < end and first == last:
        return Days(first, last, begin, end)
    return Days(first, last)


def awaited(
    status: str, begin: datetime | None, end: datetime | None, voice: Voice, today: date, seen: datetime | None = None
) -> Days | None:
    """None when nobody knows, and for days that are past. What is in the van comes on the day on which that was `seen`, and on
    no other, whatever was named before; where that is not known, today, unless what was named is past."""
    if status in NOT_AWAITED:
        return None
    said, known = named(begin, end, voice), seen or end
    if status == DRIVING:
        if known and voice.local(known).date() < today:
            return None
        return said if said and said.first == said.last == today else Days(today, today, driving=True)
    return said if said and said.last >= today else None
