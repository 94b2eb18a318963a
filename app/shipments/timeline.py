"""When an order's parcels came to the turns of their way, for its history: by their scans, which the same page shows."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.events.timeline import Turn
from app.shipments.kept import KeptParcel, KeptScan
from app.shipments.states import Checkpoint, reached


def turns(parcels: Sequence[KeptParcel], seen: Sequence[KeptScan]) -> dict[Turn, datetime]:
    """`seen`: the scans of all of them, newest first."""
    return {turn: at for parcel in parcels for turn, at in _of(parcel, seen)}


def _of(parcel: KeptParcel, seen: Sequence[KeptScan]) -> Iterator[tuple[Turn, datetime]]:
    if parcel.shipped_at is not None:
        yield (parcel.external_id, "shipment_dispatched", 1), parcel.shipped_at
    scans = [Checkpoint(f"{-n:09}", scan.at, scan.status) for n, scan in enumerate(seen) if scan.shipment == parcel.id]
    for one in reached(scans):
        yield (parcel.external_id, one.kind, one.number), one.at
