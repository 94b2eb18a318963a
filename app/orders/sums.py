"""What an order cost, how it was paid and what was given back, in words and amounts."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from app.db import Row
from app.i18n import Voice, _


class Sum(Struct, frozen=True):
    """`kind` is "", total, refund or note."""

    label: str
    amount: str
    kind: str = ""


class Given(Struct, frozen=True):
    """A refund in words."""

    text: str
    amount: str
    state: str


def sums(order: Row, found: Sequence[Row], voice: Voice) -> list[Sum]:
    """Top to bottom they make the total, whether prices include tax or not."""
    currency, included = order["currency"], order["prices_include_tax"]
    items = sum(line["total"] - (0 if included else line["tax"]) for line in found)
    listed = [Sum(_("Items"), voice.money(items, currency))]
    if order["shipping"] or order["shipping_method"]:
        label = _("Delivery") + (f" · {order['shipping_method']}" if order["shipping_method"] else "")
        listed.append(Sum(label, voice.money(order["shipping"], currency)))
    listed += [Sum(fee["label"], voice.money(fee["amount"], currency)) for fee in msgspec.json.decode(order["fees"])]
    if order["discount"]:
        codes = ", ".join(msgspec.json.decode(order["discount_codes"]))
        label = _("Discount") + (f" · {codes}" if codes else "")
        listed.append(Sum(label, voice.money(-order["discount"], currency)))
    taxes = sum(line["tax"] for line in found) + order["shipping_tax"]
    if not included and taxes:
        listed.append(Sum(_("Tax"), voice.money(taxes, currency)))
    listed.append(Sum(_("Total"), voice.money(order["total"], currency), "total"))
    if included and order["tax"]:
        listed.append(Sum(_("Tax included"), voice.money(order["tax"], currency), "note"))
    if order["refunded"]:
        listed.append(Sum(_("Refunded"), voice.money(-order["refunded"], currency), "refund"))
    return listed


def mismatch(order: Row, voice: Voice) -> str:
    if not order["difference"]:
        return ""
    amount = voice.money(abs(order["difference"]), order["currency"])
    return _("The merchant's own sums differ by %(amount)s. We show them as they were sent.") % {"amount": amount}


def payments(found: Sequence[Row], order: Row, voice: Voice) -> list[str]:
    texts = [_payment(payment, order, voice) for payment in found]
    if not texts and order["payment"] == "unpaid":
        return [_("Not paid yet")]
    return texts


def _payment(payment: Row, order: Row, voice: Voice) -> str:
    kinds = {
        "card": _("Card"), "gift_card": _("Gift card"), "store_credit": _("Store credit"), "paypal": "PayPal",
        "bank_transfer": _("Bank transfer"), "direct_debit": _("Direct debit"), "invoice": _("Invoice"),
        "cash_on_delivery": _("Cash on delivery"),
    }  # fmt: skip
    name = payment["brand"] or kinds.get(payment["kind"], _("Other payment"))
    if payment["last_four"]:
        name = f"{name} ·· {payment['last_four']}"
    return f"{name} · {voice.money(payment['amount'], order['currency'])}" if payment["amount"] is not None else name


def refunds(found: Sequence[Row], order: Row, voice: Voice) -> list[Given]:
    states = {"requested": _("asked for"), "pending": _("on its way"), "failed": _("failed")}
    return [
        Given(
            voice.day(refund["at"]) if refund["at"] else _("Refund"),
            voice.money(refund["amount"], order["currency"]),
            states.get(refund["state"], "") or refund["reason"],
        )
        for refund in found
    ]
