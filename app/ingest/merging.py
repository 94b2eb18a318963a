"""What an order becomes when news of it comes: a whole snapshot, or an amendment that speaks of some of its parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from app.ingest.snapshot import Amendment, OrderSnapshot, Refund, Shipment
from app.shipments.numbers import added_id, is_added

STATES = {"draft": 0, "dispatched": 1, "cancelled": 2}
STATUSES = {
    "unknown": 0, "pending": 1, "info_received": 1, "picked_up": 2, "in_transit": 3, "on_hold": 3, "delayed": 3,
    "out_for_delivery": 4, "ready_for_pickup": 4, "attempt_failed": 4, "delivered": 5, "returned_to_sender": 5, "cancelled": 5,
}  # fmt: skip
REFUND_STATES = {"requested": 0, "pending": 1, "succeeded": 2, "failed": 2}


def completed(before: OrderSnapshot, after: OrderSnapshot) -> OrderSnapshot:
    """A whole snapshot replaces the former one, but refunds are append-only (a list of them that leaves out their lines and
    times takes none back) and a parcel once told of does not vanish: one the source no longer names was called off. One that
    another program added (see `shipments/adding.py`) is not the source's to name; when it names the number itself, that is the
    same parcel."""
    named = {shipment.id for shipment in after.shipments}
    numbers = {added_id(shipment.tracking_number) for shipment in after.shipments}
    gone = [
        shipment if is_added(shipment.id) and shipment.id not in numbers else replace(shipment, state="cancelled")
        for shipment in before.shipments
        if shipment.id not in named
    ]
    refunded = {refund.id for refund in after.refunds}
    lines = {line.id for line in after.lines}
    known = {refund.id: _of_lines(refund, lines) for refund in before.refunds}
    told = [_with_more(refund, known.get(refund.id)) for refund in after.refunds]
    return replace(
        after,
        shipments=after.shipments + [_of_lines(part, lines) for part in gone],
        refunds=told + [part for part in known.values() if part.id not in refunded],
    )


def amended(before: OrderSnapshot, news: Amendment) -> OrderSnapshot:
    """Shipments and refunds by their ids: known ones are replaced in place, new ones come behind. `updated_at` is the news'.

    News that is not newer than the order takes no part back: of a parcel delivered, an older “in transit” is no news, while
    an older “delivered” of another parcel still is. Only what is newer may say anything.
    News may name lines otherwise than the order did (a returns list knows articles, not lines): such a name is left out.
    """
    lines = {line.id for line in before.lines}
    age = _age(news.updated_at, before.updated_at)
    refunds = _merged(before.refunds, [_of_lines(part, lines) for part in news.refunds], age)
    return replace(
        before,
        shipments=_merged(before.shipments, [_of_lines(part, lines) for part in news.shipments], age),
        refunds=refunds,
        payment=paid_back(before, refunds),
        updated_at=news.updated_at,
    )


def same(before: OrderSnapshot, after: OrderSnapshot) -> bool:
    """But for when it was said."""
    return replace(after, updated_at=before.updated_at) == before


def overtaken(before: OrderSnapshot, news: Amendment) -> bool:
    """Whether news that changes nothing would have, had it come in time."""
    return not same(before, amended(replace(before, updated_at=None), news))


def older(offered: datetime | None, kept_at: datetime | None) -> bool:
    return offered is not None and kept_at is not None and offered < kept_at


def newest(*times: datetime | None) -> datetime | None:
    return max((at for at in times if at), default=None)


def _age(offered: datetime | None, kept_at: datetime | None) -> int:
    """1 when newer than what is kept, -1 when older, 0 when nobody can say."""
    if offered is None or offered == kept_at:
        return 0
    return -1 if older(offered, kept_at) else 1


def _merged(before: Sequence[Any], news: Sequence[Any], age: int) -> list[Any]:
    by_id = {part.id: part for part in before}
    for part in news:
        known = by_id.get(part.id)
        if known is None or age > 0 or _step(part) > _step(known) or (age == 0 and _step(part) == _step(known)):
            by_id[part.id] = part
    return list(by_id.values())


def _step(part: Shipment | Refund) -> tuple[int, int]:
    """How far it has come."""
    if isinstance(part, Refund):
        return REFUND_STATES[part.state], 0
    return STATES[part.state], STATUSES[part.status]


def paid_back(before: OrderSnapshot, refunds: Sequence[Refund]) -> Any:
    """Money known to have gone back shows in the state of payment."""
    given = sum(refund.amount for refund in refunds if refund.state == "succeeded")
    if not given or before.payment in ("unpaid", "authorised"):
        return before.payment
    return "refunded" if given >= before.total else "partly_refunded"


def _with_more(told: Refund, known: Refund | None) -> Refund:
    """What was said before of the same money."""
    if known is None or known.amount != told.amount:
        return told
    return replace(told, lines=told.lines or known.lines, at=told.at or known.at)


def _of_lines(part: Any, lines: set[str]) -> Any:
    return replace(part, lines=[named for named in part.lines if named.line in lines])
