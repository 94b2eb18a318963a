"""What a list shows of an order, derived once when it is written. The words for it are in `sentences.py`.

States and statuses follow the vocabulary of shipments and payments: what the merchant did, what the carrier says.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app.orders.awaited import DRIVING

# The parcel a person most needs to hear of comes first.
URGENCY = (
    "attempt_failed", "ready_for_pickup", "returned_to_sender", "out_for_delivery", "on_hold", "delayed", "in_transit",
    "picked_up", "info_received", "pending", "unknown", "cancelled", "delivered",
)  # fmt: skip
NEEDS_YOU = ("attempt_failed", "ready_for_pickup")
SENT = "dispatched"
THERE = ("delivered", "unknown", "cancelled", "returned_to_sender")  # with nothing of it still on its way, as far as is known
A_SHIFT = timedelta(hours=14)  # zones do not matter here: who reads it has one


class Quantities(Struct):
    """Of one line: how many were ordered, how many of those were cancelled before shipping, how many have come back."""

    line: str
    ordered: int
    cancelled: int = 0
    needs_shipping: bool = True
    returned: int = 0

    @property
    def due(self) -> int:
        return max(self.ordered - self.cancelled, 0) if self.needs_shipping else 0


class Parcel(Struct):
    """`contents` maps line ids to quantities; empty when nobody said what was in it. `scanned_at`: when it was last
    seen."""

    state: str
    status: str
    carrier: str
    shipped_at: datetime | None
    estimated_from: datetime | None
    estimated_to: datetime | None
    delivered_at: datetime | None
    contents: dict[str, int]
    scanned_at: datetime | None = None


class Summary(Struct, kw_only=True):
    """Columns of the order's own row."""

    state: str
    fulfilment: str
    stage: str
    carrier_status: str = ""
    carrier: str = ""
    arrives_from: datetime | None = None
    arrives_to: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


def summarise(
    lines: Sequence[Quantities], parcels: Sequence[Parcel], *, payment: str, cancelled: bool, closed: bool
) -> Summary:
    sent = [parcel for parcel in parcels if parcel.state == SENT]
    fulfilment = _fulfilment(lines, sent, payment)
    state = "cancelled" if cancelled else "closed" if closed else "open"
    leading = min(sent, key=lambda parcel: URGENCY.index(parcel.status), default=None)
    expected = [parcel for parcel in sent if parcel.status not in ("delivered", "cancelled", "returned_to_sender")]
    soonest = min((parcel for parcel in expected if parcel.estimated_to), key=_latest, default=None)
    begin, end = (soonest.estimated_from, soonest.estimated_to) if soonest else (None, None)
    if leading and leading.status == DRIVING and leading.scanned_at:
        begin, end = _driving(leading, leading.scanned_at)
    return Summary(
        state=state,
        fulfilment=fulfilment,
        stage=stage_of(state, payment, fulfilment, leading.status if leading else ""),
        carrier_status=leading.status if leading else "",
        carrier=leading.carrier if leading else "",
        arrives_from=begin,
        arrives_to=end,
        shipped_at=min((parcel.shipped_at for parcel in sent if parcel.shipped_at), default=None),
        delivered_at=max((parcel.delivered_at for parcel in sent if parcel.delivered_at), default=None),
    )


def _driving(parcel: Parcel, scanned: datetime) -> tuple[datetime | None, datetime]:
    """The window that was named where it may be of that day; another day's tells nothing of it any more."""
    begin, end = parcel.estimated_from, parcel.estimated_to
    if begin and end and begin - A_SHIFT <= scanned <= end + A_SHIFT and end - begin < A_SHIFT:
        return begin, end
    return None, scanned


def _latest(parcel: Parcel) -> datetime:
    assert parcel.estimated_to is not None  # noqa: S101 - the caller filtered
    return parcel.estimated_to


def _fulfilment(lines: Sequence[Quantities], sent: Sequence[Parcel], payment: str) -> str:
    due = {line.line: line.due for line in lines}
    needed = sum(due.values())
    if needed == 0:
        return "delivered" if _only_digital(lines) and payment not in ("unpaid", "authorised") else "unfulfilled"
    if sent and all(parcel.status == "returned_to_sender" for parcel in sent):
        return "returned"
    back = sum(min(line.returned, line.due) for line in lines)
    if back >= needed:
        return "returned"
    shipped = _covered(due, sent)
    if back and shipped >= needed and all(parcel.status in THERE for parcel in sent):
        return "partly_returned"
    delivered = _covered(due, [parcel for parcel in sent if parcel.status == "delivered"])
    if delivered >= needed:
        return "delivered"
    if delivered:
        return "partly_delivered"
    if shipped >= needed:
        return "shipped"
    return "partly_shipped" if shipped else "unfulfilled"


def _only_digital(lines: Sequence[Quantities]) -> bool:
    return any(line.ordered > line.cancelled for line in lines if not line.needs_shipping)


def _covered(due: dict[str, int], parcels: Sequence[Parcel]) -> int:
    """How many due items these parcels hold; one whose contents nobody named is taken to hold all that is left."""
    if any(not parcel.contents for parcel in parcels):
        return sum(due.values())
    found = dict.fromkeys(due, 0)
    for parcel in parcels:
        for line, quantity in parcel.contents.items():
            if line in found:
                found[line] = min(found[line] + quantity, due[line])
    return sum(found.values())


def stage_of(state: str, payment: str, fulfilment: str, carrier_status: str) -> str:
    """The one word that filters and the card's tag use."""
    if state == "cancelled":
        return "cancelled"
    if payment == "refunded" or fulfilment in ("returned", "partly_returned"):
        return "returned"
    if fulfilment == "delivered":
        return "delivered"
    if payment == "unpaid" or carrier_status in NEEDS_YOU:
        return "needs_you"
    if fulfilment == "unfulfilled":
        return "preparing"
    return "on_the_way"
