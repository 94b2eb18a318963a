"""Whom a notice is for: customers of one merchant, by what its own tables know of them.

What is said of an order has to be true of one and the same. Who has blocked the merchant, or is blocked by it, is in none; nor
is who has no address any more.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts.email_changes import NOWHERE
from app.errors import Invalid
from app.i18n import _
from app.inbox.purging import ENDED
from app.orders.filters import STAGES
from app.search import folded, patterns
from app.settings import settings

Sql = tuple[str, list[Any]]
LONGEST = 200  # letters of a product
MOST_PRODUCTS = 50
# Of this merchant alone; the next two are said of who is written to at all.
ORDERED = "c.id IN (SELECT o.customer FROM orders o WHERE o.merchant = {}"
BLOCKED = "NOT EXISTS (SELECT 1 FROM thread_blocks b WHERE b.customer = c.id AND b.merchant = {})"
REACHED = f"c.email NOT LIKE '%@{NOWHERE}'"
ASKED = "EXISTS (SELECT 1 FROM preferences p WHERE p.customer = c.id AND p.topic = 'offers' AND p.wanted)"
SENDING_BACK = f"""EXISTS (SELECT 1 FROM returns r WHERE r.customer = c.id AND r.merchant = {{}}
AND r.state NOT IN ({", ".join(f"'{state}'" for state in ENDED)}))"""  # noqa: S608 - our own words
SOLD = """
SELECT DISTINCT l.sku, l.title FROM orders o JOIN order_lines l ON l."order" = o.id WHERE o.merchant = {}
"""


class Segment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Empty is everybody with an order. `since` is a day by the clock of `zone`, `stages` of `orders.filters`, `country` where
    it went, `language` one of ours; `product` is what was typed, `skus` or `titles` what is sold under that name."""

    since: str = ""
    zone: str = ""
    stages: tuple[str, ...] = ()
    country: str = ""
    language: str = ""
    product: str = ""
    skus: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    open_return: bool = False


def people(merchant: int, it: Segment, *, offer: bool) -> Sql:
    """SQL from FROM on, over `customers c`, and its arguments. `offer`: only who has asked for offers."""
    ordered, args = _ordered(it)
    sql, args = f"FROM customers c WHERE {ORDERED}{ordered})", [merchant, *args]
    if it.language:
        spoken, more = _speaks(it.language)
        sql, args = f"{sql} AND {spoken}", [*args, *more]
    if it.open_return:
        sql, args = f"{sql} AND {SENDING_BACK}", [*args, merchant]
    still, more = wanted(merchant, offer=offer)
    return f"{sql} AND {still}", [*args, *more]


def wanted(merchant: int, *, offer: bool) -> Sql:
    """Of `customers c`, who is told such a thing by that merchant at all."""
    return f"{f'{ASKED} AND ' if offer else ''}{BLOCKED} AND {REACHED}", [merchant]


def _ordered(it: Segment) -> Sql:
    sql, args = "", list[Any]()
    if it.since:
        sql, args = f"{sql} AND o.placed_at >= {{}}", [*args, clock.start_of(day(it), it.zone)]
    if it.stages:
        sql, args = f"{sql} AND o.stage IN ({db.marks(len(it.stages))})", [*args, *it.stages]
    if it.country:  # as `ingest` writes an address; inside of a text, its quotation marks would stand behind a backslash
        sql, args = f"{sql} AND o.shipping_address LIKE {{}}", [*args, f'%"country":"{it.country}"%']
    column, named = ("sku", it.skus) if it.skus else ("title", it.titles)
    if named:
        of_line = f'SELECT 1 FROM order_lines l WHERE l."order" = o.id AND l.{column} IN ({db.marks(len(named))})'  # noqa: S608
        sql, args = f"{sql} AND EXISTS ({of_line})", [*args, *named]
    return sql, args


def _speaks(language: str) -> Sql:
    """Who has said nothing, or a language that is none of ours, is written to in the first."""
    if language != settings.locales[0]:
        return "c.locale = {}", [language]
    others = settings.locales[1:]
    return (f"c.locale NOT IN ({db.marks(len(others))})", [*others]) if others else ("1 = 1", [])


async def checked(merchant: int, it: Segment) -> Segment:
    """With what is sold under the name that was typed. Raises Invalid at its fields."""
    if it.since and not _is_day(it.since):
        raise Invalid(since=_("A day, such as 2026-11-27."))
    if set(it.stages) - set(STAGES) or (it.language and it.language not in settings.locales):
        raise Invalid(language=_("Choose one of these."))
    if it.country and not (len(it.country) == 2 and it.country.isascii() and it.country.isupper()):
        raise Invalid(country=_("Choose one of these."))
    skus, titles = await _sold(merchant, it.product) if it.product else ((), ())
    return Segment(
        since=it.since, zone=it.zone if it.since else "", stages=it.stages, country=it.country, language=it.language,
        product=it.product, skus=skus, titles=titles, open_return=it.open_return,
    )  # fmt: skip


async def _sold(merchant: int, product: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """SKUs that are written so, else titles that say each of its words: letter case and accents aside, on both databases."""
    if len(product) > LONGEST or not product.isprintable():
        raise Invalid(product=_("At most %(num)d letters.") % {"num": LONGEST})
    words = patterns(product)
    sql = SOLD + " AND o.search_text LIKE {} ESCAPE '\\'" * len(words)
    found = await db.scan(sql, merchant, *words)
    skus = _alike(row["sku"] for row in found if folded(row["sku"]) == folded(product))
    wanted = folded(product).split()
    titles = _alike(row["title"] for row in found if all(word in folded(row["title"]) for word in wanted))
    if not skus and not titles:
        raise Invalid(product=_("None of your orders has anything of that name or number."))
    if not skus and len(titles) > MOST_PRODUCTS:
        raise Invalid(product=_("That fits %(num)d products: say it more exactly.") % {"num": len(titles)})
    return skus, () if skus else titles


def _alike(names: Any) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _is_day(text: str) -> bool:
    try:
        return 1990 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False


def named(it: Segment) -> Sequence[str]:
    """What is sold under the name that was typed."""
    return it.skus or it.titles


def day(it: Segment) -> date:
    return date.fromisoformat(it.since)
