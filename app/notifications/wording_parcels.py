"""The words for news of a parcel."""

from functools import lru_cache

from app.events import parcel_words
from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.said import Said, expected, order_line, sentences, text_of, time_of, what
from app.settings import settings

LONGEST_PLACE = 240  # characters


def said(news: News, voice: Voice) -> Said:
    title, body, action = _words(voice)[news.kind]
    reason = parcel_words.reason(text_of(news.data, "reason"), voice)
    kind = news.kind.removeprefix("shipment_")
    if kind in ("attempt_failed", "on_hold", "delayed", "returned_to_sender") and reason:
        body = reason
    elif kind == "ready_for_pickup":
        body = _waiting(news, voice) or body
    elif kind == "delivered":
        body = _delivered(news, voice)
    elif kind == "parcel_reported_missing":
        body = _reported(news, voice) or body
    when = "" if kind in ("overdue", "parcel_reported_missing") else expected(kind, news.data, news.at, voice)
    told = sentences(_late(news, voice), body, when, order_line(news.data, voice))
    return Said(title % {"what": what(news.data, voice)}, told, action)


def _late(news: News, voice: Voice) -> str:
    """Before what happened days before we heard of it."""
    if not news.came_late or news.data.get("undated"):
        return ""
    return voice.gettext("News of %(day)s that came late:") % {"day": voice.weekday(news.at)}


def _waiting(news: News, voice: Voice) -> str:
    """Where and until when. What opens the locker stays on the page: others may read a mail."""
    _, point, place = voice.gettext, news.data.get("pickup"), text_of(news.data, "place")
    if not isinstance(point, dict) or not text_of(point, "name"):
        return _("It waits for you at %(place)s.") % {"place": place} if place else ""
    lines = point.get("address")
    address = [text_of({"line": line}, "line") for line in lines] if isinstance(lines, list) else []
    where = ", ".join([text_of(point, "name"), *filter(None, address)])[:LONGEST_PLACE]
    until = time_of(point, "until")
    if until and voice.local(until).date() >= voice.today():
        said = _("It waits for you at %(place)s until %(day)s.") % {"place": where, "day": voice.weekday(until, last=True)}
    else:
        said = _("It waits for you at %(place)s.") % {"place": where}
    return sentences(said, _("The code for it is on its page.") if point.get("coded") is True else "")


def _reported(news: News, voice: Voice) -> str:
    """Empty when it was the seller who was told, as it always was before that was kept."""
    match news.data.get("told", "seller"):
        case "seller":
            return ""
        case "operator":
            said = voice.gettext("The seller cannot be written to from here; %(counter)s has been told that it never came.")
            return said % {"counter": settings.name}
    return voice.gettext("It is noted, but the seller cannot be written to from here.")


def _delivered(news: News, voice: Voice) -> str:
    who, when = text_of(news.data, "signed_by"), voice.moment(news.at)
    if news.data.get("undated"):
        return voice.gettext("Signed for by %(name)s.") % {"name": who} if who else ""
    if who:
        return voice.gettext("On %(when)s, signed for by %(name)s.") % {"when": when, "name": who}
    return voice.gettext("On %(when)s.") % {"when": when}


@lru_cache(64)
def _words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    _ = voice.gettext
    follow, act = _("Follow parcel"), _("See what to do")
    return {
        "shipment_dispatched": (_("Sent: %(what)s"), _("The seller has handed it to the carrier."), follow),
        "shipment_info_received": (_("Label made: %(what)s"), _("The carrier waits for the parcel."), follow),
        "shipment_picked_up": (_("Picked up: %(what)s"), _("The carrier has the parcel."), follow),
        "shipment_in_transit": (_("On its way: %(what)s"), _("The parcel is moving towards you."), follow),
        "shipment_on_hold": (_("Held up: %(what)s"), _("The carrier is holding the parcel."), act),
        "shipment_delayed": (_("Late: %(what)s"), _("The parcel takes longer than planned."), follow),
        "shipment_rescheduled": (_("New date: %(what)s"), _("It arrives on another day than you were told."), follow),
        "shipment_out_for_delivery": (_("Out for delivery: %(what)s"), _("It is in the van."), follow),
        "shipment_ready_for_pickup": (_("Ready for pick-up: %(what)s"), _("It waits for you at the pick-up point."), act),
        "shipment_attempt_failed": (_("Not delivered: %(what)s"), _("The carrier could not hand it over."), act),
        "shipment_returned_to_sender": (_("Goes back: %(what)s"), _("The parcel returns to the seller."), act),
        "shipment_overdue": (
            _("Late without news: %(what)s"), _("It should have been there by now. You can say that it never came."), act
        ),
        "shipment_delivered": (_("Delivered: %(what)s"), "", _("See the parcel")),
        "parcel_reported_missing": (
            _("Reported missing: %(what)s"), _("The seller has been told that it never came."), _("See the parcel")
        ),
    }  # fmt: skip
