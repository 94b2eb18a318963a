"""The sentence of one parcel, wherever its card is: the order's own words for an order of this one parcel; of its own are what
we found out ourselves, what its customer has said, and what only is usual."""

from datetime import date, datetime
from typing import Protocol

from app.i18n import Voice, _
from app.orders import sentences
from app.orders.sentences import Facts, Sentence
from app.settings import settings
from app.shipments.estimates import Expected

STAGES = {
    "delivered": "delivered",
    "attempt_failed": "needs_you",
    "ready_for_pickup": "needs_you",
    "returned_to_sender": "returned",
}
USUAL = ("in_transit", "picked_up", "info_received", "pending", "unknown")  # nothing is said of it but that it moves


class Known(Protocol):
    """Columns of `Shipment`."""

    @property
    def carrier(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def shipped_at(self) -> datetime | None: ...
    @property
    def estimated_from(self) -> datetime | None: ...
    @property
    def estimated_to(self) -> datetime | None: ...
    @property
    def delivered_at(self) -> datetime | None: ...
    @property
    def scanned_at(self) -> datetime | None: ...
    @property
    def overdue_at(self) -> datetime | None: ...
    @property
    def overdue_why(self) -> str: ...
    @property
    def missing_at(self) -> datetime | None: ...
    @property
    def missing_told(self) -> str: ...


def sentence(parcel: Known, soon: Expected, placed_at: datetime, carrier: str, voice: Voice) -> Sentence:
    """Of a parcel that was really sent. `carrier`: empty where who carries it stands beside the sentence."""
    if parcel.missing_at and parcel.delivered_at is None:
        return Sentence(_("You said that it never came"), _reported(parcel, voice), _("Reported"), "wait", 2)
    usual = parcel.status in USUAL
    if parcel.overdue_at and parcel.delivered_at is None and (usual or parcel.status == "delayed"):
        return _overdue(parcel, soon, carrier, voice)
    if usual and soon.source == "usual" and soon.first and soon.last:
        return Sentence(probably(soon.first, soon.last, voice), carrier, _("On the way"), "info", 2)
    stage = STAGES.get(parcel.status, "on_the_way")
    return plain(parcel, stage, placed_at, parcel.carrier if stage == "needs_you" else carrier, voice)


def _reported(parcel: Known, voice: Voice) -> str:
    told = {
        "seller": _("Reported on %(day)s; the seller has been told"),
        "operator": _("Reported on %(day)s; %(counter)s has been told"),
    }  # fmt: skip
    said = {"day": voice.day(parcel.missing_at) if parcel.missing_at else "", "counter": settings.name}
    return told.get(parcel.missing_told, _("Reported on %(day)s")) % said


def plain(parcel: Known, stage: str, placed_at: datetime, carrier: str, voice: Voice, cancelling: str = "") -> Sentence:
    """In the order's words alone. `cancelling`: as of the order, of what has not gone out."""
    facts = Facts(
        stage=stage, payment="paid", fulfilment="unfulfilled" if cancelling else "shipped", cancelling=cancelling,
        carrier_status=parcel.status, carrier=carrier, currency="",
        placed_at=placed_at, refunded=0, arrives_from=parcel.estimated_from, arrives_to=parcel.estimated_to,
        shipped_at=parcel.shipped_at, delivered_at=parcel.delivered_at, cancelled_at=None,
    )  # fmt: skip
    return sentences.told(facts, voice, voice.today(), parcel.reason, parcel.scanned_at)


def probably(first: date, last: date, voice: Voice) -> str:
    """Days that nobody promised."""
    first = max(first, voice.today())
    if first >= last:
        return _("Probably %(day)s") % {"day": voice.weekday(last)}
    return _("Probably %(first)s to %(last)s") % {"first": voice.weekday(first), "last": voice.weekday(last)}


def _overdue(parcel: Known, soon: Expected, carrier: str, voice: Voice) -> Sentence:
    if parcel.overdue_why == "silent" and (heard := parcel.scanned_at or parcel.shipped_at):
        text = _("No news since %(day)s") % {"day": voice.weekday(heard)}
        return Sentence(text, carrier, _("Late"), "bad", 2)
    detail = _("was expected by %(day)s") % {"day": voice.weekday(soon.missed)} if soon.missed else carrier
    return Sentence(_("It should be here by now"), detail, _("Late"), "bad", 2)
