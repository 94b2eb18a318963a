"""The single place of words for news: in the app, in mails, in push and text messages; made when they are read or sent."""

from functools import lru_cache

from app.accounts import activity_kinds, browsers
from app.i18n import Voice
from app.notifications import (
    wording_desks,
    wording_judged,
    wording_messages,
    wording_orders,
    wording_parcels,
    wording_refunds,
    wording_returns,
    wording_withdrawals,
)
from app.notifications.channels import News
from app.notifications.kinds import IN_INBOX, JUDGED, KINDS, OF_RETURNS, TOPICS
from app.notifications.said import Said, text_of

OF_RETURN = frozenset(kind for kinds in OF_RETURNS.values() for kind in kinds)
__all__ = ("Said", "said", "topics", "topics_told", "ways_named", "why")


def said(news: News, voice: Voice) -> Said:
    """`title`, `body` and `action` in that voice; of a kind that a later release has written, that there is news."""
    if news.topic == "deliveries" and news.kind in KINDS:
        return wording_parcels.said(news, voice)
    if news.kind == "push_lost":
        return _push_lost(news, voice)
    if news.topic == "desk" and news.kind in KINDS:
        return wording_desks.said(news, voice)
    if news.topic == "security":
        return _security(news, voice)
    if news.kind in IN_INBOX:
        return wording_messages.said(news, voice)
    if news.kind in JUDGED:
        return wording_judged.said(news, voice)
    if news.kind in OF_RETURN:
        return wording_returns.said(news, voice)
    if news.kind.startswith("withdrawal_") and news.kind in KINDS:
        return wording_withdrawals.said(news, voice)
    if news.topic == "returns_and_refunds" and news.kind in KINDS:
        return wording_refunds.said(news, voice)
    if news.kind in KINDS:
        return wording_orders.said(news, voice)
    return Said(voice.gettext("There is news"), "", voice.gettext("Have a look"))


@lru_cache(64)
def topics(voice: Voice) -> dict[str, str]:
    """What each topic is called, in the order in which they are offered."""
    _ = voice.gettext
    names = (_("Orders"), _("Deliveries"), _("Returns and refunds"), _("Messages"), _("Security"), _("Offers"), _("Desk"))
    return dict(zip(TOPICS, names, strict=True))


@lru_cache(64)
def ways_named(voice: Voice) -> dict[str, str]:
    """At the end of a sentence: “last on 12 Nov by e-mail”."""
    _ = voice.gettext
    return {"app": _("in the app"), "push": _("by push"), "email": _("by e-mail"), "sms": _("by text message")}


@lru_cache(64)
def topics_told(voice: Voice) -> dict[str, str]:
    """What belongs to each."""
    _ = voice.gettext
    told = (
        _("Placed, paid, changed or cancelled; invoices"),
        _("Every step of a parcel, and what goes wrong on its way"),
        _("What you send back, and the money that returns"),
        _("Answers of sellers, and the shop’s own letters to you"),
        _("Who signs in, and what changes who can"),
        _("What shops would like to sell you"),
        _("What waits for an answer where you work"),
    )
    return dict(zip(TOPICS, told, strict=True))


@lru_cache(64)
def why(topic: str, voice: Voice) -> str:
    """Why somebody is told this at all."""
    _ = voice.gettext
    reasons = {
        "orders": _("You get this because you have an order here and want to hear of your orders."),
        "deliveries": _("You get this because a parcel is for you and you want to hear of deliveries."),
        "returns_and_refunds": _("You get this because you want to hear of what you send back and get back."),
        "messages": _("You get this because somebody has written to you and you want to hear of messages."),
        "security": _("You get this because it concerns who can get into your account: this cannot be turned off."),
        "offers": _("You get this because you have asked for offers."),
        "desk": _("You get this because you work at a desk and want to hear of what waits there."),
    }
    return reasons.get(topic, "")


def _security(news: News, voice: Voice) -> Said:
    """In the words of the account's own list of activity."""
    known, _ = activity_kinds.every(voice), voice.gettext
    told = known.get(f"{news.kind}.{news.data.get('by')}") or known.get(news.kind)
    title = told.text if told else _("Something has changed in your account")
    if news.kind == "signed_in":
        title = _("Signed in on a new browser")
    when = voice.moment(news.at)
    body = _("On %(when)s. If it was not you, see what was done and sign everybody else out.") % {"when": when}
    return Said(title, body, _("See the activity"))


def _push_lost(news: News, voice: Voice) -> Said:
    _ = voice.gettext
    called = text_of(news.data, "device") or browsers.named(text_of(news.data, "agent"), voice)
    body = _("What was to go there comes by e-mail. To have it on the screen again, switch it on in that browser.")
    return Said(_("%(device)s takes no news any more") % {"device": called}, body, _("See your devices"))
