"""A Shopify order with everything in it, in two currencies, and what the importer makes of it."""

from pathlib import Path
from typing import Any

from app.ingest.json_records import Found
from app.ingest.reading import Reading
from app.ingest.shopify.json import outcome
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected


def both(amount: str, seen: str, code: str = "CAD") -> dict[str, Any]:
    return {
        "shop_money": {"amount": amount, "currency_code": "USD"},
        "presentment_money": {"amount": seen, "currency_code": code},
    }


LINE = {"id": 11, "title": "Mug", "variant_title": "Blue", "sku": "MUG-B", "vendor": "Nia", "quantity": 3, "price": "10.00"}
GOOD: dict[str, Any] = {
    "id": 9007199254740993,
    "name": "#1001",
    "email": "alice@example.com",
    "created_at": "2024-03-01T10:00:00+01:00",
    "updated_at": "2024-03-05T10:00:00+01:00",
    "currency": "USD",
    "presentment_currency": "CAD",
    "taxes_included": False,
    "financial_status": "partially_refunded",
    "total_price": "35.52",
    "total_price_set": both("35.52", "47.00"),
    "total_discounts": "5.00",
    "total_discounts_set": both("5.00", "6.60"),
    "total_tax": "2.52",
    "total_tax_set": both("2.52", "3.00"),
    "payment_gateway_names": ["gift_card", "shopify_payments"],
    "payment_details": {"credit_card_company": "Visa", "credit_card_number": "•••• •••• •••• 4242"},
    "note": "Ring twice",
    "note_attributes": [{"name": "Gift message", "value": "Happy birthday"}],
    "discount_codes": [{"code": "SPRING"}],
    "line_items": [
        LINE
        | {
            "price_set": both("10.00", "13.20"),
            "current_quantity": 1,
            "tax_lines": [{"price": "2.52", "price_set": both("2.52", "3.00")}],
            "discount_allocations": [{"amount": "2.00", "amount_set": both("2.00", "2.60")}],
        }
    ],
    "shipping_lines": [
        {
            "title": "Post",
            "price": "8.00",
            "price_set": both("8.00", "11.00"),
            "discount_allocations": [{"amount": "3.00", "amount_set": both("3.00", "4.00")}],
        }
    ],
    "fulfillments": [
        {
            "id": 21,
            "status": "success",
            "created_at": "2024-03-02T10:00:00Z",
            "shipment_status": "attempted_delivery",
            "tracking_company": "UPS",
            "tracking_numbers": ["1Z1", "1Z2"],
            "tracking_urls": ["https://example.com/1Z1", "javascript:alert(1)"],
            "line_items": [{"id": 11, "quantity": 1}, {"id": 11, "quantity": 1}, {"id": 99, "quantity": 1}],
        }
    ],
    "refunds": [
        {
            "id": 31,
            "created_at": "2024-03-04T10:00:00Z",
            "note": "Cracked",
            "refund_line_items": [
                {"line_item_id": 11, "quantity": 1, "restock_type": "cancel"},
                {"line_item_id": 11, "quantity": 1, "restock_type": "return"},
            ],
            "transactions": [
                {"id": 41, "kind": "refund", "status": "success", "amount": "4.00", "currency": "CAD", "gateway": "gift_card"},
                {"id": 42, "kind": "refund", "status": "pending", "amount": "9.20", "currency": "CAD", "gateway": "visa"},
            ],
        }
    ],
    "shipping_address": {
        "name": "Alice Bell",
        "address1": "1 Main St",
        "address2": "Flat 2",
        "zip": "10001",
        "city": "New York",
        "province": "New York",
        "province_code": "NY",
        "country": "United States",
        "country_code": "US",
    },
}


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key not in keys}


def of(value: object, **reading: str) -> OrderSnapshot | Amendment | Rejected:
    return outcome(Found(1, value), Path("orders.json"), Reading(merchant="shop", **reading))


def order(value: object, **reading: str) -> OrderSnapshot:
    found = of(value, **reading)
    assert isinstance(found, OrderSnapshot), found
    return found


def reason(value: object) -> str:
    found = of(value)
    assert isinstance(found, Rejected), found
    assert (found.file, found.line) == ("orders.json", 1)
    return found.reason
