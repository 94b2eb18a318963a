"""A parcel of which its customer has said that it never came: that stands above what its carrier says, until it comes."""

from datetime import datetime
from typing import Protocol


class Known(Protocol):
    """Columns of `Shipment`."""

    @property
    def status(self) -> str: ...
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def missing_at(self) -> datetime | None: ...


def stands(parcel: Known) -> bool:
    """Not once it has come, or gone back, since."""
    if parcel.missing_at is None or parcel.status == "returned_to_sender":
        return False
    return parcel.delivered_at is None or parcel.delivered_at < parcel.missing_at
