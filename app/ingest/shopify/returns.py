"""Shopify's news of returns (https://shopify.dev/docs/api/webhooks, 2024-10): the return as it was asked for or agreed to, then
its steps, which name no more than its id.

A step or a refund that comes before its return is remembered, and taken when that comes. No message says when it was: what
is signed is the step alone, and the states decide whether it fits. Refused and cancelled are ends, whenever they are heard of;
agreed to, it is not asked for again. Only closing and opening can follow each other either way: of these the later one counts,
by a header that is not signed (X-Shopify-Triggered-At).

The same words may be meant twice there, and where one more is taken out of a return: such a message is known again by its body
and the id of its delivery (X-Shopify-Webhook-Id), which stays when Shopify sends it anew. That header is not signed either: who
has got hold of a signed message could say it again as a new one. It takes out no more than is in, moves nothing that has come
or is paid, and is seen at the desk.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec.structs import replace

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
EARLY: tuple[Step, ...] = ("declined", "cancelled", "closed", "reopened")
REPEATABLE = ("returns/close", "returns/reopen", "returns/update")  # said again they may be meant again
REASONS = {
    "size_too_small": "wrong_size", "size_too_large": "wrong_size", "color": "wrong_size", "style": "changed_mind",
    "unwanted": "changed_mind", "not_as_described": "not_as_described", "defective": "not_as_described",
    "wrong_item": "not_as_described",
}  # fmt: skip
CLAUSES = {"return_period_ended": "window_over", "final_sale": "excluded"}
LONGEST_ID = 100
LONGEST_EARLY = 160  # what `tracking_messages` keeps
SAID = """
SELECT external_id, received_at FROM tracking_messages WHERE source = {{}} AND external_id IN ({marks}) ORDER BY received_at, id
"""
PAID = "SELECT external_id FROM tracking_messages WHERE source = {} AND external_id LIKE {} ESCAPE '!' ORDER BY id"


def told(topic: str, body: Mapping[str, Any], at: datetime | None) -> SourceReturn:
    """Raises Unreadable."""
    record = Record.of(dict(body))
    name, decline = identity_of(record), record.part("decline")
    step, order = STEPS[topic], record.part("order")
    return SourceReturn(
        name, step, identity(order) if order.values else record.text("order_id"),
        [_line(each) for each in record.each("return_line_items")] if step in ("requested", "approved") else (),
        CLAUSES.get(decline.text("reason").lower(), "settled"), decline.text("note"),
        _removed(record.part("return_line_items")) if step == "updated" else {}, at,
    )  # fmt: skip


def identity_of(record: Record) -> str:
    """Of a return. Raises Unreadable."""
    name = identity(record)
    return name if len(name) <= LONGEST_ID else record.refuse("id", "too long")


async def record(sender: Sender, news: SourceReturn) -> Result:
    """In the transaction that makes sure it is heard once. Raises Missing for an order that is not here (yet), Unusable."""
    await db.take_turn(f"orders of {sender.slug}")
    new = not await from_sources.known(sender.merchant, news.id)
    if new and news.step in EARLY:
        await db.execute(received.CLAIM, sender.id, _early(news.step, news.id), news.at or clock.now())
        return "unmatched"
    try:
        if new:
            news = replace(news, refunds=await _refunds_before(sender, news.id))
        changed = await from_sources.take(sender.merchant, news, by=BY)
        if new:
            await _steps_before(sender, news.id)
    except Invalid as error:
        raise Unusable("; ".join(error.fields.values()) or error.message) from error
    except Refused as error:
        raise Unusable(error.message) from error
    return "taken" if changed else "unchanged"


async def _refunds_before(sender: Sender, name: str) -> list[str]:
    prefix = _early("paid", name, "")
    like = prefix.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return [row["external_id"].removeprefix(prefix) for row in await db.rows(PAID, sender.id, f"{like}%")]


async def _steps_before(sender: Sender, name: str) -> None:
    """What does not fit any more is past: the return itself stays."""
    steps = {_early(step, name): step for step in EARLY}
    for row in await db.rows(SAID.format(marks=db.marks(len(steps))), sender.id, *steps):
        with suppress(Refused):
            news = SourceReturn(name, steps[row["external_id"]], at=row["received_at"])
            async with db.undone_alone():
                await from_sources.take(sender.merchant, news, by=BY)


async def paid_back(sender: Sender, refund: Mapping[str, Any], rows: list[str]) -> None:
    """A refund may say which return it is for; `rows` are the ids of ours that were made of it."""
    try:
        of = Record.of(dict(refund)).part("return")
        name = identity_of(of) if of.values else ""
    except Unreadable:
        return
    if name and not await from_sources.known(sender.merchant, name):
        for row in rows:
            await db.execute(received.CLAIM, sender.id, _early("paid", name, row)[:LONGEST_EARLY], clock.now())
    elif name:
        await from_sources.paid_back(sender.merchant, name, rows, by=BY)


def _line(item: Record) -> SourceLine:
    line = item.part("fulfillment_line_item").part("line_item")
    quantity = item.count("quantity") or item.refuse("quantity", "none")
    reason = REASONS.get(item.text("return_reason").lower(), "other")
    note = item.first("customer_note", "return_reason_note")
    return SourceLine(identity(line), quantity, reason, note, identity(item) if item.has("id") else "")


def _removed(changed: Record) -> dict[str, int]:
    """By the return line's id. Changed fees are the shop's own: what is promised here follows the rules that are here."""
    found: dict[str, int] = {}
    for each in changed.each("removals"):
        name = identity(each)
        found[name] = found.get(name, 0) + each.count("delta")
    return {name: count for name, count in found.items() if count}


def _early(*parts: str) -> str:
    return ":".join(("early", *parts))
