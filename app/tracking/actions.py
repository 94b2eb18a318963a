"""Taking in what a sender of webhooks brings.

News of a number that no order here has is answered as received, with nothing done: the sender would otherwise try again for
days and at last turn the whole webhook off, and a merchant's other shops use the same account. It is counted, and not
remembered, so that it may be sent again; the next message about the parcel tells its whole history anyway.
"""

from collections.abc import Callable
from functools import partial

from app.errors import Missing
from app.shipments.snapshot import TrackingSnapshot
from app.tracking import aftership, easypost, received, shippo, sources
from app.tracking.messages import Message, Sent
from app.tracking.received import Receipt, Result
from app.tracking.taking import take

READERS: dict[str, Callable[[bytes], Message]] = {
    "easypost": easypost.read, "aftership": aftership.read, "shippo": shippo.read,
}  # fmt: skip


async def receive(merchant: str, source: str, sent: Sent) -> Receipt:
    """Raises Missing (no such kind of sender), Refused (401 not genuine, 400 too old), Unusable."""
    if source not in READERS:
        raise Missing
    sender = await sources.genuine(merchant, source, sent)
    message = READERS[source](sent.body)
    received.check_age(sender.signed_at, message.at)
    receipt = Receipt("ignored")
    name = received.identity(message.id, sent.body)
    for place, news in enumerate(message.news):
        receipt = await tell(sender, f"{name}#{place}" if place else name, news)
    return receipt


async def tell(sender: sources.Sender, name: str, news: TrackingSnapshot) -> Receipt:
    """`name` is what the message is known by when it comes again."""
    try:
        return await received.once(sender.id, name, partial(_take, sender.merchant, news))
    except Missing:
        return await received.unmatched(sender.id, news.tracking_number)


async def _take(merchant: int, news: TrackingSnapshot) -> Result:
    return "unchanged" if (await take(merchant, news)).result == "unchanged" else "taken"
