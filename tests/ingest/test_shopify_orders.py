"""What is shown: each rule for what the JSON of a Shopify order holds: ids, amounts, parcels, refunds, words."""

from datetime import UTC, datetime

import pytest

from app.ingest.snapshot import Fee, LineQuantity, Payment, difference, line_difference
from tests.ingest.shopify_good import GOOD, LINE, both, order, reason, without

pytestmark = pytest.mark.without_database


def test_ids_beyond_2_53_are_read_exactly_when_there_is_no_global_id() -> None:
    assert order(GOOD).external_id == "9007199254740993"


def test_a_parcel_that_names_a_line_by_its_rounded_id_finds_the_line() -> None:
    line = LINE | {"id": 866550311766439000, "admin_graphql_api_id": "gid://shopify/LineItem/866550311766439020"}
    parcel = {"id": 21, "line_items": [{"id": 866550311766439000, "quantity": 2}]}
    found = order(without("refunds") | {"line_items": [line], "fulfillments": [parcel]})
    assert found.shipments[0].lines == [LineQuantity(line="866550311766439020", quantity=2)]


def test_an_order_is_kept_in_the_currency_its_customer_saw() -> None:
    found = order(GOOD)
    assert (found.currency, found.total, found.tax) == ("CAD", 47_00, 3_00)
    (line,) = found.lines
    assert (line.unit_price, line.discount, line.tax, line.total) == (13_20, 2_60, 3_00, 40_00)
    assert (found.shipping, found.discount) == (7_00, 0)
    assert (difference(found), line_difference(found, line)) == (0, 0)


def test_an_order_with_one_amount_in_the_shops_currency_only_is_kept_in_that() -> None:
    found = order(without("refunds") | {"total_tip_received": "1.00", "financial_status": "paid"})
    assert (found.currency, found.total, found.lines[0].total) == ("USD", 35_52, 30_52)
    assert found.fees == [Fee(label="Tip", amount=1_00)]
    assert difference(found) == -1_00  # as stated: the total does not hold the tip


def test_a_refund_in_a_currency_the_order_was_not_paid_in_is_refused() -> None:
    assert reason(GOOD | {"presentment_currency": "USD"}) == "refunds[0].transactions[0].currency: not in USD"


def test_what_was_cancelled_is_told_apart_from_what_came_back() -> None:
    (line,) = order(GOOD).lines
    assert (line.quantity, line.cancelled_quantity) == (3, 1)


def test_refunds_are_one_row_for_each_transaction_with_the_lines_once() -> None:
    first, second = order(GOOD).refunds
    assert (first.id, first.amount, first.kind, first.state, first.reason) == ("41", 4_00, "gift_card", "succeeded", "Cracked")
    assert first.lines == [LineQuantity(line="11", quantity=2)]
    assert (second.id, second.amount, second.kind, second.state, second.lines) == ("42", 9_20, "card", "pending", [])


def test_a_refund_without_transactions_of_an_unpaid_order_gave_no_money_back() -> None:
    refund = {"id": 31, "refund_line_items": [{"line_item_id": 11, "quantity": 1, "subtotal": 10, "total_tax": "0.84"}]}
    unpaid = without("presentment_currency", "total_price_set") | {"financial_status": "pending", "refunds": [refund]}
    assert order(unpaid).refunds == []
    (pending,) = order(unpaid | {"financial_status": "paid"}).refunds
    assert (pending.amount, pending.state) == (10_84, "pending")


def test_every_tracking_number_is_a_parcel_and_the_lines_are_sent_once() -> None:
    first, second = order(GOOD).shipments
    assert (first.id, first.tracking_number, first.tracking_url) == ("21", "1Z1", "https://example.com/1Z1")
    assert (second.id, second.tracking_number, second.tracking_url) == ("21-2", "1Z2", "")
    assert (first.status, first.state) == ("attempt_failed", "dispatched")
    assert first.shipped_at == datetime(2024, 3, 2, 10, tzinfo=UTC)
    assert (first.lines, second.lines) == ([LineQuantity(line="11", quantity=2)], [])


def test_words_and_notes_of_an_order_are_kept() -> None:
    found = order(GOOD)
    assert (found.gift_message, found.note, found.discount_codes) == ("Happy birthday", "Ring twice", ["SPRING"])
    assert found.payments == [Payment(kind="gift_card"), Payment(kind="card", brand="Visa", last_four="4242")]
    assert (found.lines[0].variant, found.lines[0].seller, found.lines[0].sku) == ("Blue", "Nia", "MUG-B")
    assert found.shipping_address is not None
    assert (found.shipping_address.street, found.shipping_address.region) == ("1 Main St\nFlat 2", "NY")


def test_a_tip_line_and_duties_are_fees_and_the_sums_add_up() -> None:
    tip = {"id": 12, "title": "Tip", "quantity": 1, "price": "2.00", "tip": {"payment_gateway": "shopify_payments"}}
    duty = {"duties": [{"tax_lines": [{"price": "0.50"}]}]}
    found = order(
        without(
            "refunds", "presentment_currency", "total_price_set", "total_discounts", "total_discounts_set", "shipping_lines"
        )
        | {"line_items": [LINE | duty, tip], "total_tip_received": "2.00", "total_price": "36.50"}
        | {"original_total_duties_set": both("4.00", "5.00"), "financial_status": "paid"}
    )
    assert found.fees == [Fee(label="Tip", amount=2_00), Fee(label="Duties", amount=4_50)]
    assert (len(found.lines), difference(found)) == (1, 0)


def test_prices_that_hold_the_tax_are_not_taxed_again() -> None:
    found = order(GOOD | {"taxes_included": True})
    assert found.prices_include_tax
    assert found.lines[0].total == 3 * 13_20 - 2_60


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("pending", "unpaid"),
        ("authorized", "authorised"),
        ("partially_paid", "unpaid"),
        ("paid", "paid"),
        ("partially_refunded", "partly_refunded"),
        ("refunded", "refunded"),
        ("voided", "unpaid"),
        (None, "paid"),
    ],
)
def test_the_financial_status_is_told_in_our_words(said: str | None, meant: str) -> None:
    assert order(GOOD | {"financial_status": said}).payment == meant


def test_the_e_mail_is_looked_for_where_shopify_keeps_it_and_then_in_the_command() -> None:
    nowhere = without("email")
    assert reason(nowhere) == "no e-mail"
    assert order(nowhere, customer="ops@example.com").customer.email == "ops@example.com"
    assert order(nowhere | {"customer": {"email": "c@example.com"}}).customer.email == "c@example.com"
    assert order(nowhere | {"contact_email": "d@example.com"}).customer.email == "d@example.com"
    assert order(GOOD, customer="ops@example.com").customer.email == "alice@example.com"
