"""The hot query of arrivals, and which parcel stands under which heading. Parcels, not orders: of one customer, all shops."""

from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from app import clock, reading
from app.i18n import Voice
from app.orders.filters import NEWS_WITHIN
from app.reading import Part
from app.shipments import estimates, reported
from app.shipments.estimates import Expected, Times

Group = Literal["needs_you", "late", "today", "tomorrow", "later", "undated", "arrived"]
GROUPS: tuple[Group, ...] = ("needs_you", "late", "today", "tomorrow", "later", "undated", "arrived")
MOST, MOST_CONTENTS = 500, 3_000  # rows
LATELY = timedelta(days=5)
THEIR_TURN = ("attempt_failed", "ready_for_pickup")
RETURNED = "returned_to_sender"


class Arriving(Struct, frozen=True, array_like=True):
    """Columns of `Shipment`, then of its `Order` and merchant. `titles` and `pictures` are the order's."""

    id: int
    carrier: str
    tracking_number: str
    status: str
    reason: str
    shipped_at: datetime | None
    estimated_from: datetime | None
    estimated_to: datetime | None
    delivered_at: datetime | None
    scanned_at: datetime | None
    heard: str
    destination: str
    overdue_at: datetime | None
    overdue_why: str
    missing_at: datetime | None
    missing_told: str
    address: str
    number: str
    merchant: int
    placed_at: datetime
    payment: str
    titles: str
    pictures: str
    line_count: int
    merchant_name: str

    @property
    def overdue(self) -> bool:
        """Whether we have marked it and nothing better was heard since."""
        return self.overdue_at is not None and self.delivered_at is None


class Inside(Struct, frozen=True, array_like=True):
    """One line's part of the shipment of that id."""

    shipment: int
    quantity: int
    title: str
    picture: str


OF_SHIPMENT = Arriving.__struct_fields__[:16]
OF_ORDER = Arriving.__struct_fields__[16:-1]
COLUMNS = ", ".join((*(f"s.{name}" for name in OF_SHIPMENT), *(f"o.{name}" for name in OF_ORDER), "m.name"))
# The customer; the day from which an order counts; the day since which an arrival is news.
THEIRS = """
FROM orders o JOIN shipments s ON s."order" = o.id {joined}
WHERE o.customer = {{}} AND COALESCE(o.shipped_at, o.placed_at) > {{}} AND s.state = 'dispatched' AND s.status <> 'cancelled'
AND (s.delivered_at > {{}} OR (s.delivered_at IS NULL AND s.status <> 'delivered')
OR s.status = 'returned_to_sender' OR s.missing_at IS NOT NULL)
ORDER BY s.id DESC {rest}
"""
PARTS = (
    Part(Arriving, THEIRS.format(joined="JOIN merchants m ON m.id = o.merchant", rest=f"LIMIT {MOST}"), COLUMNS),
    Part(
        Inside,
        THEIRS.format(
            joined="JOIN shipment_lines c ON c.shipment = s.id JOIN order_lines l ON l.id = c.line",
            rest=f", c.id LIMIT {MOST_CONTENTS}",
        ),
        "c.shipment, c.quantity, l.title, l.picture",
    ),
)


async def of(customer: int) -> tuple[list[Arriving], list[Inside]]:
    """The newest parcels that are under way or came in the last days, and what is in them."""
    at = clock.now()
    parcels, contents = await reading.together(PARTS, customer, at - NEWS_WITHIN, at - LATELY - timedelta(days=1))
    return parcels, contents


def grouped(parcels: list[Arriving], times: Times, voice: Voice) -> dict[Group, list[tuple[Arriving, Expected]]]:
    """In the order of `GROUPS`, the soonest first, and before them what only the person can move on; groups without parcels are
    left out."""
    found: dict[Group, list[tuple[Arriving, Expected]]] = {group: [] for group in GROUPS}
    today = voice.today()
    for parcel in parcels:
        soon = estimates.expected(parcel, times, voice)
        if (group := group_of(parcel, soon, today, voice)) is not None:
            found[group].append((parcel, soon))
    for group, members in found.items():
        members.sort(key=_arrived if group == "arrived" else _soonest)
    return {group: members for group, members in found.items() if members}


def group_of(parcel: Arriving, soon: Expected, today: date, voice: Voice) -> Group | None:
    """Nothing for what came too long ago, and for what went back, or never came, and was paid back. By the last day of
    a span: what may come today or on Friday is not promised today."""
    if parcel.status == RETURNED:  # be it after it had come
        return None if parcel.payment == "refunded" else "needs_you"
    if reported.stands(parcel):
        return None if parcel.payment == "refunded" else "undated"
    if parcel.delivered_at is not None:
        return "arrived" if today - voice.local(parcel.delivered_at).date() <= LATELY else None
    if parcel.status in THEIR_TURN or parcel.overdue or _at_customs(parcel):
        return "needs_you"
    if soon.missed:
        return "late"
    if soon.last is None:
        return "undated"
    match (soon.last - today).days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
    return "later"


def _at_customs(parcel: Arriving) -> bool:
    return parcel.status == "on_hold" and parcel.reason.startswith("customs_")


def _soonest(member: tuple[Arriving, Expected]) -> tuple[bool, date, int]:
    parcel, soon = member
    return parcel.status not in THEIR_TURN, soon.last or date.max, -parcel.id


def _arrived(member: tuple[Arriving, Expected]) -> float:
    at = member[0].delivered_at
    return -at.timestamp() if at else 0.0
