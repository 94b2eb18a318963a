"""One parcel among the arrivals, every text formatted once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app import pictures
from app.i18n import Voice, _, ngettext
from app.orders.sentences import Sentence
from app.shipments import arrivals, reported
from app.shipments.arrivals import Arriving, Group, Inside
from app.shipments.estimates import Expected, Times
from app.shipments.next_steps import NextSteps, next_steps
from app.shipments.parcel_sentences import sentence

MOST_PICTURES = 3
names_of = msgspec.json.Decoder(list[str]).decode


class ArrivalCard(Struct, frozen=True, eq=False):
    """See templates/shipments/arrival.html. `pictures` are addresses, empty where we keep none; `more` things have no picture
    here."""

    id: int
    url: str
    said: Sentence
    steps: NextSteps
    pictures: list[str]
    more: int
    titles: str
    small_print: str


class Heading(Struct, frozen=True):
    group: Group
    title: str
    cards: list[ArrivalCard]


def headings(parcels: list[Arriving], contents: Sequence[Inside], times: Times, voice: Voice) -> list[Heading]:
    inside: dict[int, list[Inside]] = defaultdict(list)
    for part in contents:
        inside[part.shipment].append(part)
    titles = _titles()
    return [
        Heading(group, titles[group], [_card(parcel, soon, inside, voice) for parcel, soon in members])
        for group, members in arrivals.grouped(parcels, times, voice).items()
    ]


def _titles() -> dict[Group, str]:
    return {
        "needs_you": _("Needs you"), "late": _("Late"), "today": _("Today"), "tomorrow": _("Tomorrow"), "later": _("Later"),
        "undated": _("On the way, no date known"), "arrived": _("Lately arrived"),
    }  # fmt: skip


def _card(parcel: Arriving, soon: Expected, inside: Mapping[int, list[Inside]], voice: Voice) -> ArrivalCard:
    here = f"/orders/{parcel.address}"
    said = replace(parcel, delivered_at=None) if reported.stands(parcel) else parcel
    shown, more, titles = _things(parcel, inside.get(parcel.id, []))
    return ArrivalCard(
        parcel.id,
        f"{here}#parcel-{parcel.id}",
        sentence(said, soon, parcel.placed_at, parcel.carrier, voice),
        next_steps(parcel, parcel.address, soon, voice),
        shown,
        more,
        titles,
        _small_print(parcel),
    )


def _things(parcel: Arriving, parts: Sequence[Inside]) -> tuple[list[str], int, str]:
    """Pictures, how many more there are, and titles: of what is in the parcel; of the whole order when nobody said."""
    if parts:
        names, titles = [part.picture for part in parts], _counted(parts)
        count = len(parts)
    else:
        names, titles = names_of(parcel.pictures), parcel.titles.split("\n")
        count = parcel.line_count
    shown = [pictures.url(name) for name in names[:MOST_PICTURES]]
    text = ", ".join(titles[:MOST_PICTURES])
    if (rest := count - min(len(titles), MOST_PICTURES)) > 0:
        text = f"{text} {ngettext('and %(num)d more', 'and %(num)d more', rest) % {'num': rest}}"
    return shown, max(count - len(shown), 0), text


def _counted(parts: Iterable[Inside]) -> list[str]:
    return [f"{part.quantity} × {part.title}" if part.quantity > 1 else part.title for part in parts]


def _small_print(parcel: Arriving) -> str:
    order = _("Order %(number)s") % {"number": parcel.number}
    return "\u00a0· ".join(text for text in (order, parcel.merchant_name, parcel.carrier) if text)
