"""An order's events in the customer's words, newest first."""

from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.db import Row
from app.i18n import Voice, _


class Moment(Struct, frozen=True):
    text: str
    detail: str
    when: str
    current: bool


async def timeline(order: int, voice: Voice) -> list[Moment]:
    """Two scans of one minute keep the order in which they were recorded."""
    found = await db.rows('SELECT kind, at, data FROM events WHERE "order" = {} ORDER BY at DESC, id DESC LIMIT 200', order)
    words = _words()
    told = [event for event in found if event["kind"] in words]
    return [_moment(event, words[event["kind"]], n == 0, voice) for n, event in enumerate(told)]


def _moment(event: Row, text: str, newest: bool, voice: Voice) -> Moment:
    data = msgspec.json.decode(event["data"])
    when = _("date not known") if data.get("undated") else voice.moment(event["at"])
    return Moment(text, _detail(event["kind"], data, voice), when, newest)


def _words() -> dict[str, str]:
    return {
        "order_placed": _("Order placed"),
        "order_paid": _("Paid"),
        "order_updated": _("Updated by the seller"),
        "order_cancelled": _("Order cancelled"),
        "line_cancelled": _("Item cancelled"),
        "shipment_dispatched": _("Handed to the carrier"),
        "shipment_out_for_delivery": _("Out for delivery"),
        "shipment_ready_for_pickup": _("Ready for pick-up"),
        "shipment_attempt_failed": _("Nobody was home"),
        "shipment_returned_to_sender": _("Returned to sender"),
        "shipment_delivered": _("Delivered"),
        "refund_succeeded": _("Refund issued"),
        "invoice_added": _("Invoice added"),
    }


def _detail(kind: str, data: dict[str, Any], voice: Voice) -> str:
    if kind == "refund_succeeded":
        return voice.money(data["amount"], data["currency"])
    if kind == "line_cancelled":
        return f"{data['quantity']} × {data['title']}"
    if kind.startswith("shipment_"):
        return " ".join(text for text in (data.get("carrier"), data.get("tracking_number")) if text)
    return str(data.get("reason", ""))
