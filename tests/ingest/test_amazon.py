import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from app.ingest.amazon import files as amazon_files
from app.ingest.amazon import read
from app.ingest.amazon.words import carriers
from app.ingest.reading import Reading
from app.ingest.rows import Row, csv_rows
from app.ingest.snapshot import (
    Amendment,
    LineQuantity,
    OrderSnapshot,
    Payment,
    Rejected,
    Shipment,
    difference,
    line_difference,
)

pytestmark = pytest.mark.without_database

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "orders"
ALICE = "alice@example.com"
OLD = {
    "Website": "Amazon.de", "Order ID": "306-1", "Order Date": "2024-05-01T10:00:00Z",
    "Currency": "EUR", "Unit Price": "10.00", "Unit Price Tax": "1.90", "Shipping Charge": "0", "Total Discounts": "0",
    "Total Owed": "11.90", "Shipment Item Subtotal": "10.00", "Shipment Item Subtotal Tax": "1.90", "ASIN": "B000000001",
    "Product Condition": "New", "Quantity": "1", "Payment Instrument Type": "Visa - 2512", "Order Status": "Closed",
    "Shipment Status": "Shipped", "Ship Date": "2024-05-02T08:00:00Z", "Shipping Option": "premium",
    "Shipping Address": "1 Road",
    "Billing Address": "Not Available", "Carrier Name & Tracking Number": "DHL(00340000001)", "Product Name": "A lamp",
    "Gift Message": "Not Available",
}  # fmt: skip
RENAMED = {"Total Owed": "Total Amount", "Quantity": "Original Quantity", "Payment Instrument Type": "Payment Method Type"}
NEW = {name: OLD[old] for name, old in sorted((RENAMED.get(old, old), old) for old in OLD)}
REFUND = {
    "Creation Date": "2024-06-14T10:30:00Z", "Currency": "EUR", "Direct Debit Refund Amount": "0",
    "Disbursement Type": "Refund", "Order ID": "306-1", "Payment Status": "Completed", "Quantity": "1",
    "Refund Amount": "11.90", "Refund Date": "2024-06-15T09:00:00.123Z", "Reversal Reason": "Customer return",
    "Reversal Status": "Completed", "Website": "Amazon.de",
}  # fmt: skip
DIGITAL = {
    "ASIN": "B00DIGI001", "ProductName": "A novel", "OrderId": "D01-1", "OrderDate": "2023-01-05T20:00:00Z",
    "OurPrice": "9.99", "OurPriceTax": "0.70", "OurPriceCurrencyCode": "EUR", "QuantityOrdered": "1",
}  # fmt: skip
COMPONENT = {
    "ASIN": "B00DIGI002", "Product Name": "An audiobook", "Order ID": "D01-2", "Order Date": "2025-02-01T07:00:00Z",
    "Digital Order Item ID": "item-1", "Component Type": "Price Amount", "Transaction Amount": "13.59",
    "Base Currency Code": "AUD", "Order Status": "SUCCESS", "Quantity Ordered": "1",
}  # fmt: skip
Found = OrderSnapshot | Amendment | Rejected


def table(start: Mapping[str, str], *changes: Mapping[str, str]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(start))
    writer.writeheader()
    writer.writerows({**start, **change} for change in changes)
    return ("\ufeff" + written.getvalue()).encode()


def put(folder: Path, **files: bytes) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    return paths


def found(paths: list[Path], customer: str = ALICE) -> list[Found]:
    return list(read(paths, Reading(merchant="amazon", customer=customer)))


def orders(told: list[Found]) -> list[OrderSnapshot]:
    assert [one for one in told if isinstance(one, Rejected)] == []
    return [one for one in told if isinstance(one, OrderSnapshot)]


def refused(told: list[Found]) -> list[tuple[int, str, str]]:
    return [(one.line, one.external_id, one.reason) for one in told if isinstance(one, Rejected)]


def amendments(told: list[Found]) -> list[Amendment]:
    assert [one for one in told if isinstance(one, Rejected)] == []
    return [one for one in told if isinstance(one, Amendment)]


@pytest.fixture(params=[OLD, NEW], ids=["old names", "names of 2025"])
def start(request: pytest.FixtureRequest) -> dict[str, str]:
    """The privacy export under its old and its new column names."""
    return dict(request.param)


def order(folder: Path, start: dict[str, str], *changes: Mapping[str, str]) -> OrderSnapshot:
    """One order out of an export; the changes are told in the old names."""
    names = RENAMED if "Total Amount" in start else {}
    renamed = [{names.get(name, name): text for name, text in change.items()} for change in changes]
    (only,) = orders(found(put(folder, history=table(start, *renamed))))
    return only


# The real files


def shared(*names: str) -> list[Path]:
    paths = [SHARED / name for name in names]
    if not all(path.exists() for path in paths):
        pytest.skip(f"the real input is not here: {SHARED}")
    return paths


REPORT = "amazon-order-history-report/01-Jan-2018_to_20-Mar-2023.csv"


def test_the_old_report_gives_its_orders_lines_and_sums() -> None:
    (path,) = shared(REPORT)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            sums[row["Order ID"]] += Decimal(row["Item Total"].strip("$").replace(",", ""))
    told = orders(found([path]))
    assert (len(told), sum(len(one.lines) for one in told)) == (169, 228)
    assert {one.external_id: Decimal(one.total) / 100 for one in told} == sums
    assert [one.number for one in told] == list(sums)
    assert {difference(one) for one in told} == {0}
    assert {one.currency for one in told} == {"USD"}
    differing = [line for one in told for line in one.lines if line_difference(one, line)]
    assert [(line.cancelled_quantity, line.total) for line in differing] == [(1, 0)]  # cancelled, its price still told


def test_the_old_report_names_its_customer_itself() -> None:
    assert {one.customer.email for one in orders(found(shared(REPORT), customer=""))} == {"buyer@example.com"}


def test_the_old_reports_details_are_kept() -> None:
    told = {one.number: one for one in orders(found(shared(REPORT)))}
    untitled = told["113-9067311-2784244"]
    assert (untitled.lines[0].title, untitled.lines[0].sku) == ("B06XC29HPY", "B06XC29HPY")
    assert untitled.payments == [Payment(kind="card", brand="Visa", last_four="0567"), Payment(kind="gift_card")]
    assert untitled.placed_at == datetime(2018, 10, 8, 12, tzinfo=UTC)
    assert untitled.shipments == [
        Shipment(
            id="TBA328126468000",
            carrier="AMZN_US",
            tracking_number="TBA328126468000",
            shipped_at=datetime(2018, 10, 9, 12, tzinfo=UTC),
            lines=[LineQuantity(line="B06XC29HPY", quantity=1)],
        )
    ]
    shorn = [
        one.shipping_address
        for one in told.values()
        if one.shipping_address and "2139" in one.shipping_address.lines[-1].split()
    ]
    assert shorn
    assert {(address.postal_code, address.country) for address in shorn} == {("02139", "US")}
    cancelled = told["114-7689585-1333052"]
    assert [line.quantity - line.cancelled_quantity for line in cancelled.lines] == [1, 0]
    assert (cancelled.cancelled_at, cancelled.payment) == (None, "paid")
    used = [line for one in told.values() for line in one.lines if line.condition == "used good"]
    assert (used[0].sku, used[0].product_url) == ("465026850", "")  # an ISBN that lost its leading zero


def test_the_privacy_exports_samples_add_up() -> None:
    told = found(shared("amazon-order-lens/sample-orders.csv", "amazon-order-lens/sample-returns.csv"))
    by_number = {one.number: one for one in told if isinstance(one, OrderSnapshot)}
    assert (len(by_number), len(by_number["306-1000017-0000017"].lines)) == (17, 3)
    assert {difference(one) for one in by_number.values()} == {0}
    odd = [line.id for one in by_number.values() for line in one.lines if line_difference(one, line)]
    assert odd == ["B08ABC1010"]  # two units at 18.95, owed 21.97: kept as stated
    assert (by_number["306-1000004-0000004"].shipping, by_number["306-1000004-0000004"].total) == (399, 1384)
    assert (by_number["306-1000011-0000011"].payment, by_number["306-1000011-0000011"].shipments) == ("authorised", [])
    assert [(one.external_id, one.refunds[0].amount, one.refunds[0].reason) for one in told if isinstance(one, Amendment)] == [
        ("306-1000004-0000004", 1384, "Nicht mehr benötigt"),
        ("306-1000009-0000009", 14071, "Defekt"),
    ]


def test_the_current_formats_sample_is_read() -> None:
    told = orders(found(shared("amazon-order-lens/amazon-current-format.csv")))
    assert [(one.total, one.gift_message) for one in told] == [(3995, ""), (2275, ""), (2898, "Alles Gute zum Geburtstag!")]
    assert told[0].payments == []


def test_malformed_rows_are_refused_with_their_lines_and_an_empty_file_is_nothing() -> None:
    assert found(shared("amazon-order-lens/empty.csv")) == []
    told = refused(found(shared("amazon-order-lens/malformed.csv")))
    assert [(line, number) for line, number, _ in told] == [
        (2, "306-9000001-0000001"), (3, "306-9000002-0000002"), (4, ""), (5, "306-9000004-0000004"), (6, "306-9000005-0000005"),
    ]  # fmt: skip
    assert [reason for *_, reason in told][1:4] == ["no Quantity", "no order number", "Quantity: “abc” is not a number"]


# The sums of the privacy export


def test_a_rows_own_shipping_charge_becomes_the_orders_shipping(tmp_path: Path, start: dict[str, str]) -> None:
    one = order(tmp_path, start, {"Shipping Charge": "3.99", "Total Discounts": "'-1.6'", "Total Owed": "14.29"})
    (line,) = one.lines
    assert (one.total, one.shipping, one.tax) == (1429, 399, 190)
    assert (line.unit_price, line.discount, line.tax, line.total) == (1000, 160, 190, 1030)
    assert (difference(one), line_difference(one, line)) == (0, 0)


def test_a_parcels_charge_repeated_on_each_row_but_shared_in_their_totals_counts_once(
    tmp_path: Path, start: dict[str, str]
) -> None:
    subtotal = {"Shipping Charge": "4.00", "Shipment Item Subtotal": "20.00"}
    one = order(tmp_path, start, subtotal | {"Total Owed": "13.40"}, subtotal | {"Total Owed": "14.40", "ASIN": "B000000002"})
    assert (one.total, one.shipping, [line.total for line in one.lines]) == (2780, 400, [1190, 1190])
    assert difference(one) == 0


def test_what_does_not_add_up_stays_as_stated(tmp_path: Path, start: dict[str, str]) -> None:
    one = order(tmp_path, start, {"Total Owed": "20.00", "Shipping Charge": "3.00"})
    assert (one.total, one.shipping, one.lines[0].total, one.lines[0].unit_price) == (2000, 0, 2000, 1000)
    assert line_difference(one, one.lines[0]) == 810


def test_the_rounding_of_a_units_tax_is_tax(tmp_path: Path, start: dict[str, str]) -> None:
    one = order(tmp_path, start, {"Quantity": "3", "Unit Price": "3.33", "Unit Price Tax": "0.33", "Total Owed": "10.99"})
    assert (one.lines[0].tax, one.lines[0].total, line_difference(one, one.lines[0])) == (100, 1099, 0)


def test_without_a_unit_price_the_rows_total_tells_it(tmp_path: Path, start: dict[str, str]) -> None:
    one = order(tmp_path, start, {"Quantity": "2", "Unit Price": "Not Available", "Unit Price Tax": "Not Available"})
    assert (one.lines[0].unit_price, one.lines[0].total, one.total) == (595, 1190, 1190)


def test_a_grouped_amount_in_apostrophes_and_yen_are_read(tmp_path: Path, start: dict[str, str]) -> None:
    yen = {"Currency": "JPY", "Unit Price": "'1,495'", "Unit Price Tax": "149", "Total Owed": "'1,644'"}
    one = order(tmp_path, start, yen)
    assert (one.currency, one.total, one.lines[0].unit_price) == ("JPY", 1644, 1495)


def test_a_free_replacement_is_an_order_of_nothing(tmp_path: Path, start: dict[str, str]) -> None:
    one = order(tmp_path, start, {"Unit Price": "0", "Unit Price Tax": "0", "Total Owed": "0"})
    assert (one.total, one.payment, len(one.shipments)) == (0, "paid", 1)


# Cancelled lines, parcels, gifts


def test_quantity_zero_is_a_cancelled_unit_and_its_money_stays(tmp_path: Path, start: dict[str, str]) -> None:
    gone = {"Quantity": "0", "ASIN": "B000000002", "Order Status": "Cancelled", "Ship Date": "Not Available"}
    one = order(tmp_path, start, {}, gone | {"Carrier Name & Tracking Number": "Not Available", "Total Owed": "2.00"})
    assert [(line.quantity, line.cancelled_quantity, line.total) for line in one.lines] == [(1, 0, 1190), (1, 1, 200)]
    assert (one.total, one.cancelled_at, difference(one)) == (1390, None, 0)
    assert [part.line for parcel in one.shipments for part in parcel.lines] == ["B000000001"]


def test_an_order_of_cancelled_lines_is_cancelled(tmp_path: Path, start: dict[str, str]) -> None:
    gone = {"Order Status": "Cancelled", "Shipment Status": "Not Available", "Ship Date": "Not Available", "Total Owed": "0"}
    one = order(tmp_path, start, gone | {"Carrier Name & Tracking Number": "", "Quantity": "2"})
    assert one.cancelled_at == one.placed_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert (one.lines[0].cancelled_quantity, one.payment, one.shipments) == (2, "unpaid", [])


def test_parcels_are_told_apart_by_tracking_number_else_by_ship_date(tmp_path: Path, start: dict[str, str]) -> None:
    untracked = {"Carrier Name & Tracking Number": "Not Available"}
    one = order(
        tmp_path,
        start,
        {"Quantity": "2", "Total Owed": "23.80"},
        {"Carrier Name & Tracking Number": "UPS(1Z999)", "ASIN": "B000000002"},
        {"ASIN": "B000000003"},
        untracked | {"ASIN": "B000000004"},
        untracked | {"ASIN": "B000000005", "Ship Date": "2024-05-03T08:00:00Z"},
    )
    assert [(parcel.id, parcel.carrier, [(part.line, part.quantity) for part in parcel.lines]) for parcel in one.shipments] == [
        ("00340000001", "DHL", [("B000000001", 2), ("B000000003", 1)]),
        ("1Z999", "UPS", [("B000000002", 1)]),
        ("2024-05-02T08:00:00Z", "", [("B000000004", 1)]),
        ("2024-05-03T08:00:00Z", "", [("B000000005", 1)]),
    ]
    assert {(parcel.state, parcel.status) for parcel in one.shipments} == {("dispatched", "unknown")}


def test_of_two_joined_ship_dates_the_first_counts(tmp_path: Path, start: dict[str, str]) -> None:
    joined = {"Ship Date": "2024-05-02T08:00:00.5Z and 2024-05-04T08:00:00Z", "Shipment Status": "Shipped and Shipped"}
    one = order(tmp_path, start, joined)
    assert [parcel.shipped_at for parcel in one.shipments] == [datetime(2024, 5, 2, 8, 0, 0, 500000, UTC)]


def test_the_same_item_twice_has_two_lines(tmp_path: Path, start: dict[str, str]) -> None:
    assert [line.id for line in order(tmp_path, start, {}, {}, {}).lines] == ["B000000001", "B000000001#2", "B000000001#3"]


def test_a_gift_message_keeps_its_line_breaks(tmp_path: Path, start: dict[str, str]) -> None:
    message = {"Gift Message": "Dear Bob,\nall the best!"}
    assert order(tmp_path, start, message, message | {"ASIN": "B000000002"}).gift_message == "Dear Bob,\nall the best!"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UPS(1Z999)", [("UPS", "1Z999")]),
        ("UPS Mail Innovations(9274)", [("UPS Mail Innovations", "9274")]),
        ("AMZN_US(TBA1) and USPS(9361)", [("AMZN_US", "TBA1"), ("USPS", "9361")]),
        ("ヤマト運輸 - 498765432101", [("ヤマト運輸", "498765432101")]),
        ("1Z9990000000", [("", "1Z9990000000")]),
        ("Rabbit", [("Rabbit", "")]),
        ("", []),
    ],
)
def test_carrier_and_number_are_taken_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert carriers(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Visa - 2512", [Payment(kind="card", brand="Visa", last_four="2512")]),
        ("American Express", [Payment(kind="card", brand="American Express")]),
        ("Amazon Gutschein", [Payment(kind="gift_card")]),
        ("SEPA", [Payment(kind="direct_debit", brand="SEPA")]),
        ("Gift Certificate/Card and Visa - 1", [Payment(kind="gift_card"), Payment(kind="other", brand="Visa - 1")]),
        ("Not Available", []),
    ],
)
def test_payments_are_told_apart(tmp_path: Path, start: dict[str, str], text: str, expected: list[Payment]) -> None:
    assert order(tmp_path, start, {"Payment Instrument Type": text}).payments == expected


# What is refused


def test_rows_of_an_order_may_be_scattered_and_long_numbers_stay_text(tmp_path: Path) -> None:
    long = {"Order ID": "90071992547409931234"}
    told = orders(found(put(tmp_path, history=table(OLD, long, {}, long | {"ASIN": "0465026850"}))))
    assert [(one.external_id, len(one.lines)) for one in told] == [("90071992547409931234", 2), ("306-1", 1)]


def test_one_bad_row_takes_its_order_and_no_other(tmp_path: Path) -> None:
    rows = [{}, {"Order ID": "306-2"}, {"Order ID": "306-2", "Ship Date": "soon"}, {"Order ID": "306-3"}]
    told = found(put(tmp_path, history=table(OLD, *rows)))
    assert refused(told) == [
        (3, "306-2", "refused with its order, see line 4: Ship Date: “soon” is not a date"),
        (4, "306-2", "Ship Date: “soon” is not a date"),
    ]
    assert [one.external_id for one in told if isinstance(one, OrderSnapshot)] == ["306-1", "306-3"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Order ID": "Not Available"}, "no order number"),
        ({"Order Date": "Not Available"}, "no Order Date"),
        ({"Currency": ""}, "no currency"),
        ({"Currency": "XYZ"}, "“XYZ” is no currency"),
        ({"Total Owed": "1,49"}, "Total Owed: “1,49” is not a number"),
        ({"Unit Price": "0.001"}, "Unit Price: “0.001” is not an amount in EUR"),
        ({"Quantity": "-1"}, "Quantity: -1 is negative"),
    ],
)
def test_a_row_is_refused_with_a_reason(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    assert [told for *_, told in refused(found(put(tmp_path, history=table(OLD, change))))] == [reason]


def test_several_currencies_in_a_file_are_fine_and_in_an_order_are_not(tmp_path: Path) -> None:
    pounds = {"Currency": "GBP", "Order ID": "203-1"}
    told = found(put(tmp_path, history=table(OLD, {}, pounds, {"Currency": "USD", "Order ID": "203-1"})))
    assert [one.currency for one in told if isinstance(one, OrderSnapshot)] == ["EUR"]
    assert refused(told)[1] == (4, "203-1", "two currencies in one order: GBP and USD")


def test_an_export_without_an_email_needs_a_customer(tmp_path: Path) -> None:
    assert refused(found(put(tmp_path, history=table(OLD, {})), customer="")) == [
        (2, "306-1", "no customer e-mail: pass --customer")
    ]


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    data = table(OLD, {}).rstrip() + b",more\r\n"
    assert "cells for" in refused(found(put(tmp_path, history=data)))[0][2]


def test_an_unknown_file_is_refused_with_the_columns_it_lacks(tmp_path: Path) -> None:
    lacking = {name: text for name, text in OLD.items() if name not in ("Order Date", "Quantity")}
    ((line, _, reason),) = refused(found(put(tmp_path, history=table(lacking, {}))))
    assert line == 0
    assert reason.endswith("for the order history these columns are missing: Order Date, Quantity or Original Quantity")


def test_an_empty_file_holds_nothing_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    assert found(put(tmp_path, history=b"")) == []
    assert "cannot be read" in refused(found([tmp_path / "nowhere.csv"]))[0][2]


# Digital orders and refunds


def test_digital_items_need_no_shipping(tmp_path: Path) -> None:
    free = {"OurPrice": "Not Applicable", "OurPriceTax": "Not Applicable", "ASIN": "B00DIGI009"}
    (one,) = orders(found(put(tmp_path, items=table(DIGITAL, {}, free))))
    assert [(line.needs_shipping, line.total) for line in one.lines] == [(False, 1069), (False, 0)]
    assert (one.external_id, one.total, one.tax, one.shipments, difference(one)) == ("D01-1", 1069, 70, [], 0)


def test_the_components_of_a_digital_item_are_added_up(tmp_path: Path) -> None:
    tax, promotion = {"Component Type": "Tax", "Transaction Amount": "1.36"}, {"Transaction Amount": "-13.59"}
    other = {"Digital Order Item ID": "item-2", "ASIN": "B00DIGI003", "Transaction Amount": "4.00"}
    (one,) = orders(
        found(put(tmp_path, content=table(COMPONENT, {}, tax, promotion, tax | {"Transaction Amount": "-1.36"}, other)))
    )
    assert [(line.unit_price, line.discount, line.tax, line.total) for line in one.lines] == [
        (1359, 1359, 0, 0),
        (400, 0, 0, 400),
    ]
    assert (one.currency, one.total, difference(one)) == ("AUD", 400, 0)


def test_an_unknown_component_of_money_is_refused(tmp_path: Path) -> None:
    told = refused(found(put(tmp_path, content=table(COMPONENT, {}, {"Component Type": "Tip"}))))
    assert told[1] == (3, "D01-2", "Component Type: “tip” is not known")


def test_a_refund_repeated_for_each_unit_counts_once(tmp_path: Path) -> None:
    later = {"Refund Date": "2024-06-20T09:00:00Z"}
    (one,) = amendments(found(put(tmp_path, refunds=table(REFUND, {}, {"Creation Date": "2024-06-14T10:31:00Z"}, later))))
    assert [(refund.amount, refund.state, refund.reason) for refund in one.refunds] == [
        (1190, "succeeded", "Customer return")
    ] * 2
    assert [refund.at for refund in one.refunds] == [
        datetime(2024, 6, 15, 9, 0, 0, 123000, UTC),
        datetime(2024, 6, 20, 9, tzinfo=UTC),
    ]


def test_where_only_dates_are_told_rows_alike_are_different_refunds(tmp_path: Path) -> None:
    day = {"Refund Date": "2024-06-15"}
    (one,) = amendments(found(put(tmp_path, refunds=table(REFUND, day, day))))
    first, second = (refund.id for refund in one.refunds)
    assert second == f"{first}#2"


def test_refund_ids_depend_on_what_was_refunded_and_not_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [{}, {"Refund Amount": "2.00"}, {"Refund Date": "2024-07-01T09:00:00Z"}]
    ids = [
        [refund.id for refund in amendments(found(put(tmp_path, refunds=table(REFUND, *some))))[0].refunds]
        for some in (rows, rows[::-1], rows[:1])
    ]
    assert ids[0] == ids[1][::-1]
    assert ids[0][:1] == ids[2]
    assert len(set(ids[0])) == 3


def test_refunds_come_after_the_orders_they_amend(tmp_path: Path) -> None:
    told = found(put(tmp_path, refunds=table(REFUND, {}), history=table(OLD, {})))
    assert [type(one) for one in told] == [OrderSnapshot, Amendment]


def test_payments_take_their_reason_from_the_returns_and_are_not_doubled_by_them(tmp_path: Path) -> None:
    payment = {
        "OrderID": "306-1", "ReversalID": "r-1", "RefundCompletionDate": "06/15/2024 09:00:00 UTC", "Currency": "EUR",
        "AmountRefunded": "11.90", "Status": "Completed", "DisbursementType": "Refund",
    }  # fmt: skip
    returned = {
        "OrderID": "306-1", "ReversalID": "r-1", "CreationDate": "06/14/2024 09:00:00 UTC", "Currency": "EUR",
        "DirectDebitRefundAmount": "11.90", "Quantity": "1", "ReversalReason": "Defective", "ReversalStatus": "Completed",
    }  # fmt: skip
    bank = {"ReversalID": "r-2", "DirectDebitRefundAmount": "3.00"}
    nothing = {"OrderID": "306-9", "ReversalID": "r-3", "DirectDebitRefundAmount": "0"}
    split = {"AmountRefunded": "2.10", "DisbursementType": "GiftCard", "Status": "Pending"}
    tables = {"a": table(returned, {}, {}, bank, nothing), "b": table(payment, {}, split)}
    (one,) = amendments(found(put(tmp_path, **tables)))
    assert [(refund.amount, refund.kind, refund.reason, refund.state) for refund in one.refunds] == [
        (300, "direct_debit", "Defective", "succeeded"),
        (1190, "other", "Defective", "succeeded"),
        (210, "other", "Defective", "pending"),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Refund Amount": "Not Available"}, "no Refund Amount"),
        ({"Refund Amount": "-1.00"}, "the amount of a refund is negative"),
        ({"Currency": "", "Refund Amount": "1400"}, "Refund Amount: the currency of “1400” is not known"),
    ],
)
def test_a_refund_is_refused_with_a_reason(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    assert refused(found(put(tmp_path, refunds=table(REFUND, change)))) == [(2, "306-1", reason)]


# The archive


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/") + ".csv", data)
    return path


def test_your_orders_zip_is_read_as_it_is(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "Your Orders.zip",
        **{
            "Your Orders__Your Returns & Refunds__Refund Details": table(REFUND, {}),
            "Your Orders__Your Amazon Orders__Order History": table(NEW, {}, {"Order ID": "306-2"}),
            "Your Orders__Your Amazon Orders__Cart History": b"Action,ASIN\r\nAdd,B0\r\n",
            "Digital-Ordering.1__Digital Items": table(DIGITAL, {}),
            "Retail.OrderHistory.1__Retail.OrderHistory.1": table(OLD, {"Order ID": "306-3"}),
        } | {"__MACOSX__Order History": b"\0\1"},
    )  # fmt: skip
    reading = Reading(merchant="amazon", customer=ALICE, total_bytes=path.stat().st_size)
    told = list(read([path], reading))
    assert [(type(one), one.external_id) for one in told] == [
        (OrderSnapshot, "306-1"), (OrderSnapshot, "306-2"), (OrderSnapshot, "306-3"),
        (OrderSnapshot, "D01-1"), (Amendment, "306-1"),
    ]  # fmt: skip
    assert (reading.rows, reading.done_bytes) == (5, reading.total_bytes)


def test_a_refused_row_names_the_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "Your Orders.zip", Orders=table(OLD, {"Quantity": "x"}))
    (one,) = found([path])
    assert isinstance(one, Rejected)
    assert (one.file, one.line) == ("Your Orders.zip: Orders.csv", 2)


def test_a_file_that_is_no_zip_and_one_without_orders_are_refused(tmp_path: Path) -> None:
    false = tmp_path / "false.zip"
    false.write_bytes(b"PK\3\4 and then nothing")
    other = archive(tmp_path / "other.zip", Carts=b"Action,ASIN\r\nAdd,B0\r\n")
    assert [reason for *_, reason in refused(found([false, other]))] == [
        "this is no zip archive, or a damaged one",
        "none of Amazon's order files is in this archive",
    ]


def test_an_archive_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "bomb.zip", Orders=table(OLD, {}) + b"x" * 100_000)
    monkeypatch.setattr(amazon_files, "LARGEST", 50_000)
    ((_, _, reason),) = refused(found([path]))
    assert "more than the 50000 allowed" in reason


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "secret.zip", Orders=table(OLD, {}))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    assert refused(found([path])) == [(0, "", "the archive is encrypted")]


def test_a_damaged_member_is_refused_whole_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "Your Orders.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        made.writestr("Order History.csv", table(OLD, *({"Order ID": f"306-{number}"} for number in range(9_000))))
        made.writestr("Digital Items.csv", table(DIGITAL, {}))
    data = bytearray(path.read_bytes())
    data[data.index(b"306-7000")] ^= 1  # only the checksum at the member's end can tell
    path.write_bytes(data)
    damaged, whole = found([path])
    assert isinstance(damaged, Rejected)
    assert "cannot be read beyond this line: Bad CRC-32" in damaged.reason
    assert isinstance(whole, OrderSnapshot)
    assert whole.external_id == "D01-1"


def test_where_reading_breaks_off_the_order_it_cut_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*arguments: object) -> Iterator[Row]:
        yield from islice(csv_rows(*arguments), 3)  # type: ignore[arg-type]
        raise OSError("unplugged")

    rows = [{}, {"Order ID": "306-2"}, {"Order ID": "306-2"}, {"Order ID": "306-2"}]
    paths = put(tmp_path, history=table(OLD, *rows))
    monkeypatch.setattr(amazon_files, "csv_rows", broken_off)
    told = found(paths)
    assert [one.external_id for one in told if isinstance(one, OrderSnapshot)] == ["306-1"]
    assert [(line, number) for line, number, _ in refused(told)] == [(3, "306-2"), (4, "306-2"), (4, "306-2")]
    assert refused(told)[2][2] == "the file cannot be read beyond this line: unplugged"


# Several exports at once


def test_an_order_in_two_exports_counts_once_in_its_later_state(tmp_path: Path) -> None:
    waiting = {"Order Status": "Open", "Shipment Status": "Pending", "Ship Date": "", "Carrier Name & Tracking Number": ""}
    (one,) = orders(found(put(tmp_path, old=table(OLD, waiting, waiting), new=table(NEW, {}, {}))))
    assert (len(one.lines), one.total, one.payment, len(one.shipments)) == (2, 2380, "paid", 1)


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    paths = put(tmp_path, history=table(OLD, {}, {}, {"Order ID": "306-2"}), refunds=table(REFUND, {}, {}))
    assert found(paths) == found(paths)
