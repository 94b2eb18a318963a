"""The demo shop: the same on every start, complete, and honest in its sums."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from app.demo.catalogue import MERCHANTS, PRODUCTS
from app.demo.orders import snapshots
from app.demo.people import PEOPLE
from app.ingest.snapshot import OrderSnapshot, difference, line_difference

pytestmark = pytest.mark.without_database

TODAY = date(2026, 11, 21)
DAYS = [TODAY, date(2028, 2, 29), date(2027, 1, 1), date(2027, 3, 28), date(2026, 6, 15)]


def moments(order: OrderSnapshot) -> list[datetime]:
    """Everything that has happened (an estimate has not)."""
    found = [order.placed_at, order.updated_at, order.cancelled_at, order.closed_at]
    found += [at for shipment in order.shipments for at in (shipment.shipped_at, shipment.delivered_at)]
    found += [refund.at for refund in order.refunds]
    return [at for at in found if at]


def tracked(orders: list[OrderSnapshot]) -> list[str]:
    return [parcel.tracking_number for order in orders for parcel in order.shipments]


def written(today: date) -> list[bytes]:
    return [msgspec.json.encode(order) for order in snapshots(today)]


def test_the_same_day_gives_the_same_bytes():
    assert written(TODAY) == written(TODAY)


def test_another_day_gives_the_same_orders_later():
    today, later = list(snapshots(TODAY)), list(snapshots(date(2027, 3, 30)))
    names = [[(order.external_id, order.number, order.total, order.customer.email) for order in day] for day in (today, later)]
    assert names[0] == names[1]
    assert tracked(today) == tracked(later)
    assert all(old.updated_at < new.updated_at for old, new in zip(today, later, strict=True))


def test_a_snapshot_survives_being_written_and_read(orders):
    assert all(msgspec.json.decode(msgspec.json.encode(order), type=OrderSnapshot) == order for order in orders)


def test_three_people_have_ordered_for_three_years(orders):
    counts = Counter(order.customer.email for order in orders)
    assert counts == {"alice@example.com": 143, "bob@example.com": 80, "chloe@example.com": 39}
    assert {person.person.email for person in PEOPLE} == set(counts)
    assert timedelta(days=1050) < orders[-1].placed_at - orders[0].placed_at < timedelta(days=1096)
    assert all(before.placed_at <= after.placed_at for before, after in pairwise(orders))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_nothing_has_happened_later_than_early_today(today):
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    orders = list(snapshots(today))
    assert all(order.placed_at < midnight for order in orders)
    after = {at for order in orders for at in moments(order) if at >= midnight}
    assert len(after) == 1  # the parcel delivered today
    assert max(after) < midnight + timedelta(hours=8)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_each_order_goes_through_its_life_forwards(today):
    for order in snapshots(today):
        assert min(moments(order)) == order.placed_at
        for parcel in order.shipments:
            if parcel.delivered_at and parcel.shipped_at:
                assert parcel.shipped_at < parcel.delivered_at


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_all_sums_add_up_but_one(today):
    wrong = [(order.number, difference(order)) for order in snapshots(today) if difference(order)]
    assert wrong == [("A-10298", 10)]
    assert not [line for order in snapshots(today) for line in order.lines if line_difference(order, line)]


def test_what_was_paid_is_the_total(orders):
    assert all(sum(payment.amount or 0 for payment in order.payments) == order.total for order in orders)
    assert [len(order.payments) for order in orders if not order.total] == [0]


def test_numbers_are_unique_within_a_merchant(orders):
    assert max(Counter((order.merchant, order.number) for order in orders).values()) == 1
    assert max(Counter((order.merchant, order.external_id) for order in orders).values()) == 1


def test_alice_has_one_number_from_two_merchants(orders):
    twice = [name for name, count in Counter((one.customer.name, one.number) for one in orders).items() if count > 1]
    assert twice == [("Alice Martin", "20417")]
    assert {one.merchant for one in orders if one.number == "20417"} == {"hifi-lambert", "alpages"}


def test_the_order_of_the_sketch_is_there(orders):
    shown = next(order for order in orders if order.number == "A-10482")
    assert (shown.external_id, shown.customer.name) == ("demo-atelier-nord-10482", "Alice Martin")
    assert [parcel.status for parcel in shown.shipments] == ["in_transit"]


def test_currencies_and_countries_are_several(orders):
    assert {order.currency for order in orders} == {"EUR", "CHF", "GBP", "USD", "JPY"}
    assert {one.shipping_address.country for one in orders if one.shipping_address} == {"FR", "GB", "CH", "US", "JP"}


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_parcels_and_refunds_name_lines_of_their_order_and_no_more_than_was_ordered(today):
    for order in snapshots(today):
        there = {line.id: line.quantity for line in order.lines}
        assert len(there) == len(order.lines)
        kept = {line.id: line.quantity - line.cancelled_quantity for line in order.lines}
        packed = Counter(dict.fromkeys(there, 0))
        for part in (part for parcel in order.shipments for part in parcel.lines):
            packed[part.line] += part.quantity
        assert set(packed) == set(there)
        assert all(packed[line] <= kept[line] for line in there)
        for refund in order.refunds:
            assert all(0 < part.quantity <= there[part.line] for part in refund.lines)


def test_no_order_gives_back_more_than_was_paid(orders):
    for order in orders:
        given = sum(refund.amount for refund in order.refunds if refund.state == "succeeded")
        assert given <= order.total
        assert (order.payment == "refunded") == (bool(order.total) and given == order.total)
        assert (order.payment == "partly_refunded") == (0 < given < order.total)


def test_digital_goods_are_in_no_parcel(orders):
    for order in orders:
        digital = {line.id for line in order.lines if not line.needs_shipping}
        assert not digital & {part.line for parcel in order.shipments for part in parcel.lines}
        assert (order.shipping_address is None) == (len(digital) == len(order.lines))


def test_forty_products_of_three_merchants_were_bought(orders):
    assert (len(PRODUCTS), len(MERCHANTS), len({product.sku for product in PRODUCTS})) == (40, 3, 40)
    assert {line.sku for order in orders for line in order.lines} == {product.sku for product in PRODUCTS}
    assert {line.picture for order in orders for line in order.lines} == {product.picture for product in PRODUCTS}
    assert max(len(product.variants) for product in PRODUCTS) == 24
    assert all(merchant.website.endswith(".example") for merchant in MERCHANTS)
