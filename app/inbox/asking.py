"""What a question begins with, from the page on which it was asked: a subject, a picture, and whom it goes to."""

import msgspec

from app import pictures, typed
from app.errors import Missing
from app.i18n import Voice
from app.inbox import reasons
from app.inbox.about import About
from app.merchants import shop
from app.returns import asked
from app.shipments import owned


async def subject(customer: int, order: str, parcel: str, reason: str, voice: Voice) -> str:
    """Of a parcel, or a reason that returns know; else empty. Raises Missing for another's parcel."""
    if parcel:
        number = typed.number(parcel) or 0
        it = await owned.parcel(customer, order, number)
        by = " ".join(text for text in (it.carrier, it.tracking_number) if text)
        return voice.gettext("Parcel %(number)s") % {"number": by} if by else voice.gettext("Parcel")
    return asked.reasons(voice).get(reason, "") if reason else ""


async def addressed(what: About, to: str) -> About:
    """Raises Missing where there is no shop itself to be asked."""
    if to != "shop":
        return what
    if (it := await shop.found()) is None:
        raise Missing
    return msgspec.structs.replace(what, merchant=it.id)


def because(what: About, reason: str) -> About:
    """Nonsense is the same as nothing."""
    known = what.kind == "order" and reason in reasons.REASONS
    return msgspec.structs.replace(what, reason=reason) if known else what


def picture(what: About) -> str:
    """The address of the first; empty for none."""
    names = msgspec.json.decode(what.pictures)
    return pictures.url(names[0]) if names else ""
