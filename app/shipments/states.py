"""What all scans of a parcel say together. Pure: the same scans say the same, in whatever order and portions they came.

Scans are ordered by their time; of one time, by how far the parcel has come, then by their ids. Consecutive scans of one
status are one run: what is told of a parcel are the runs, each by its status and its number among those of that status. A
scan that comes late can split a run, but never undo one: what was once told stays true.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

# How far a parcel has come, for scans of the same moment.
STEPS = (
    "unknown", "pending", "info_received", "picked_up", "in_transit", "on_hold", "delayed", "cancelled", "out_for_delivery",
    "attempt_failed", "ready_for_pickup", "delivered", "returned_to_sender",
)  # fmt: skip
STEP = {status: n for n, status in enumerate(STEPS)}
ONLY_ANNOUNCED = ("pending", "info_received", "cancelled")
UNTOLD = ("pending", "cancelled")
ONCE = ("info_received", "picked_up", "delivered", "returned_to_sender")


class Checkpoint(Struct, frozen=True):
    """Columns of `Scan`."""

    external_id: str
    at: datetime
    status: str
    reason: str = ""
    place: str = ""


class State(Struct, frozen=True):
    """`status` is empty where no scan says any: then nothing is known but that it was seen (`scanned_at`).

    `shipped_at` is when the carrier first had it.
    """

    status: str = ""
    reason: str = ""
    scanned_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


class Reached(Struct, frozen=True):
    """The `number`-th time (from 1) that the parcel came to this status; `current`: that is where it is."""

    status: str
    number: int
    at: datetime
    reason: str
    place: str
    current: bool

    @property
    def kind(self) -> str:
        """Of the event that tells it."""
        return f"shipment_{self.status}"


class Run(Struct, frozen=True):
    status: str
    scans: list[Checkpoint]

    @property
    def at(self) -> datetime:
        return self.scans[0].at

    @property
    def reason(self) -> str:
        return _last(scan.reason for scan in self.scans)

    @property
    def place(self) -> str:
        return _last(scan.place for scan in self.scans)


def state(scans: Iterable[Checkpoint]) -> State:
    ordered = in_order(scans)
    runs = _runs(ordered)
    current = _current(runs)
    moving = (run.at for run in runs if run.status not in ONLY_ANNOUNCED)
    return State(
        status=current.status if current else "",
        reason=current.reason if current else "",
        scanned_at=ordered[-1].at if ordered else None,
        shipped_at=next(moving, None),
        delivered_at=_delivered_at(runs),
    )


def reached(scans: Iterable[Checkpoint]) -> list[Reached]:
    """All that is to be told of the parcel, oldest first."""
    runs = _runs(in_order(scans))
    current = _current(runs)
    counts: dict[str, int] = {}
    found = []
    for run in runs:
        number = counts[run.status] = counts.get(run.status, 0) + 1
        if run.status not in UNTOLD and (number == 1 or run.status not in ONCE):
            found.append(Reached(run.status, number, run.at, run.reason, run.place, run is current))
    return found


def in_order(scans: Iterable[Checkpoint]) -> list[Checkpoint]:
    return sorted(scans, key=lambda scan: (scan.at, STEP[scan.status], scan.external_id))


def _runs(ordered: Sequence[Checkpoint]) -> list[Run]:
    """A scan whose meaning is not known neither begins nor ends one."""
    runs: list[Run] = []
    for scan in ordered:
        if scan.status == "unknown":
            continue
        if not runs or runs[-1].status != scan.status:
            runs.append(Run(scan.status, []))
        runs[-1].scans.append(scan)
    return runs


def _current(runs: Sequence[Run]) -> Run | None:
    """Returned is the end; delivered is, unless it was returned (a scan in transit after it is a late or wrong one)."""
    for final in ("returned_to_sender", "delivered"):
        for run in runs:
            if run.status == final:
                return run
    return runs[-1] if runs else None


def _delivered_at(runs: Sequence[Run]) -> datetime | None:
    """To the customer: what is delivered after its return was delivered to the sender."""
    final = next((run for run in runs if run.status in ("delivered", "returned_to_sender")), None)
    return final.at if final and final.status == "delivered" else None


def _last(texts: Iterable[str]) -> str:
    return next((text for text in reversed(list(texts)) if text), "")
