"""One order in a list, every text formatted once; templates only place it."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec
from msgspec import Struct

from app import pictures
from app.i18n import Voice, _, ngettext
from app.orders.lists import Listed, read
from app.orders.sentences import Sentence, told

KEPT = 16_384  # cards: the first pages of eight hundred customers, some 40 MB
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


class OrderCard(Struct, frozen=True, eq=False):
    """See templates/orders/cards.html. `said` is what its status says; `pictures` are addresses, empty where we keep none;
    `more` lines have no picture here, `alone` is a single one. Two are never equal: each is drawn once (`compiled.drawn`)."""

    id: int
    url: str
    archive_url: str
    number: str
    said: Sentence
    pictures: list[str]
    more: int
    alone: bool
    titles: str
    small_print: str
    month: str
    archived: bool
    action: Action | None


def cards(rows: Sequence[str], voice: Voice, after: datetime | None = None) -> list[tuple[str, OrderCard]]:
    """Of rows of `lists.page_of`, in their order, with a heading: the first of each month names it, unless the list they
    are put `after` ends in that month."""
    made, today = [], voice.today()
    named = voice.month(after) if after else ""
    for row in rows:
        card = _card(row, voice, today)
        made.append(("" if card.month == named else card.month, card))
        named = card.month
    return made


def card(row: str, voice: Voice) -> OrderCard:
    return _card(row, voice, voice.today())


@lru_cache(KEPT)
def _card(row: str, voice: Voice, today: date) -> OrderCard:
    """Whatever changes a card is an argument: the row itself, the words and zone, the day (“Arrives tomorrow”)."""
    order = read(row)
    placed = voice.local(order.placed_at).date()
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
        len(shown) == 1 == order.line_count,
        _titles(order.titles, order.line_count),
        _small_print(order, voice, placed),
        _month(placed.year, placed.month, voice),
        bool(order.archived),
        Action(_("Follow parcel"), f"{url}#parcels") if said.steps in (2, 3) else None,
    )


@lru_cache(1024)
def _month(year: int, month: int, voice: Voice) -> str:
    return voice.month(date(year, month, 1))


def _titles(titles: str, lines: int) -> str:
    text = titles.replace("\n", ", ")
    rest = lines - titles.count("\n") - 1
    if rest <= 0:
        return text
    more = ngettext("and %(num)d more", "and %(num)d more", rest) % {"num": rest}
    return f"{text} {more}"


def _small_print(order: Listed, voice: Voice, placed: date) -> str:
    items = _items(order.item_count, order.merchant_name, voice)
    return f"{items}\u00a0· {voice.money(order.total, order.currency)}\u00a0· {voice.day(placed)}"


@lru_cache(1024)
def _items(count: int, shop: str, voice: Voice) -> str:
    ngettext = voice.ngettext
    return ngettext("%(num)d item from %(shop)s", "%(num)d items from %(shop)s", count) % {"num": count, "shop": shop}
