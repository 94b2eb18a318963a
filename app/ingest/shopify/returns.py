"""Shopify's news of returns (https://shopify.dev/docs/api/webhooks, 2024-10): the return as it was asked for or agreed to, then
its steps, which name no more than its id.

A step that comes before its return is remembered, and taken when that comes.
"""

from collections.abc import Mapping
from typing import Any

from app import clock, db
from app.errors import Invalid, Refused
from app.ingest.json_fields import Record, Unreadable
from app.ingest.shopify.ids import identity
from app.returns import from_sources
from app.returns.snapshot import SourceLine, SourceReturn, Step
from app.tracking import received
from app.tracking.fields import Unusable
from app.tracking.received import Result
from app.tracking.sources import Sender

BY = "source:shopify"
STEPS: Mapping[str, Step] = {
    "returns/request": "requested", "returns/approve": "approved", "returns/decline": "declined",
    "returns/cancel": "cancelled", "returns/close": "closed", "returns/reopen": "reopened", "returns/update": "updated",
}  # fmt: skip
ENDS: tuple[Step, ...] = ("declined", "cancelled")
REASONS = {
    "size_too_small": "wrong_size", "size_too_large": "wrong_size", "color": "wrong_size", "style": "changed_mind",
    "unwanted": "changed_mind", "not_as_described": "not_as_described", "defective": "not_as_described",
    "wrong_item": "not_as_described",
}  # fmt: skip
CLAUSES = {"return_period_ended": "window_over", "final_sale": "excluded"}
LONGEST_ID = 100
EARLY = "SELECT id FROM tracking_messages WHERE source = {} AND external_id = {}"


def told(topic: str, body: Mapping[str, Any]) -> SourceReturn:
    """Raises Unreadable."""
    record = Record.of(dict(body))
    name, decline = identity_of(record), record.part("decline")
    step, order = STEPS[topic], record.part("order")
    return SourceReturn(
        name, step, identity(order) if order.values else record.text("order_id"),
        [_line(each) for each in record.each("return_line_items")] if step in ("requested", "approved") else (),
        CLAUSES.get(decline.text("reason").lower(), "settled"), decline.text("note"),
    )  # fmt: skip


def identity_of(record: Record) -> str:
    """Of a return. Raises Unreadable."""
    name = identity(record)
    return name if len(name) <= LONGEST_ID else record.refuse("id", "too long")


async def record(sender: Sender, news: SourceReturn) -> Result:
    """In the transaction that makes sure it is heard once. Raises Missing for an order that is not here (yet), Unusable."""
    await db.take_turn(f"orders of {sender.slug}")
    new = not await from_sources.known(sender.merchant, news.id)
    if new and news.step in ENDS:
        await db.execute(received.CLAIM, sender.id, _early(news.id, news.step), clock.now())
        return "unmatched"
    try:
        changed = await from_sources.take(sender.merchant, news, by=BY)
        for step in [one for one in ENDS if new and await db.one(EARLY, sender.id, _early(news.id, one))][:1]:
            await from_sources.take(sender.merchant, SourceReturn(news.id, step), by=BY)
    except Invalid as error:
        raise Unusable("; ".join(error.fields.values()) or error.message) from error
    except Refused as error:
        raise Unusable(error.message) from error
    return "taken" if changed else "unchanged"


async def paid_back(sender: Sender, refund: Mapping[str, Any], rows: list[str]) -> None:
    """A refund may say which return it is for; `rows` are the ids of ours that were made of it."""
    try:
        of = Record.of(dict(refund)).part("return")
        name = identity_of(of) if of.values else ""
    except Unreadable:
        return
    if name:
        await from_sources.paid_back(sender.merchant, name, rows, by=BY)


def _line(item: Record) -> SourceLine:
    line = item.part("fulfillment_line_item").part("line_item")
    quantity = item.count("quantity") or item.refuse("quantity", "none")
    reason = REASONS.get(item.text("return_reason").lower(), "other")
    return SourceLine(identity(line), quantity, reason, item.first("customer_note", "return_reason_note"))


def _early(name: str, step: str) -> str:
    return f"early:{step}:{name}"
