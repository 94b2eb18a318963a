"""What a program is told: the event, and the order as it stands now, whole, as the API answers it."""

import msgspec

from app import db
from app.events.actions import data_of
from app.inbox import api_bodies
from app.ingest import kept
from app.returns import bodies
from app.webhooks import kinds

OURS = ("network", "browser", "shipment", "refund", "by", "member", "quiet")  # where somebody asked from, and numbers of rows
# A question to the shop itself is about an order that somebody else has sold: nothing of that order is told.
EVENT = """
SELECT e.id, e.kind, e.at, e.merchant, e.data, o.id AS "order"
FROM events e LEFT JOIN orders o ON o.id = e."order" AND o.merchant = e.merchant WHERE e.id = {}
"""


async def body(event_id: int) -> bytes | None:
    """JSON: `type`, `timestamp` (when it happened) and `data` with `id`, `about` (what the event says) and `order`, null where
    there is none of theirs; of a return also `return`, as it stands now, of a conversation `thread` and the `message`. None
    when the event itself is no more."""
    event = await db.one(EVENT, event_id)
    if event is None:
        return None
    orders = await kept.snapshots([event["order"]]) if event["order"] is not None else {}
    about = {name: said for name, said in data_of(event["data"]).items() if name not in OURS}
    data = {"id": event["id"], "about": about, "order": orders.get(event["order"])}
    group = kinds.group_of(event["kind"])
    if group in ("messages", "notes"):
        data |= await api_bodies.told(event["merchant"], str(about.get("code", "")), about.get("message"))
    if group == "returns":
        data["return"] = await bodies.brief(str(about.get("code", "")))
    return msgspec.json.encode({"type": event["kind"], "timestamp": event["at"], "data": data})
