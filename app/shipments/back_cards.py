"""The card of a parcel that comes back: the same timeline as of one that goes out, in the words of who waits at its end."""

from collections.abc import Sequence

from app.events import parcel_words
from app.i18n import Voice, _
from app.orders.line_rows import web_address
from app.shipments import carriers, checkpoints, way_map
from app.shipments.cards import ParcelCard
from app.shipments.kept import KeptParcel, KeptScan
from app.shipments.next_steps import NOTHING
from app.shipments.states import ONLY_ANNOUNCED

OVER = ("delivered", "returned_to_sender", "cancelled")


def card(parcel: KeptParcel, seen: Sequence[KeptScan], voice: Voice) -> ParcelCard:
    """`seen` newest first. Where it waits and who signed is the seller's; nothing is to be done about it but to wait."""
    headline, tone = _headline(parcel, voice)
    return ParcelCard(
        id=parcel.id, title=_("The way back"), headline=headline, detail=_detail(parcel, voice), source="", next="", tag="",
        tone=tone, steps=0, step_tone=tone, alone=False, can=NOTHING, wrote=False, contents=[], advice=None, pickup=None,
        proof=None, carrier=parcel.carrier, service=parcel.service, tracking_number=parcel.tracking_number,
        tracking_url=web_address(parcel.tracking_url) or carriers.page(parcel.carrier, parcel.tracking_number),
        scans=checkpoints.told(seen, voice), map=way_map.drawn(seen, None, voice),
    )  # fmt: skip


def _headline(parcel: KeptParcel, voice: Voice) -> tuple[str, str]:
    if parcel.scanned_at is None:
        return _("Not scanned yet"), "plain"
    match parcel.status:
        case "delivered":
            return _("Handed over to the seller"), "good"
        case "returned_to_sender":
            return _("It could not be handed over, and comes back to you"), "bad"
        case "ready_for_pickup":
            return _("It waits where the seller collects it"), "info"
        case "unknown":
            return _("Seen by its carrier"), "info"
    return parcel_words.status(parcel.status, voice), "plain" if parcel.status in ONLY_ANNOUNCED else "info"


def _detail(parcel: KeptParcel, voice: Voice) -> str:
    if parcel.delivered_at is not None:
        return voice.moment(parcel.delivered_at)
    if parcel.scanned_at is None:
        return _("This page says so as soon as its carrier has seen it.")
    if parcel.estimated_to is not None and parcel.status not in OVER:
        return _("expected by %(day)s") % {"day": voice.weekday(parcel.estimated_to)}
    return ""
