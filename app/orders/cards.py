"""One order in a list, every text formatted once; templates only place it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from app import pictures
from app.db import Row
from app.i18n import Voice, _, ngettext
from app.orders.sentences import sentence


class Picture(Struct, frozen=True):
    """`url` is empty where we keep none: a quiet placeholder is shown."""

    url: str
    alt: str


class Action(Struct, frozen=True):
    label: str
    url: str
    external: bool = False


class OrderCard(Struct, frozen=True, kw_only=True):
    """See templates/orders/_card.html."""

    id: int
    url: str
    archive_url: str
    number: str
    headline: str
    detail: str
    tag: str
    tone: str
    steps: int
    step_tone: str
    pictures: list[Picture]
    more: int
    titles: str
    small_print: str
    month: str
    archived: bool
    action: Action | None


def cards(orders: Sequence[Row], voice: Voice, after: datetime | None = None) -> list[OrderCard]:
    """In the given order; the first of each month names it, unless the list they are put `after` ends in that month."""
    made = []
    named = voice.month(after) if after else ""
    for order in orders:
        month = voice.month(order["placed_at"])
        made.append(card(order, voice, "" if month == named else month))
        named = month
    return made


def card(order: Row, voice: Voice, month: str = "") -> OrderCard:
    said, url = sentence(order, voice), f"/orders/{order['address']}"
    names = order["titles"].split("\n")
    shown = _pictures(order, names)
    return OrderCard(
        id=order["id"],
        url=url,
        archive_url=f"{url}/archiving",
        number=order["number"],
        headline=said.headline,
        detail=said.detail,
        tag=said.tag,
        tone=said.tone,
        steps=said.steps,
        step_tone=said.tone,
        pictures=shown,
        more=max(order["line_count"] - len(shown), 0),
        titles=_titles(names, order["line_count"]),
        small_print=_small_print(order, voice),
        month=month,
        archived=bool(order["archived"]),
        action=Action(_("Follow parcel"), f"{url}#parcels") if said.steps in (2, 3) else None,
    )


def _pictures(order: Row, titles: Sequence[str]) -> list[Picture]:
    """The titles are fewer than the pictures may be; a picture without one is for show."""
    names = msgspec.json.decode(order["pictures"])
    return [Picture(pictures.url(name), title) for name, title in zip(names, [*titles, *[""] * len(names)], strict=False)]


def _titles(names: Sequence[str], lines: int) -> str:
    text = ", ".join(names)
    rest = lines - len(names)
    if rest <= 0:
        return text
    more = ngettext("and %(num)d more", "and %(num)d more", rest) % {"num": rest}
    return f"{text} {more}"


def _small_print(order: Row, voice: Voice) -> str:
    count = order["item_count"]
    items = ngettext("%(num)d item from %(shop)s", "%(num)d items from %(shop)s", count) % {
        "num": count, "shop": order["merchant_name"],
    }  # fmt: skip
    return f"{items} · {voice.money(order['total'], order['currency'])} · {voice.day(order['placed_at'])}"
