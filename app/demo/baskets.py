"""A basket becomes an order whose sums add up: prices on the right list, postage, discounts, the taxes inside."""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from app.demo.catalogue import BY_SKU, Merchant, Product, merchant_of, product_url
from app.demo.days import moment
from app.demo.people import Customer
from app.demo.postage import postage
from app.demo.prices import CURRENCIES, listed, rate, shares, tax_inside
from app.ingest.snapshot import Address, Fee, Line, OrderSnapshot, Payment


class Wish(Struct, frozen=True):
    """One line of a basket; `percent` is taken off its price."""

    product: Product
    quantity: int
    variant: str
    percent: int


def want(sku: str, variant: str = "", *, quantity: int = 1, percent: int = 0) -> Wish:
    product = BY_SKU[sku]
    return Wish(product, quantity, variant or product.variants[0], percent)


def place(
    today: date, days: int, clock: str, customer: Customer, wishes: list[Wish], *, to: str = "home", percent: int = 0
) -> OrderSnapshot:
    """An order placed so many days ago at that time of the customer's clock, paid as they usually pay.

    All wishes are of one merchant; `percent` is off the goods as a whole. Number and external id come last, when all
    orders are known.
    """
    merchant = merchant_of(wishes[0].product.merchant)
    address = customer.addresses[to]
    order = _bare(merchant, address, customer, wishes, moment(today, days, clock, customer.zone))
    if any(line.needs_shipping for line in order.lines):
        order.shipping_address = address
        _add_postage(order, merchant, address, wishes)
    goods = sum(line.total for line in order.lines)
    order.discount = goods * percent // 100
    _add_taxes(order, wishes, [rate(merchant.country, address.country, w.product.tax, order.placed_at) for w in wishes])
    order.total = goods - order.discount + order.shipping
    pay(order, customer.pays[0])
    return order


def pay(order: OrderSnapshot, *payments: Payment) -> None:
    """How the order is paid; a payment without an amount takes what the others leave. Nothing to pay, no payment."""
    left = order.total - sum(payment.amount or 0 for payment in payments)
    order.payments = [replace(one, amount=left if one.amount is None else one.amount) for one in payments if order.total]


def charge(order: OrderSnapshot, label: str, amount: int, rate: int) -> None:
    """A fee, tax in, on top of what is paid."""
    order.fees.append(Fee(label=label, amount=amount))
    order.tax += tax_inside(amount, rate)
    order.total += amount
    pay(order, *(replace(one, amount=None) for one in order.payments[:1]))


def _bare(merchant: Merchant, address: Address, customer: Customer, wishes: list[Wish], placed_at: datetime) -> OrderSnapshot:
    currency = CURRENCIES.get((merchant.slug, address.country), merchant.currency)
    return OrderSnapshot(
        source="demo",
        external_id="",
        number="",
        merchant=merchant.slug,
        customer=customer.person,
        placed_at=placed_at,
        currency=currency,
        lines=[_line(str(at), wish, merchant.currency, currency) for at, wish in enumerate(wishes, 1)],
        total=0,
        prices_include_tax=True,
        billing_address=customer.addresses["home"],
    )


def _line(id: str, wish: Wish, own: str, currency: str) -> Line:
    product = wish.product
    unit_price = listed(product.price, own, currency)
    discount = wish.quantity * unit_price * wish.percent // 100
    return Line(
        id=id,
        title=product.title,
        quantity=wish.quantity,
        unit_price=unit_price,
        total=wish.quantity * unit_price - discount,
        sku=product.sku,
        variant=wish.variant,
        discount=discount,
        picture=product.picture,
        product_url=product_url(product),
        category=product.category,
        needs_shipping=not product.digital,
    )


def _add_postage(order: OrderSnapshot, merchant: Merchant, address: Address, wishes: list[Wish]) -> None:
    """The threshold is of the merchant's own list, before discounts."""
    goods = sum(wish.quantity * wish.product.price for wish in wishes if not wish.product.digital)
    found = postage(merchant.slug, address.country, goods)
    order.shipping = listed(found.fee, merchant.currency, order.currency)
    order.shipping_method = found.method


def _add_taxes(order: OrderSnapshot, wishes: list[Wish], rates: list[int]) -> None:
    """Each line's on what is left of it after its share of the order's discount; postage goes with the highest rate."""
    parts = shares(order.discount, [line.total for line in order.lines])
    for line, part, line_rate in zip(order.lines, parts, rates, strict=True):
        line.tax = tax_inside(line.total - part, line_rate)
    order.shipping_tax = tax_inside(order.shipping, max(rates))
    order.tax = sum(line.tax for line in order.lines) + order.shipping_tax
