"""A shop's CSV of any length, made for these tests, and the mapping that reads it."""

import csv
from pathlib import Path

COLUMNS = ["Order", "When", "Email", "Item", "Quantity", "Price"]
MAPPING = """
source = "stall"
currency = "EUR"
[refuse_blank]
Email = "no e-mail"
[order]
id = "Order"
placed_at = "When"
email = "Email"
[line]
title = "Item"
quantity = "Quantity"
unit_price = "Price"
"""


def mapping(folder: Path) -> Path:
    path = folder / "stall.toml"
    path.write_text(MAPPING)
    return path


def orders(path: Path, count: int, lines: int = 3, *, nameless: int = 0) -> Path:
    """`count` orders of 50 customers; the first `nameless` orders lack their e-mail."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number in range(count):
            email = "" if number < nameless else f"customer{number % 50}@example.com"
            day = f"2026-{number % 10 + 1:02}-{number % 28 + 1:02}T10:00:00Z"
            rows.writerows([f"S-{number}", day, email, f"Thing {n}", n + 1, f"{number % 90 + n}.50"] for n in range(lines))
    return path
