"""A parcel of which its customer has said that it never came: that stands above what its carrier says, until it comes."""

from datetime import datetime
from typing import Protocol

from app.i18n import Voice, _
from app.orders.sentences import Sentence


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


def sentence(parcel: Known, otherwise: Sentence, voice: Voice) -> Sentence:
    if not parcel.missing_at or not stands(parcel):
        return otherwise
    when = _("Reported on %(day)s; the seller has been told") % {"day": voice.day(parcel.missing_at)}
    return Sentence(_("You said that it never came"), when, _("Reported"), "wait", 2)
