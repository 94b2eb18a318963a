"""What is shown: orders_export.csv, full and minimal, its sums and words, and what is refused."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ingest.reading import Reading
from app.ingest.shopify import read
from app.ingest.snapshot import Fee, LineQuantity, OrderSnapshot, Payment, Rejected, difference, line_difference
from tests.ingest.shopify_export import FIRST, SECOND, outcomes, written

pytestmark = pytest.mark.without_database

SAMPLES = Path("../shared/data/orders/shopify-orders-csv")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders_export.csv"


def test_the_full_export_is_read_with_sums_that_add_up(file: Path) -> None:
    (order,), refused = outcomes(written(file, FIRST, SECOND))
    assert refused == []
    assert (order.external_id, order.number, order.customer.name) == ("5551234567890", "#1001", "Alice Bell")
    assert order.placed_at == datetime(2025, 1, 15, 16, 41, tzinfo=UTC)
    assert [(line.id, line.title, line.total, line.seller, line.needs_shipping) for line in order.lines] == [
        ("1", "Mug, blue", 19_00, "Nia", True),
        ("2", "Lamp", 12_00, "Mo", False),
    ]
    # 5.00 off: 1.00 on the mugs, 4.00 on the goods together; the tax is on top
    assert (order.total, order.discount, order.shipping, order.fees) == (
        38_28,
        4_00,
        4_90,
        [Fee(label="TVA 20%", amount=6_38)],
    )
    assert (difference(order), [line_difference(order, line) for line in order.lines]) == (0, [0, 0])
    assert order.payments == [Payment(kind="card", reference="r1"), Payment(kind="gift_card", reference="r2")]
    assert (order.payment, order.gift_message, order.note) == ("partly_refunded", "Happy", "Ring twice")
    assert [(refund.id, refund.amount) for refund in order.refunds] == [("refunded", 10_00)]
    assert order.shipments[0].lines == [LineQuantity(line="1", quantity=2)]
    assert order.shipments[0].shipped_at == datetime(2025, 1, 16, 8, tzinfo=UTC)


def test_apostrophes_for_spreadsheets_are_taken_off_postcodes_and_phones(file: Path) -> None:
    (order,), _ = outcomes(written(file, FIRST))
    assert order.shipping_address is not None
    assert (order.shipping_address.postal_code, order.shipping_address.phone) == ("06010", "+33612")
    assert order.shipping_address.street == "1 rue X\nÉtage 2"
    assert order.billing_address is None


def test_taxes_that_the_total_does_not_grow_by_are_in_the_prices(file: Path) -> None:
    (order,), _ = outcomes(written(file, FIRST | {"Total": "31.90"}, SECOND))
    assert (order.prices_include_tax, order.tax, order.fees) == (True, 6_38, [])
    assert difference(order) == 0


def test_a_discount_on_delivery_is_not_taken_off_the_goods_again(file: Path) -> None:
    free = {"Subtotal": "31.00", "Discount Amount": "5.90", "Shipping": "0.00", "Taxes": "0.00", "Total": "31.00"}
    (order,), _ = outcomes(written(file, FIRST | free, SECOND))
    assert (order.discount, difference(order)) == (0, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"Email": ""}, "no e-mail"),
        ({"Created at": "", "Id": ""}, "Created at: missing"),
        ({"Created at": "15.01.2025"}, "Created at: “15.01.2025” is not a time"),
        ({"Total": "a lot"}, "Total: “a lot” is not an amount"),
        ({"Total": ""}, "Total: missing"),
        ({"Currency": ""}, "Currency: missing"),
        ({"Lineitem quantity": "-1"}, "Lineitem quantity: “-1” is not a quantity"),
        ({"Name": ""}, "Name: missing"),
        ({"Name": "", "Id": ""}, "no order number"),
        ({"Financial Status": "who knows"}, "Financial Status: “who knows” is not known"),
        (
            {"Id": "5.55123E+12"},
            "Id: “5.55123E+12” is not the number Shopify gave, a spreadsheet has rewritten it",
        ),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_and_the_rest_lands(file: Path, change: dict[str, str], why: str) -> None:
    good = FIRST | {"Name": "#1002", "Id": "777"}
    (order,), (refused,) = outcomes(written(file, FIRST | change, good))
    assert order.external_id == "777"
    assert (refused.reason, refused.line, refused.file) == (why, 2, "orders_export.csv")


def test_a_file_that_is_no_export_is_refused_once_with_the_columns_it_lacks(file: Path) -> None:
    good = written(file.with_name("good.csv"), FIRST)
    foreign = written(file, FIRST, FIRST, without=("Name", "Total"))
    (order,), (refused,) = outcomes(foreign, good)
    assert order.external_id == "5551234567890"
    assert (refused.reason, refused.file) == (
        "this is no orders_export.csv: it lacks Name, Total",
        "orders_export.csv",
    )


@pytest.mark.parametrize("content", ["", "\n", "Name,Created at,Currency,Total,Lineitem name\n"])
def test_a_file_without_rows_gives_nothing(file: Path, content: str) -> None:
    file.write_text(content)
    assert outcomes(file) == ([], [])


def test_every_row_of_a_refused_order_is_in_the_report(file: Path) -> None:
    orders, refused = outcomes(written(file, FIRST, SECOND | {"Lineitem price": "?"}))
    assert orders == []
    assert [(each.line, each.reason) for each in refused] == [
        (2, "refused with its order, see line 4: Lineitem price: “?” is not an amount"),
        (4, "Lineitem price: “?” is not an amount"),
    ]


@pytest.mark.parametrize(
    ("name", "rows", "orders", "lines", "total", "refunded", "refused_at"),
    [
        ("shopify_orders.csv", 9, 7, 8, 970_00, 10_00, [6]),
        ("shopify_orders_sample.csv", 249, 122, 242, 14511_50, 363_75, [39, 82, 141, 160, 161, 162, 193]),
    ],
)
def test_the_samples_land_but_for_the_orders_without_e_mail(
    name: str, rows: int, orders: int, lines: int, total: int, refunded: int, refused_at: list[int]
) -> None:
    if not SAMPLES.exists():
        pytest.skip("the samples of orders_export.csv are not there")
    reading = Reading(merchant="shop")
    found = list(read([SAMPLES / name], reading))
    taken = [each for each in found if isinstance(each, OrderSnapshot)]
    assert (reading.rows, len(taken), sum(len(each.lines) for each in taken)) == (rows, orders, lines)
    assert sum(each.total for each in taken) == total
    assert sum(refund.amount for each in taken for refund in each.refunds) == refunded
    assert [each.line for each in found if isinstance(each, Rejected)] == refused_at
    # the samples have no prices: none are made up, and the stated total is marked as more than its parts
    assert all(difference(each) == each.total and {line.unit_price for line in each.lines} == {0} for each in taken)


CELLS = st.dictionaries(st.sampled_from(list(FIRST)), st.text(max_size=12) | st.sampled_from(["-1", "1e9", "NaN", "9" * 30]))


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_rows_with_anything_in_their_cells_are_taken_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, changes: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    rows = [(FIRST if number % 2 == 0 else SECOND) | change for number, change in enumerate(changes)]
    path.write_bytes(b"")
    with path.open("w", newline="", encoding="utf-8", errors="replace") as file:
        table = csv.DictWriter(file, list(FIRST), restval="")
        table.writeheader()
        table.writerows(rows)
    orders, refused = outcomes(path)
    assert orders or refused
    assert all(each.reason for each in refused)
