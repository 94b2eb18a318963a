"""What its customer can do with one parcel, on its card wherever that is: one page each, at the parcel's own address."""

from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from app import clock
from app.i18n import Voice
from app.shipments import estimates, reported
from app.shipments.estimates import Expected
from app.shipments.parcel_sentences import USUAL

TO_HAND_ON = ("info_received", "picked_up", "in_transit", "on_hold", "delayed", "out_for_delivery", "ready_for_pickup",
              "attempt_failed", "pending", "unknown")  # fmt: skip
MISSED_FOR = timedelta(days=60)  # after it came


class Known(Protocol):
    """Columns of `Shipment`."""

    @property
    def id(self) -> int: ...
    @property
    def carrier(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def overdue_at(self) -> datetime | None: ...
    @property
    def missing_at(self) -> datetime | None: ...
    @property
    def missing_told(self) -> str: ...


class NextSteps(Struct, frozen=True):
    """`basis` says which kind of date is shown; addresses are empty where there is nothing to do. `reported`: when they said
    that it never came, in words, as long as that stands; `reported_to`: seller, operator, or nobody (empty)."""

    basis: str
    hand_on_url: str
    ics_url: str
    missing_url: str
    reported: str
    reported_to: str
    ask_url: str = ""


NOTHING = NextSteps("", "", "", "", "", "")


def next_steps(parcel: Known, address: str, soon: Expected, voice: Voice) -> NextSteps:
    """Of a parcel that was really sent, in the order at that address; `soon` as of `estimates.expected`."""
    here = f"/orders/{address}/parcels/{parcel.id}"
    under_way = parcel.delivered_at is None and parcel.status in TO_HAND_ON
    dated = under_way and soon.last is not None and parcel.overdue_at is None
    at = None if parcel.status == "returned_to_sender" else parcel.delivered_at
    came = at is not None and clock.now() - at < MISSED_FOR
    late = under_way and (parcel.overdue_at is not None or estimates.late(soon, voice))
    missed = parcel.missing_at is None and (came or late)
    shown = dated and (soon.source != "usual" or parcel.status in USUAL)  # of those it is the sentence
    return NextSteps(
        basis=estimates.basis(soon, parcel.carrier, voice) if shown else "",
        hand_on_url=f"{here}/links" if under_way else "",
        ics_url=f"{here}/delivery.ics" if dated and soon.source in ("carrier", "seller") else "",
        missing_url=f"{here}/missing" if missed else "",
        reported=voice.long_day(parcel.missing_at) if parcel.missing_at and reported.stands(parcel) else "",
        reported_to=parcel.missing_told,
        ask_url=f"/inbox/new?order={address}&parcel={parcel.id}",
    )
