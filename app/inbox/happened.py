"""What happened meanwhile to what a thread is about, in lines between its messages: “Return approved”, “Parcel delivered”.

They are the events themselves, read with the messages that stand around them: nothing is said twice, and nothing can differ.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app import reading
from app.events import of_order, timeline
from app.events.actions import data_of
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptMessage, Page

# What somebody who talks about it would say: not each scan, nor what they did themselves a moment ago.
OF_ORDER = (
    "order_cancelled", "line_cancelled", "shipment_dispatched", "shipment_ready_for_pickup", "shipment_attempt_failed",
    "shipment_returned_to_sender", "shipment_delivered",
)  # fmt: skip
OF_RETURN = tuple(
    f"{kind}_{step}"
    for kind in ("return", "claim", "withdrawal", "cancellation")
    for step in (
        "approved", "declined", "denied", "label_issued", "received", "goods_received", "refunded", "credited", "exchanged",
        "resolved", "closed", "expired", "acknowledged", "unfounded", "resumed", "rest_refunded", "upheld", "stood",
    )
)  # fmt: skip
KINDS = ", ".join(f"'{kind}'" for kind in (*OF_ORDER, *OF_RETURN))
# Of its customer: an order may have gone to somebody else since. The plus leads SQLite to the order's events, not to all of
# theirs.
FROM = f"""
FROM events WHERE "order" = {{}} AND +customer = {{}} AND kind IN ({KINDS}) AND {of_order.ITSELF} AND at >= {{}} AND at <= {{}}
ORDER BY at DESC, id DESC LIMIT 40
"""


class Happened(Struct, frozen=True, array_like=True):
    """Columns of `Event`."""

    id: int
    kind: str
    at: datetime
    data: str


async def between(it: KeptThread, page: Page, until: datetime, voice: Voice) -> Page:
    """The page with them in their places: from its first message on, or from when the thread began, `until` then."""
    if it.order is None or not page.messages:
        return page
    since = page.messages[0].at if page.earlier else it.created_at
    columns = ", ".join(Happened.__struct_fields__)
    found = [reading.decoder(Happened)(row) for row in await reading.texts(columns, FROM, it.order, it.customer, since, until)]
    lines = [line for event in found if _concerns(it, event) and (line := _line(event, voice))]
    together = sorted([*page.messages, *lines[::-1]], key=_place)
    return replace(page, messages=together)


def _place(one: KeptMessage) -> tuple[datetime, bool, int]:
    """What carriers and desks say of one minute stands in the order in which it can only have happened."""
    return one.at, one.side != "system", OF_ORDER.index(one.event) if one.event in OF_ORDER else 0


def _concerns(it: KeptThread, event: Happened) -> bool:
    """Of a thread about one return nothing of another one."""
    return it.return_code in ("", data_of(event.data).get("code", it.return_code))


def _line(event: Happened, voice: Voice) -> KeptMessage | None:
    moments = timeline.timeline([timeline.KeptEvent(event.kind, event.at, event.data)], voice)
    if not moments:
        return None
    text = " · ".join(part for part in (moments[0].text, moments[0].detail) if part)
    return KeptMessage(-event.id, "system", None, "", text, "app", event.kind, event.at)
