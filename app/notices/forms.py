"""What the form of a notice sends, and when it is to go."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app import clock
from app.errors import Invalid
from app.i18n import Voice, _, own_name
from app.notices import cards
from app.notices.actions import Draft
from app.notices.kept import KeptNotice, Words
from app.notices.segments import Segment
from app.orders.filters import STAGES, stage_label
from app.returns.rule_choices import countries
from app.settings import settings

Sent = Sequence[tuple[str, str]]


def draft(sent: Sent, voice: Voice) -> Draft:
    typed = {name: text.replace("\r\n", "\n") for name, text in sent}
    segment = Segment(
        since=typed.get("since", "").strip(), zone=voice.zone, stages=tuple(text for name, text in sent if name == "stage"),
        country=typed.get("country", ""), language=typed.get("language", ""),
        product=" ".join(typed.get("product", "").split()), open_return=typed.get("open_return") == "yes",
    )  # fmt: skip
    words = {locale: Words(typed.get(f"subject-{locale}", ""), typed.get(f"text-{locale}", "")) for locale in settings.locales}
    return Draft(kind=typed.get("kind", ""), words=words, segment=segment)


def of(it: KeptNotice) -> Draft:
    """As it was kept."""
    return Draft(kind=it.kind, words=it.words, segment=it.segment)


def choices(voice: Voice) -> dict[str, Any]:
    told = cards.kinds_told(voice)
    return {
        "kinds": [(kind, name, told[kind]) for kind, name in cards.kinds(voice).items()],
        "languages": [(locale, own_name(locale)) for locale in settings.locales],
        "stages": [(stage, stage_label(stage)) for stage in STAGES],
        "countries": [("", _("Every country")), *countries(voice.locale)],
    }


def moment(typed: Mapping[str, str], voice: Voice) -> datetime | None:
    """None for now. By the clock of who types it. Raises Invalid(day=…)."""
    if typed.get("when") != "later":
        return None
    text = f"{typed.get('day', '').strip()}T{typed.get('time', '').strip()}"
    try:
        return datetime.strptime(text[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=clock.zone(voice.zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(day=_("A day and a time, such as 2026-11-27 and 9:00.")) from error
