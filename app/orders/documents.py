"""An order on paper: its summary as a PDF, set from templates/documents/order.typ and dated by the order."""

from collections.abc import Sequence
from typing import Protocol

from babel import Locale
from msgspec import Struct

from app import press
from app.i18n import Voice, _
from app.orders.kept import Kept, KeptLine, KeptOrder
from app.orders.line_rows import LineRow
from app.orders.sheet import AddressBlock, OrderSheet, sheet
from app.orders.sums import Given, Sum
from app.settings import settings


class Parcel(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def carrier(self) -> str: ...
    @property
    def tracking_number(self) -> str: ...


class PaperLine(Struct, frozen=True):
    """`before` is the price without the discount, struck through."""

    title: str
    about: str
    quantity: str
    each: str
    before: str
    total: str


class SummaryDocument(Struct, frozen=True, kw_only=True):
    """All that order.typ needs, every text formatted. `at` is the order's, in seconds since 1970."""

    lang: str
    region: str | None
    at: int
    accent: str
    title: str
    placed: str
    merchant: AddressBlock
    addresses: list[AddressBlock]
    parcels: list[str]
    lines: list[PaperLine]
    sums: list[Sum]
    mismatch: str
    cancelled: str
    payments: list[str]
    refunds: list[Given]
    gift_message: str
    note: str
    words: dict[str, str]


async def order_summary(kept: Kept, parcels: Sequence[Parcel], voice: Voice) -> bytes:
    return await press.printed("order", document(kept, parcels, voice))


def document(kept: Kept, parcels: Sequence[Parcel], voice: Voice) -> SummaryDocument:
    shown, order, locale = sheet(kept, voice), kept.order, Locale.parse(voice.locale)
    return SummaryDocument(
        lang=locale.language,
        region=locale.territory,
        at=max(int(order.placed_at.timestamp()), 0),
        accent=settings.accent,
        title=" ".join(shown.title.split()),
        placed=_("Placed on %(moment)s") % {"moment": shown.placed},
        merchant=AddressBlock(shown.merchant.name, _head(order)),
        addresses=shown.addresses,
        parcels=[_parcel(parcel) for parcel in parcels],
        lines=_lines(kept, shown, voice),
        sums=shown.sums,
        mismatch=shown.mismatch,
        cancelled=shown.cancelled,
        payments=shown.payments,
        refunds=shown.refunds,
        gift_message=shown.gift_message,
        note=shown.note,
        words=_words(),
    )


def _head(order: KeptOrder) -> list[str]:
    """Under the merchant's name: the postal address, what the law asks for, how to reach them."""
    tax_number = _("VAT ID %(number)s") % {"number": order.vat_id} if order.vat_id else ""
    texts = (order.merchant_address, order.legal, tax_number, order.merchant_email, order.website)
    return [line for text in texts for part in text.splitlines() if (line := part.strip())]


def _parcel(parcel: Parcel) -> str:
    named = " · ".join(text for text in (parcel.title, parcel.carrier) if text)
    return "\n".join(text for text in (named, parcel.tracking_number) if text)


def _lines(kept: Kept, shown: OrderSheet, voice: Voice) -> list[PaperLine]:
    return [_line(row, line, kept.order.currency, voice) for row, line in zip(kept.lines, shown.lines, strict=True)]


def _line(row: KeptLine, line: LineRow, currency: str, voice: Voice) -> PaperLine:
    """The facts begin with quantity and price, which have columns of their own here."""
    facts = line.facts.partition(" · ")[2]
    about = (line.variant, facts, *(mark.text for mark in line.marks))
    each = voice.money(row.unit_price, currency)
    return PaperLine(line.title, " · ".join(text for text in about if text), str(row.quantity), each, line.before, line.total)


def _words() -> dict[str, str]:
    return {
        "kind": _("Order summary"),
        "disclaimer": _("This is a summary of your order, not an invoice."),
        "page": _("Page {page} of {pages}"),
        "item": _("Item"),
        "quantity": _("Quantity"),
        "each": _("Unit price"),
        "amount": _("Amount"),
        "payments": _("Payment"),
        "refunds": _("Refunds"),
        "parcels": _("Parcels"),
        "gift_message": _("Gift message"),
        "note": _("Your note to the seller"),
    }
