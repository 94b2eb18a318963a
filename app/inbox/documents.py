"""A conversation on paper: set from templates/documents/conversation.typ, dated by its last word."""

from typing import Any

from babel import Locale
from msgspec import Struct
from msgspec.structs import replace

from app import clock, press
from app.i18n import Voice
from app.inbox import bubbles, cards, happened, keeping, lines, texts, whole
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptMessage, Page
from app.settings import settings


class PaperMessage(Struct, frozen=True):
    """`day` heads the first of each day. `files`: name and size of each."""

    day: str
    who: str
    when: str
    side: str
    text: list[str]
    files: list[str]


class ConversationDocument(Struct, frozen=True, kw_only=True):
    """All that conversation.typ needs, every text formatted."""

    lang: str
    region: str | None
    at: int
    accent: str
    title: str
    merchant: str
    about: list[str]
    messages: list[PaperMessage]
    cut: str
    words: dict[str, str]


async def paper(it: KeptThread, voice: Voice, *, mine: str = "buyer", notes: bool = False) -> bytes:
    """The PDF, A4, for the side that takes it away. Notes are the desk's alone."""
    return await press.printed("conversation", document(it, await whole.all_of_it(it, notes=notes), voice, mine))


async def on_a_page(
    it: KeptThread, voice: Voice, *, mine: str = "buyer", notes: bool = False, start: str = ""
) -> dict[str, Any]:
    """For a page that is printed from; `start`: of the desk's addresses."""
    found = await whole.all_of_it(it, notes=notes)
    all_of_it = await happened.between(it, replace(found, earlier=False), clock.now(), voice)
    return {
        "title": cards.heading(it, voice),
        "about": about(it, voice),
        "bubbles": bubbles.of(it, all_of_it, mine, voice, start=start),
        "cut": found.earlier,
    }


def document(it: KeptThread, page: Page, voice: Voice, mine: str) -> ConversationDocument:
    locale = Locale.parse(voice.locale)
    _ = voice.gettext
    return ConversationDocument(
        lang=locale.language,
        region=locale.territory,
        at=max(int(it.last_at.timestamp()), 0),
        accent=settings.accent,
        title=texts.line(cards.heading(it, voice)),
        merchant=texts.line(it.merchant_name),
        about=about(it, voice),
        messages=_messages(it, page, voice, mine),
        cut=_("This is its beginning. All of it is in the data that can be taken away.") if page.earlier else "",
        words={"kind": _("Conversation"), "page": _("Page {page} of {pages}"), "note": _("Note")},
    )


def about(it: KeptThread, voice: Voice) -> list[str]:
    _ = voice.gettext
    order = _("Order %(number)s") % {"number": it.order_number} if it.order_number else ""
    said = (order, it.return_code, _("Conversation %(code)s") % {"code": it.code}, keeping.said(it, voice).until)
    return [" · ".join(part for part in said if part), *([_one_line(it.titles)] if it.subject and it.titles else [])]


def _messages(it: KeptThread, page: Page, voice: Voice, mine: str) -> list[PaperMessage]:
    made, day = list[PaperMessage](), ""
    for one in page.messages:
        today = voice.long_day(one.at)
        made.append(_message(it, one, page, "" if today == day else today, voice, mine))
        day = today
    return made


def _message(it: KeptThread, one: KeptMessage, page: Page, day: str, voice: Voice, mine: str) -> PaperMessage:
    sent = [bubbles.file_card("", file, voice) for file in page.files.get(one.id, ())]
    return PaperMessage(
        day, bubbles.who(it, one, mine, voice), voice.time(one.at), bubbles.side(one, mine),
        _text(one, mine, voice).split("\n"),
        [f"{file.title} ({file.size})" for file in sent],
    )  # fmt: skip


def _text(one: KeptMessage, mine: str, voice: Voice) -> str:
    return one.text or lines.said(one.event, one.name, mine, voice)


def _one_line(titles: str) -> str:
    return texts.line(" · ".join(titles.splitlines()))
