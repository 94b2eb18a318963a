"""Taking a mail in: whose thread and which side its address says, who has written it, and what becomes of it.

It lands once, waits for somebody at the desk to say whose it is, is passed over (a machine's), or is refused, with a reason.
Who is known here is told of a refusal by mail; everybody else hears it from their own mail server.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from app import db, i18n
from app.accounts import customers, throttle
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.inbox import kept, mail_files, mail_kept, mail_telling, mail_writers, masked, posting
from app.inbox.kept import KeptThread
from app.inbox.mail_in import cutting, machines, proofs, quotes, reading
from app.inbox.mail_in.reading import Mail, Unreadable
from app.inbox.mail_kept import What
from app.inbox.mail_writers import Writer
from app.inbox.masked import Side, To
from app.settings import settings
from app.shelves import NewFile
from app.typed import UNSPEAKABLE

MOST_CUT = 100_000  # characters that are kept of what is cut off: a quote of a quote of a quote
REFUSALS = ("empty", "too_large", "not_taken")  # of a person's
# To whoever runs the mail server; a person is told in their own language, see `mail_telling`.
SAID = {
    "no_thread": "There is no such conversation, or its address is not whole.",
    "unreadable": "This is no mail that can be read.",
    "too_large": "The mail is too large: at most 25 MB.",
    "empty": "There is nothing in the mail beside what is quoted.",
    "not_taken": "The conversation does not take this message.",
}
State = Literal["landed", "waiting", "ignored", "refused"]
TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "x-forwarded-to")
MOST = throttle.Limit("mail_in", 30, throttle.HOUR)  # to one side of one thread
FROM_STRANGERS = throttle.Limit("mail_in_strangers", 10, throttle.HOUR)


class Outcome(Struct, frozen=True):
    """`reason` is one word; `told`: its writer hears of the refusal by mail."""

    state: State
    reason: str = ""
    told: bool = False


class Came(Struct, frozen=True, kw_only=True):
    """A mail at its thread. `writer` is None for who is not known there."""

    it: KeptThread
    side: Side
    mail: Mail
    key: str
    writer: Writer | None


async def take(raw: bytes, recipients: Sequence[str] = (), envelope: str | None = None) -> Outcome:
    """`recipients`, `envelope`: to whom and by whom the mail server says that it was sent, where it does."""
    large = len(raw) > reading.LARGEST
    try:
        mail = reading.head(raw) if large else await asyncio.to_thread(reading.read, raw)
        to = _to(mail, recipients)
        it = await kept.by_code(to.code)
    except Unreadable:
        return Outcome("refused", "unreadable")
    except Missing:
        return Outcome("refused", "no_thread")
    key = mail_kept.key_of(mail, raw, to.code, to.side)
    if (before := await mail_kept.known(key)) is not None:
        return _again(*before)
    came = Came(it=it, side=to.side, mail=mail, key=key, writer=await mail_writers.of(it, to.side, mail))
    if reason := machines.reason(mail, envelope) or await _too_many(came):
        await _note(came, reason)
        return Outcome("ignored", reason)
    return await (_refuse(came, "too_large") if large else _read(came))


def _to(mail: Mail, recipients: Sequence[str]) -> To:
    """Raises Missing."""
    for address in recipients or list(reading.addresses(mail, TO)):
        if (to := masked.read(address)) is not None:
            return to
    raise Missing


def _again(state: str, reason: str) -> Outcome:
    if state != "refused":
        return Outcome("landed" if state in ("landed", "accepted") else "waiting" if state == "waiting" else "ignored", reason)
    return Outcome("refused" if reason in REFUSALS else "ignored", reason, told=True)


async def _too_many(came: Came) -> str:
    try:
        await throttle.count(MOST, f"{came.it.code} {came.side}")
        if came.writer is None:
            await throttle.count(FROM_STRANGERS, came.it.code)
    except Refused:
        return "too_many"
    return ""


async def _note(came: Came, reason: str) -> None:
    """Why it was refused; nothing of what it says."""
    await mail_kept.put(came.it, came.side, came.key, came.mail.message_id, What(state="refused", reason=reason))


async def _read(came: Came) -> Outcome:
    parted = await asyncio.to_thread(_parted, came.mail)
    files, untaken = await mail_files.keep(came.mail.files)
    if not parted.said and not files:
        return await _refuse(came, "empty")
    what = What(state="landed", cut=parted.cut, untaken=untaken, proof=proofs.of(came.mail), text=parted.said)
    try:
        return await (_wait(came, what, files) if came.writer is None else _land(came, came.writer, what, files))
    except (Invalid, Refused) as error:
        mail_files.drop(files)
        return await _refuse(came, "not_taken", "; ".join(getattr(error, "fields", {}).values()) or str(error))
    except BaseException:
        mail_files.drop(files)
        raise


def _parted(mail: Mail) -> cutting.Parted:
    ours = [Voice(locale).gettext("Write your answer above this line") for locale in settings.locales]
    found = cutting.part(mail.lines, line_of_ours=ours, forwards=quotes.FORWARDING.match(mail.subject) is not None)
    return cutting.Parted(_plain(found.said), _plain(found.cut[:MOST_CUT]))


def _plain(text: str) -> str:
    """What can be kept of it, without the secret addresses that a program may have quoted."""
    return masked.without(UNSPEAKABLE.sub("", text))


async def _land(came: Came, writer: Writer, what: What, files: Sequence[NewFile]) -> Outcome:
    """Raises Invalid and Refused as posting does, in their language."""
    until = masked.shown(" ".join(came.mail.all("references")))
    said = replace(mail_writers.says(writer, came.side), text=what.text, files=files, until=until)
    voice = i18n.current.set(writer.voice)
    try:
        async with db.transaction():
            await customers.lock(came.it.customer)
            number = await mail_kept.put(came.it, came.side, came.key, came.mail.message_id, replace(what, text=""))
            if number is None:  # the same once more, at the same moment
                mail_files.drop(files)
                return Outcome("landed")
            await mail_kept.became(number, await posting.post(await kept.by_code(came.it.code), said))
    finally:
        i18n.current.reset(voice)
    return Outcome("landed")


async def _wait(came: Came, what: What, files: Sequence[NewFile]) -> Outcome:
    """For somebody at the desk to say whose it is."""
    mail = came.mail
    waiting = replace(what, state="waiting", sender=mail.sender, sender_name=mail.sender_name, subject=mail.subject)
    async with db.transaction():
        number = await mail_kept.put(came.it, came.side, came.key, mail.message_id, waiting)
        if number is None:
            mail_files.drop(files)
        else:
            await mail_kept.with_files(number, files)
    return Outcome("waiting", "unknown_sender")


async def _refuse(came: Came, reason: str, why: str = "") -> Outcome:
    """`why`: in its writer's language, where that is not said by the reason."""
    async with db.transaction():
        await _note(came, reason)
        if came.writer is None:
            return Outcome("refused", reason)
        told = why or mail_telling.why(reason, came.writer.voice)
        return Outcome("refused", reason, told=await mail_telling.tell(came.it, came.side, came.writer, told))
