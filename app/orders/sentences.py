"""The one sentence a card begins with, how sure it is, and the four steps of the way. Words for `summary.py`'s columns."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from app.i18n import Voice, _
from app.orders import cancelling_words
from app.orders.awaited import DRIVING, Days, awaited
from app.orders.filters import NEWS_WITHIN, stage_label

# Only of these an attempt that failed says that nobody was there.
NOBODY_THERE = ("consignee_not_home", "consignee_not_available")
STEPS_BY_STATUS = {"out_for_delivery": 3, "ready_for_pickup": 3, "attempt_failed": 3, "delivered": 4}


class Sentence(Struct, frozen=True):
    """`tone` is good, wait, bad, info or plain; `steps` of four are done, 0 when there is no way to show."""

    headline: str
    detail: str
    tag: str
    tone: str
    steps: int


class Facts(Struct, frozen=True):
    """What of an order's own row the sentence is made of; see `summary.py`."""

    stage: str
    payment: str
    fulfilment: str
    cancelling: str
    carrier_status: str
    carrier: str
    currency: str
    placed_at: datetime
    refunded: int
    arrives_from: datetime | None
    arrives_to: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None


def told(order: Facts, voice: Voice, today: date, reason: str = "", seen: datetime | None = None) -> Sentence:
    """`today` is the voice's own, asked for once by a caller with many orders; `reason` and when it was last `seen` are its
    parcel's, where that is known: an order's own row has neither."""
    if order.cancelling == "whole" and order.fulfilment == "unfulfilled" and order.stage in cancelling_words.UNSENT:
        return Sentence(*cancelling_words.whole(), "plain", 0)
    match order.stage:
        case "cancelled":
            return _cancelled(order, voice)
        case "returned":
            return _returned(order, voice)
        case "delivered":
            return _delivered(order, voice, today)
        case "needs_you":
            return _needs_you(order, reason)
        case "on_the_way":
            return _on_the_way(order, voice, today, seen)
    if aged(order, voice, today):
        return Sentence(_("Ordered on %(day)s") % {"day": voice.day(order.placed_at)}, "", _("Ordered"), "plain", 0)
    detail = cancelling_words.preparing(order.payment, order.cancelling)
    return Sentence(_("Being prepared"), detail, _("Ordered"), "plain", 1)


def aged(order: Facts, voice: Voice, today: date) -> bool:
    """Old enough that an order of which nothing more was ever told (a history, a spreadsheet) is not under way any more."""
    return today - voice.local(order.placed_at).date() > NEWS_WITHIN


def _cancelled(order: Facts, voice: Voice) -> Sentence:
    at = order.cancelled_at
    headline = _("Cancelled on %(day)s") % {"day": voice.day(at)} if at else _("Cancelled")
    return Sentence(headline, _refunded(order, voice), stage_label("cancelled"), "plain", 0)


def _returned(order: Facts, voice: Voice) -> Sentence:
    """The money first; without it, how much has come back."""
    if order.carrier_status == "returned_to_sender":
        headline = _("Returned to sender")
    elif order.payment == "refunded" or order.fulfilment not in ("returned", "partly_returned"):
        headline = _("Refunded")
    else:
        headline = _("Returned") if order.fulfilment == "returned" else _("Partly returned")
    return Sentence(headline, _refunded(order, voice), stage_label("returned"), "plain", 0)


def _refunded(order: Facts, voice: Voice) -> str:
    if order.refunded <= 0:
        return ""
    return _("%(amount)s refunded") % {"amount": voice.money(order.refunded, order.currency)}


def _delivered(order: Facts, voice: Voice, today: date) -> Sentence:
    at = order.delivered_at
    detail = _refunded(order, voice) or _by(order)
    if at:
        headline, tag = _delivered_on(voice.local(at).date(), today, voice)
        return Sentence(headline, detail, tag, "good", 4)
    return Sentence(_("Delivered") if order.shipped_at else _("Complete"), detail, stage_label("delivered"), "good", 0)


@lru_cache(8192)
def _delivered_on(day: date, today: date, voice: Voice) -> tuple[str, str]:
    """Headline and tag. Most orders in most lists were delivered on one of a few hundred days."""
    _ = voice.gettext
    return _delivered_day(day, today, voice), _("Delivered")


def _delivered_day(day: date, today: date, voice: Voice) -> str:
    _ = voice.gettext
    match (today - day).days:
        case 0:
            return _("Delivered today")
        case 1:
            return _("Delivered yesterday")
    return _("Delivered on %(day)s") % {"day": voice.day(day)}


def _needs_you(order: Facts, reason: str) -> Sentence:
    carrier = order.carrier or _("the carrier")
    tag = stage_label("needs_you")
    if order.carrier_status == "attempt_failed":
        detail = _("Choose a new day or a pick-up point with %(carrier)s") % {"carrier": carrier}
        headline = _("Nobody was home") if reason in NOBODY_THERE else _("Delivery was tried")
        return Sentence(headline, detail, tag, "bad", 3)
    if order.carrier_status == "ready_for_pickup":
        return Sentence(_("Ready for pick-up"), _("%(carrier)s keeps it for you") % {"carrier": carrier}, tag, "bad", 3)
    return Sentence(_("Waiting for your payment"), _("The merchant sends it once it is paid"), tag, "bad", 1)


def _on_the_way(order: Facts, voice: Voice, today: date, seen: datetime | None) -> Sentence:
    status, tag = order.carrier_status, stage_label("on_the_way")
    steps = STEPS_BY_STATUS.get(status, 2)
    if status == "on_hold":
        return Sentence(_("Held up on its way"), _expected(order, voice, today) or _by(order), tag, "wait", steps)
    if status == "delayed":
        return Sentence(_("Later than planned"), _expected(order, voice, today) or _by(order), tag, "wait", steps)
    soon = awaited(status, order.arrives_from, order.arrives_to, voice, today, seen)
    if soon:
        return Sentence(arrives(soon, voice, today), window(soon, voice, order.carrier), tag, "info", steps)
    if status == DRIVING:
        return Sentence(_("Out for delivery"), _by(order), tag, "info", steps)
    return _sent(order, voice, today, tag, steps)


def _sent(order: Facts, voice: Voice, today: date, tag: str, steps: int) -> Sentence:
    """Of which no day is known any more."""
    partly = order.fulfilment in ("partly_shipped", "partly_delivered")
    if partly:
        return Sentence(_("Partly on its way"), _expected(order, voice, today) or _by(order), tag, "info", steps)
    old = aged(order, voice, today)
    if order.arrives_to and not old:
        return Sentence(_("Later than planned"), _expected(order, voice, today), _("Late"), "wait", steps)
    if order.shipped_at is None:
        return Sentence(_("On its way"), _by(order), tag, "info", steps)
    headline = _("Sent on %(day)s") % {"day": voice.day(order.shipped_at)}
    if old:
        return Sentence(headline, _by(order), _("Sent"), "plain", 0)
    return Sentence(headline, _by(order), tag, "info", steps)


def arrives(soon: Days, voice: Voice, today: date) -> str:
    """A day, or a span of days, in words when near and always with its date."""
    if soon.first < soon.last:
        first = voice.weekday(max(soon.first, today))
        return _("Arrives %(first)s to %(last)s") % {"first": first, "last": voice.weekday(soon.last)}
    if soon.last == today:
        return _("Arrives today")
    if soon.last == today + timedelta(days=1):
        return _("Arrives tomorrow, %(day)s") % {"day": voice.weekday(soon.last)}
    return _("Arrives %(day)s") % {"day": voice.weekday(soon.last)}


def window(soon: Days, voice: Voice, carrier: str = "") -> str:
    """“between 14:00 and 17:00 · Colissimo”, or what is known of it."""
    parts = []
    if soon.begin and soon.end:
        parts.append(_("between %(first)s and %(last)s") % {"first": voice.time(soon.begin), "last": voice.time(soon.end)})
    return " · ".join([*parts, carrier] if carrier else parts)


def _expected(order: Facts, voice: Voice, today: date) -> str:
    """Behind a headline that names no day."""
    if soon := awaited(order.carrier_status, order.arrives_from, order.arrives_to, voice, today):
        day = voice.weekday(soon.last)
        if soon.begin:
            return _("expected on %(day)s, %(hours)s") % {"day": day, "hours": window(soon, voice)}
        return _("expected by %(day)s") % {"day": day}
    return _("was expected by %(day)s") % {"day": voice.weekday(order.arrives_to)} if order.arrives_to else ""


def _by(order: Facts) -> str:
    return order.carrier or ""
