"""An order of Shopify's orders_export.csv as a snapshot.

The export tells less than the JSON, and nothing is made up for what it lacks. Lines have no ids: their place in the
order is their id. Where a file has no prices, lines cost 0 and only the order's total is as stated. Taxes are stated
for the whole order: those on top of the prices are a fee, so that the sums add up. What is "fulfilled" was sent, in a
parcel of which neither carrier nor number is known; "partial" does not say how many of a line.
"""

from typing import Any

from app.ingest.address_parts import known_address, street
from app.ingest.json_fields import Record, Unreadable
from app.ingest.payment_words import payment
from app.ingest.reading import Reading
from app.ingest.rows import Row, RowError
from app.ingest.shopify.order import gift_message, payment_state
from app.ingest.snapshot import Address, Fee, Line, LineQuantity, OrderSnapshot, Payment, Person, Refund, Shipment


def order(external_id: str, rows: list[Row], reading: Reading) -> OrderSnapshot:
    """`rows` begin with the one that tells of the order. Raises RowError."""
    first = Record(dict(rows[0].values))
    try:
        first.required("Created at")
        if first.has("Id") and not external_id.isdecimal():  # "8.20983E+17": a rounded number names several orders
            first.refuse("Id", f"“{external_id}” is not the number Shopify gave, a spreadsheet has rewritten it")
        currency = first.currency("Currency")
        lines = [_line(row, str(place), currency) for place, row in enumerate(rows, 1)]
        return OrderSnapshot(
            external_id=external_id,
            lines=lines,
            discount=_discount(first, currency, lines),
            shipments=_shipments(first, rows, lines, reading),
            **_head(first, reading, currency),
        )
    except Unreadable as error:
        raise RowError(rows[0], str(error)) from error


def _head(first: Record, reading: Reading, currency: str) -> dict[str, Any]:
    email = first.email("Email") or reading.customer
    if not email:
        raise Unreadable("no e-mail")
    shipping_address, billing_address = _address(first, "Shipping"), _address(first, "Billing")
    name = next((one.name for one in (billing_address, shipping_address) if one and one.name), "")
    return {
        "source": "shopify",
        "number": first.required("Name"),
        "merchant": reading.merchant,
        "customer": Person(email=email, name=name),
        "placed_at": first.time("Created at", reading.zone) or first.required("Created at"),
        "currency": currency,
        **_sums(first, currency),
        "payment": payment_state(first, "Financial Status"),
        "payments": _payments(first),
        "shipping_address": shipping_address,
        "billing_address": billing_address,
        "gift_message": gift_message(_notes(first)),
        "note": first.text("Notes"),
        "refunds": _refunds(first, currency),
        "cancelled_at": first.time("Cancelled at", reading.zone),
    }


def _sums(first: Record, currency: str) -> dict[str, Any]:
    amounts = {name: first.amount(name, currency) for name in ("Subtotal", "Shipping", "Taxes", "Duties")}
    first.required("Total")
    total, taxes = first.amount("Total", currency), amounts["Taxes"]
    # not stated, but seen from the sums: prices that do not grow by the taxes hold them
    inside = bool(taxes) and amounts["Subtotal"] + amounts["Shipping"] + amounts["Duties"] == total
    fees = [] if inside else _taxes(first, currency, taxes)
    return {
        "total": total,
        "prices_include_tax": inside,
        "shipping": amounts["Shipping"],
        "shipping_method": first.text("Shipping Method"),
        "discount_codes": [code for code in map(str.strip, first.text("Discount Code").split(",")) if code],
        "tax": taxes,
        "fees": fees + ([Fee(label="Duties", amount=amounts["Duties"])] if amounts["Duties"] else []),
    }


def _taxes(first: Record, currency: str, taxes: int) -> list[Fee]:
    """By the names of the taxes ("VAT 20%"), if these make up the sum of taxes."""
    columns = [(first.text(f"Tax {n} Name"), first.amount(f"Tax {n} Value", currency)) for n in range(1, 6)]
    named = [Fee(label=name or "Taxes", amount=amount) for name, amount in columns if amount]
    if sum(fee.amount for fee in named) == taxes:
        return named
    return [Fee(label="Taxes", amount=taxes)]


def _line(row: Row, id_: str, currency: str) -> Line:
    cells = Record(dict(row.values))
    try:
        quantity, price = cells.count("Lineitem quantity", 1), cells.amount("Lineitem price", currency)
        discount = cells.amount("Lineitem discount", currency)
        return Line(
            id=id_,
            title=cells.first("Lineitem name", "Lineitem sku") or cells.required("Lineitem name"),
            quantity=quantity,
            unit_price=price,
            total=cells.bounded("Lineitem price", quantity * price) - discount,
            discount=discount,
            sku=cells.text("Lineitem sku"),
            seller=cells.text("Vendor"),
            needs_shipping=cells.flag("Lineitem requires shipping", default=True),
        )
    except Unreadable as error:
        raise RowError(row, str(error)) from error


def _discount(first: Record, currency: str, lines: list[Line]) -> int:
    """On the order as a whole. "Discount Amount" is with the lines' discounts and what was taken off delivery; the
    "Subtotal" tells it without both, where lines have prices.
    """
    stated = first.amount("Discount Amount", currency)
    remaining = stated - sum(line.discount for line in lines)
    on_goods = sum(line.total for line in lines) - first.amount("Subtotal", currency)
    return on_goods if first.has("Subtotal") and 0 <= on_goods <= stated else max(0, remaining)


def _shipments(first: Record, rows: list[Row], lines: list[Line], reading: Reading) -> list[Shipment]:
    at = first.time("Fulfilled at", reading.zone)
    sent = [
        LineQuantity(line=line.id, quantity=line.quantity)
        for row, line in zip(rows, lines, strict=True)
        if row.values.get("Lineitem fulfillment status", "").strip().lower() == "fulfilled" and line.quantity
    ]
    return [Shipment(id="fulfilled", shipped_at=at, lines=sent)] if sent else []


def _payments(first: Record) -> list[Payment]:
    """ "Shopify Payments + Gift Card", with their references in the same order."""
    names = [name for name in map(str.strip, first.text("Payment Method").split(" + ")) if name]
    references = [*first.text("Payment Reference").split(" + "), *[""] * len(names)]
    found = [payment(name) for name in names]
    for one, reference in zip(found, references, strict=False):
        one.reference = reference.strip()
    return found


def _refunds(first: Record, currency: str) -> list[Refund]:
    """Only the sum of all refunds so far is told."""
    amount = first.amount("Refunded Amount", currency)
    return [Refund(id="refunded", amount=amount)] if amount else []


def _notes(first: Record) -> dict[str, str]:
    """ "Note Attributes" are lines of "name: value"."""
    pairs = [line.partition(":") for line in first.text("Note Attributes").splitlines()]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _address(first: Record, kind: str) -> Address | None:
    """Shopify writes a postcode of digits as '94107, for spreadsheets to keep its zeros."""
    part = Record({key.removeprefix(f"{kind} "): value.lstrip("'") for key, value in first.values.items()})
    said = Address(
        name=part.text("Name"),
        company=part.text("Company"),
        street=street(part.text("Address1") or part.text("Street"), part.text("Address2")),
        postal_code=part.text("Zip"),
        city=part.text("City"),
        region=part.text("Province Name"),
        country=part.text("Country"),
        phone=part.text("Phone"),
    )
    return known_address(said, region_code=part.text("Province"))
