"""What a customer asked their order list for, read from the URL, and the choices it offers from there."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from msgspec import Struct

from app import clock, reading
from app.i18n import Voice, _, voice
from app.orders import searching

STAGES = ("preparing", "on_the_way", "needs_you", "delivered", "returned", "cancelled")
UNDER_WAY = ("preparing", "on_the_way")
NEWS_WITHIN = timedelta(days=60)
RECENT = {"30days": 30, "3months": 91}
LONGEST_QUERY = 200
PAGE, MOST_SHOWN = 20, 200  # orders
MARK = "~here~"  # urlencode leaves it as it is


class Filter(Struct, frozen=True, kw_only=True):
    """Each field is empty when not asked for; nonsense in the URL is the same as nothing."""

    q: str = ""
    period: str = ""
    state: str = ""
    merchant: str = ""
    archived: str = ""

    def url(self, **changes: str) -> str:
        """The list's address with some filters changed; what is empty is left out."""
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__struct_fields__} | changes
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/orders?{query}" if query else "/orders"

    @property
    def narrowed(self) -> int:
        """How many choices narrow the list, besides words, period and archive."""
        return sum(1 for value in (self.state, self.merchant) if value)


class Choice(Struct, frozen=True):
    label: str
    url: str
    current: bool


class Filters(Struct, frozen=True, kw_only=True, eq=False):
    """What the template shows of a filter, drawn once for each (see `compiled.drawn`)."""

    q: str
    periods: list[Choice]
    states: list[Choice]
    merchants: list[Choice]
    archived: Choice
    active: int
    chosen: list[Choice]
    clear_url: str
    hidden: list[tuple[str, str]]


def read(query: Mapping[str, Any]) -> Filter:
    period, state = query.get("period", ""), query.get("state", "")
    return Filter(
        q=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
        period=period if period in RECENT or _year(period) else "",
        state=state if state in STAGES else "",
        merchant=query.get("merchant", "").replace("\x00", "")[:64],
        archived="yes" if query.get("archived") == "yes" else "",
    )


def read_shown(query: Mapping[str, Any]) -> int:
    """How many orders the list had grown to with “older”, so that Back finds it as long as it was left."""
    text = query.get("shown", "")
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else PAGE
    return min(max(wanted, PAGE), MOST_SHOWN)


def conditions(asked: Filter, zone: str) -> tuple[str, list[Any]]:
    """SQL behind `WHERE customer = …`, and its arguments."""
    sql, args = narrowed(asked, zone)
    return f" AND o.archived = {{}}{sql}", [bool(asked.archived), *args]


def narrowed(asked: Filter, zone: str) -> tuple[str, list[Any]]:
    """The same, of archived orders and of the others alike."""
    sql = ""
    args: list[Any] = []
    first, last = _bounds(asked.period, zone)
    if first:
        sql, args = f"{sql} AND o.placed_at >= {{}}", [*args, first]
    if last:
        sql, args = f"{sql} AND o.placed_at < {{}}", [*args, last]
    if asked.state:
        sql, args = f"{sql} AND o.stage = {{}}", [*args, asked.state]
    if asked.state in UNDER_WAY:  # an old history of which nothing more was told is not
        sql, args = f"{sql} AND o.placed_at >= {{}}", [*args, clock.start_of(clock.today(zone) - NEWS_WITHIN, zone)]
    if asked.merchant:
        sql, args = f"{sql} AND m.slug = {{}}", [*args, asked.merchant]
    words, more = searching.condition(asked.q)
    return f"{sql}{words}", [*args, *more]


def offered(asked: Filter, years: Sequence[str], merchants: Sequence[tuple[str, str]]) -> Filters:
    """`merchants` are (slug, name) of those the person has ordered from; one alone is no choice."""
    made = _offered.__wrapped__ if asked.q else _offered  # what people type never comes twice
    return made(asked, tuple(years), tuple(merchants), voice())


@lru_cache(1024)
def _offered(asked: Filter, years: tuple[str, ...], merchants: tuple[tuple[str, str], ...], _voice: Voice) -> Filters:
    """A shop's customers have few combinations of years and merchants between them. `_voice` is who speaks below."""
    periods = [("", _("All")), ("30days", _("30 days")), ("3months", _("3 months")), *((year, year) for year in years)]
    shops = [("", _("All sellers")), *merchants] if len(merchants) > 1 else []
    return Filters(
        q=asked.q,
        periods=_choices(asked, "period", periods),
        states=_choices(asked, "state", [("", _("All states")), *((stage, stage_label(stage)) for stage in STAGES)]),
        merchants=_choices(asked, "merchant", shops),
        archived=Choice(_("Archived"), asked.url(archived="" if asked.archived else "yes"), bool(asked.archived)),
        active=asked.narrowed,
        chosen=_chosen(asked, dict(merchants)),
        clear_url=Filter(archived=asked.archived).url(),
        hidden=[(name, value) for name in ("period", "state", "merchant", "archived") if (value := getattr(asked, name))],
    )


def _chosen(asked: Filter, merchants: Mapping[str, str]) -> list[Choice]:
    """What narrows the list beyond what its chips show, each with the address without it."""
    found = []
    if asked.state:
        found.append(Choice(stage_label(asked.state), asked.url(state=""), True))
    if asked.merchant:
        found.append(Choice(merchants.get(asked.merchant, asked.merchant), asked.url(merchant=""), True))
    if asked.archived:
        found.append(Choice(_("Archived"), asked.url(archived=""), True))
    return found


def stage_label(stage: str) -> str:
    match stage:
        case "preparing":
            return _("Being prepared")
        case "on_the_way":
            return _("On its way")
        case "needs_you":
            return _("Needs you")
        case "delivered":
            return _("Delivered")
        case "returned":
            return _("Returned")
    return _("Cancelled")


def _choices(asked: Filter, name: str, options: Sequence[tuple[str, str]]) -> list[Choice]:
    """As `asked.url(name=value)`, but what stays is encoded once: a page has some twenty of these addresses."""
    current = getattr(asked, name)
    before, _found, after = asked.url(**{name: MARK}).partition(f"{name}={MARK}")
    without = asked.url(**{name: ""})
    return [
        Choice(label, f"{before}{name}={quote_plus(value)}{after}" if value else without, value == current)
        for value, label in options
    ]


def _bounds(period: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """First instant in, first instant out, in UTC; a year begins when it does for the person."""
    if days := RECENT.get(period):
        return clock.start_of(clock.today(zone) - timedelta(days=days), zone), None
    if year := _year(period):
        return clock.start_of(date(year, 1, 1), zone), clock.start_of(date(year + 1, 1, 1), zone)
    return None, None


def _year(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 and 1970 <= int(text) < 9999 else 0


def cursor(row: Any) -> str:
    return reading.cursor(row["placed_at"], row["id"])
