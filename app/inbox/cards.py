"""A thread in the list, every text made once; templates only place it."""

from datetime import date, datetime
from functools import lru_cache
from urllib.parse import quote_plus

import msgspec
from msgspec import Struct

from app import clock, pictures
from app.i18n import Voice
from app.inbox import keeping, lines, marking, searching, texts
from app.inbox.kept import KeptThread
from app.inbox.lists import Listed
from app.inbox.texts import Pieces

KEPT = 8_192  # cards: the first pages of three hundred customers
ICONS = {  # by kind, where there is no picture
    "order": "package", "return": "undo-2", "question": "message-circle", "account": "user-round", "policy": "info",
    "offer": "store",
}  # fmt: skip


class ThreadCard(Struct, frozen=True, eq=False):
    """`heading`, `shop`, `about`, `gist`: in pieces, each with whether it was looked for. `state`: what it waits for, empty for
    nothing. `archived`: only where a search has found it there, `kept` only where it is soon gone, or never. Two are never
    equal: each is drawn once (`compiled.drawn`)."""

    code: str
    url: str
    heading: Pieces
    shop: Pieces
    about: Pieces
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
    kept: str


def card(it: Listed, voice: Voice, query: str = "", hit: str = "") -> ThreadCard:
    """`hit`: what it says that was looked for, where that is not its newest word."""
    late = it.due_at is not None and it.due_at <= clock.now()
    return (_card if query else _kept_card)(it, voice, voice.today(), late, query, hit)


def _card(it: Listed, voice: Voice, _today: date, _late: bool, query: str, hit: str) -> ThreadCard:
    """Whatever changes a card is an argument."""
    names = msgspec.json.decode(it.pictures)
    said, tone = state(it, voice)
    place = f"?q={quote_plus(query)}" if query and not searching.code_of(query) else "#newest"
    return ThreadCard(
        it.code, f"/inbox/{it.code}{place}", marking.marked(heading(it, voice), query), marking.marked(it.merchant_name, query),
        marking.marked(_about(it, voice), query),
        marking.marked(marking.around(hit, query) if hit else _gist(it, voice), query), when(it.last_at, voice),
        pictures.url(names[0]) if names else "", ICONS[it.kind], it.unread, bool(it.marked),
        bool(query and it.archived), bool(it.muted), said, tone, keeping.in_list(it, voice),
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
    name = voice.gettext("You") if it.last_side == "buyer" else texts.line(it.last_name)
    return voice.gettext("%(label)s: %(text)s") % {"label": name, "text": it.last_text} if name else it.last_text


def state(it: Listed | KeptThread, voice: Voice) -> tuple[str, str]:
    """In a few words, and their tone."""
    _ = voice.gettext
    if it.closed_at is not None:
        return _("Closed"), "plain"
    if it.waiting_on == "seller" and it.due_at is not None:
        day = voice.weekday(it.due_at - lines.A_SECOND)
        late = it.due_at <= clock.now()
        return (_("Late: due %(day)s") if late else _("Answers by %(day)s")) % {"day": day}, "bad" if late else "wait"
    if it.waiting_on == "buyer" and (it.unread or it.marked):
        return _("New answer"), "good"
    return "", "plain"


def called(name: str, voice: Voice) -> str:
    """A customer, to the desk: who has given no name is nobody's address."""
    return texts.name(name) or voice.gettext("A customer")
