"""How long a conversation is kept, by its kind (COMPTOIR_INBOX_KEPT), and in which words its customer is told."""

from datetime import datetime, timedelta

from msgspec import Struct

from app import clock
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.inbox.lists import Listed
from app.settings import settings

FOR_EVER = 0
SOON = timedelta(days=60)


class Keeping(Struct, frozen=True):
    """`until`: in a few words, empty where it has no end that its customer has not chosen."""

    until: str
    for_good: bool


def until(it: Listed | KeptThread) -> datetime | None:
    """None: for ever."""
    days = settings.inbox_kept[it.kind]
    return None if it.kept or days == FOR_EVER else it.last_at + timedelta(days=days)


def said(it: Listed | KeptThread, voice: Voice) -> Keeping:
    _, at = voice.gettext, until(it)
    if it.kept:
        return Keeping(_("Kept for good"), for_good=True)
    if at is None:
        return Keeping("", for_good=False)
    if at <= clock.now():
        return Keeping(_("Kept until it is settled"), for_good=False)
    return Keeping(_("Kept until %(day)s") % {"day": voice.day(at)}, for_good=False)


def in_list(it: Listed, voice: Voice) -> str:
    """Where somebody has said so, or it is gone soon; else it would be the same in every row."""
    at = until(it)
    near = at is not None and clock.now() < at <= clock.now() + SOON
    return said(it, voice).until if it.kept or near else ""
