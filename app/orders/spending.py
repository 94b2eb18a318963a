"""Money spent, by month or by year, each currency for itself: amounts of two currencies are never added."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app import db
from app.i18n import Voice, _, ngettext
from app.orders.filters import Choice, Filter, narrowed

COLUMNS = "o.placed_at, o.currency, o.total, o.refunded, o.state"
PAID = "o.payment IN ('paid', 'partly_refunded', 'refunded')"  # what is only owed or reserved is not spent yet
PATH = "/orders/spending"


class Bar(Struct, frozen=True):
    """`height` is a percentage of the highest bar."""

    label: str
    full_label: str
    amount: str
    height: int
    current: bool


class Currency(Struct, frozen=True):
    currency: str
    total: str
    orders_text: str
    bars: list[Bar]


class Spending(Struct, frozen=True):
    title: str
    year: str
    years: list[Choice]
    by_currency: list[Currency]


def spent(order: db.Row) -> int:
    """What an order cost in the end, minor units. A cancelled one cost nothing; a credit note (a negative total) gave back."""
    if order["state"] == "cancelled":
        return min(order["total"], 0)
    return order["total"] - order["refunded"]


async def spending(customer: int, year: str, years: Sequence[str], voice: Voice) -> Spending:
    """Of one year by months, or ("" or a year without orders) of all years."""
    chosen = year if year in years else ""
    sql, args = narrowed(Filter(period=chosen), voice.zone)  # what is put away was spent all the same
    orders = await db.scan(f"SELECT {COLUMNS} FROM orders o WHERE o.customer = {{}} AND {PAID}{sql}", customer, *args)  # noqa: S608
    groups: dict[str, list[db.Row]] = defaultdict(list)
    for order in orders:
        groups[order["currency"]].append(order)
    by_most = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return Spending(
        title=_("Spent in %(year)s") % {"year": chosen} if chosen else _("Spent in all years"),
        year=chosen,
        years=[Choice(name or _("All"), f"{PATH}?year={name}" if name else PATH, name == chosen) for name in ("", *years)],
        by_currency=[_currency(name, group, chosen, years, voice) for name, group in by_most],
    )


def _currency(currency: str, orders: Sequence[db.Row], year: str, years: Sequence[str], voice: Voice) -> Currency:
    sums: dict[int, int] = defaultdict(int)
    for order in orders:
        day = voice.local(order["placed_at"]).date()
        sums[day.month if year else day.year] += spent(order)
    count = len(orders)
    return Currency(
        currency=currency,
        total=voice.money(sum(sums.values()), currency),
        orders_text=ngettext("%(num)d order", "%(num)d orders", count) % {"num": count},
        bars=_months(sums, int(year), currency, voice) if year else _years(sums, years, currency, voice),
    )


def _months(sums: dict[int, int], year: int, currency: str, voice: Voice) -> list[Bar]:
    today, highest = voice.today(), max(*sums.values(), 1)
    bars = []
    for month in range(1, 13):
        first = date(year, month, 1)
        full = voice.month(first)
        current = (year, month) == (today.year, today.month)
        bars.append(_bar(voice.short_month(first), full, sums.get(month, 0), highest, current, currency, voice))
    return bars


def _years(sums: dict[int, int], years: Sequence[str], currency: str, voice: Voice) -> list[Bar]:
    highest, current = max(*sums.values(), 1), voice.today().year
    return [
        _bar(year, year, sums.get(int(year), 0), highest, int(year) == current, currency, voice) for year in reversed(years)
    ]


def _bar(label: str, full: str, amount: int, highest: int, current: bool, currency: str, voice: Voice) -> Bar:
    height = round(100 * max(amount, 0) / highest)
    return Bar(label, full, voice.money(amount, currency), max(height, 1) if amount > 0 else 0, current)
