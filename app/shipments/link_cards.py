"""What a parcel's links look like to whom it belongs, and the parcel to whoever holds one."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.i18n import Voice
from app.orders.sentences import Sentence
from app.shipments import estimates, parcel_sentences
from app.shipments.estimates import Expected, Times
from app.shipments.links import Handed, KeptLink, pickup_of
from app.shipments.owned import OwnedParcel

FEWEST_SHOWN = 4  # signs of the tracking number


class LinkCard(Struct, frozen=True):
    id: int
    label: str
    said: str


class Shared(Struct, frozen=True):
    """`ending`: the last signs of the tracking number. `pickup` are lines, `code` opens the locker, when it may be shown."""

    title: str
    said: Sentence
    basis: str
    carrier: str
    ending: str
    pickup: list[str]
    hours: list[str]
    code: str
    until: str


def links(found: Sequence[KeptLink], voice: Voice) -> list[LinkCard]:
    _ = voice.gettext
    return [
        LinkCard(
            link.id,
            link.label or _("Without a name"),
            _("Made on %(made)s, open until %(end)s at the latest")
            % {"made": voice.day(link.created_at), "end": voice.day(link.expires_at)},
        )
        for link in found
    ]


def shared(handed: Handed, times: Times, voice: Voice) -> Shared:
    """Nothing of the order: neither what is inside, nor what it cost, nor where it goes."""
    _ = voice.gettext
    parcel, point = handed.parcel, pickup_of(handed.parcel)
    soon = estimates.expected(parcel, times, voice)
    name = handed.first_name
    waiting = point is not None and parcel.status == "ready_for_pickup"
    return Shared(
        title=_("A parcel for %(name)s") % {"name": name} if name else _("A parcel"),
        said=_sentence(parcel, soon, voice),
        basis=estimates.basis(soon, parcel.carrier, voice) if parcel.delivered_at is None and soon.last else "",
        carrier=parcel.carrier,
        ending=parcel.tracking_number[-FEWEST_SHOWN:] if len(parcel.tracking_number) > 2 * FEWEST_SHOWN else "",
        pickup=[point.name, *point.address] if point and waiting else [],
        hours=point.hours if point and waiting else [],
        code=point.code if point and waiting and handed.show_code else "",
        until=voice.moment(point.until) if point and waiting and point.until else "",
    )


def _sentence(parcel: OwnedParcel, soon: Expected, voice: Voice) -> Sentence:
    """What only its customer can do about it is not asked of somebody else."""
    _ = voice.gettext
    if soon.source == "usual" and parcel.status == "in_transit" and soon.first and soon.last:
        return Sentence(parcel_sentences.probably(soon.first, soon.last, voice), "", _("On the way"), "info", 2)
    stage = parcel_sentences.STAGES.get(parcel.status, "on_the_way")
    said = parcel_sentences.plain(parcel, stage, parcel.placed_at, parcel.carrier, voice)
    if parcel.status == "attempt_failed":
        then = _("It may be tried again or taken to a pick-up point: this page will say so.")
        return replace(said, detail=then, tag="", tone="wait")
    return said
