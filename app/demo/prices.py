"""What things cost in the demo shop: price lists by currency, and the taxes inside the prices.

Amounts are minor units. Rates are tenths of a percent: France 20 % and 5.5 % (CGI art. 278, 278-0 bis), Germany 19 %
and 7 % (UStG § 12), Great Britain 20 % and food at 0 % (VATA 1994), Switzerland 8.1 % and 2.6 % since 1 January 2024,
before that 7.7 % and 2.5 % (MWSTG art. 25). A multi-purpose voucher is taxed when it is spent (Directive 2016/1065).
"""

from datetime import date

from app.demo.products import TaxKind
from app.money import exponent

RATES = {"FR": (200, 55), "DE": (190, 70), "GB": (200, 0), "CH": (81, 26)}
SWISS_RATES_BEFORE_2024 = (77, 25)
UNION = {"FR", "DE"}

# For a price of 100 minor units on a merchant's own list, the minor units on its list in that currency.
LISTS = {("EUR", "GBP"): 88, ("EUR", "USD"): 112, ("EUR", "JPY"): 168}
CURRENCIES = {
    ("atelier-nord", "GB"): "GBP",
    ("atelier-nord", "US"): "USD",
    ("atelier-nord", "JP"): "JPY",
    ("hifi-lambert", "GB"): "GBP",
}


def listed(price: int, own: str, currency: str) -> int:
    """A merchant's price on its list in another currency, rounded to a tidy amount (½ of the unit, or ten yen)."""
    if own == currency:
        return price
    step = 50 if exponent(currency) == 2 else 10
    return round(price * LISTS[own, currency] / 100 / step) * step


def rate(seller: str, destination: str, kind: TaxKind, day: date) -> int:
    """At home the country's rate; within the Union and to Great Britain the destination's; exports carry none."""
    taxed = seller == destination or (seller in UNION and destination in UNION | {"GB"})
    if kind == "voucher" or not taxed:
        return 0
    rates = SWISS_RATES_BEFORE_2024 if destination == "CH" and day.year < 2024 else RATES[destination]
    return rates[kind == "food"]


def tax_inside(amount: int, rate: int) -> int:
    """The tax that a price contains, half a minor unit rounded up."""
    return (2 * amount * rate + 1000 + rate) // (2 * (1000 + rate))


def shares(amount: int, weights: list[int]) -> list[int]:
    """An amount divided in proportion, exactly: what rounding leaves goes to the largest remainders."""
    whole = sum(weights) or 1
    parts = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: -(amount * weights[at] % whole))
    for at in order[: amount - sum(parts)]:
        parts[at] += 1
    return parts
