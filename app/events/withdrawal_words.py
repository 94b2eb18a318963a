"""What the history of an order says of a withdrawal from it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.i18n import Voice

WORTH = (
    "withdrawal_rest_refunded",
    "withdrawal_acknowledged",
    "withdrawal_items_set",
    "withdrawal_delivery_added",
    "withdrawal_delivery_kept",
)


def kinds(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "withdrawal_acknowledged": _("Withdrawal acknowledged"),
        "withdrawal_goods_awaited": _("The goods are to be sent back"),
        "withdrawal_goods_came": _("The goods have come: they are to be sent back"),
        "withdrawal_proof_sent": _("Sent back"),
        "withdrawal_renumbered": _("Tracking number corrected"),
        "withdrawal_arrived": _("Handed over to the seller, to be checked"),
        "withdrawal_goods_received": _("Arrived at the seller"),
        "withdrawal_refunded": _("Refund approved"),
        "withdrawal_questioned": _("The seller asks a question"),
        "withdrawal_answered": _("You answered"),
        "withdrawal_objected": _("The seller sees something against it"),
        "withdrawal_part_refunded": _("A part is paid back"),
        "withdrawal_recounted": _("What arrived was counted again"),
        "withdrawal_closed": _("Withdrawal closed"),
        "withdrawal_attached": _("The seller has found the order that it is about"),
        "withdrawal_items_set": _("Which items are withdrawn from is settled"),
        "withdrawal_took_over": _("A withdrawal took the place of a claim"),
        "withdrawal_delivery_added": _("The delivery comes back too, now that everything goes back"),
        "withdrawal_delivery_kept": _("The delivery does not come back: not all of the order goes back"),
        "withdrawal_shop_closed": _("Closed in the shop’s own system"),
        "withdrawal_reopened": _("Opened again in the shop’s own system"),
        **_disputes(voice),
    }


def _disputes(voice: Voice) -> dict[str, str]:
    """Whether it has an effect at all."""
    _ = voice.gettext
    return {
        "withdrawal_unfounded": _("The seller says that the withdrawal has no effect"),
        "withdrawal_disputed": _("Objection: the withdrawal is in force again"),
        "withdrawal_resumed": _("The withdrawal is in force after all"),
        "withdrawal_contested": _("You objected"),
        "withdrawal_stood": _("The seller has looked again: no more is paid back"),
        "withdrawal_rest_refunded": _("After your objection: more is paid back"),
    }


def detail(kind: str, data: dict[str, Any], voice: Voice) -> Iterator[str]:
    """How much comes back, or with whom it was sent; and its code."""
    amount, currency = data.get("amount"), data.get("currency")
    if kind in WORTH and isinstance(amount, int) and amount and isinstance(currency, str):
        yield voice.money(amount, currency)
    if kind == "withdrawal_attached" and isinstance(at := data.get("declared_at"), str):
        yield voice.gettext("declared on %(day)s") % {"day": voice.day(datetime.fromisoformat(at))}
    yield from (str(data[name]) for name in ("carrier", "tracking_number", "code") if data.get(name))
