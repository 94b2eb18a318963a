"""Shopify's webhooks: orders, fulfilments and refunds go the way of its files, events of a fulfilment are a carrier's news,
and returns are moved as at a desk.

https://shopify.dev/docs/api/webhooks (2024-10). A genuine message is answered as received also when it cannot be taken (an
order from the till names no e-mail address): after eight failures in a row Shopify ends the whole subscription. Why it was
not taken is in the answer and in the log.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from app import db
from app.errors import Missing
from app.ingest import heard
from app.ingest.json_fields import Unreadable
from app.ingest.json_records import Found
from app.ingest.reading import Reading
from app.ingest.shopify import returns
from app.ingest.shopify.json import TOPICS, outcome
from app.ingest.shopify.parcels import NEWS
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking import received, sources
from app.tracking.actions import tell
from app.tracking.fields import Fields, Unusable, country, moment, place, window
from app.tracking.messages import Sent
from app.tracking.received import Receipt, Result

EVENT = "fulfillment_events/create"
NUMBER = """
SELECT s.tracking_number FROM shipments s JOIN orders o ON o.id = s."order"
WHERE o.merchant = {} AND o.external_id = {} AND s.external_id = {}
"""


async def receive(merchant: str, sent: Sent) -> Receipt:
    """Raises Refused (401 not genuine, 400 too old), Unusable."""
    sender = await sources.genuine(merchant, "shopify", sent)
    stamp = sent.headers.get("x-shopify-triggered-at", "")
    received.check_age(moment(stamp))
    topic, body = sent.headers.get("x-shopify-topic", ""), heard.decoded(sent.body)
    name = received.identity("", sent.body)
    if topic == EVENT:
        return await _tell(sender, name, Fields.of(body))
    if topic in returns.STEPS:
        if topic in returns.REPEATABLE:
            name = received.identity("", sent.body, (sent.headers.get("x-shopify-webhook-id") or stamp).encode())
        return await _of_return(sender, name, topic, body, moment(stamp))
    if topic not in TOPICS:
        return Receipt("ignored")
    found = outcome(Found(1, {"topic": topic, "body": body}), Path(topic), Reading(merchant=sender.slug, zone=sender.zone))
    if isinstance(found, Rejected):
        return _refused(topic, found.reason)
    try:
        return await received.once(sender.id, name, partial(_record, sender, found, body))
    except Missing:
        return await received.unmatched(sender.id, found.external_id)
    except Unusable as error:
        return _refused(topic, str(error))


def news(event: Mapping[str, Any], number: str) -> TrackingSnapshot | None:
    """None for an event without a time. `number`: Shopify names the fulfilment only."""
    said = Fields(dict(event))
    at, status = said.time("happened_at", "created_at"), said.text("status")
    if at is None:
        return None
    first, last = window(said.text("estimated_delivery_at"))
    scan = ScanSnapshot(
        id=said.text("id"), at=at, status=NEWS.get(status.lower(), "unknown"), words=said.text("message"), code=status,
        place=place(said.text("city"), said.text("province")), country=country(said.text("country")),
        latitude=said.degrees("latitude"), longitude=said.degrees("longitude"),
    )  # fmt: skip
    return TrackingSnapshot(
        source="shopify", tracking_number=number, scans=[scan], estimated_from=first, estimated_to=last
    )  # fmt: skip


async def _tell(sender: sources.Sender, name: str, event: Fields) -> Receipt:
    order, parcel = event.text("order_id"), event.text("fulfillment_id")
    found = await db.one(NUMBER, sender.merchant, order, parcel)
    if found is None or not found["tracking_number"]:
        return await received.unmatched(sender.id, f"fulfilment {parcel} of order {order}")
    told = news(event.values, found["tracking_number"])
    return await tell(sender, name, told) if told else _refused(EVENT, "happened_at: missing")


async def _of_return(
    sender: sources.Sender, name: str, topic: str, body: Mapping[str, Any], at: datetime | None
) -> Receipt:  # fmt: skip
    try:
        news = returns.told(topic, body, at.replace(tzinfo=at.tzinfo or UTC) if at else None)
        return await received.once(sender.id, name, partial(returns.record, sender, news))
    except Missing:
        return await received.unmatched(sender.id, f"return {news.id} of order {news.order}")
    except (Unreadable, Unusable) as error:
        return _refused(topic, str(error))


async def _record(sender: sources.Sender, found: OrderSnapshot | Amendment, body: Mapping[str, Any]) -> Result:
    """Raises Missing, Unusable."""
    result = await heard.record(found)
    if isinstance(found, Amendment) and found.refunds:
        await returns.paid_back(sender, body, [refund.id for refund in found.refunds])
    return result


def _refused(topic: str, reason: str) -> Receipt:
    return heard.refused("Shopify", topic, reason)
