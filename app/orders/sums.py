"""What an order cost, how it was paid and what was given back, in words and amounts."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from app.i18n import Voice, _
from app.orders.kept import KeptLine, KeptOrder, KeptPayment, KeptRefund
from app.payments.names import named


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


def sums(order: KeptOrder, found: Sequence[KeptLine], voice: Voice) -> list[Sum]:
    """Top to bottom they make the total, whether prices include tax or not."""
    currency, included = order.currency, order.prices_include_tax
    items = sum(line.total - (0 if included else line.tax) for line in found)
    listed = [Sum(_("Items"), voice.money(items, currency))]
    if order.shipping or order.shipping_method:
        label = _("Delivery") + (f" · {order.shipping_method}" if order.shipping_method else "")
        listed.append(Sum(label, voice.money(order.shipping, currency)))
    listed += [Sum(fee["label"], voice.money(fee["amount"], currency)) for fee in msgspec.json.decode(order.fees)]
    codes = ", ".join(msgspec.json.decode(order.discount_codes))
    for label, amount in ((_("Paid with what came back"), order.exchanged), (_("Discount"), order.discount - order.exchanged)):
        if amount:
            listed.append(Sum(label + (f" · {codes}" if codes else ""), voice.money(-amount, currency)))
    taxes = sum(line.tax for line in found) + order.shipping_tax
    if not included and taxes:
        listed.append(Sum(_("Tax"), voice.money(taxes, currency)))
    listed.append(Sum(_("Total"), voice.money(order.total, currency), "total"))
    if included and order.tax:
        listed.append(Sum(_("Tax included"), voice.money(order.tax, currency), "note"))
    if order.refunded:
        listed.append(Sum(_("Refunded"), voice.money(-order.refunded, currency), "refund"))
    return listed


def mismatch(order: KeptOrder, voice: Voice) -> str:
    if not order.difference:
        return ""
    amount = voice.money(abs(order.difference), order.currency)
    return _("The merchant's own sums differ by %(amount)s. We show them as they were sent.") % {"amount": amount}


def payments(found: Sequence[KeptPayment], order: KeptOrder, voice: Voice) -> list[str]:
    texts = [_payment(payment, order, voice) for payment in found]
    if not texts and order.payment == "unpaid":
        return [_("Not paid yet")]
    return texts


def _payment(payment: KeptPayment, order: KeptOrder, voice: Voice) -> str:
    name = named(payment.kind, payment.brand, payment.last_four, voice)
    return f"{name} · {voice.money(payment.amount, order.currency)}" if payment.amount is not None else name


def refunds(found: Sequence[KeptRefund], order: KeptOrder, voice: Voice) -> list[Given]:
    return [
        Given(
            voice.day(refund.at) if refund.at else _("Refund"),
            voice.money(refund.amount, order.currency),
            _state(refund.state) or refund.reference or refund.reason,
        )
        for refund in found
    ]


def _state(state: str) -> str:
    match state:
        case "requested":
            return _("asked for")
        case "pending":
            return _("on its way")
        case "failed":
            return _("failed")
    return ""
