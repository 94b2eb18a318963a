"""The mapping of any CSV's columns to a snapshot: a small TOML file, checked whole before a row is read.

    source = "my-shop"                  # required; what the orders are said to come from
    currency = "GBP"                    # where no column names it
    zone = "Europe/London"              # where times have none; else the one given to the import
    dates = "iso"                       # "iso", "us" (month/day/year), or a pattern for strptime
    point = "."                         # the decimal sign, "." or ","
    prices_include_tax = false
    cancellation_prefix = "C"           # order numbers beginning so are cancellations
    float_text = ["CustomerID"]         # columns whose whole numbers are written “17850.0”
    skip_blank = ["Quantity"]           # a row without one of these cells is passed over (subtotals, remarks)
    [refuse_blank]                      # a row without this cell is refused, with its order, for the reason given
    CustomerID = "no customer"
    [order]                             # required: id, placed_at; rows with the same id are one order
    [line]                              # required: title, quantity, unit_price
    [shipping_address], [billing_address]
    [countries]                         # names of countries the standard does not know: EIRE = "IE"

A field is a column's name, a text with columns in braces ("customer-{CustomerID}@shop.invalid"; blank when one of them
is), or a list of these: the first that is not blank. Money is per line; an order's own is read from its first row.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from app.ingest.spreadsheet.fields import Field, columns_of
from app.money import currencies


class Fields(Struct, forbid_unknown_fields=True, kw_only=True):
    def pairs(self) -> Iterator[tuple[str, Field]]:
        return ((name, getattr(self, name)) for name in self.__struct_fields__)


class OrderFields(Fields):
    id: Field
    placed_at: Field
    number: Field = ""
    email: Field = ""
    customer_name: Field = ""
    currency: Field = ""
    total: Field = ""
    shipping: Field = ""
    discount: Field = ""
    tax: Field = ""
    shipping_method: Field = ""
    gift_message: Field = ""
    note: Field = ""


class LineFields(Fields):
    title: Field
    quantity: Field
    unit_price: Field
    sku: Field = ""
    variant: Field = ""
    total: Field = ""
    tax: Field = ""
    discount: Field = ""
    picture: Field = ""
    product_url: Field = ""
    category: Field = ""
    condition: Field = ""
    seller: Field = ""


class AddressFields(Fields):
    name: Field = ""
    company: Field = ""
    street: Field = ""
    postal_code: Field = ""
    city: Field = ""
    region: Field = ""
    country: Field = ""
    phone: Field = ""


class Mapping(Struct, forbid_unknown_fields=True, kw_only=True):
    source: str
    order: OrderFields
    line: LineFields
    currency: str = ""
    zone: str = ""
    dates: str = "iso"
    point: Literal[".", ","] = "."
    prices_include_tax: bool = False
    cancellation_prefix: str = ""
    float_text: list[str] = []
    refuse_blank: dict[str, str] = {}
    skip_blank: list[str] = []
    shipping_address: AddressFields | None = None
    billing_address: AddressFields | None = None
    countries: dict[str, str] = {}

    def columns(self) -> list[str]:
        """Every column the mapping speaks of."""
        parts = [self.order, self.line, self.shipping_address, self.billing_address]
        named = [column for part in parts if part for _, field in part.pairs() for column in columns_of(field)]
        return list(dict.fromkeys([*named, *self.float_text, *self.refuse_blank, *self.skip_blank]))


class BadMapping(ValueError):
    """The mapping file cannot be used; the message names the file and the fault."""


def load(path: Path) -> Mapping:
    try:
        mapping = msgspec.toml.decode(path.read_bytes(), type=Mapping)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise BadMapping(f"mapping {path.name}: {error}") from error
    if fault := _fault(mapping):
        raise BadMapping(f"mapping {path.name}: {fault}")
    return mapping


def _fault(mapping: Mapping) -> str:
    if not mapping.currency and not mapping.order.currency:
        return "the currency is missing: `currency`, or a column for it in `[order]`"
    if mapping.currency and mapping.currency not in currencies():
        return f"“{mapping.currency}” is no currency"
    required = {"order.id": mapping.order.id, "order.placed_at": mapping.order.placed_at}
    required |= {"line.quantity": mapping.line.quantity, "line.unit_price": mapping.line.unit_price}
    for name, field in required.items():
        if not columns_of(field):
            return f"`{name}` names no column"
    if mapping.dates not in ("iso", "us") and "%" not in mapping.dates:
        return f"`dates`: “{mapping.dates}” is neither “iso” nor “us” nor a pattern"
    try:
        datetime.now().astimezone(ZoneInfo(mapping.zone or "UTC"))
    except (KeyError, ValueError, OSError):
        return f"“{mapping.zone}” is no time zone"
    return ""
