"""What the schema of an order says beyond its types: the limits of `checks.py` and `bounds.py`, in JSON Schema."""

from typing import Any

from app.ingest.bounds import LONGEST_LOCALE, LONGEST_TRACKING_NUMBER
from app.ingest.checks import LARGEST_QUANTITY, LONGEST, MOST_LINES
from app.money import LARGEST

AMOUNT = {"minimum": -LARGEST, "maximum": LARGEST, "format": "int64"}
PIECES = {"minimum": 0, "maximum": LARGEST_QUANTITY, "format": "int32"}
TIME = {"format": "date-time"}
ID = {"minLength": 1, "maxLength": 160, "pattern": r"\S"}
TIMES = ("placed_at", "updated_at", "cancelled_at", "closed_at")
SUMS = ("total", "shipping", "shipping_tax", "discount", "tax")

Fields = dict[str, dict[str, Any]]
LIMITS: dict[str, Fields] = {
    "Order": {
        **dict.fromkeys(SUMS, AMOUNT),
        **dict.fromkeys(TIMES, TIME),
        "external_id": ID | {"maxLength": LONGEST["external_id"]},
        "source": ID | {"maxLength": LONGEST["source"], "description": "The program it comes from."},
        "number": ID | {"maxLength": LONGEST["number"], "description": "What the customer was told."},
        "merchant": {"description": "The short name of the API key's merchant."},
        "currency": {"pattern": "^[A-Z]{3}$", "description": "ISO 4217, such as EUR."},
        "updated_at": TIME
        | {"description": "When the shop last changed it. A state older than the kept one is refused (409)."},
        "lines": {"maxItems": MOST_LINES},
    },
    "Person": {
        "email": {"format": "email", "maxLength": 320, "description": "Whose account the order belongs to."},
        "locale": {"maxLength": LONGEST_LOCALE, "description": "Such as fr or en-GB."},
    },
    "Line": {
        **dict.fromkeys(("unit_price", "total", "tax", "discount"), AMOUNT),
        "id": ID,
        "quantity": PIECES | {"minimum": -LARGEST_QUANTITY},
        "cancelled_quantity": PIECES,
        "picture": {"description": "An https address, or the name of a picture already kept."},
    },
    "Fee": {"amount": AMOUNT},
    "Payment": {"amount": AMOUNT, "last_four": {"maxLength": 4}},
    "LineQuantity": {"line": ID | {"description": "The id of a line of this order."}, "quantity": PIECES},
    "Shipment": {
        **dict.fromkeys(("shipped_at", "estimated_from", "estimated_to", "delivered_at"), TIME),
        "id": ID,
        "tracking_number": {"maxLength": LONGEST_TRACKING_NUMBER},
    },
    "Refund": {"id": ID, "amount": AMOUNT, "at": TIME},
}


def limited(schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas with their limits; where a value may be null, the limit is on the other choice."""
    for name, fields in LIMITS.items():
        for field, limit in fields.items():
            property_ = schemas[name]["properties"][field]
            (property_["anyOf"][0] if "anyOf" in property_ else property_).update(limit)
    return schemas
