"""What is shown: WooCommerce's documented answers land or say why not, each rule for an order, and that nothing stops it."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, Fee, LineQuantity, OrderSnapshot, Payment, Rejected, difference, line_difference
from app.ingest.woocommerce import read
from tests.ingest.json_mutations import mutated
from tests.ingest.woocommerce_good import GOOD, of, order, reason

pytestmark = pytest.mark.without_database

ANSWERS = Path("../shared/data/orders/woocommerce-docs/json")
documented = pytest.mark.skipif(not ANSWERS.exists(), reason="WooCommerce's documented answers are not there")


@documented
def test_of_the_documented_answers_orders_and_refunds_land_and_all_else_is_refused_with_a_reason() -> None:
    files = sorted(ANSWERS.glob("*.json"))
    reading = Reading(merchant="shop")
    found = list(read(files, reading))
    refused = [each for each in found if isinstance(each, Rejected)]
    orders = [each for each in found if isinstance(each, OrderSnapshot)]
    assert Counter(each.external_id for each in orders) == {"727": 6, "723": 1, "728": 1, "729": 1}
    assert Counter(each.reason for each in refused) == {
        "this is not an order": 26,
        "the order was deleted": 1,
    }
    assert [each.external_id for each in found if isinstance(each, Amendment)] == ["723"] * 5, "refunds, behind their order"
    assert reading.rows == len(found) == 41
    assert reading.done_bytes == sum(file.stat().st_size for file in files)
    assert all(each.file.startswith("orders.") == (each.reason == "the order was deleted") for each in refused)


@documented
def test_the_documented_order_keeps_its_sums_its_address_and_its_times_in_utc() -> None:
    (found,) = read([ANSWERS / "orders.01.retrieve-an-order.json"], Reading(merchant="shop", zone="America/Sao_Paulo"))
    assert isinstance(found, OrderSnapshot)
    assert (found.external_id, found.number, found.total, found.tax, found.shipping) == ("727", "727", 29_35, 1_35, 10_00)
    assert [(line.id, line.title, line.quantity, line.unit_price, line.tax, line.total) for line in found.lines] == [
        ("315", "Woo Single #1", 2, 3_00, 45, 6_45),
        ("316", "Ship Your Idea – Color: Black, Size: M Test", 1, 12_00, 90, 12_90),
    ]
    assert (difference(found), [line_difference(found, line) for line in found.lines]) == (0, [0, 0])
    assert found.placed_at == datetime(2017, 3, 22, 19, 28, 2, tzinfo=UTC)
    assert (found.payment, found.payments) == ("paid", [Payment(kind="bank_transfer")])
    assert found.shipping_address is not None
    assert (found.shipping_address.street, found.shipping_address.postal_code) == ("969 Market", "94103")
    assert (found.shipping_address.city, found.shipping_address.region) == ("San Francisco", "CA")
    assert (found.customer.name, found.customer.email) == ("John Doe", "john.doe@example.com")


@documented
def test_a_documented_order_whose_tax_is_a_cent_off_is_kept_as_stated() -> None:
    found = list(read([ANSWERS / "orders.05.batch-update-orders.json"], Reading(merchant="shop")))
    (off,) = [each for each in found if isinstance(each, OrderSnapshot) and difference(each)]
    assert (off.external_id, off.total, off.tax, difference(off)) == ("728", 62_25, 2_25, -1)
    assert [line.tax for line in off.lines] == [1_13, 23, 90]


def test_prices_with_tax_add_up_with_coupon_delivery_and_fee() -> None:
    found = order(GOOD)
    (line,) = found.lines
    assert (line.unit_price, line.discount, line.tax, line.total) == (12_00, 6_00, 5_00, 30_00)
    assert (found.shipping, found.shipping_tax, found.fees) == (6_00, 1_00, [Fee(label="Gift wrap", amount=2_40)])
    assert (found.total, difference(found), line_difference(found, line)) == (38_40, 0, 0)
    assert (found.discount, found.discount_codes) == (0, ["spring"])


def test_a_price_that_does_not_divide_keeps_the_lines_own_total() -> None:
    line = GOOD["line_items"][0] | {"subtotal": "10.00", "subtotal_tax": "0.00", "total": "10.00", "total_tax": "0.00"}
    (found,) = order(GOOD | {"line_items": [line]}).lines
    assert (found.unit_price, found.total, found.discount) == (3_33, 10_00, 0)


def test_words_pictures_refunds_and_payments_are_kept() -> None:
    found = order(GOOD)
    assert (found.number, found.note, found.shipping_method) == ("W-727", "Ring twice", "Colissimo")
    assert (found.lines[0].title, found.lines[0].variant) == ("Hoodie", "Blue, Yes")
    assert found.lines[0].picture == "https://example.com/hoodie.jpg"
    assert found.payments == [Payment(kind="card", reference="ch_1")]
    assert [(refund.id, refund.amount, refund.reason) for refund in found.refunds] == [("9", 10_00, "Late")]
    assert (found.payment, found.closed_at) == ("partly_refunded", datetime(2024, 3, 4, 10, tzinfo=UTC))


def test_the_tracking_plugins_parcel_holds_everything_of_a_completed_order() -> None:
    (parcel,) = order(GOOD).shipments
    assert (parcel.id, parcel.carrier, parcel.tracking_number) == ("abc", "la-poste", "6A1")
    assert parcel.shipped_at == datetime(2024, 3, 4, tzinfo=UTC)
    assert parcel.lines == [LineQuantity(line="1", quantity=3)]
    (sent,) = order(GOOD | {"status": "processing"}).shipments
    assert sent.lines == []


def test_a_completed_order_without_tracking_was_sent_if_it_was_to_be_delivered() -> None:
    untracked = GOOD | {"meta_data": []}
    assert [(each.id, each.tracking_number) for each in order(untracked).shipments] == [("completed", "")]
    assert order(untracked | {"shipping_lines": []}).shipments == []
    assert order(untracked | {"status": "processing"}).shipments == []


@pytest.mark.parametrize(
    ("status", "paid_at", "payment", "cancelled", "closed"),
    [
        ("pending", None, "unpaid", False, False),
        ("on-hold", None, "unpaid", False, False),
        ("processing", "2024-03-01T10:05:00", "paid", False, False),
        ("processing", None, "unpaid", False, False),
        ("completed", None, "paid", False, True),
        ("cancelled", None, "unpaid", True, False),
        ("failed", None, "unpaid", False, False),
        ("refunded", "2024-03-01T10:05:00", "refunded", False, False),
    ],
)
def test_the_status_is_told_in_our_words(status: str, paid_at: str | None, payment: str, cancelled: bool, closed: bool) -> None:
    found = order(GOOD | {"status": status, "date_paid_gmt": paid_at, "refunds": []})
    assert (found.payment, found.cancelled_at is not None, found.closed_at is not None) == (payment, cancelled, closed)


def test_a_local_time_without_its_utc_twin_is_read_in_the_zone_given() -> None:
    found = order(GOOD | {"date_created_gmt": None}, zone="Europe/Paris")
    assert found.placed_at == datetime(2024, 3, 1, 10, tzinfo=UTC)


def test_the_e_mail_may_come_from_the_command() -> None:
    nowhere = GOOD | {"billing": {"email": ""}}
    assert reason(nowhere) == "no e-mail"
    assert order(nowhere, customer="ops@example.com").customer.email == "ops@example.com"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "trash"}, "status: “trash” is not a placed order"),
        ({"total": "12,50"}, "total: “12,50” is not an amount"),
        ({"total": ""}, "total: missing"),
        ({"date_created_gmt": "now"}, "date_created_gmt: “now” is not a time"),
        (
            {"line_items": [{"id": 1, "name": "x", "quantity": Decimal("0.5")}]},
            "line_items[0].quantity: “0.5” is not a quantity",
        ),
        ({"line_items": GOOD["line_items"] * 2}, "line_items: two of them have the same id"),
        ({"meta_data": {"key": 1}}, "meta_data: an object where a list was expected"),
        ({"meta_data": [{"key": "_wc_shipment_tracking_items", "value": "a:1"}]}, "meta_data[0].value: text where"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_with_the_field(change: dict[str, Any], why: str) -> None:
    assert reason(GOOD | change).startswith(why)


def test_deleted_orders_errors_and_other_topics_are_refused() -> None:
    assert reason(GOOD, within="delete") == "the order was deleted"
    assert reason({"id": 0, "error": {"message": "Invalid ID."}}) == "not an order but an error: Invalid ID."
    recording = {"headers": {"X-WC-Webhook-Topic": "order.deleted"}, "body": {"id": 727}}
    assert reason(recording) == "topic order.deleted is not an order"
    assert order({"headers": {}, "body": GOOD, "topic": "order.updated"}) == order(GOOD)


def test_a_file_of_many_shapes_is_read_through(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(f"[{json.dumps(GOOD)}]\n" + json.dumps({"create": [GOOD], "delete": [GOOD]}) + "\n" + json.dumps(GOOD))
    found = list(read([path], Reading(merchant="shop")))
    assert [type(each).__name__ for each in found] == ["OrderSnapshot", "OrderSnapshot", "Rejected", "OrderSnapshot"]


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_an_order_with_anything_changed_is_taken_or_refused_with_a_reason(data: st.DataObject) -> None:
    found = of(data.draw(mutated(GOOD)))
    if isinstance(found, Rejected):
        assert found.reason
    else:
        assert len({line.id for line in found.lines}) == len(found.lines)
        assert all(abs(line.total) < 2**62 for line in found.lines)
        assert msgspec.json.decode(msgspec.json.encode(found), type=OrderSnapshot) == found
