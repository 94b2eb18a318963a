"""A Shopify order (REST Admin API, 2024-10) as a snapshot, in the currency it was paid in.

Kept is the order as it was placed: quantities and totals before edits and refunds, which are told beside them.
"""

from typing import Any

from app.ingest.address_parts import known_address, street
from app.ingest.json_fields import Record, Unreadable
from app.ingest.payment_words import kind_of, payment
from app.ingest.reading import Reading
from app.ingest.shopify.ids import LineNames, identity
from app.ingest.shopify.lines import fees, lines, order_discount, shipping
from app.ingest.shopify.money import Purse, in_one_currency
from app.ingest.shopify.parcels import parcels
from app.ingest.shopify.refunds import refunds
from app.ingest.snapshot import Address, OrderSnapshot, Payment, PaymentState, Person

# "partially_paid" and "voided" (an authorisation given up): the order is not paid
PAYMENT_STATES: dict[str, PaymentState] = {
    "pending": "unpaid",
    "expired": "unpaid",
    "voided": "unpaid",
    "partially_paid": "unpaid",
    "authorized": "authorised",
    "paid": "paid",
    "partially_refunded": "partly_refunded",
    "refunded": "refunded",
}
GIFT_NOTES = {"gift message", "gift note", "gift card message", "gift", "message"}


def order(record: Record, reading: Reading) -> OrderSnapshot:
    """Raises Unreadable."""
    return in_one_currency(record, lambda purse: _snapshot(record, purse, reading))


def buyers_email(record: Record, reading: Reading) -> str:
    said = record.email("email") or record.email("contact_email") or record.part("customer").email("email")
    if not (said or reading.customer):
        raise Unreadable("no e-mail")
    return said or reading.customer


def payment_state(record: Record, key: str) -> PaymentState:
    """Paid when nothing is said."""
    said = record.text(key).lower() or "paid"
    return PAYMENT_STATES.get(said) or record.refuse(key, f"“{said[:40]}” is not known")


def gift_message(notes: dict[str, str]) -> str:
    return next((text for name, text in notes.items() if name.lower().replace("_", " ").strip() in GIFT_NOTES), "")


def _snapshot(record: Record, purse: Purse, reading: Reading) -> OrderSnapshot:
    names = LineNames()
    placed_at = record.time("processed_at", reading.zone) or record.time("created_at", reading.zone)
    return OrderSnapshot(
        source="shopify",
        external_id=identity(record),
        number=record.first("name", "order_number", "number") or identity(record),
        merchant=reading.merchant,
        customer=_person(record, reading),
        placed_at=placed_at or record.refuse("created_at", "missing"),
        updated_at=record.time("updated_at", reading.zone),
        currency=purse.currency,
        prices_include_tax=purse.prices_include_tax,
        **_sums(record, purse, names),
        payment=payment_state(record, "financial_status"),
        payments=_payments(record, purse),
        shipping_address=_address(record.part("shipping_address")),
        billing_address=_address(record.part("billing_address")),
        gift_message=gift_message({note.text("name"): note.text("value") for note in record.each("note_attributes")}),
        note=record.text("note"),
        **_afterwards(record, purse, names, reading),
    )


def _sums(record: Record, purse: Purse, names: LineNames) -> dict[str, Any]:
    kept = lines(record, purse, names)
    charged, tax, taken_off = shipping(record, purse)
    return {
        "lines": kept,
        "total": purse.amount(record, "total_price") if record.has("total_price") else record.required("total_price"),
        "shipping": charged,
        "shipping_tax": tax,
        "shipping_method": ", ".join(filter(None, (line.text("title") for line in record.each("shipping_lines")))),
        "discount": order_discount(record, purse, sum(line.discount for line in kept), taken_off),
        "discount_codes": [code for each in record.each("discount_codes") if (code := each.text("code"))],
        "tax": purse.amount(record, "total_tax"),
        "fees": fees(record, purse),
    }


def _afterwards(record: Record, purse: Purse, names: LineNames, reading: Reading) -> dict[str, Any]:
    """What happened since. While nothing was paid, a refund without transactions is no more than a cancelled line."""
    given_back = [row for each in record.each("refunds") for row in refunds(each, purse, names)]
    sent = [parcel for each in record.each("fulfillments") for parcel in parcels(each, names)]
    unpaid = payment_state(record, "financial_status") in ("unpaid", "authorised")
    return {
        "shipments": record.distinct("fulfillments", sent),
        "refunds": [row for row in record.distinct("refunds", given_back) if not (unpaid and row.state == "pending")],
        "cancelled_at": record.time("cancelled_at", reading.zone),
        "cancel_reason": record.text("cancel_reason"),
        "closed_at": record.time("closed_at", reading.zone),
    }


def _person(record: Record, reading: Reading) -> Person:
    people = [record.part("customer"), record.part("billing_address"), record.part("shipping_address")]
    names = [" ".join(filter(None, (one.text("first_name"), one.text("last_name")))) for one in people]
    return Person(
        email=buyers_email(record, reading),
        name=next(filter(None, names), ""),
        locale=record.text("customer_locale"),
    )


def _payments(record: Record, purse: Purse) -> list[Payment]:
    """The transactions that took money, when the file holds them; else the gateways, the card's with its details."""
    took = [each for each in record.each("transactions") if each.text("kind").lower() in ("sale", "capture")]
    took = [each for each in took if each.text("status").lower() == "success"]
    if took:
        return [_of_transaction(each, purse) for each in took]
    gateways = record.texts("payment_gateway_names")
    card = next((place for place, name in enumerate(gateways) if kind_of(name) == "card"), 0)
    details, nothing = record.part("payment_details"), Record({})
    return [_payment(name, details if place == card else nothing) for place, name in enumerate(gateways)]


def _of_transaction(transaction: Record, purse: Purse) -> Payment:
    found = _payment(transaction.text("gateway"), transaction.part("payment_details"))
    if transaction.text("currency").upper() == purse.currency:
        found.amount = transaction.amount("amount", purse.currency)
    found.reference = transaction.text("authorization")
    return found


def _payment(gateway: str, card: Record) -> Payment:
    return payment(gateway, company=card.text("credit_card_company"), number=card.text("credit_card_number"))


def _address(record: Record) -> Address | None:
    name = " ".join(filter(None, (record.text("first_name"), record.text("last_name"))))
    said = Address(
        name=record.text("name") or name,
        company=record.text("company"),
        street=street(record.text("address1"), record.text("address2")),
        postal_code=record.text("zip"),
        city=record.text("city"),
        region=record.text("province"),
        country=record.text("country_code"),
        phone=record.text("phone"),
    )
    return known_address(said, region_code=record.text("province_code"), country_name=record.text("country"))
