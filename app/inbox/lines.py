"""Lines that are the system's own, between the messages: kept without words, which are made when they are read, in the
language of who reads them."""

from datetime import UTC, datetime, timedelta

from app import db
from app.i18n import Voice
from app.inbox import flagging

WITHDRAWN = "withdrawn_"  # the beginning of a withdrawn message's `event`; the reason follows
A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over


async def add(thread: int, event: str, about: str, at: datetime) -> None:
    """In the caller's transaction. `about`: the shop's name, a day, or the code of a thread and the number of its order,
    as the event wants it."""
    row = {
        "thread": thread, "side": "system", "author": None, "name": about, "text": "", "via": "app", "event": event, "at": at,
    }  # fmt: skip
    await db.insert("messages", [row])


def said(event: str, about: str, mine: str, voice: Voice) -> str:
    """Empty where there are no words. `mine`: the side that reads it."""
    _ = voice.gettext
    if event == "thread_escalated":
        by_you = _("You asked %(shop)s to step in")
        return (by_you if mine == "buyer" else _("%(shop)s was asked to step in")) % {"shop": about}
    if event == "thread_merged":
        code, _line, number = about.partition("\n")
        said = _("Here with conversation %(code)s about order %(number)s") if number else _("Here with conversation %(code)s")
        return said % {"code": code, "number": number}
    if event == "return_objected":
        day = _day(about)
        return _("Objection raised, to be answered by %(day)s") % {"day": voice.weekday(day)} if day else _("Objection raised")
    if event.startswith(WITHDRAWN):
        why = flagging.reasons(voice).get(event.removeprefix(WITHDRAWN), "")
        return _("This message was reported and is hidden: %(why)s") % {"why": why}
    return ""


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC) - A_SECOND
    except ValueError:
        return None
