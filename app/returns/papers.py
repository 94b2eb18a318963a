"""What goes onto a parcel that is sent back, and into it: the facts of its label and of its packing list, as they are kept."""

from datetime import timedelta
from typing import Any

import msgspec
from markupsafe import Markup

from app import codes, db
from app.addresses import layout
from app.errors import Refused
from app.i18n import Voice, _
from app.returns import asked, buying, carried, labels, packing, states
from app.returns.kept import Kept
from app.returns.labels import LabelFacts
from app.returns.packing import PackingFacts, PackingLine
from app.settings import settings

MERCHANT = "SELECT address FROM merchants WHERE id = {}"
ORDER = "SELECT shipping_address, billing_address FROM orders WHERE id = {}"


async def label(it: Kept, voice: Voice, *, folded: bool) -> bytes:
    """The PDF, A6 or, `folded`, A4; of one that was bought as its carrier made it. Raises Refused (409) when nothing is to be
    sent, or not by a label of the shop's."""
    _to_send(it)
    if not states.with_label(it.it):
        raise Refused(_("There is no label for this. The packing list has the address."))
    if (bought := await buying.pdf(it)) is not None:
        return bought
    end = it.it.send_by
    send_by = voice.local(end - timedelta(seconds=1)).date() if end else None
    return await labels.label(
        LabelFacts(**await _facts(it, voice), send_by=send_by, stamped=not carried.chosen(it)), voice, folded=folded
    )


async def packing_list(it: Kept, voice: Voice) -> bytes:
    """The PDF, A4. Raises Refused (409) when nothing is to be sent."""
    _to_send(it)
    why = asked.reasons(voice)
    lines = [
        PackingLine(title=one.title, quantity=one.quantity, about=one.variant, reason=why.get(one.reason, ""))
        for one in it.lines
    ]
    return await packing.packing_list(PackingFacts(**await _facts(it, voice), lines=lines), voice)


def drop_off(it: Kept) -> Markup:
    """The code that a warehouse scans, for a screen in place of paper."""
    return Markup(codes.qr(url(it)))  # noqa: S704 - numbers and our own marks


def url(it: Kept) -> str:
    """What the code says: an address that leads the seller's people to the return and its customer to its page, and that tells
    others what they have scanned (see `found_pages.py`)."""
    return f"{settings.base_url}/return-code/{it.it.code}"


def _to_send(it: Kept) -> None:
    if not states.to_send(it.it):
        raise Refused(_("There is nothing to be sent back just now."))


async def _facts(it: Kept, voice: Voice) -> dict[str, Any]:
    row = it.it
    return {
        "code": row.code, "url": url(it), "merchant": row.merchant_name, "order": row.order_numbers,
        "at": row.decided_at or row.created_at, "sender": await _sender(it, voice), "recipient": await _recipient(it, voice),
    }  # fmt: skip


async def _sender(it: Kept, voice: Voice) -> list[str]:
    """Where the order went; of an order that is not known here, the name alone."""
    order = await db.one(ORDER, it.it.order) if it.it.order else None
    for text in (order["shipping_address"], order["billing_address"]) if order else ():
        if address := msgspec.json.decode(text):
            return layout.lines(address, "", voice.locale)
    return [it.it.name] if it.it.name else []


async def _recipient(it: Kept, voice: Voice) -> list[str]:
    """Where the merchant takes returns, else where it says that it is."""
    if address := msgspec.json.decode(it.it.address):
        return layout.lines(address, "", voice.locale)
    (shop,) = await db.rows(MERCHANT, it.it.merchant)
    return [it.it.merchant_name, *shop["address"].splitlines()]
