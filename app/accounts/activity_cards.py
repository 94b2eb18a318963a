"""The activity as the page shows it: a heading a day, every text formatted once."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from app.accounts import activity_kinds, browsers, places
from app.accounts.activity import Happened
from app.accounts.activity_kinds import Told
from app.events.actions import data_of
from app.i18n import Voice, _

UNKNOWN = Told("info", "")


class Entry(Struct, frozen=True):
    """`tag` says in words what `tone` shows; `network` where it is not known which place that is."""

    icon: str
    text: str
    detail: str
    browser: str
    where: str
    when: str
    tag: str
    tone: str


class Day(Struct):
    """`heading` is empty where the page before has it already."""

    heading: str
    entries: list[Entry]


def days(found: Sequence[Happened], voice: Voice, after: date | None = None) -> list[Day]:
    """In the person's own calendar; `after` is the day under which the entries before them stand."""
    made: list[Day] = []
    current = after
    for one in found:
        on = voice.local(one.at).date()
        if on != current or not made:
            made.append(Day(_heading(on, voice) if on != after else "", []))
        current = on
        made[-1].entries.append(entry(one, voice))
    return made


def entry(one: Happened, voice: Voice) -> Entry:
    data = data_of(one.data)
    said = _told(one.kind, data, voice)
    text = activity_kinds.together(one.kind, one.times, voice) if one.times > 1 else said.text
    network, agent = text_of(data, "network"), text_of(data, "browser")
    browser = browsers.named(agent, voice) if agent else ""
    new = one.kind == "signed_in" and data.get("new_device") is True
    return Entry(
        said.icon, text, _detail(data, voice),
        _("last from %(browser)s") % {"browser": browser} if one.times > 1 and browser else browser,
        places.of(network, voice) or network, _when(one, voice),
        _("New browser") if new else "", "wait" if new else said.tone,
    )  # fmt: skip


def _told(kind: str, data: dict[str, object], voice: Voice) -> Told:
    words = activity_kinds.every(voice)
    return words.get(f"{kind}.{data.get('by')}") or words.get(kind) or UNKNOWN


def _detail(data: dict[str, object], voice: Voice) -> str:
    """What was added, changed or shut out; how the second step was done."""
    if ended := text_of(data, "ended"):
        return browsers.named(ended, voice)
    factors = {
        "authenticator": _("and a code from your app"), "recovery_code": _("and a recovery code"),
        "passkey": _("and a passkey") if data.get("by") != "passkey" else "",
    }  # fmt: skip
    return factors.get(text_of(data, "factor"), "") or text_of(data, "name")


def _when(one: Happened, voice: Voice) -> str:
    if one.since is None:
        return voice.time(one.at)
    first, last = voice.local(one.since), voice.local(one.at)
    if first.date() != last.date():
        return f"{voice.moment(one.since)} – {voice.moment(one.at)}"
    times = dict.fromkeys((voice.time(one.since), voice.time(one.at)))
    return " – ".join(times)


def _heading(on: date, voice: Voice) -> str:
    if on == voice.today():
        return _("Today")
    text = _("Yesterday") if on == voice.today() - timedelta(days=1) else voice.weekday(on)
    return text[:1].upper() + text[1:]


def text_of(data: dict[str, object], name: str) -> str:
    """What is printable of it; an event of an older release may hold anything."""
    value = data.get(name)
    return "".join(filter(str.isprintable, value))[: browsers.LONGEST] if isinstance(value, str) else ""
