"""A notice at the desk, every text made once; templates only place it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from babel.numbers import format_decimal
from msgspec import Struct

from app import clock
from app.i18n import Voice, british, own_name
from app.inbox import links, texts
from app.inbox.bubbles import Bubble
from app.notices import segments
from app.notices.kept import KeptNotice
from app.notices.reach import Reach
from app.notices.segments import Segment
from app.orders.filters import stage_label
from app.returns.rule_choices import countries
from app.settings import settings

TONES = {"draft": "plain", "scheduled": "wait", "sending": "wait", "sent": "good", "stopped": "bad"}
A_MINUTE = timedelta(minutes=1)
Facts = list[tuple[str, str]]


class Row(Struct, frozen=True):
    """In the list. `counted`: how many were told, of how many; empty before it begins."""

    number: int
    heading: str
    kind: str
    state: str
    tone: str
    small_print: str


class Shown(Struct, frozen=True):
    """As its customers see it, in one language; `instead`: what is said where there are no words in it. `count`: of people."""

    locale: str
    language: str
    subject: str
    bubbles: Sequence[Bubble]
    count: str
    instead: str


def kinds(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {"account": _("Official notice"), "policy": _("Change of terms"), "offer": _("Offer")}


def kinds_told(voice: Voice) -> dict[str, str]:
    """Whom each reaches, and how."""
    _ = voice.gettext
    return {
        "account": _("Goes to all: in their inbox, and by mail and push as they have chosen. They can answer."),
        "policy": _("Goes to all: in their inbox, and always by mail. It cannot be answered."),
        "offer": _("Goes only to who has asked for offers, on the ways they have chosen. It cannot be answered."),
    }


def states(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {"draft": _("Draft"), "scheduled": _("Scheduled"), "sending": _("Going out"), "sent": _("Gone out"),
            "stopped": _("Stopped")}  # fmt: skip


def row(it: KeptNotice, voice: Voice) -> Row:
    _, words = voice.gettext, it.said_in(voice.locale)[1]
    said = told(it, voice) if it.started_at else ""
    if it.state == "scheduled" and it.scheduled_at:
        said = when(it.scheduled_at, voice)
    if it.state == "draft":
        said = _("%(who)s, %(day)s") % {"who": texts.line(it.author_name) or _("Somebody"), "day": voice.day(it.created_at)}
    return Row(it.id, words.subject, kinds(voice)[it.kind], states(voice)[it.state], TONES[it.state], said)


def told(it: KeptNotice, voice: Voice) -> str:
    """“1,204 of 3,000 were told”; of a single one, too."""
    counts = {"told": number(it.told, voice), "people": number(it.people - it.left_out, voice)}
    if it.state == "sent" and it.told == it.people - it.left_out:
        return voice.ngettext("%(told)s person was told", "%(told)s people were told", it.told) % counts
    return voice.gettext("%(told)s of %(people)s were told") % counts


def soon(it: KeptNotice) -> bool:
    """Whether it goes out, or is about to."""
    due = it.scheduled_at is not None and it.scheduled_at < clock.now() + A_MINUTE
    return it.state == "sending" or (it.state == "scheduled" and due)


def left_out(it: KeptNotice, voice: Voice) -> str:
    """Of who wanted none of it any more; empty for nobody."""
    said = voice.ngettext(
        "%(num)s person was left out: they wanted no more of it by then.",
        "%(num)s people were left out: they wanted no more of it by then.", it.left_out,
    )  # fmt: skip
    return said % {"num": number(it.left_out, voice)} if it.left_out else ""


def when(at: datetime, voice: Voice) -> str:
    return voice.moment(at)


def number(count: int, voice: Voice) -> str:
    """“3,000”."""
    return str(format_decimal(count, locale=british(voice.locale)))


def people(count: int, voice: Voice) -> str:
    return voice.ngettext("%(num)s person", "%(num)s people", count) % {"num": number(count, voice)}


def shown(it: KeptNotice, shop: str, reached: Reach | None, voice: Voice) -> list[Shown]:
    """In each language that the counter speaks, as it is sent to who reads that; None: nobody is counted any more."""
    counts = dict.fromkeys(settings.locales, "")
    if reached is not None:
        counts = {locale: people(count, voice) for locale, count in reached.by_language.items()}
    return [_shown(it, locale, position, shop, count, voice) for position, (locale, count) in enumerate(counts.items())]


def _shown(it: KeptNotice, locale: str, position: int, shop: str, count: str, voice: Voice) -> Shown:
    spoken, words = it.said_in(locale)
    bubble = Bubble(position, "theirs", shop, "", "", links.runs(words.text, link=True), [], [], seen=False)
    instead = "" if spoken == locale else voice.gettext("There are no words in this language: they get it in %(language)s.") % {
        "language": own_name(spoken)
    }  # fmt: skip
    return Shown(locale.replace("_", "-"), own_name(locale), words.subject, [bubble], count, instead)


class Reached(Struct, frozen=True):
    """`count` of people; `asked` says how many of them want offers; `names` are a few of them, `more` of how many others."""

    count: str
    anybody: bool
    asked: str
    names: str


def reach(it: KeptNotice, found: Reach, voice: Voice) -> Reached:
    asked = ""
    if it.kind == "offer":
        said = voice.gettext("%(asked)s of %(people)s have asked for offers: it goes to them alone.")
        asked = said % {"asked": number(found.asked, voice), "people": people(found.people, voice)}
    names = ", ".join(texts.line(name) for name in found.names)
    if names and (more := found.told - len(found.names)) > 0:
        names = f"{names} {voice.ngettext('and %(num)d more', 'and %(num)d more', more) % {'num': more}}"
    return Reached(people(found.told, voice), bool(found.told), asked, names)


def facts(it: Segment, voice: Voice) -> Facts:
    """For whom it is, line by line; nothing for everybody."""
    _ = voice.gettext
    named = segments.named(it)
    found = {
        _("Ordered since"): voice.day(segments.day(it)) if it.since else "",
        _("The order is"): ", ".join(stage_label(stage) for stage in it.stages),
        _("Delivered to"): dict(countries(voice.locale)).get(it.country, it.country),
        _("Bought"): ", ".join(named[:3]) + (" …" if len(named) > 3 else ""),
        _("Language"): own_name(it.language) if it.language else "",
        _("Return"): _("One that is not over") if it.open_return else "",
    }
    return [(label, text) for label, text in found.items() if text]
