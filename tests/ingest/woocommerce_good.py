"""A WooCommerce order with everything in it, from a shop whose prices hold the tax, and what the importer makes of it."""

from pathlib import Path
from typing import Any

from app.ingest.json_records import Found
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected
from app.ingest.woocommerce import outcome

GOOD: dict[str, Any] = {
    "id": 727,
    "number": "W-727",
    "status": "completed",
    "currency": "EUR",
    "date_created": "2024-03-01T11:00:00",
    "date_created_gmt": "2024-03-01T10:00:00",
    "date_modified": "2024-03-05T11:00:00",
    "date_modified_gmt": "2024-03-05T10:00:00",
    "date_paid_gmt": "2024-03-01T10:05:00",
    "date_completed_gmt": "2024-03-04T10:00:00",
    "prices_include_tax": True,
    "discount_total": "5.00",
    "discount_tax": "1.00",
    "shipping_total": "5.00",
    "shipping_tax": "1.00",
    "total": "38.40",
    "total_tax": "6.40",
    "billing": {"first_name": "Alice", "last_name": "Bell", "email": "alice@example.com", "country": "FR"},
    "shipping": {
        "first_name": "Alice",
        "last_name": "Bell",
        "address_1": "1 rue X",
        "postcode": "06010",
        "city": "Nice",
        "country": "FR",
    },
    "payment_method": "stripe",
    "payment_method_title": "Carte bancaire",
    "transaction_id": "ch_1",
    "customer_note": "Ring twice",
    "line_items": [
        {
            "id": 1,
            "name": "Hoodie - Blue, Yes",
            "parent_name": "Hoodie",
            "quantity": 3,
            "subtotal": "30.00",
            "subtotal_tax": "6.00",
            "total": "25.00",
            "total_tax": "5.00",
            "sku": "HOOD",
            "image": {"id": "1", "src": "https://example.com/hoodie.jpg"},
        }
    ],
    "shipping_lines": [{"id": 2, "method_title": "Colissimo", "total": "5.00", "total_tax": "1.00"}],
    "fee_lines": [{"id": 3, "name": "Gift wrap", "total": "2.00", "total_tax": "0.40"}],
    "coupon_lines": [{"id": 4, "code": "spring"}],
    "refunds": [{"id": 9, "reason": "Late", "total": "-10.00"}],
    "meta_data": [
        {
            "id": 5,
            "key": "_wc_shipment_tracking_items",
            "value": [
                {
                    "tracking_provider": "la-poste",
                    "tracking_number": "6A1",
                    "date_shipped": "1709510400",
                    "tracking_id": "abc",
                    "custom_tracking_link": "https://example.com/6A1",
                }
            ],
        }
    ],
}


def of(value: object, within: str = "", **reading: str) -> OrderSnapshot | Rejected:
    found = outcome(Found(1, value, within), Path("orders.json"), Reading(merchant="shop", **reading))
    assert not isinstance(found, Amendment), "an order, or nothing"
    return found


def order(value: object, **reading: str) -> OrderSnapshot:
    found = of(value, **reading)
    assert isinstance(found, OrderSnapshot), found
    return found


def reason(value: object, within: str = "") -> str:
    found = of(value, within)
    assert isinstance(found, Rejected), found
    return found.reason
