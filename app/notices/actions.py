"""Writing a notice, sending it now or later, and stopping it. Each is an event; what goes out by itself is in `sending`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app import clock, db, typed
from app.errors import Invalid, Refused
from app.events import actions as events
from app.i18n import _
from app.inbox import texts
from app.notices import kept, reach, segments
from app.notices.kept import KINDS, KeptNotice, Words
from app.notices.segments import Segment
from app.settings import settings

LONGEST = 20_000  # letters, as many as a mail of it shows
FARTHEST = timedelta(days=366)
CHANGE = """
UPDATE notices SET kind = {}, words = {}, segment = {}, author = {}, author_name = {}, revision = revision + 1 WHERE id = {}
"""
SCHEDULE = "UPDATE notices SET state = 'scheduled', scheduled_at = {} WHERE id = {}"
STOP = "UPDATE notices SET state = 'stopped', ended_at = {} WHERE id = {}"


class Draft(Struct, frozen=True, kw_only=True):
    kind: str
    words: Mapping[str, Words]
    segment: Segment


class Writer(Struct, frozen=True):
    """Who does it: their account, what they are called, and as which member."""

    account: int
    name: str
    by: str


async def write(merchant: int, draft: Draft, who: Writer) -> int:
    """Its number. Raises Invalid."""
    row = {**await _columns(merchant, draft, who), "merchant": merchant, "state": "draft", "created_at": clock.now()}
    async with db.transaction():
        number: int = (await db.insert("notices", [row], "id"))[0]["id"]
        await events.record("notice_written", merchant=merchant, notice=number, of=draft.kind, by=who.by)
        return number


async def change(merchant: int, number: int, draft: Draft, who: Writer) -> None:
    """Of a draft alone. Raises Missing, Invalid, Refused (409)."""
    columns = await _columns(merchant, draft, who)
    async with db.transaction():
        _is_draft(await kept.one(merchant, number, locked=True))
        await db.execute(CHANGE, *columns.values(), number)
        await events.record("notice_changed", merchant=merchant, notice=number, of=draft.kind, by=who.by)


async def copy(merchant: int, number: int, who: Writer) -> int:
    """A draft that says the same to the same. Raises Missing."""
    it = await kept.one(merchant, number)
    return await write(merchant, Draft(kind=it.kind, words=it.words, segment=it.segment), who)


async def remove(merchant: int, number: int, *, by: str) -> None:
    """A draft. Raises Missing, Refused (409)."""
    async with db.transaction():
        _is_draft(await kept.one(merchant, number, locked=True))
        await db.execute("DELETE FROM notices WHERE id = {}", number)
        await events.record("notice_removed", merchant=merchant, notice=number, by=by)


async def schedule(merchant: int, number: int, at: datetime | None, *, revision: int | None, by: str) -> None:
    """`at`: None for now. `revision`: of what was looked at. Raises Missing, Invalid(day=…), Refused (409)."""
    now = clock.now()
    if at is not None and not now < at <= now + FARTHEST:
        raise Invalid(day=_("A time that is still to come, within a year."))
    if not (await _reached(merchant, number)).told:
        raise Refused(_("Nobody would get it: choose whom it is for."))
    async with db.transaction():
        it = await kept.one(merchant, number, locked=True)
        _is_draft(it)
        if it.revision != revision:
            raise Refused(_("It was changed since you looked at it. Look at it as it is now."))
        await db.execute(SCHEDULE, at or now, number)
        await events.record("notice_scheduled", merchant=merchant, notice=number, due=at or now, by=by)


async def stop(merchant: int, number: int, *, by: str) -> KeptNotice:
    """As it stands then: whom it has reached stay told. Raises Missing, Refused (409)."""
    async with db.transaction():
        it = await kept.one(merchant, number, locked=True)
        if it.state not in ("scheduled", "sending"):
            raise Refused(_("Nothing of it is left to be stopped."))
        await db.execute(STOP, clock.now(), number)
        await events.record("notice_stopped", merchant=merchant, notice=number, told=it.told, people=it.people, by=by)
        return it


async def _reached(merchant: int, number: int) -> reach.Reach:
    it = await kept.one(merchant, number)
    return await reach.of(merchant, it.segment, offer=it.kind == "offer")


def _is_draft(it: KeptNotice) -> None:
    if it.state != "draft":
        raise Refused(_("It is on its way already and cannot be changed any more."))


async def _columns(merchant: int, draft: Draft, who: Writer) -> dict[str, Any]:
    """In the order in which CHANGE wants them. Raises Invalid with all that is wrong."""
    wrong: dict[str, str] = {} if draft.kind in KINDS else {"kind": _("Choose one of these.")}
    words, segment = _words(draft.words, wrong), draft.segment
    try:
        segment = await segments.checked(merchant, segment)
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid.at(wrong)
    return {
        "kind": draft.kind, "words": msgspec.json.encode(words).decode(), "segment": msgspec.json.encode(segment).decode(),
        "author": who.account, "author_name": who.name,
    }  # fmt: skip


def _words(given: Mapping[str, Words], wrong: dict[str, str]) -> dict[str, Words]:
    """Of one language both or neither, and of one at least. Says in `wrong` what is not so."""
    found = {}
    for locale in settings.locales:
        said = given.get(locale, Words())
        if not (said.subject.strip() or said.text.strip()):
            continue
        found[locale], faults = _checked(said, f"subject-{locale}", f"text-{locale}")
        wrong |= faults
    if not found and not wrong:
        wrong[f"subject-{settings.locales[0]}"] = _("Write it in one language at least.")
    return found


def _checked(said: Words, subject: str, text: str) -> tuple[Words, dict[str, str]]:
    """As they are kept, and what is wrong by field: `subject`, `text`."""
    wrong, kept_text = {}, texts.cleaned(said.text)
    if not texts.line(said.subject):
        wrong[subject] = _("Say in a few words what it is about.")
    if fault := typed.wrong_words(kept_text, LONGEST):
        wrong[text] = fault
    elif not texts.line(kept_text):
        wrong[text] = _("Write what you want to tell them.")
    try:
        return Words(texts.subject(said.subject, field=subject), kept_text), wrong
    except Invalid as error:
        return said, wrong | error.fields
