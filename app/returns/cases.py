"""A right in a line of an order, and the line as the rights look at it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.returns import days
from app.returns.arrivals import Arrival, Bought, Item
from app.returns.rule_book import Rules


class Right(Struct, frozen=True, kw_only=True):
    """`code`: withdrawal, guarantee, report, delivery_claim, cancellation, return or exchange. `source`, `why` and `notes` are
    keys of `words`; `why`: what closes it, empty when it is open. `reason`: of `exemptions`, what it is about.

    `days`: of the shop's own window.

    `until` is the last day, where the consumer is, and `ends_at` the instant (UTC) from which on it is over; both None while
    the end cannot be said. `from_day`: a right that begins only then.
    """

    code: str
    open: bool
    source: str
    why: str = ""
    until: date | None = None
    ends_at: datetime | None = None
    from_day: date | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    days: int = 0


def of_claim(reason: str) -> tuple[str, ...]:
    """What never came is another right than what came and is wrong."""
    return ("delivery_claim",) if reason == "not_delivered" else ("guarantee", "report")


def told(rights: Sequence[Right]) -> list[Right]:
    """Those that are worth a word: in place of a guarantee that is not theirs stands the report."""
    return [it for it in rights if (it.code, it.why) != ("guarantee", "outside_eu")]


class Case(Struct, frozen=True):
    """A line as the rights look at it: `arrival` is its own, `last` that of the order's last good; `rules` say for whom there
    is a withdrawal; `excluded` and `promised` are what they say of the line."""

    bought: Bought
    item: Item
    rules: Rules
    now: datetime
    arrival: Arrival
    last: Arrival
    excluded: str
    promised: int

    @property
    def abroad(self) -> bool:
        """Where the law that is known here is not that of the country; one that is not known may be one of the EU."""
        country = days.country(self.bought.country)
        return bool(country) and country not in days.EEA

    @property
    def elsewhere(self) -> str:
        """Why a right of the EU's law is not theirs; a shop may treat everybody as if they were there."""
        return "outside_eu" if self.abroad and self.rules.withdrawal != "on" else ""

    @property
    def supposed(self) -> tuple[str, ...]:
        return ("supposed",) if self.arrival.supposed else ()

    def as_at_home(self, right: Right) -> Right:
        """Nobody is told that a law is theirs which the shop only applies to them."""
        applied = self.abroad and not self.elsewhere and right.source not in ("shop", "country")
        return replace(right, notes=("applied", *right.notes)) if applied and right.open else right

    def day(self, at: datetime) -> date:
        return days.day_of(at, self.bought.zone)

    def closed(self, code: str, source: str, why: str, **about: Any) -> Right:
        return Right(code=code, open=False, source=source, why=why, **about)

    def dated(self, code: str, source: str, last: date, notes: tuple[str, ...], **about: Any) -> Right:
        ends = days.end_of(last, self.bought.zone)
        why = "" if self.now < ends else "over"
        return Right(
            code=code, open=not why, source=source, why=why, until=last, ends_at=ends, notes=notes, **about
        )  # fmt: skip
