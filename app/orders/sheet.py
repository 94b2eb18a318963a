"""One order as its page and its PDF show it: every text formatted once. Built from what is kept, never looked up again."""

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from app.addresses import layout
from app.i18n import Voice, _, ngettext
from app.orders import line_rows, sums
from app.orders.kept import Kept, KeptOrder
from app.orders.line_rows import LineRow, web_address
from app.orders.sentences import told
from app.orders.sums import Given, Sum


class AddressBlock(Struct, frozen=True):
    title: str
    lines: list[str]


class Paper(Struct, frozen=True):
    """A file to take away."""

    label: str
    url: str
    icon: str


class Shop(Struct, frozen=True):
    name: str
    url: str
    email: str
    page: str


class OrderSheet(Struct, kw_only=True):
    """See templates/orders/show.html; parcels and timeline are the page's to add."""

    number: str
    url: str
    title: str
    headline: str
    detail: str
    tag: str
    tone: str
    steps: int
    step_tone: str
    merchant: Shop
    placed: str
    archived: bool
    archive_url: str
    cancelled: str
    mismatch: str
    lines: list[LineRow]
    show_all: str
    sums: list[Sum]
    payments: list[str]
    refunds: list[Given]
    addresses: list[AddressBlock]
    gift_message: str
    note: str
    documents: list[Paper]
    buy_again: str
    reviewable: bool


def sheet(kept: Kept, voice: Voice) -> OrderSheet:
    order = kept.order
    return OrderSheet(
        **_head(order, voice),
        merchant=Shop(order.merchant_name, web_address(order.website), order.merchant_email, f"/sellers/{order.merchant_slug}"),
        cancelled=_("Cancelled: %(reason)s") % {"reason": order.cancel_reason} if order.cancel_reason else "",
        mismatch=sums.mismatch(order, voice),
        lines=line_rows.lines(kept.lines, order, voice),
        show_all=_show_all(len(kept.lines)),
        sums=sums.sums(order, kept.lines, voice),
        payments=sums.payments(kept.payments, order, voice),
        refunds=sums.refunds(kept.refunds, order, voice),
        addresses=_addresses(order, voice),
        gift_message=order.gift_message,
        note=order.note,
        documents=_documents(order),
        buy_again=line_rows.buy_again(kept.lines),
        reviewable=order.fulfilment in ("partly_delivered", "delivered", "partly_returned", "returned"),
    )


def _head(order: KeptOrder, voice: Voice) -> dict[str, Any]:
    said, url = told(order, voice, voice.today()), f"/orders/{order.address}"
    return {
        "number": order.number, "url": url, "title": _("Order %(number)s") % {"number": order.number},
        "headline": said.headline, "detail": said.detail, "tag": said.tag, "tone": said.tone, "steps": said.steps,
        "step_tone": said.tone, "placed": voice.moment(order.placed_at),
        "archived": bool(order.archived), "archive_url": f"{url}/archiving",
    }  # fmt: skip


def _show_all(count: int) -> str:
    return ngettext("Show the one item", "Show all %(num)d items", count) % {"num": count}


def _addresses(order: KeptOrder, voice: Voice) -> list[AddressBlock]:
    """The billing address only where it is another one."""
    shipping, billing = order.shipping_address, order.billing_address
    wanted = [(_("Delivery address"), shipping), (_("Billing address"), billing if billing != shipping else "null")]
    laid_out = [(title, _lines(text, order.merchant_country, voice.locale)) for title, text in wanted]
    return [AddressBlock(title, lines) for title, lines in laid_out if lines]


@lru_cache(1024)
def _lines(text: str, country: str, locale: str) -> list[str]:
    """Most orders of a customer go to one address."""
    address = msgspec.json.decode(text)
    return layout.lines(address, country, locale) if address else []


def _documents(order: KeptOrder) -> list[Paper]:
    url = f"/orders/{order.address}"
    found = [Paper(_("Order summary (PDF)"), f"{url}/summary.pdf", "file-text")]
    if order.invoice_file:
        found.insert(0, Paper(_("Invoice (PDF)"), f"{url}/invoice.pdf", "file-text"))
    return found
