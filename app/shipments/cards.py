"""A parcel on its order's page."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from app.i18n import Voice, _
from app.orders.kept import KeptOrder
from app.orders.line_rows import web_address
from app.orders.sentences import Facts, Sentence, told
from app.reading import Part
from app.shipments import carriers

# What a parcel's card says is said with the order's words: an order of this one parcel.
STAGES = {
    "delivered": "delivered",
    "attempt_failed": "needs_you",
    "ready_for_pickup": "needs_you",
    "returned_to_sender": "returned",
}


class ParcelCard(Struct, frozen=True, kw_only=True):
    """`contents` are (quantity, title); empty when nobody said what was in it."""

    title: str
    headline: str
    detail: str
    tag: str
    tone: str
    steps: int
    step_tone: str
    carrier: str
    tracking_number: str
    tracking_url: str
    contents: list[tuple[int, str]]


class KeptParcel(Struct, frozen=True, array_like=True):
    """Columns of `Shipment`."""

    id: int
    carrier: str
    tracking_number: str
    tracking_url: str
    state: str
    status: str
    shipped_at: datetime | None
    estimated_from: datetime | None
    estimated_to: datetime | None
    delivered_at: datetime | None


class Packed(Struct, frozen=True, array_like=True):
    """So many of a line's items in the shipment of that id."""

    shipment: int
    quantity: int
    title: str


# What `parcels` is given, for `reading.together` with the order's id: the parcels that were really sent, and what was in them.
PARTS = (
    Part(KeptParcel, "FROM shipments WHERE \"order\" = {} AND state <> 'cancelled' ORDER BY position, id"),
    Part(
        Packed,
        'FROM shipment_lines c JOIN order_lines l ON l.id = c.line WHERE l."order" = {} ORDER BY c.id',
        "c.shipment, c.quantity, l.title",
    ),
)


def parcels(order: KeptOrder, found: Sequence[KeptParcel], contents: Sequence[Packed], voice: Voice) -> list[ParcelCard]:
    return [_card(parcel, n, len(found), contents, order.placed_at, voice) for n, parcel in enumerate(found, 1)]


def _card(
    parcel: KeptParcel, number: int, count: int, contents: Sequence[Packed], placed_at: datetime, voice: Voice
) -> ParcelCard:
    said = _sentence(parcel, placed_at, voice)
    return ParcelCard(
        title=_("Parcel %(number)d of %(count)d") % {"number": number, "count": count} if count > 1 else _("Parcel"),
        headline=said.headline,
        detail=said.detail,
        tag=said.tag,
        tone=said.tone,
        steps=said.steps,
        step_tone=said.tone,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=web_address(parcel.tracking_url) or carriers.page(parcel.carrier, parcel.tracking_number),
        contents=_counted(part for part in contents if part.shipment == parcel.id),
    )


def _counted(parts: Iterable[Packed]) -> list[tuple[int, str]]:
    """Sixty cups that differ in the name on them are said once."""
    counted: dict[str, int] = {}
    for part in parts:
        counted[part.title] = counted.get(part.title, 0) + part.quantity
    return [(quantity, title) for title, quantity in counted.items()]


def _sentence(parcel: KeptParcel, placed_at: datetime, voice: Voice) -> Sentence:
    status = parcel.status
    stage = STAGES.get(status, "on_the_way") if parcel.state == "dispatched" else "preparing"
    facts = Facts(
        stage=stage, payment="paid", fulfilment="shipped", carrier_status=status, carrier=parcel.carrier, currency="",
        placed_at=placed_at, refunded=0, arrives_from=parcel.estimated_from, arrives_to=parcel.estimated_to,
        shipped_at=parcel.shipped_at, delivered_at=parcel.delivered_at, cancelled_at=None,
    )  # fmt: skip
    return told(facts, voice, voice.today())
