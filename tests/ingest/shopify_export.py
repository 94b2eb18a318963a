"""Rows of Shopify's orders_export.csv: an order of two lines, written to a file and read back."""

import csv
from pathlib import Path

from app.ingest.reading import Reading
from app.ingest.shopify import read
from app.ingest.snapshot import OrderSnapshot, Rejected

FIRST = {
    "Name": "#1001", "Email": "alice@example.com", "Financial Status": "partially_refunded", "Currency": "EUR",
    "Paid at": "2025-01-15 17:41:10 +0100", "Fulfillment Status": "partial", "Fulfilled at": "2025-01-16 09:00:00 +0100",
    "Subtotal": "27.00", "Shipping": "4.90", "Taxes": "6.38", "Total": "38.28", "Discount Code": "SPRING",
    "Discount Amount": "5.00", "Shipping Method": "Colissimo", "Created at": "2025-01-15 17:41:00 +0100",
    "Lineitem quantity": "2", "Lineitem name": "Mug, blue", "Lineitem price": "10.00", "Lineitem sku": "MUG-B",
    "Lineitem requires shipping": "true", "Lineitem fulfillment status": "fulfilled", "Lineitem discount": "1.00",
    "Shipping Name": "Alice Bell", "Shipping Street": "1 rue X, Étage 2", "Shipping Address1": "1 rue X",
    "Shipping Address2": "Étage 2", "Shipping City": "Paris", "Shipping Zip": "'06010", "Shipping Country": "FR",
    "Shipping Phone": "'+33612", "Notes": "Ring twice", "Note Attributes": "gift_message: Happy\nsource: web",
    "Payment Method": "Shopify Payments + Gift Card", "Payment Reference": "r1 + r2", "Refunded Amount": "10.00",
    "Vendor": "Nia", "Id": "5551234567890", "Tax 1 Name": "TVA 20%", "Tax 1 Value": "6.38", "Cancelled at": "",
}  # fmt: skip
SECOND = {
    "Name": "#1001", "Lineitem quantity": "1", "Lineitem name": "Lamp", "Lineitem price": "12.00",
    "Lineitem requires shipping": "false", "Lineitem fulfillment status": "pending", "Vendor": "Mo",
}  # fmt: skip


def written(path: Path, *rows: dict[str, str], without: tuple[str, ...] = ()) -> Path:
    columns = [name for name in FIRST if name not in without]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def outcomes(*paths: Path, **reading: str) -> tuple[list[OrderSnapshot], list[Rejected]]:
    found = list(read(list(paths), Reading(merchant="shop", **reading)))
    orders = [each for each in found if isinstance(each, OrderSnapshot)]
    return orders, [each for each in found if isinstance(each, Rejected)]
