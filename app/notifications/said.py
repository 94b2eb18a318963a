"""What a piece of news says, and how the events' data becomes words."""

import re
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.i18n import Voice
from app.orders.awaited import awaited

TWO_STOPS = re.compile(r"(?<!\.)\.\.$")
LONGEST = 60  # characters of what it is about, in a title


class Said(Struct, frozen=True):
    """`title` fits a phone's notification; `body` are one or two sentences; `action` names the one thing to do, which the
    news' own address opens."""

    title: str
    body: str
    action: str


def text_of(data: dict[str, Any], name: str) -> str:
    """What is printable of it; an event of another release may hold anything."""
    value = data.get(name)
    return "".join(filter(str.isprintable, value))[:200] if isinstance(value, str) else ""


def number_of(data: dict[str, Any], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def time_of(data: dict[str, Any], name: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text_of(data, name))
    except ValueError:
        return None
    return at if at.tzinfo else None


def order_of(data: dict[str, Any]) -> dict[str, Any]:
    found = data.get("of")
    return found if isinstance(found, dict) else {}


def what(data: dict[str, Any], voice: Voice) -> str:
    """“Teapot “Brume” and 2 more”; else the order's number."""
    of = order_of(data)
    title = text_of(of, "title")
    if not title:
        return _numbered(of, voice)
    title = title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
    if not (more := number_of(of, "more")):
        return title
    rest = voice.ngettext("and %(num)d more", "and %(num)d more", more) % {"num": more}
    return f"{title} {rest}"


def not_charged(data: dict[str, Any], voice: Voice) -> str:
    """Of what was settled without a payment, because it had only been reserved; empty of anything else."""
    amount, currency = number_of(data, "uncharged"), text_of(data, "currency")
    if amount <= 0 or len(currency) != 3:
        return ""
    said = {"amount": voice.money(amount, currency)}
    return voice.gettext("The seller says that %(amount)s, which was only reserved, is not charged.") % said


def order_line(data: dict[str, Any], voice: Voice) -> str:
    """“Order A-1048 from Atelier Mo.”; empty where neither is known."""
    of = order_of(data)
    if not text_of(of, "number"):
        return ""
    return voice.gettext("Order %(number)s from %(shop)s.") % {"number": text_of(of, "number"), "shop": text_of(of, "shop")}


def sentences(*parts: str) -> str:
    """One behind the other; “mardi 24 nov.” at an end is no reason for two full stops."""
    return " ".join(TWO_STOPS.sub(".", part) for part in parts if part)


def expected(status: str, data: dict[str, Any], at: datetime, voice: Voice) -> str:
    """“Expected on Tuesday 24 Nov, 14:00 – 16:00.”; empty where nobody said when, and for days that are past. `status`: what it
    had come to, `at` that time."""
    today = voice.today()
    soon = awaited(status, time_of(data, "estimated_from"), time_of(data, "estimated_to"), voice, today, at)
    if soon is None:
        return ""
    said = {"first": voice.weekday(max(soon.first, today)), "last": voice.weekday(soon.last)}
    if soon.begin and soon.end:
        said |= {"day": said["last"], "from": voice.time(soon.begin), "to": voice.time(soon.end)}
        return voice.gettext("Expected on %(day)s, %(from)s – %(to)s.") % said
    said |= {"day": voice.weekday(soon.last, last=True)}
    if soon.driving:
        return voice.gettext("Expected on %(day)s.") % said
    if max(soon.first, today) < soon.last:
        return voice.gettext("Expected between %(first)s and %(last)s.") % {**said, "last": said["day"]}
    return voice.gettext("Expected by %(day)s.") % said


def _numbered(of: dict[str, Any], voice: Voice) -> str:
    number = text_of(of, "number")
    return voice.gettext("order %(number)s") % {"number": number} if number else voice.gettext("your order")
