"""Whether goods are proven to be sent, or only said to be: a withdrawal's money may wait for them until its customer has
supplied evidence of having sent them (Directive 2011/83/EU, Art. 13(3)). A word is none, nor is a number that nobody has
scanned."""

from msgspec import Struct

from app.events.actions import data_of
from app.i18n import Voice
from app.returns import coming, happened
from app.returns.kept import Kept
from app.shipments import back


class Evidence(Struct, frozen=True):
    """What was said of the parcel; `scanned`: its carrier has it; `photo`: its customer has added one since."""

    carrier: str = ""
    number: str = ""
    scanned: bool = False
    photo: bool = False

    @property
    def said(self) -> str:
        return " ".join(text for text in (self.carrier, self.number) if text)


async def of(it: Kept) -> Evidence | None:
    """None where nobody says that it was sent, or it is there already."""
    if it.it.state not in ("proof_sent", "in_transit"):
        return None
    parcel = await back.way(it.it.id)
    photo = any(it.it.sent_at is not None and file.at >= it.it.sent_at for file in it.files)
    if parcel is not None:
        return Evidence(parcel.carrier, parcel.tracking_number, coming.moves(it, parcel), photo)
    for event in await happened.events(it):
        data = data_of(event["data"])
        if data.get("code") == it.it.code and "tracking_number" in data:
            return Evidence(str(data.get("carrier") or ""), str(data["tracking_number"] or ""), photo=photo)
    return Evidence(photo=photo)


def to_add(found: Evidence | None, it: Kept, voice: Voice) -> str:
    """What its customer can still do for it, of a withdrawal."""
    if found is None or it.it.kind != "withdrawal" or found.scanned or found.photo:
        return ""
    _ = voice.gettext
    proof = _("Your proof is the carrier’s scan, or its receipt: add a photo of that.")
    return f"{proof} {_('From then on the seller may not wait for the goods any longer.')}"
