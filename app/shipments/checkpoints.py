"""A parcel's checkpoints as its card tells them: newest first, by the reader's days and clock."""

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from app.events import parcel_words as words
from app.i18n import Voice
from app.search import folded
from app.shipments.kept import KeptScan

SHOWN = 4  # of the newest; the rest are folded


class Checkpoint(Struct, frozen=True, kw_only=True):
    """`quote` is what the carrier wrote, where our words say less. `current`: the newest."""

    text: str
    quote: str
    reason: str
    time: str
    place: str
    current: bool


class Day(Struct, frozen=True):
    label: str
    scans: list[Checkpoint]


class Told(Struct, frozen=True):
    """`more` are the days behind the fold, whose first may be the last of `days` once more."""

    days: list[Day]
    more: list[Day]
    folded: int


def told(found: Sequence[KeptScan], voice: Voice) -> Told:
    """Of one parcel, newest first. A rest of one is not worth a fold."""
    shown = SHOWN if len(found) > SHOWN + 1 else len(found)
    return Told(_days(found[:shown], voice, newest=True), _days(found[shown:], voice), len(found) - shown)


def _days(found: Sequence[KeptScan], voice: Voice, *, newest: bool = False) -> list[Day]:
    days: list[Day] = []
    for n, scan in enumerate(found):
        label = voice.weekday(scan.at)
        if not days or days[-1].label != label:
            days.append(Day(label, []))
        days[-1].scans.append(_checkpoint(scan, voice, current=newest and n == 0))
    return days


def _checkpoint(scan: KeptScan, voice: Voice, *, current: bool) -> Checkpoint:
    text, reason = words.status(scan.status, voice), words.reason(scan.reason, voice)
    quote = " ".join(scan.words.split())
    return Checkpoint(
        text=text,
        quote=quote if _says_more(quote, (text, reason, words.in_english(scan.status))) else "",
        reason=reason,
        time=voice.time(scan.at),
        place=place(scan),
        current=current,
    )


def place(scan: KeptScan) -> str:
    return _place(scan.place, scan.country)


@lru_cache(4096)
def _place(name: str, country: str) -> str:
    """“Lyon, FR”; what the carrier wrote may name the country already."""
    if not country or folded(country) in folded(name).replace(",", " ").split():
        return name
    return f"{name}, {country}" if name else country


def _says_more(quote: str, said: Sequence[str]) -> bool:
    wanted = _letters(quote)
    return bool(wanted) and not any(wanted in _letters(text) for text in said)


@lru_cache(4096)
def _letters(text: str) -> str:
    return "".join(sign for sign in folded(text) if sign.isalnum())
