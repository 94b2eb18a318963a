"""Taking a mail in: whose thread and which side its address says, who has written it, and what becomes of it.

It lands once, waits for somebody at the desk to say whose it is, is passed over (a machine's), or is refused, with a reason.
Who is known here is told of a refusal by mail; everybody else hears it from their own mail server.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from app import db, i18n
from app.accounts import customers, throttle
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.inbox import kept, mail_files, mail_kept, mail_telling, mail_writers, masked, posting, texts
from app.inbox.kept import KeptThread
from app.inbox.mail_in import cutting, machines, proofs, quotes, reading
from app.inbox.mail_in.reading import Mail, Unreadable
from app.inbox.mail_kept import What
from app.inbox.mail_outcomes import Outcome, again, of_all
from app.inbox.mail_writers import Writer
from app.inbox.masked import Side
from app.settings import settings
from app.shelves import NewFile
from app.typed import UNSPEAKABLE

MOST_CUT = 100_000  # characters that are kept of what is cut off: a quote of a quote of a quote
TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc", "x-forwarded-to")
MOST = throttle.Limit("mail_in", 30, throttle.HOUR)  # of one person to one side of one thread
FROM_STRANGERS = throttle.Limit("mail_in_strangers", 10, throttle.HOUR)


class Came(Struct, frozen=True, kw_only=True):
    """A mail at a thread. `writer` is None for who is not known there."""

    it: KeptThread
    side: Side
    mail: Mail
    key: str
    writer: Writer | None


async def take(raw: bytes, recipients: Sequence[str] = (), envelope: str | None = None) -> Outcome:
    """`recipients`, `envelope`: to whom and by whom the mail server says that it was sent, where it does."""
    try:
        mail = reading.head(raw) if len(raw) > reading.LARGEST else await asyncio.to_thread(reading.read, raw)
    except Unreadable:
        return Outcome("refused", "unreadable")
    found = await _threads(mail, raw, recipients or list(reading.addresses(mail, TO)))
    outcomes = [await _one(came, envelope, large=len(raw) > reading.LARGEST) for came in found]
    return of_all(outcomes) if outcomes else Outcome("refused", "no_thread")


async def _threads(mail: Mail, raw: bytes, addresses: Iterable[str]) -> Iterable[Came]:
    """At each that it was written to: once where several have become one."""
    found: dict[tuple[int, Side], Came] = {}
    read = [masked.read(address) for address in addresses]
    for to in dict.fromkeys(to for to in read if to is not None):
        with suppress(Missing):
            it = await kept.by_code(to.code)
            if (it.id, to.side) not in found:
                key, writer = mail_kept.key_of(mail, raw, to.code, to.side), await mail_writers.of(it, to.side, mail)
                found[it.id, to.side] = Came(it=it, side=to.side, mail=mail, key=key, writer=writer)
    return found.values()


async def _one(came: Came, envelope: str | None, *, large: bool) -> Outcome:
    """At one of the conversations to which it was written."""
    if (before := await mail_kept.known(came.key)) is not None:
        return again(*before)
    try:
        if reason := machines.reason(came.mail, envelope):
            await _note(came, reason)
            return Outcome("ignored", reason)
        if await _too_many(came):
            return Outcome("later", "too_many")
        return await (_refuse(came, "too_large") if large else _read(came))
    except Missing:  # it has gone meanwhile
        return Outcome("refused", "no_thread")


async def _too_many(came: Came) -> bool:
    """Strangers are counted apart: they do not use up what who is known may write."""
    try:
        if came.writer is None:
            await throttle.count(FROM_STRANGERS, came.it.code)
        else:
            await throttle.count(MOST, f"{came.it.code} {came.side} {came.writer.id}")
    except Refused:
        return True
    return False


async def _note(came: Came, reason: str) -> None:
    """Why it was refused; nothing of what it says."""
    async with db.transaction():
        await _put(came, What(state="refused", reason=reason))


async def _put(came: Came, what: What) -> tuple[KeptThread, int | None]:
    """In a transaction: the thread as it is then, which may have become part of another one meanwhile, and the mail's number,
    which is None for the same once more, at the same moment. Raises Missing."""
    await customers.lock(came.it.customer)
    it = await kept.by_code(came.it.code)
    return it, await mail_kept.put(it, came.side, came.key, came.mail.message_id, what)


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
            it, number = await _put(came, replace(what, text=""))
            if number is None:
                mail_files.drop(files)
                return Outcome("landed")
            await mail_kept.became(number, await posting.post(it, said))
    finally:
        i18n.current.reset(voice)
    return Outcome("landed")


async def _wait(came: Came, what: What, files: Sequence[NewFile]) -> Outcome:
    """For somebody at the desk to say whose it is. Raises Invalid for what could not be taken then, either."""
    texts.checked(what.text, files=len(files))
    mail = came.mail
    waiting = replace(what, state="waiting", sender=mail.sender, sender_name=mail.sender_name, subject=mail.subject)
    async with db.transaction():
        _it, number = await _put(came, waiting)
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
