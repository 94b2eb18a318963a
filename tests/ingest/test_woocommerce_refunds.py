"""WooCommerce's refunds: with the order, alone beside it, and those that were decided here."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import db
from app.ingest import actions
from app.ingest.json_records import Found
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, LineQuantity, OrderSnapshot, Rejected
from app.ingest.woocommerce import outcome, read
from app.orders import refunding
from app.orders.refunding import Wanted
from tests import builders
from tests.builders import MO
from tests.ingest.json_mutations import mutated
from tests.ingest.woocommerce_good import GOOD

REFUND: dict[str, Any] = {
    "id": 9, "date_created": "2024-03-04T12:00:00", "date_created_gmt": "2024-03-04T11:00:00", "amount": "10.00",
    "reason": "Late", "refunded_payment": True, "meta_data": [],
    "line_items": [
        {"id": 50, "quantity": -1, "total": "-8.00", "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": "1"}]},
        {"id": 51, "quantity": 0, "total": "-2.00", "meta_data": [{"id": 2, "key": "_refunded_item_id", "value": "1"}]},
    ],
    "_links": {"up": [{"href": "https://shop.example/wp-json/wc/v3/orders/727"}]},
}  # fmt: skip


def alone(value: Any, known: bool = True) -> Amendment | Rejected:
    found = outcome(Found(1, value), Path("refunds.json"), Reading(merchant=MO), {"727": "EUR"} if known else {})
    assert not isinstance(found, OrderSnapshot)
    return found


async def taken(*given: Any) -> list[str]:
    return [(await actions.record_all([one], history=False))[0].result for one in given]


def files(tmp_path: Path, *given: Any) -> list[OrderSnapshot | Amendment | Rejected]:
    path = tmp_path / "export.json"
    path.write_text("\n".join(json.dumps(one) for one in given))
    return list(read([path], Reading(merchant=MO)))


@pytest.mark.without_database
def test_a_refund_says_which_lines_it_was_for() -> None:
    found = alone(REFUND)
    assert isinstance(found, Amendment)
    (row,) = found.refunds
    assert (found.external_id, row.id, row.amount, row.reason) == ("727", "9", 1000, "Late")
    assert row.lines == [LineQuantity(line="1", quantity=1)]
    assert row.at is not None
    assert row.at.isoformat() == "2024-03-04T11:00:00+00:00"


@pytest.mark.without_database
@pytest.mark.parametrize(
    "about",
    [{"_links": {}}, {"_links": {"up": [{"href": "https://shop.example/orders/728"}]}}, {"amount": "ten"}, {"id": None},
     {"line_items": [{"quantity": "--1"}]}, {"line_items": "none"}, {"_links": []}],
)  # fmt: skip
def test_what_cannot_be_a_refund_of_a_known_order_is_refused_with_a_reason(about: dict[str, Any]) -> None:
    found = alone(REFUND | about)
    assert isinstance(found, Rejected)
    assert found.reason


@pytest.mark.without_database
def test_without_its_order_it_has_no_currency() -> None:
    found = alone(REFUND, known=False)
    assert isinstance(found, Rejected)
    assert found.reason == "a refund alone does not name its order; the order itself lists its refunds"


@pytest.mark.without_database
@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_refund_with_anything_changed_is_taken_or_refused_with_a_reason(data: st.DataObject) -> None:
    found = outcome(Found(1, data.draw(mutated(REFUND))), Path("x.json"), Reading(merchant=MO), {"727": "EUR"})
    assert isinstance(found, Amendment) or (isinstance(found, Rejected) and found.reason)


async def test_with_its_order_in_any_order_and_again_it_is_one_refund_with_its_lines(tmp_path: Path) -> None:
    await builders.merchant(MO)
    for several in ((REFUND, GOOD), (GOOD, REFUND, REFUND)):
        assert "refused" not in await taken(*files(tmp_path, *several))
    (row,) = await db.rows("SELECT external_id, amount, lines FROM refunds")
    assert (row["external_id"], row["amount"], json.loads(row["lines"])) == ("9", 1000, [{"line": "1", "quantity": 1}])
    (line,) = await db.rows("SELECT refunded_quantity FROM order_lines")
    assert line["refunded_quantity"] == 1


async def test_what_was_decided_here_and_paid_there_is_one_refund(tmp_path: Path) -> None:
    await builders.merchant(MO)
    await taken(*files(tmp_path, GOOD | {"refunds": []}))
    (order,) = await db.rows("SELECT id FROM orders")
    (number,) = await refunding.request(order["id"], Wanted(amount=1000, reason="R-7K3F9QXM"), by="member:1", approved=True)
    await taken(*files(tmp_path, GOOD | {"date_modified_gmt": "2024-03-06T10:00:00"}, REFUND))
    (row,) = await db.rows("SELECT id, external_id, amount, origin, state FROM refunds")
    assert dict(row) == {"id": number, "external_id": "9", "amount": 1000, "origin": "counter", "state": "succeeded"}
    assert (await db.rows("SELECT refunded FROM orders"))[0]["refunded"] == 1000


async def test_an_order_that_comes_again_without_them_keeps_a_refunds_lines_and_time(tmp_path: Path) -> None:
    await builders.merchant(MO)
    await taken(*files(tmp_path, GOOD, REFUND))
    before = await db.rows("SELECT amount, lines, at, reason FROM refunds")
    for note in ("Ring", "Knock"):
        again = GOOD | {"customer_note": note, "date_modified_gmt": f"2024-04-0{len(note)}T10:00:00"}
        assert await taken(*files(tmp_path, again)) == ["updated"]
    assert await db.rows("SELECT amount, lines, at, reason FROM refunds") == before
    (line,) = await db.rows("SELECT refunded_quantity FROM order_lines")
    assert (json.loads(before[0]["lines"]), line["refunded_quantity"]) == ([{"line": "1", "quantity": 1}], 1)
    other = {"refunds": [{"id": 9, "reason": "Late", "total": "-11.00"}], "date_modified_gmt": "2024-04-09T10:00:00"}
    await taken(*files(tmp_path, GOOD | other))
    (row,) = await db.rows("SELECT amount, lines FROM refunds")
    assert (row["amount"], row["lines"]) == (1100, "[]"), "other money, of which nothing was said yet"


async def test_lines_that_a_shop_puts_into_its_orders_refunds_are_taken(tmp_path: Path) -> None:
    await builders.merchant(MO)
    said = {"id": 9, "reason": "Late", "total": "-10.00", "line_items": REFUND["line_items"]}
    assert await taken(*files(tmp_path, GOOD | {"refunds": [said]})) == ["new"]
    (line,) = await db.rows("SELECT refunded_quantity FROM order_lines")
    assert line["refunded_quantity"] == 1
