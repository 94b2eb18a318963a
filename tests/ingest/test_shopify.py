"""What is shown: Shopify's recorded webhooks land or say why not, and no JSON stops the importer."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ingest.reading import Reading
from app.ingest.shopify import read
from app.ingest.snapshot import Address, Amendment, LineQuantity, OrderSnapshot, Payment, Refund, Rejected, difference
from tests.ingest.json_mutations import mutated
from tests.ingest.shopify_good import GOOD, LINE, of, order, reason, without

pytestmark = pytest.mark.without_database

RECORDED = Path("../shared/data/orders/shopify-webhooks-2024-10")
recorded = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded Shopify webhooks are not there")
NEW_YEAR = datetime(2022, 1, 1, tzinfo=UTC)


@recorded
def test_all_recorded_webhooks_land_or_are_refused_with_their_topic() -> None:
    files = sorted(RECORDED.glob("*.json"))
    reading = Reading(merchant="shop")
    found = list(read(files, reading))
    assert Counter(type(each).__name__ for each in found) == {"OrderSnapshot": 6, "Amendment": 3, "Rejected": 72}
    assert reading.rows == len(files) == 81
    assert reading.done_bytes == sum(file.stat().st_size for file in files)
    for file, each in zip(files, found, strict=True):
        if isinstance(each, Rejected):
            topic = json.loads(file.read_text())["topic"]
            assert (each.reason, each.file) == (f"topic {topic} is not an order", file.name)


@recorded
@pytest.mark.parametrize("event", ["cancelled", "create", "fulfilled", "paid", "partially_fulfilled", "updated"])
def test_a_recorded_order_keeps_its_true_ids_and_stated_sums(event: str) -> None:
    (found,) = read([RECORDED / f"orders.{event}.json"], Reading(merchant="shop"))
    assert isinstance(found, OrderSnapshot)
    assert (found.external_id, found.number) == ("820982911946154508", "#9999")
    assert (found.customer.email, found.customer.name, found.customer.locale) == ("jon@example.com", "John Smith", "en")
    assert [(line.id, line.total) for line in found.lines] == [
        ("866550311766439020", 199_00),
        ("141249953214522974", 199_00),
    ]
    assert (found.total, found.shipping, found.discount, found.currency) == (388_00, 10_00, 20_00, "USD")
    assert difference(found) == 0
    assert found.placed_at == found.updated_at == found.cancelled_at == NEW_YEAR
    assert found.payment == "unpaid"
    assert found.payments == [Payment(kind="card", brand="Visa"), Payment(kind="other", brand="bogus")]
    assert found.shipping_address == Address(
        name="Steve Shipper",
        company="Shipping Company",
        street="123 Shipping Street",
        postal_code="40003",
        city="Shippington",
        region="KY",
        country="US",
        phone="555-555-SHIP",
    )


@recorded
def test_recorded_fulfilments_and_refunds_name_the_lines_by_their_true_ids() -> None:
    names = ["fulfillments.create", "fulfillments.update", "refunds.create"]
    sent, changed, refunded = read([RECORDED / f"{name}.json" for name in names], Reading(merchant="shop"))
    assert isinstance(sent, Amendment)
    assert isinstance(changed, Amendment)
    assert isinstance(refunded, Amendment)
    lines = [LineQuantity(line=line, quantity=1) for line in ("866550311766439020", "141249953214522974")]
    assert sent.shipments == changed.shipments
    assert [(each.id, each.carrier, each.tracking_number, each.state) for each in sent.shipments] == [
        ("123456", "UPS", "1z827wk74630", "draft")
    ]
    assert sent.shipments[0].lines == lines
    # no transaction tells that the money went out
    assert refunded.refunds == [
        Refund(id="890088186047892319", amount=398_00, at=NEW_YEAR, reason="Things were damaged", state="pending", lines=lines)
    ]
    # only the order's rounded number is in these recordings
    assert {each.external_id for each in (sent, changed, refunded)} == {"820982911946154500"}


@pytest.mark.parametrize("wrap", ["bare", "order", "recording", "headers"])
def test_an_order_is_found_in_an_answer_and_in_a_recording(wrap: str) -> None:
    wrapped = {
        "bare": GOOD,
        "order": {"order": GOOD},
        "recording": {"headers": {}, "body": GOOD, "topic": "orders/create"},
        "headers": {"headers": {"X-Shopify-Topic": "orders/paid"}, "body": GOOD},
    }
    assert order(wrapped[wrap]) == order(GOOD)


def test_refunds_and_fulfilments_are_amendments_without_a_recording_too() -> None:
    sent = of({"fulfillment": GOOD["fulfillments"][0] | {"order_id": 9007199254740993}})
    assert isinstance(sent, Amendment)
    assert (sent.external_id, [each.id for each in sent.shipments]) == ("9007199254740993", ["21", "21-2"])
    refunded = of(GOOD["refunds"][0] | {"order_id": 9007199254740993})
    assert isinstance(refunded, Amendment)
    assert [(each.id, each.amount) for each in refunded.refunds] == [("41", 4_00), ("42", 9_20)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"total_price": "x", "total_price_set": None}, "total_price: “x” is not an amount"),
        ({"total_price": None}, "total_price: missing"),
        ({"created_at": "yesterday"}, "created_at: “yesterday” is not a time"),
        ({"created_at": None}, "created_at: missing"),
        ({"currency": "XXZ"}, "currency: “XXZ” is not a currency"),
        ({"email": "nobody"}, "email: “nobody” is not an e-mail address"),
        ({"financial_status": "foo"}, "financial_status: “foo” is not known"),
        ({"line_items": "none"}, "line_items: text where a list was expected"),
        ({"line_items": [LINE, LINE]}, "line_items[1].id: “11” is on two lines"),
        ({"line_items": [LINE | {"quantity": -1}]}, "line_items[0].quantity: “-1” is not a quantity"),
        ({"line_items": [LINE | {"quantity": 10**6, "price": "9" * 12}]}, "line_items[0].price: the amount is too large"),
        ({"shipping_lines": [None]}, "shipping_lines[0]: nothing where an object was expected"),
        ({"fulfillments": [{"id": 1}, {"id": 1}]}, "fulfillments: two of them have the same id"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_with_the_field(change: dict[str, Any], why: str) -> None:
    single = without("presentment_currency", "total_price_set", "refunds")
    assert reason(single | change) == why


@pytest.mark.parametrize("value", [None, 5, "text", [], {}, {"body": {}, "topic": 7}, {"line_items": [], "total_price": "1"}])
def test_what_is_no_order_is_refused(value: object) -> None:
    assert reason(value)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_an_order_with_anything_changed_is_taken_or_refused_with_a_reason(data: st.DataObject) -> None:
    wrapped = {"headers": {"x-shopify-topic": "orders/updated"}, "body": GOOD, "topic": "orders/updated"}
    found = of(data.draw(mutated(wrapped)))
    assert isinstance(found, OrderSnapshot | Rejected)
    if isinstance(found, Rejected):
        assert found.reason
    else:
        assert len({line.id for line in found.lines}) == len(found.lines)
        assert all(abs(line.total) < 2**62 for line in found.lines)
        assert msgspec.json.decode(msgspec.json.encode(found), type=OrderSnapshot) == found


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["fulfillments", "refunds"]))
def test_news_with_anything_changed_are_taken_or_refused_with_a_reason(data: st.DataObject, part: str) -> None:
    found = of(data.draw(mutated(GOOD[part][0] | {"order_id": 5, "tracking_number": "1Z1"})))
    assert isinstance(found, Amendment) or (isinstance(found, Rejected) and found.reason)
