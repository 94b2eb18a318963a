"""A thread in the list, and what is said in one, every text made once; templates only place it."""

from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote_plus

import msgspec
from msgspec import Struct

from app import clock, pictures
from app.i18n import Voice
from app.inbox import lines, searching, texts
from app.inbox.kept import KeptThread
from app.inbox.lists import Listed
from app.inbox.messages import KeptFile, KeptMessage, Page

KEPT = 8_192  # cards: the first pages of three hundred customers
FOLDED = 1_500  # signs of a message that are shown before the rest is folded
Pieces = list[tuple[str, bool]]


class ThreadCard(Struct, frozen=True, eq=False):
    """`heading`, `gist`: in pieces, each with whether it was looked for. `state`: what it waits for, empty for nothing. Two are
    never equal: each is drawn once (`compiled.drawn`)."""

    code: str
    url: str
    heading: Pieces
    shop: str
    about: str
    gist: Pieces
    when: str
    picture: str
    icon: str
    unread: int
    marked: bool
    archived: bool
    muted: bool
    state: str
    tone: str


class FileCard(Struct, frozen=True):
    url: str
    title: str
    picture: bool
    size: str


class Bubble(Struct, frozen=True):
    """`side`: mine, theirs, system, note. `day` heads the first of each day. `rest` is folded. `seen`: the newest of mine that
    the other side has seen."""

    id: int
    side: str
    who: str
    when: str
    day: str
    text: Pieces
    rest: str
    files: list[FileCard]
    seen: bool


@lru_cache(64)
def icons() -> dict[str, str]:
    """By kind, where there is no picture."""
    return {
        "order": "package", "return": "undo-2", "question": "message-circle", "account": "user-round", "policy": "info",
        "offer": "store",
    }  # fmt: skip


def card(it: Listed, voice: Voice, query: str = "", hit: str = "") -> ThreadCard:
    """`hit`: what it says that was looked for, where that is not its newest word."""
    late = it.due_at is not None and it.due_at <= clock.now()
    return (_card if query else _kept_card)(it, voice, voice.today(), late, query, hit)


def _card(it: Listed, voice: Voice, _today: date, _late: bool, query: str, hit: str) -> ThreadCard:
    """Whatever changes a card is an argument."""
    names = msgspec.json.decode(it.pictures)
    state, tone = _state(it, voice)
    place = f"?q={quote_plus(query)}" if query else "#newest"
    return ThreadCard(
        it.code, f"/inbox/{it.code}{place}", searching.marked(heading(it, voice), query), it.merchant_name, _about(it, voice),
        searching.marked(searching.around(hit, query) if hit else _gist(it, voice), query), when(it.last_at, voice),
        pictures.url(names[0]) if names else "", icons()[it.kind], it.unread, bool(it.marked), bool(it.archived),
        bool(it.muted), state, tone,
    )  # fmt: skip


_kept_card = lru_cache(KEPT)(_card)


def heading(it: Listed | KeptThread, voice: Voice) -> str:
    """What it is about, in the customer's own words where they gave some."""
    return it.subject or titles(it.titles, voice)


def titles(text: str, voice: Voice) -> str:
    """“Teapot and 2 more”, of titles that stand a line each."""
    title, rest = text.partition("\n")[0], text.count("\n")
    return f"{title} {voice.ngettext('and %(num)d more', 'and %(num)d more', rest) % {'num': rest}}" if rest else title


def when(at: datetime, voice: Voice) -> str:
    """The hour of what was said today, else the day."""
    return voice.time(at) if voice.local(at).date() == voice.today() else voice.near_day(at)


def _about(it: Listed, voice: Voice) -> str:
    return voice.gettext("Order %(number)s") % {"number": it.order_number} if it.order_number else ""


def _gist(it: Listed, voice: Voice) -> str:
    """How the newest begins, and who said it."""
    who = voice.gettext("You") if it.last_side == "buyer" else it.last_name
    return voice.gettext("%(label)s: %(text)s") % {"label": who, "text": it.last_text} if who else it.last_text


def _state(it: Listed | KeptThread, voice: Voice) -> tuple[str, str]:
    """In a few words, and their tone."""
    _ = voice.gettext
    if it.closed_at is not None:
        return _("Closed"), "plain"
    if it.waiting_on == "seller" and it.due_at is not None:
        day = voice.weekday(it.due_at - lines.A_SECOND)
        late = it.due_at <= clock.now()
        return (_("Was to answer by %(day)s") if late else _("Answers by %(day)s")) % {"day": day}, "bad" if late else "wait"
    if it.waiting_on == "buyer" and (it.unread or it.marked):
        return _("New answer"), "good"
    return "", "plain"


def state(it: KeptThread, voice: Voice) -> tuple[str, str]:
    return _state(it, voice)


def bubbles(it: KeptThread, page: Page, mine: str, voice: Voice, query: str = "", start: str = "") -> list[Bubble]:
    """`mine`: the side that looks at it; `start`: before the addresses of its pictures, at a desk."""
    made, day, seen = [], "", _seen(it, page, mine)
    for one in page.messages:
        today = voice.weekday(one.at)
        files = [_file(f"{start}/inbox/{it.code}", file, voice) for file in page.files.get(one.id, ())]
        made.append(_bubble(it, one, files, mine, "" if today == day else today, voice, query, seen=one.id == seen))
        day = today
    return made


def _seen(it: KeptThread, page: Page, mine: str) -> int:
    """The id of the newest of mine that they have seen; 0 for none."""
    until = it.desk_seen if mine == "buyer" else it.seen
    return max((one.id for one in page.messages if one.side == mine and one.id <= until), default=0)


def _bubble(
    it: KeptThread, one: KeptMessage, files: list[FileCard], mine: str, day: str, voice: Voice, query: str, *, seen: bool
) -> Bubble:
    side = one.side if one.side in ("system", "note") else "mine" if one.side == mine else "theirs"
    shown, rest = one.text or lines.said(one.event, one.name, mine, voice), ""
    if len(one.text) > FOLDED:
        end = one.text.rfind(" ", FOLDED - 100, FOLDED)
        shown, rest = one.text[: end if end > 0 else FOLDED], one.text[end if end > 0 else FOLDED :]
    return Bubble(
        one.id, side, _who(it, one, mine, voice), voice.time(one.at), day, searching.marked(shown, query), rest,
        files, seen,
    )  # fmt: skip


def _who(it: KeptThread, one: KeptMessage, mine: str, voice: Voice) -> str:
    if one.side == "system":
        return ""
    if one.side == mine == "buyer":
        return voice.gettext("You")
    if one.side == "seller" and mine == "buyer" and one.name != it.merchant_name:
        said = {"name": one.name, "shop": it.merchant_name}
        return voice.gettext("%(name)s, %(shop)s") % said if one.name else it.merchant_name
    return called(one.name, voice) if one.side == "buyer" else texts.line(one.name) or it.merchant_name


def called(name: str, voice: Voice) -> str:
    """A customer, to the desk: who has given no name is nobody's address."""
    return texts.line(name) or voice.gettext("A customer")


def _file(thread: str, file: KeptFile, voice: Voice) -> FileCard:
    size = voice.gettext("%(num)d kB") % {"num": max(1, round(file.size / 1000))}
    return FileCard(
        f"{thread}/files/{file.id}", file.title or voice.gettext("Picture"), file.media_type.startswith("image/"), size
    )
