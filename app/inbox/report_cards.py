"""A report in words, and its picture: bars in a drawing of a fixed size, which the page scales."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from app.i18n import Voice
from app.inbox.reports import Times

WIDE, HIGH, FOOT = 640, 180, 24


class Bar(Struct, frozen=True):
    """`name` stands below every one that has room for it, the last one always; `value` above it."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    name: str
    value: str


def kinds(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {"order": _("Orders"), "return": _("Returns"), "question": _("Questions")}


def lasted(seconds: int | None, voice: Voice) -> str:
    return "–" if seconds is None else voice.lasting(seconds)


def times(it: Times, name: str, voice: Voice) -> tuple[str, str, str, int]:
    return name, lasted(it.half, voice), lasted(it.most, voice), it.count


def bars(weeks: Sequence[tuple[datetime, int]], voice: Voice) -> list[Bar]:
    most, step = max((n for _start, n in weeks), default=0) or 1, WIDE / max(len(weeks), 1)
    every = -(-len(weeks) // 6)
    made = []
    for at, (start, n) in enumerate(weeks):
        height = round((HIGH - FOOT - 16) * n / most, 1)
        name = voice.near_day(start) if (len(weeks) - 1 - at) % every == 0 else ""
        x, width = round(at * step + step * 0.15, 1), round(step * 0.7, 1)
        made.append(
            Bar(
                x,
                round(HIGH - FOOT - height, 1),
                width,
                height,
                round(at * step + step / 2, 1),
                name,
                str(n) if n and len(weeks) <= 26 else "",
            )
        )
    return made
