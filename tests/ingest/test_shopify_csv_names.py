"""What is shown: which rows of orders_export.csv are one order, when they are repeated, re-sorted or share a name."""

from pathlib import Path

import pytest

from tests.ingest.shopify_export import FIRST, SECOND, outcomes, written

pytestmark = pytest.mark.without_database

SAMPLES = Path("../shared/data/orders/shopify-orders-csv")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders_export.csv"


def test_lines_of_a_re_sorted_file_find_their_order(file: Path) -> None:
    other = FIRST | {"Name": "#1002", "Id": "777"}
    (first, second), refused = outcomes(written(file, SECOND, other, FIRST, SECOND | {"Name": "#1002"}))
    assert refused == []
    assert {first.external_id: len(first.lines), second.external_id: len(second.lines)} == {"5551234567890": 2, "777": 2}


def test_an_exact_repetition_of_an_order_is_told_and_counts_once(file: Path) -> None:
    (order,), refused = outcomes(written(file, FIRST, SECOND, FIRST, SECOND))
    assert len(order.lines) == 2
    # the rows take two lines each: the gift message has a line break
    assert [(each.line, each.reason) for each in refused] == [
        (5, "repeats the order at line 2"),
        (7, "repeats the order at line 2"),
    ]


def test_two_equal_lines_of_one_order_are_two_lines(file: Path) -> None:
    (order,), refused = outcomes(written(file, FIRST, SECOND, SECOND))
    assert ([line.title for line in order.lines], refused) == (["Mug, blue", "Lamp", "Lamp"], [])


def test_order_columns_on_every_row_make_one_order(file: Path) -> None:
    (order,), refused = outcomes(written(file, FIRST, FIRST | SECOND))
    assert ([line.title for line in order.lines], refused) == (["Mug, blue", "Lamp"], [])


def test_of_two_exports_the_later_state_of_an_order_counts(tmp_path: Path) -> None:
    older = written(tmp_path / "older.csv", FIRST | {"Financial Status": "pending"}, SECOND)
    newer = written(tmp_path / "newer.csv", FIRST, SECOND)
    (order,), refused = outcomes(older, newer)
    assert (order.payment, len(order.lines)) == ("partly_refunded", 2)
    assert {(each.file, each.reason) for each in refused} == {
        ("older.csv", "an earlier state of the order at line 2 of newer.csv")
    }


@pytest.mark.parametrize("turned", [False, True])
def test_two_shops_that_give_one_name_keep_two_orders_whatever_comes_first(tmp_path: Path, turned: bool) -> None:
    canada = FIRST | {"Email": "carl@example.com", "Currency": "CAD", "Created at": "2025-01-15 17:41:00 -0500"}
    no_id = ("Id",)
    files = [
        written(tmp_path / "eu.csv", FIRST, SECOND, without=no_id),
        written(tmp_path / "ca.csv", canada, without=no_id),
    ]
    orders, refused = outcomes(*(reversed(files) if turned else files))
    assert refused == []
    assert {order.external_id: (order.customer.email, order.number, len(order.lines)) for order in orders} == {
        "#1001 2025-01-15T16:41:00Z": ("alice@example.com", "#1001", 2),
        "#1001 2025-01-15T22:41:00Z": ("carl@example.com", "#1001", 1),
    }


def test_a_line_with_another_e_mail_is_never_added_to_a_strangers_order(file: Path) -> None:
    strange = SECOND | {"Email": "mallory@example.com"}
    (order,), (refused,) = outcomes(written(file, FIRST, strange))
    assert (order.customer.email, len(order.lines)) == ("alice@example.com", 1)
    assert refused.reason == "Created at: missing"


def test_both_samples_together_keep_the_orders_that_share_a_number() -> None:
    if not SAMPLES.exists():
        pytest.skip("the samples of orders_export.csv are not there")
    orders, refused = outcomes(SAMPLES / "shopify_orders.csv", SAMPLES / "shopify_orders_sample.csv")
    assert (len(orders), len({each.external_id for each in orders}), len(refused)) == (129, 129, 8)
    assert {each.customer.email for each in orders if each.number == "#1001"} == {
        "ann@example.com",
        "customer1@example.com",
    }
