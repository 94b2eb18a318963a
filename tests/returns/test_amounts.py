"""What comes back, to the cent. Each case names where its rule comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.returns.amounts import Bought, Paid, Terms, part, preview, rounded, shares

pytestmark = pytest.mark.without_database

ART_13_1 = "Directive 2011/83/EU, Art. 13(1): all payments received, the delivery with them"
ART_13_2 = "Directive 2011/83/EU, Art. 13(2): not what a more expensive delivery cost on top"
OWN = "the shop's own rules"
SUMS = "arithmetic: parts make the whole"


@pytest.mark.parametrize(
    ("source", "lines", "wanted", "paid", "terms", "items", "shipping", "total"),
    [
        (ART_13_1, [Bought(1, 1, 4800)], {1: 1}, Paid(shipping=490), Terms(), 4800, 490, 5290),
        (ART_13_1, [Bought(1, 1, 4800), Bought(2, 2, 500)], {1: 1}, Paid(shipping=490), Terms(), 4800, 0, 4800),
        (ART_13_1, [Bought(1, 1, 4800), Bought(2, 2, 500, gone=2)], {1: 1}, Paid(shipping=490), Terms(), 4800, 490, 5290),
        (ART_13_1, [Bought(1, 1, 4800)], {1: 1}, Paid(shipping=490, fees=300), Terms(), 4800, 490, 5590),
        (ART_13_1, [Bought(1, 2, 4800, gone=1)], {1: 1}, Paid(shipping=490, shipping_gone=490), Terms(), 2400, 0, 2400),
        (ART_13_2, [Bought(1, 1, 4800)], {1: 1}, Paid(shipping=1490, standard_shipping=490), Terms(), 4800, 490, 5290),
        (OWN, [Bought(1, 1, 4800)], {1: 1}, Paid(shipping=490), Terms("none"), 4800, 0, 4800),
        (OWN, [Bought(1, 1, 3000), Bought(2, 1, 1000)], {1: 1}, Paid(shipping=400), Terms("share"), 3000, 300, 3300),
        (OWN, [Bought(1, 1, 4999, restocking=1500)], {1: 1}, Paid(), Terms(), 4999, 0, 4249),
        (OWN, [Bought(1, 1, 4800)], {1: 1}, Paid(), Terms(return_fee=390), 4800, 0, 4410),
        (OWN, [Bought(1, 1, 300)], {1: 1}, Paid(), Terms(return_fee=390), 300, 0, 0),
        # An order's discount lies on its lines as they cost: 10.00 off 30.00 and 10.00 is 7.50 and 2.50.
        (SUMS, [Bought(1, 1, 3000), Bought(2, 1, 1000)], {2: 1}, Paid(discount=1000), Terms(), 750, 0, 750),
        (SUMS, [Bought(1, 3, 1000)], {1: 1}, Paid(), Terms(), 333, 0, 333),
        (SUMS, [Bought(1, 3, 1000, gone=2, gone_amount=667)], {1: 1}, Paid(), Terms(), 333, 0, 333),
        (SUMS, [Bought(1, 3, 1000, gone=2, gone_amount=666)], {1: 1}, Paid(), Terms(), 334, 0, 334),
        (SUMS, [Bought(1, 1, 0)], {1: 1}, Paid(), Terms(), 0, 0, 0),  # a gift in a bundle
        ("JPY has no decimals (ISO 4217)", [Bought(1, 3, 1000)], {1: 2}, Paid(shipping=500), Terms(), 667, 0, 667),
        ("KWD has three decimals (ISO 4217)", [Bought(1, 7, 10_000)], {1: 3}, Paid(), Terms(), 4286, 0, 4286),
    ],
)  # fmt: skip
def test_it_is_said_to_the_cent(source: str, lines, wanted, paid, terms, items: int, shipping: int, total: int) -> None:  # type: ignore[no-untyped-def]
    found = preview(lines, wanted, paid, terms)
    assert (found.items, found.shipping, found.total) == (items, shipping, total), source
    assert found.items + found.shipping + found.fees - found.restocking - found.return_fee == found.total


def test_store_credit_comes_with_the_merchants_bonus() -> None:
    """The shop's own rules."""
    lines = [Bought(1, 1, 4990), Bought(2, 1, 1000, restocking=1000)]
    found = preview(lines, {1: 1}, Paid(shipping=490), Terms(bonus=500), {1})
    assert (found.credit, found.bonus, found.total) == (4990, 250, 4990)  # 249.5
    assert preview(lines, {1: 1}, Paid(), Terms(bonus=500)).bonus == 0
    both = preview(lines, {1: 1, 2: 1}, Paid(shipping=490), Terms(bonus=500), {2})
    assert (both.credit, both.bonus, both.total) == (900, 45, 4990 + 900 + 490)
    everything = preview(lines, {1: 1, 2: 1}, Paid(shipping=490), Terms(bonus=500), {1, 2})
    assert everything.credit == everything.total == 6380


def test_the_tax_in_it_is_named() -> None:
    found = preview([Bought(1, 3, 1200, tax=200)], {1: 1}, Paid(), Terms())
    assert (found.items, found.tax) == (400, 67)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any))
def test_shares_make_the_whole_and_none_is_a_cent_off(amount: int, weights: list[int]) -> None:
    found = shares(amount, weights)
    assert sum(found) == amount
    whole = sum(weights)
    assert all(abs(one - amount * weight / whole) <= 1 + amount * 1e-9 for one, weight in zip(found, weights, strict=True))
    assert all(one == 0 for one, weight in zip(found, weights, strict=True) if weight == 0)


@given(st.integers(0, 10**9), st.integers(1, 60), st.data())
def test_however_a_line_is_sent_back_bit_by_bit_all_of_it_comes_back_and_no_more(total: int, quantity: int, data) -> None:  # type: ignore[no-untyped-def]
    gone, amount = 0, 0
    while gone < quantity:
        count = data.draw(st.integers(1, quantity - gone))
        back = part(total, quantity, gone, amount, count)
        assert 0 <= back <= total - amount
        gone, amount = gone + count, amount + back
    assert amount == total


LINES = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 10**6)), min_size=1, max_size=12)


@given(LINES, st.integers(0, 50), st.integers(0, 9999))
def test_everything_at_once_is_all_that_was_paid(lines: list[tuple[int, int]], percent: int, shipping: int) -> None:
    bought = [Bought(n, quantity, total) for n, (quantity, total) in enumerate(lines)]
    discount = sum(line.total for line in bought) * percent // 100
    found = preview(bought, {line.key: line.quantity for line in bought}, Paid(discount=discount, shipping=shipping), Terms())
    assert found.total == sum(line.total for line in bought) - discount + shipping


def test_half_a_cent_goes_away_from_nothing() -> None:
    from fractions import Fraction

    assert [rounded(Fraction(n, 2)) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]
