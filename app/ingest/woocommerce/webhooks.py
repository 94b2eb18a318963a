"""WooCommerce's webhooks: each tells an order as it stands now, with what was given back of it.

https://woocommerce.com/document/webhooks/; the signature is over the body alone, so that a message is known again by its body,
and neither its id (X-WC-Webhook-Delivery-ID) nor its topic, which stand in headers, makes an old one new. One that comes late
is older than what is kept, by the order's own time of change.

When a webhook is made, its address is tried with an unsigned form that names its number, and is turned off unless that is
answered 200; so it is after six failures in a row. A genuine message is therefore received also when it cannot be taken.

Refunds come with the order: amount and reason, not the lines. Who writes a return's code (R-7K3F9QXM) into the reason says
that it was for that one.
"""

import re
from functools import partial
from pathlib import Path

from app.ingest import heard
from app.ingest.json_records import Found
from app.ingest.reading import Reading
from app.ingest.snapshot import OrderSnapshot
from app.ingest.woocommerce import outcome
from app.returns import source_refunds
from app.tracking import received, sources
from app.tracking.fields import Unusable
from app.tracking.messages import Sent
from app.tracking.received import Receipt, Result

BY = "source:woocommerce"
PING = re.compile(rb"webhook_id=[0-9]{1,20}")
TOPICS = ("order.created", "order.updated", "order.restored")
CODE = re.compile(r"\bR-[0-9A-HJKMNP-TV-Z]{8}\b")


async def receive(merchant: str, sent: Sent) -> Receipt:
    """Raises Refused (401 not genuine), Unusable."""
    if PING.fullmatch(sent.body.strip()):
        return Receipt("ignored")
    sender = await sources.genuine(merchant, "woocommerce", sent)
    topic, body = sent.headers.get("x-wc-webhook-topic", ""), heard.decoded(sent.body)
    if topic not in TOPICS:
        return Receipt("ignored")
    found = outcome(Found(1, {"topic": topic, "body": body}), Path(topic), Reading(merchant=sender.slug, zone=sender.zone))
    if not isinstance(found, OrderSnapshot):
        return heard.refused("WooCommerce", topic, getattr(found, "reason", "not an order"))
    try:
        return await received.once(sender.id, received.identity("", sent.body), partial(_record, sender, found))
    except Unusable as error:
        return heard.refused("WooCommerce", topic, str(error))


async def _record(sender: sources.Sender, order: OrderSnapshot) -> Result:
    result = await heard.record(order)
    for refund in order.refunds:
        for code in CODE.findall(refund.reason):
            await source_refunds.paid_for(sender.merchant, code, [refund.id], by=BY)
    return result
