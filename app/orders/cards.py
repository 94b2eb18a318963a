"""One order in a list, every text formatted once; templates only place it."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec
from msgspec import Struct

from app import clock, pictures
from app.i18n import Voice, _, ngettext
from app.orders.lists import Listed
from app.orders.sentences import Sentence, told

names_of = msgspec.json.Decoder(list[str]).decode
address_of = lru_cache(4096)(pictures.url)  # a shop has fewer products than orders


class Picture(Struct, frozen=True):
    """`url` is empty where we keep none: a quiet placeholder is shown."""

    url: str
    alt: str


class Action(Struct, frozen=True):
    label: str
    url: str
    external: bool = False


class OrderCard(Struct, frozen=True):
    """See templates/orders/cards.html. `said` is what its status says; `pictures` are addresses, empty where we keep none;
    `more` lines have no picture here."""

    id: int
    url: str
    archive_url: str
    number: str
    said: Sentence
    pictures: list[str]
    more: int
    titles: str
    small_print: str
    month: str
    archived: bool
    action: Action | None


def cards(orders: Sequence[Listed], voice: Voice, after: datetime | None = None) -> list[OrderCard]:
    """In the given order; the first of each month names it, unless the list they are put `after` ends in that month."""
    made, today, zone = [], voice.today(), clock.zone(voice.zone)
    named = voice.month(after) if after else ""
    for order in orders:
        placed = order.placed_at.astimezone(zone).date()
        month = _month(placed.year, placed.month, voice)
        made.append(_card(order, voice, placed, today, "" if month == named else month))
        named = month
    return made


@lru_cache(1024)
def _month(year: int, month: int, voice: Voice) -> str:
    return voice.month(date(year, month, 1))


def card(order: Listed, voice: Voice) -> OrderCard:
    """One alone, without its month."""
    return _card(order, voice, voice.local(order.placed_at).date(), voice.today(), "")


def _card(order: Listed, voice: Voice, placed: date, today: date, month: str) -> OrderCard:
    said, url = told(order, voice, today), f"/orders/{order.address}"
    shown = [address_of(name) for name in names_of(order.pictures)]
    return OrderCard(
        order.id,
        url,
        f"{url}/archiving",
        order.number,
        said,
        shown,
        max(order.line_count - len(shown), 0),
        _titles(order.titles, order.line_count),
        _small_print(order, voice, placed),
        month,
        bool(order.archived),
        Action(_("Follow parcel"), f"{url}#parcels") if said.steps in (2, 3) else None,
    )


def _titles(titles: str, lines: int) -> str:
    text = titles.replace("\n", ", ")
    rest = lines - titles.count("\n") - 1
    if rest <= 0:
        return text
    more = ngettext("and %(num)d more", "and %(num)d more", rest) % {"num": rest}
    return f"{text} {more}"


def _small_print(order: Listed, voice: Voice, placed: date) -> str:
    items = _items(order.item_count, order.merchant_name, voice)
    return f"{items} · {voice.money(order.total, order.currency)} · {voice.day(placed)}"


@lru_cache(1024)
def _items(count: int, shop: str, voice: Voice) -> str:
    ngettext = voice.ngettext
    return ngettext("%(num)d item from %(shop)s", "%(num)d items from %(shop)s", count) % {"num": count, "shop": shop}
