"""A parcel on its order's page."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.events import parcel_words
from app.i18n import Voice, _
from app.orders.kept import KeptOrder
from app.orders.line_rows import web_address
from app.orders.sentences import NOBODY_THERE, Sentence, told
from app.shipments import advice, carriers, checkpoints, estimates, handing_over, parcel_sentences, reported, way_map
from app.shipments.advice import Advice
from app.shipments.checkpoints import Told
from app.shipments.estimates import Expected, Times
from app.shipments.handing_over import PickupCard, Proof
from app.shipments.kept import KeptParcel, KeptScan, Packed
from app.shipments.next_steps import NOTHING, NextSteps, next_steps
from app.shipments.way_map import WayMap

UNSAID = ("", "unknown")


class ParcelCard(Struct, frozen=True, kw_only=True):
    """`contents` are (quantity, title); empty when nobody said what was in it.

    `source` says who told it and how long ago, `next` what is to come; both are empty where nothing was scanned.
    `alone`: it is all that its order says, and the two are one card. `can`: what can be done, was said, and whose date it is.
    `wrote`: what was said has words of their own.
    """

    id: int
    title: str
    headline: str
    detail: str
    source: str
    next: str
    tag: str
    tone: str
    steps: int
    step_tone: str
    alone: bool
    carrier: str
    service: str
    tracking_number: str
    tracking_url: str
    contents: list[tuple[int, str]]
    scans: Told
    map: WayMap | None
    advice: Advice | None
    pickup: PickupCard | None
    proof: Proof | None
    can: NextSteps
    wrote: bool


async def parcels(
    order: KeptOrder, found: Sequence[KeptParcel], contents: Sequence[Packed], seen: Sequence[KeptScan], voice: Voice
) -> list[ParcelCard]:
    """`seen` are the scans of all parcels, newest first. What such parcels usually take is asked for while one is under way."""
    times = await estimates.times_of({parcel.merchant for parcel in found if parcel.delivered_at is None})
    only = found[0] if len(found) == 1 else None
    order_says = told(order, voice, voice.today(), only.reason, only.scanned_at).headline if only else ""
    cards = []
    for n, parcel in enumerate(found, 1):
        packed = _counted(part for part in contents if part.shipment == parcel.id)
        scanned = [scan for scan in seen if scan.shipment == parcel.id]
        cards.append(_card(parcel, order, _title(n, len(found)), packed, scanned, times, voice, order_says))
    return cards


def _title(number: int, count: int) -> str:
    return _("Parcel %(number)d of %(count)d") % {"number": number, "count": count} if count > 1 else _("Parcel")


def _card(
    parcel: KeptParcel, order: KeptOrder, title: str, contents: list[tuple[int, str]], seen: list[KeptScan], times: Times,
    voice: Voice, order_says: str,
) -> ParcelCard:  # fmt: skip
    soon = estimates.expected(parcel, times, voice)
    said = _sentence(parcel, soon, order, voice)
    steps = next_steps(parcel, order.address, soon, voice) if parcel.state == "dispatched" and said.steps else NOTHING
    headline = _headline(parcel, said, voice)
    wanted = _advice(parcel, order, headline, voice)
    pickup = handing_over.pickup(parcel.pickup, parcel.status, voice)
    return ParcelCard(
        id=parcel.id, title=title, headline=headline,
        detail="" if (wanted and wanted.what) or steps.reported else said.detail,
        source=_source(parcel, voice),
        next="" if said.tone == "bad" or not said.steps or steps.reported else _next(parcel, voice),
        tag=said.tag, tone=said.tone, steps=said.steps, step_tone=said.tone,
        alone=bool(order_says) and _plain(parcel, order, voice).headline == order_says,
        can=steps,
        wrote=bool(parcel.missing_note),
        carrier=parcel.carrier, service=parcel.service, tracking_number=parcel.tracking_number,
        tracking_url=web_address(parcel.tracking_url) or carriers.page(parcel.carrier, parcel.tracking_number),
        contents=contents,
        scans=checkpoints.told(seen, voice),
        map=way_map.drawn(seen, pickup.stop if pickup else None, voice),
        advice=wanted,
        pickup=pickup,
        proof=_proof(parcel, order.address, voice),
    )  # fmt: skip


def _headline(parcel: KeptParcel, said: Sentence, voice: Voice) -> str:
    """An attempt that failed for a known reason that is not the customer's absence may never have come to their door."""
    if parcel.status == "attempt_failed" and parcel.reason not in (*NOBODY_THERE, *UNSAID):
        return parcel_words.status(parcel.status, voice)
    return said.headline


def _advice(parcel: KeptParcel, order: KeptOrder, headline: str, voice: Voice) -> Advice | None:
    if parcel.state != "dispatched":
        return None
    paid_back = order.payment == "refunded"
    wanted = advice.advice(parcel.status, parcel.reason, parcel.carrier, voice, paid_back=paid_back)
    return replace(wanted, why="") if wanted and wanted.why.rstrip(".") == headline else wanted


def _next(parcel: KeptParcel, voice: Voice) -> str:
    return parcel_words.next_step(parcel.status, voice) if parcel.scanned_at else ""


def _source(parcel: KeptParcel, voice: Voice) -> str:
    """“Colissimo · 10:32”, with the day when that is not today."""
    at = parcel.scanned_at
    if at is None:
        return ""
    when = voice.time(at)
    if voice.local(at).date() != voice.today():
        when = _("%(day)s, %(time)s") % {"day": voice.day(at), "time": when}
    return f"{parcel.carrier} · {when}" if parcel.carrier else when


def _proof(parcel: KeptParcel, address: str, voice: Voice) -> Proof | None:
    """Also of what went back after it had come: it stays the evidence. Who signs for what never came signs for the sender."""
    if parcel.status != "delivered" and (parcel.status != "returned_to_sender" or parcel.delivered_at is None):
        return None
    url = f"/orders/{address}/parcels/{parcel.id}"
    return handing_over.proof(
        parcel.delivered_at, parcel.signed_by, f"{url}/photo" if parcel.proof_photo else "",
        f"{url}/signature" if parcel.proof_signature else "", voice,
    )  # fmt: skip


def _counted(parts: Iterable[Packed]) -> list[tuple[int, str]]:
    """Sixty cups that differ in the name on them are said once."""
    counted: dict[str, int] = {}
    for part in parts:
        counted[part.title] = counted.get(part.title, 0) + part.quantity
    return [(quantity, title) for title, quantity in counted.items()]


def _sentence(parcel: KeptParcel, soon: Expected, order: KeptOrder, voice: Voice) -> Sentence:
    """Who carries it is said behind the sentence where a scan says how old that is."""
    if parcel.state != "dispatched":
        return _plain(parcel, order, voice)
    carrier = "" if parcel.scanned_at else parcel.carrier
    believed = replace(parcel, delivered_at=None) if reported.stands(parcel) else parcel
    return parcel_sentences.sentence(believed, soon, order.placed_at, carrier, voice)


def _plain(parcel: KeptParcel, order: KeptOrder, voice: Voice) -> Sentence:
    stage = parcel_sentences.STAGES.get(parcel.status, "on_the_way") if parcel.state == "dispatched" else "preparing"
    cancelling = order.cancelling if stage == "preparing" and order.fulfilment == "unfulfilled" else ""
    carrier = "" if parcel.scanned_at else parcel.carrier
    return parcel_sentences.plain(parcel, stage, order.placed_at, carrier, voice, cancelling)
