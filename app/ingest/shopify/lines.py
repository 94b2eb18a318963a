"""The lines of a Shopify order, and what was charged beside them."""

from collections import Counter

from app.ingest.json_fields import Record
from app.ingest.shopify.ids import LineNames
from app.ingest.shopify.money import Purse
from app.ingest.shopify.refunds import cancelled, cancelled_quantity
from app.ingest.snapshot import Fee, Line


def lines(order: Record, purse: Purse, names: LineNames) -> list[Line]:
    """`names` learns the lines' ids."""
    named = [(names.add(each), each) for each in order.each("line_items") if not _is_tip(each)]
    refunded: Counter[tuple[str, bool]] = Counter()
    for refund in order.each("refunds"):
        for name, quantity, unsent in cancelled(refund, names):
            refunded[name, unsent] += quantity
    return [_line(each, name, purse, refunded) for name, each in named]


def _line(record: Record, name: str, purse: Purse, refunded: Counter[tuple[str, bool]]) -> Line:
    quantity, unit_price = record.count("quantity"), purse.amount(record, "price")
    tax, discount = purse.total(record, "tax_lines", "price"), _discount(record, purse)
    variant = record.text("variant_title")
    return Line(
        id=name,
        title=record.first("title", "name", "sku") or record.required("title"),
        quantity=quantity,
        unit_price=unit_price,
        total=_price(record, purse) - discount + (0 if purse.prices_include_tax else tax),
        sku=record.text("sku"),
        variant="" if variant == "Default Title" else variant,  # Shopify's name for the only variant there is
        tax=tax,
        discount=discount,
        cancelled_quantity=cancelled_quantity(record, name, refunded),
        picture=_picture(record),
        seller=record.text("vendor"),
        needs_shipping=record.flag("requires_shipping", default=True),
    )


def _price(record: Record, purse: Purse) -> int:
    return record.bounded("price", record.count("quantity") * purse.amount(record, "price"))


def fees(order: Record, purse: Purse) -> list[Fee]:
    """Tips (a line of their own in newer orders, else only a sum), duties with their tax, further fees."""
    tips = [each for each in order.each("line_items") if _is_tip(each)]
    amounts = [(each.text("title") or "Tip", _price(each, purse)) for each in tips]
    if not tips:
        amounts.append(("Tip", purse.amount(order, "total_tip_received")))
    duties = purse.amount(order, "original_total_duties")
    if not purse.prices_include_tax:
        of_lines = [duty for line in order.each("line_items") for duty in line.each("duties")]
        duties += sum(purse.total(duty, "tax_lines", "price") for duty in of_lines)
    amounts += [("Duties", duties), ("Additional fees", purse.amount(order, "original_total_additional_fees"))]
    return [Fee(label=label, amount=amount) for label, amount in amounts if amount]


def shipping(order: Record, purse: Purse) -> tuple[int, int, int]:
    """What delivery costs, its tax, and the discount on it that is already taken off."""
    each = list(order.each("shipping_lines"))
    if not each:
        return purse.amount(order, "total_shipping_price"), 0, 0
    price = sum(purse.amount(line, "price") for line in each)
    charged = sum(_charged(line, purse) for line in each)
    return charged, sum(purse.total(line, "tax_lines", "price") for line in each), price - charged


def order_discount(order: Record, purse: Purse, of_lines: int, of_shipping: int) -> int:
    """What of the total of discounts is neither on a line nor on delivery."""
    return max(0, purse.amount(order, "total_discounts") - of_lines - of_shipping)


def _discount(line: Record, purse: Purse) -> int:
    """Allocations hold the line's part of every discount; "total_discount" only what was taken off the line itself."""
    return purse.total(line, "discount_allocations", "amount") or purse.amount(line, "total_discount")


def _charged(line: Record, purse: Purse) -> int:
    price, taken_off = purse.amount(line, "price"), purse.total(line, "discount_allocations", "amount")
    if taken_off or not (line.has("discounted_price") or line.has("discounted_price_set")):
        return price - taken_off
    return purse.amount(line, "discounted_price")


def _is_tip(line: Record) -> bool:
    return bool(line.part("tip").values) or line.has("tip_payment_gateway")


def _picture(line: Record) -> str:
    """Not part of Shopify's own orders; exports of some programs add it, as an address or as an object."""
    image = line.values.get("image")
    address = line.part("image").link("src") if isinstance(image, dict) else line.link("image")
    return address if address.startswith("https://") else ""
