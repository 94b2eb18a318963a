"""What shops call their ways to pay, in our words."""

import re
from typing import get_args

from app.ingest.snapshot import Payment, PaymentKind

BRANDS = {
    "visa": "Visa", "mastercard": "Mastercard", "master": "Mastercard", "american express": "American Express",
    "amex": "American Express", "discover": "Discover", "diners club": "Diners Club", "jcb": "JCB",
    "maestro": "Maestro", "unionpay": "UnionPay", "cartes bancaires": "Cartes Bancaires", "bancontact": "Bancontact",
}  # fmt: skip
# The first that is found decides; a word is found at its beginning: "stripe" in "stripe_cc".
KINDS: list[tuple[str, PaymentKind]] = [
    ("gift card|gift certificate|giftcard", "gift_card"),
    ("store credit", "store_credit"),
    ("paypal|ppcp|ppec", "paypal"),
    ("cash on delivery|cod$", "cash_on_delivery"),
    ("direct debit|sepa|bacs debit", "direct_debit"),
    ("bacs|bank|wire|transfer|virement", "bank_transfer"),
    ("invoice|purchase order", "invoice"),
    ("card|credit|shopify payments|woocommerce payments|stripe|authorize net", "card"),
    ("|".join(BRANDS), "card"),
]
LAST_FOUR = re.compile(r"(\d{4})\D*$")


def payment(name: str, *, title: str = "", company: str = "", number: str = "") -> Payment:
    """`name` is the gateway's, `title` what the customer read, `company` and `number` ("•••• 4242") those of a card."""
    kind = kind_of(name) if kind_of(name) != "other" else kind_of(title)
    if kind == "other" and company:
        kind = "card"
    last_four = LAST_FOUR.search(number) if kind == "card" else None
    return Payment(kind=kind, brand=_brand(kind, name, title, company), last_four=last_four[1] if last_four else "")


def kind_of(name: str) -> PaymentKind:
    words = re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
    return next((kind for pattern, kind in KINDS if re.search(rf"\b(?:{pattern})", words)), "other")


def _brand(kind: PaymentKind, name: str, title: str, company: str) -> str:
    """A card's brand; for a way to pay that we have no word for, the shop's own name of it."""
    if kind == "card":
        said = company or name
        return BRANDS.get(said.lower(), company)
    return "" if kind in get_args(PaymentKind)[1:-1] else title or name
