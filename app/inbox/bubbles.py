"""What is said in a thread, as its page shows it: every text made once; templates only place it."""

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from app.i18n import Voice
from app.inbox import flagging, lines, links, mail_cards, texts
from app.inbox.cards import called
from app.inbox.kept import KeptThread
from app.inbox.mail_cards import MailNote
from app.inbox.messages import KeptFile, KeptMessage, Page

FOLDED = 1_500  # signs of a message that are shown before the rest is folded


class FileCard(Struct, frozen=True):
    url: str
    title: str
    picture: bool
    size: str


class Bubble(Struct, frozen=True):
    """`side`: mine, theirs, system, note. `day` heads the first of each day. `rest` is folded. `seen`: the newest of mine that
    the other side has seen. `report`: where it is reported; empty for what cannot be."""

    id: int
    side: str
    who: str
    when: str
    day: str
    text: list[links.Run]
    rest: list[links.Run]
    files: list[FileCard]
    seen: bool
    mail: MailNote | None = None
    report: str = ""


def of(
    it: KeptThread, page: Page, mine: str, voice: Voice, query: str = "", start: str = "", *, trusted: Collection[str] = (),
    files: str = "",
) -> list[Bubble]:  # fmt: skip
    """`mine`: the side that looks at it; `start`: before the addresses of its pictures, at a desk, or `files`: where they are;
    `trusted`: see `links`."""
    made, day, seen = [], "", _seen(it, page, mine)
    for one in page.messages:
        today = voice.weekday(one.at)
        shown = [file_card(files or f"{start}/inbox/{it.code}/files", file, voice) for file in page.files.get(one.id, ())]
        text = one.text or lines.said(one.event, one.name, mine, voice)
        words = _words(text, query, link=one.side in trusted)
        bubble = _bubble(it, one, shown, words, mine, "" if today == day else today, voice, seen=one.id == seen)
        if mail := page.mails.get(one.id):
            note = mail_cards.note(mail, own=one.side == mine, desk=mine != "buyer", voice=voice)
            bubble = replace(bubble, mail=note)
        if one.side in flagging.THEIRS.get(mine, ()) and not one.event:
            bubble = replace(bubble, report=f"{start}/inbox/{it.code}/messages/{one.id}/report")
        made.append(bubble)
        day = today
    return made


def _seen(it: KeptThread, page: Page, mine: str) -> int:
    """The id of the newest of mine that they have seen; 0 for none."""
    until = it.desk_seen if mine == "buyer" else it.seen
    return max((one.id for one in page.messages if one.side == mine and one.id <= until), default=0)


def _words(text: str, query: str, *, link: bool) -> tuple[list[links.Run], list[links.Run]]:
    """What is shown, and what is folded. An address that is cut in two would lead elsewhere: then there is none."""
    text = texts.seen(text)
    if len(text) <= FOLDED:
        return links.runs(text, query, link=link), []
    end = max(text.rfind(" ", FOLDED - 100, FOLDED), text.rfind("\n", FOLDED - 100, FOLDED))
    link, end = (link, end) if end > 0 else (False, FOLDED)
    return links.runs(text[:end], query, link=link), links.runs(text[end:], link=link)


def _bubble(
    it: KeptThread, one: KeptMessage, files: list[FileCard], words: tuple[list[links.Run], list[links.Run]], mine: str,
    day: str, voice: Voice, *, seen: bool,
) -> Bubble:  # fmt: skip
    return Bubble(one.id, side(one, mine), who(it, one, mine, voice), voice.time(one.at), day, *words, files, seen)


def side(one: KeptMessage, mine: str) -> str:
    return one.side if one.side in ("system", "note") else "mine" if one.side == mine else "theirs"


def who(it: KeptThread, one: KeptMessage, mine: str, voice: Voice) -> str:
    if one.side == "system":
        return ""
    if one.side == mine == "buyer":
        return voice.gettext("You")
    if one.side == "seller" and mine == "buyer" and one.name != it.merchant_name:
        said = {"name": one.name, "shop": it.merchant_name}
        return voice.gettext("%(name)s, %(shop)s") % said if one.name else it.merchant_name
    return called(one.name, voice) if one.side == "buyer" else texts.line(one.name) or it.merchant_name


def file_card(place: str, file: KeptFile, voice: Voice) -> FileCard:
    size, picture = voice.gettext("%(num)d kB") % {"num": max(1, round(file.size / 1000))}, file.media_type.startswith("image/")
    called = file.title or (voice.gettext("Picture") if picture else voice.gettext("Paper"))
    return FileCard(f"{place}/{file.id}", called, picture, size)
