"""What a parcel's scans come to: its state now, and the moments worth telling. No database, no clock: the same scans in any
order make the same parcel."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

# Of two scans of one moment the one further on its way comes later.
WAY = (
    "unknown", "pending", "info_received", "picked_up", "in_transit", "on_hold", "delayed", "out_for_delivery",
    "attempt_failed", "ready_for_pickup", "cancelled", "delivered", "returned_to_sender",
)  # fmt: skip
MOVING = frozenset(WAY[WAY.index("picked_up") :]) - {"cancelled"}  # the carrier has it, or had it


class Seen(Struct, frozen=True):
    """Columns of `Scan`."""

    at: datetime
    status: str
    external_id: str
    reason: str = ""
    place: str = ""

    @property
    def place_in_line(self) -> tuple[datetime, int, str]:
        return self.at, WAY.index(self.status), self.external_id


class State(Struct, frozen=True):
    """Columns of `Shipment`. `shipped_at`: when the carrier first had it."""

    status: str = "unknown"
    reason: str = ""
    scanned_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


class Moment(Struct, frozen=True):
    """A change of status: the `nth` of that one. `telling`: it is where the parcel stands, not something older or overruled."""

    scan: Seen
    nth: int
    telling: bool


def state_of(scans: Sequence[Seen]) -> State:
    """Delivered is the end, unless it goes back to its sender; then that is. What nobody understands changes nothing."""
    ordered = sorted(scans, key=lambda scan: scan.place_in_line)
    last = _standing(ordered)
    delivered = next((scan.at for scan in ordered if scan.status == "delivered"), None)
    return State(
        status=last.status if last else "unknown",
        reason=last.reason if last else "",
        scanned_at=ordered[-1].at if ordered else None,
        shipped_at=next((scan.at for scan in ordered if scan.status in MOVING), None),
        delivered_at=delivered if last and last.status == "delivered" else None,
    )


def moments(scans: Sequence[Seen]) -> list[Moment]:
    """One for each run of equal statuses. More scans never make fewer: what was told once stays true, in whichever order they
    came. Failed attempts of different days are different moments."""
    ordered = sorted(scans, key=lambda scan: scan.place_in_line)
    last, counts = _standing(ordered), dict.fromkeys(WAY, 0)
    found = []
    for run in _runs(ordered):
        counts[run[0].status] += 1
        found.append(Moment(run[0], counts[run[0].status], last in run))
    return found


def _standing(ordered: Sequence[Seen]) -> Seen | None:
    """The scan that says where the parcel is."""
    standing: Seen | None = None
    for scan in ordered:
        final = standing is not None and (
            standing.status == "returned_to_sender" or (standing.status == "delivered" and scan.status != "returned_to_sender")
        )
        if scan.status != "unknown" and not final:
            standing = scan
    return standing


def _runs(ordered: Sequence[Seen]) -> Iterator[list[Seen]]:
    run: list[Seen] = []
    for scan in ordered:
        if scan.status == "unknown":
            continue
        if run and _token(scan) != _token(run[-1]):
            yield run
            run = []
        run.append(scan)
    if run:
        yield run


def _token(scan: Seen) -> str:
    return f"{scan.status} {scan.at:%Y-%m-%d}" if scan.status == "attempt_failed" else scan.status
