"""Notifications as the page shows them: a heading a day, every text formatted once."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.events.actions import data_of
from app.i18n import Voice
from app.notifications.channels import News
from app.notifications.kinds import kind_of
from app.notifications.lists import Asked, Kept
from app.notifications.wording import said, topics, ways_named, why

ICONS = {
    "orders": "package", "deliveries": "truck", "returns_and_refunds": "receipt-text", "messages": "message-square-quote",
    "security": "shield-check", "offers": "gift", "desk": "store",
}  # fmt: skip
TONES = {"action": "bad", "here": "good"}
KIND_ICONS = {
    "shipment_delivered": "house", "shipment_ready_for_pickup": "map-pin", "shipment_attempt_failed": "triangle-alert",
    "shipment_on_hold": "triangle-alert", "shipment_overdue": "triangle-alert", "shipment_delayed": "clock",
    "shipment_rescheduled": "clock", "shipment_returned_to_sender": "undo-2", "invoice_added": "file-text",
    "parcel_reported_missing": "check", "order_cancelled": "x", "line_cancelled": "x",
}  # fmt: skip


class Card(Struct, frozen=True):
    """`read_url` marks it as read and leads on to `url`; `why` says why they are told it, `also` on which ways, too;
    `choice_url` is where that can be changed, if it can."""

    id: int
    icon: str
    tone: str
    needs: bool
    title: str
    body: str
    topic: str
    when: str
    unread: bool
    url: str
    read_url: str
    why: str
    also: str
    choice_url: str


class Day(Struct):
    """`heading` is empty where the page before has it already."""

    heading: str
    cards: list[Card]


class Choice(Struct, frozen=True):
    label: str
    url: str
    current: bool


def days(kept: Sequence[Kept], out: dict[int, list[str]], voice: Voice, after: date | None = None) -> list[Day]:
    """In the person's own calendar, by when they were told; `after` is the day under which the ones before stand."""
    made: list[Day] = []
    current = after
    for one in kept:
        on = voice.local(one.created_at).date()
        if on != current or not made:
            made.append(Day(_heading(on, voice) if on != after else "", []))
        current = on
        made[-1].cards.append(_card(one, out.get(one.id, []), on, voice))
    return made


def choices(asked: Asked, voice: Voice, *, works: bool) -> list[Choice]:
    """`works`: at a desk; others have no news of one, unless they did."""
    _ = voice.gettext
    found = [
        Choice(_("All"), Asked().url(), not asked.topic and not asked.unread),
        Choice(_("Unread"), Asked(unread=True).url(), asked.unread and not asked.topic),
    ]
    for topic, label in topics(voice).items():
        if works or topic != "desk" or asked.topic == topic:
            found.append(Choice(label, Asked(topic).url(), asked.topic == topic))
    return found


def _card(one: Kept, out: Sequence[str], on: date, voice: Voice) -> Card:
    data = data_of(one.data)
    news = News(
        id=one.id, topic=one.topic, kind=one.kind, order=one.order, url=one.url, data=data, at=one.at,
        created_at=one.created_at,
    )  # fmt: skip
    words, kind = said(news, voice), kind_of(one.kind, data)
    urgency = kind.urgency if kind else "rest"
    also = voice.gettext("Also sent %(ways)s.") % {"ways": ", ".join(ways_named(voice)[way] for way in out)} if out else ""
    late = news.came_late and one.topic == "deliveries"  # its words say when it happened
    when = one.created_at if late else one.at
    unread, choice = one.read_at is None, "" if one.topic == "security" else f"/account/notifications#{one.topic}"
    return Card(
        one.id, KIND_ICONS.get(one.kind) or ICONS.get(one.topic, "info"), TONES.get(urgency, ""),
        urgency == "action" and unread, words.title, words.body, topics(voice).get(one.topic, ""),
        voice.time(when) if voice.local(when).date() == on else voice.moment(when), unread, one.url,
        f"/notifications/{one.id}/reading",
        why(one.topic, voice), also, choice,
    )  # fmt: skip


def _heading(on: date, voice: Voice) -> str:
    if on == voice.today():
        return voice.gettext("Today")
    text = voice.gettext("Yesterday") if on == voice.today() - timedelta(days=1) else voice.weekday(on)
    return text[:1].upper() + text[1:]
