"""A WooCommerce order (REST API v3) as a snapshot.

Amounts of lines, fees and delivery are stated without tax, with the tax beside them, also where the shop's prices hold
it: there the two are added, as the customer saw them. WooCommerce keeps no unit price; it is the line's amount by its
quantity, rounded, so that three for 10.00 differ from 3 × 3.33: the line's own total stays as stated.
"""

from datetime import datetime
from fractions import Fraction
from html import unescape
from typing import Any

from app.ingest.address_parts import known_address, street
from app.ingest.json_fields import Record, Unreadable
from app.ingest.payment_words import payment
from app.ingest.reading import Reading
from app.ingest.snapshot import Address, Fee, Line, OrderSnapshot, Payment, PaymentState, Person, Refund
from app.ingest.woocommerce.parcels import parcels
from app.ingest.woocommerce.refunds import lines as refund_lines

NOT_PLACED = ("auto-draft", "checkout-draft", "draft", "trash")


def order(record: Record, reading: Reading) -> OrderSnapshot:
    """Raises Unreadable."""
    status, currency = record.required("status").lower(), record.currency("currency")
    if status in NOT_PLACED:
        record.refuse("status", f"“{status}” is not a placed order")
    return OrderSnapshot(
        source="woocommerce",
        external_id=record.required("id"),
        number=record.text("number") or record.required("id"),
        merchant=reading.merchant,
        customer=_person(record, reading),
        currency=currency,
        **_sums(record, currency),
        payments=_payments(record),
        shipping_address=_address(record.part("shipping")),
        billing_address=_address(record.part("billing")),
        note=record.text("customer_note"),
        **_course(record, status, currency, reading.zone),
    )


def _course(record: Record, status: str, currency: str, zone: str) -> dict[str, Any]:
    """How far it has come. WooCommerce keeps no time of a cancellation: that of the last change stands for it."""
    placed_at = moment(record, "date_created", zone) or record.refuse("date_created", "missing")
    changed = moment(record, "date_modified", zone)
    closed_at = moment(record, "date_completed", zone) or changed if status == "completed" else None
    lines, refunds = _lines(record, currency), _refunds(record, currency)
    return {
        "placed_at": placed_at,
        "updated_at": changed,
        "closed_at": closed_at,
        "cancelled_at": changed or placed_at if status == "cancelled" else None,
        "payment": _payment_state(record, status, refunds, currency),
        "refunds": refunds,
        "lines": lines,
        "shipments": parcels(record, lines, closed_at),
    }


def moment(record: Record, key: str, zone: str) -> datetime | None:
    """The time in UTC that stands beside the shop's local time, else that one; neither names its zone."""
    return record.time(f"{key}_gmt", "UTC") or record.time(key, zone)


def _lines(record: Record, currency: str) -> list[Line]:
    with_tax = record.flag("prices_include_tax")
    return record.distinct("line_items", [_line(each, currency, with_tax) for each in record.each("line_items")])


def _line(record: Record, currency: str, with_tax: bool) -> Line:
    quantity = record.count("quantity")
    charged, tax = record.amount("total", currency), record.amount("total_tax", currency)
    shown = charged + (tax if with_tax else 0)
    # "subtotal" is before coupons; below the total where someone raised the price by hand
    before = record.amount("subtotal", currency) + (record.amount("subtotal_tax", currency) if with_tax else 0)
    before = before if record.has("subtotal") and before > shown else shown
    title, variant = _names(record)
    return Line(
        id=record.required("id"),
        title=title,
        variant=variant,
        quantity=quantity,
        unit_price=round(Fraction(before, quantity or 1)),
        total=charged + tax,
        sku=record.text("sku"),
        tax=tax,
        discount=before - shown,
        picture=_picture(record),
        product_url=record.link("permalink"),
    )


def _names(record: Record) -> tuple[str, str]:
    """Newer versions name the product beside "Hoodie - Blue, Yes"; the rest is the variant."""
    name, product = unescape(record.text("name")), unescape(record.text("parent_name"))
    rest = name.removeprefix(product).lstrip(" -–,")
    if product and rest and name.startswith(product):
        return product, rest
    return name or record.text("sku") or record.required("name"), ""


def _picture(record: Record) -> str:
    address = record.part("image").link("src")
    return address if address.startswith("https://") else ""


def _sums(record: Record, currency: str) -> dict[str, Any]:
    """Coupons are already taken off the lines."""
    with_tax, tax = record.flag("prices_include_tax"), record.amount("shipping_tax", currency)
    fees = [
        Fee(label=each.text("name") or "Fee", amount=each.amount("total", currency) + each.amount("total_tax", currency))
        for each in record.each("fee_lines")
    ]
    record.required("total")
    return {
        "total": record.amount("total", currency),
        "prices_include_tax": with_tax,
        "shipping": record.amount("shipping_total", currency) + (tax if with_tax else 0),
        "shipping_tax": tax,
        "shipping_method": ", ".join(filter(None, (each.text("method_title") for each in record.each("shipping_lines")))),
        "discount_codes": [code for each in record.each("coupon_lines") if (code := each.text("code"))],
        "tax": record.amount("total_tax", currency),
        "fees": fees,
    }


def _payment_state(record: Record, status: str, refunds: list[Refund], currency: str) -> PaymentState:
    """Paid from the moment there is a time of payment: "processing" alone may be cash on delivery."""
    given_back = sum(refund.amount for refund in refunds)
    if status == "refunded" or given_back >= record.amount("total", currency) > 0:
        return "refunded"
    if given_back:
        return "partly_refunded"
    paid = status == "completed" or record.has("date_paid_gmt") or record.has("date_paid")
    return "paid" if paid and status not in ("pending", "failed") else "unpaid"


def _payments(record: Record) -> list[Payment]:
    name, title = record.text("payment_method"), unescape(record.text("payment_method_title"))
    if not (name or title):
        return []
    found = payment(name, title=title)
    found.reference = record.text("transaction_id")
    return [found]


def _refunds(record: Record, currency: str) -> list[Refund]:
    """Their totals are negative. WooCommerce itself leaves their lines out; a shop may have them put in, as its API names
    them."""
    rows = [
        Refund(
            id=each.required("id"), amount=abs(each.amount("total", currency)), reason=each.first("reason", "refund"),
            lines=refund_lines(each),
        )
        for each in record.each("refunds")
    ]  # fmt: skip
    return record.distinct("refunds", rows)


def _person(record: Record, reading: Reading) -> Person:
    email = record.part("billing").email("email") or reading.customer
    if not email:
        raise Unreadable("no e-mail")
    return Person(email=email, name=_full_name(record.part("billing")) or _full_name(record.part("shipping")))


def _full_name(person: Record) -> str:
    return " ".join(filter(None, (person.text("first_name"), person.text("last_name"))))


def _address(record: Record) -> Address | None:
    said = Address(
        name=_full_name(record),
        company=record.text("company"),
        street=street(record.text("address_1"), record.text("address_2")),
        postal_code=record.text("postcode"),
        city=record.text("city"),
        country=record.text("country"),
        phone=record.text("phone"),
    )
    return known_address(said, region_code=record.text("state"))
