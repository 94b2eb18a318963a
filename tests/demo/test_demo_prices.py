"""Prices, taxes and tracking numbers of the demo are made by the rules."""

from datetime import date

import pytest

from app.demo import carriers
from app.demo.prices import rate, shares, tax_inside

pytestmark = pytest.mark.without_database

TODAY = date(2026, 11, 21)


def test_taxes_are_inside_the_prices(orders):
    for order in orders:
        fees = order.tax - order.shipping_tax - sum(line.tax for line in order.lines)
        assert fees == sum(tax_inside(fee.amount, 200) for fee in order.fees)
        assert 0 <= order.tax * 6 <= order.total + len(order.lines) * 6  # never more than 20 % on top, but for rounding


def test_rates_follow_the_destination_and_the_year():
    assert rate("FR", "FR", "standard", TODAY) == 200
    assert rate("DE", "FR", "standard", TODAY) == 200
    assert rate("FR", "US", "standard", TODAY) == 0
    assert rate("CH", "FR", "food", TODAY) == 0
    assert rate("FR", "FR", "voucher", TODAY) == 0
    assert [rate("CH", "CH", "standard", day) for day in (date(2023, 12, 31), date(2024, 1, 1))] == [77, 81]
    assert [rate("CH", "CH", "food", day) for day in (date(2023, 12, 31), date(2024, 1, 1))] == [25, 26]


def test_tax_and_shares_are_exact():
    assert tax_inside(12000, 200) == 2000
    assert tax_inside(10810, 81) == 810
    assert shares(100, [1, 1, 1]) == [34, 33, 33]
    assert shares(0, [5, 0]) == [0, 0]
    assert sum(shares(12345, [3900, 3900, 1, 0, 777])) == 12345


def test_check_digits_are_those_of_the_carriers():
    """Examples of UPU S10, of the tracking-number-data collection (UPS, DHL) and of GS1 (the container code)."""
    assert carriers.s10("12345678") == "5"
    assert carriers.ups("5R8939035756712") == "7"
    assert carriers.ups("XX3150YW4407002") == "3"
    assert carriers.modulo_seven("331881002") == "5"
    assert carriers.sscc("10614141234567890") == "8"


def test_a_tracked_parcel_links_to_its_carrier(orders):
    for parcel in (parcel for order in orders for parcel in order.shipments):
        assert parcel.tracking_number
        assert parcel.tracking_number in parcel.tracking_url
        assert parcel.tracking_url.startswith(carriers.PAGES[parcel.carrier].partition("{")[0])
