import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.reading import Reading
from app.ingest.snapshot import Address, OrderSnapshot, Person, Rejected, difference, line_difference
from app.ingest.spreadsheet import mapping_path, read
from app.ingest.spreadsheet.fields import taker
from app.ingest.spreadsheet.mapping import BadMapping, load

pytestmark = pytest.mark.without_database

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "orders" / "online-retail-2010-12"
MAPPING = """
source = "shop"
currency = "EUR"
zone = "Europe/Paris"
dates = "%d.%m.%Y"
point = ","
cancellation_prefix = "R"
float_text = ["Client"]
skip_blank = ["Nr"]

[refuse_blank]
Client = "no client"

[order]
id = "Nr"
placed_at = "Date"
email = "client-{Client}@shop.invalid"
shipping = "Postage"
note = ["Remark", "Nr/{Client}"]

[line]
sku = "Ref"
title = ["Title", "Ref"]
quantity = "Qty"
unit_price = "Price"
tax = "VAT"

[shipping_address]
name = "Name"
street = "Street"
postal_code = "Zip"
city = "City"
country = "Country"
"""
COLUMNS = "Nr;Date;Client;Postage;Remark;Ref;Title;Qty;Price;VAT;Name;Street;Zip;City;Country"
ROW = "7;24.12.2021;31.0;4,90;;L1;Lampe;2;1.234,50;24,69;Zoë Martin;1 rue Une;75001;Paris;France"


def put(folder: Path, *rows: str, mapping: str = MAPPING, header: str = COLUMNS) -> tuple[list[Path], Reading]:
    (folder / "own.toml").write_text(mapping)
    path = folder / "orders.csv"
    path.write_text("\r\n".join([header, *rows]) + "\r\n")
    return [path], Reading(merchant="shop", mapping=folder / "own.toml")


def found(folder: Path, *rows: str, mapping: str = MAPPING, header: str = COLUMNS) -> list[OrderSnapshot | Rejected]:
    return list(read(*put(folder, *rows, mapping=mapping, header=header)))  # type: ignore[arg-type]


def order(folder: Path, *rows: str, mapping: str = MAPPING) -> OrderSnapshot:
    (only,) = found(folder, *rows, mapping=mapping)
    assert isinstance(only, OrderSnapshot), only
    return only


def refused(folder: Path, *rows: str, mapping: str = MAPPING) -> list[tuple[int, str, str]]:
    return [
        (one.line, one.external_id, one.reason) for one in found(folder, *rows, mapping=mapping) if isinstance(one, Rejected)
    ]


# The shipped mapping and the real files


def online_retail() -> list[Path]:
    paths = sorted(SHARED.glob("*.csv"))
    if not paths:
        pytest.skip(f"the real input is not here: {SHARED}")
    return paths


def test_online_retail_gives_every_invoice_with_a_customer_and_its_sum() -> None:
    paths = online_retail()
    sums: dict[str, Decimal] = defaultdict(Decimal)
    lines: Counter[str] = Counter()
    without: list[tuple[str, int]] = []
    for path in paths:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            for row in reader:
                if row["CustomerID"]:
                    sums[row["InvoiceNo"]] += Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
                    lines[row["InvoiceNo"]] += 1
                else:
                    without.append((path.name, reader.line_num))
    reading = Reading(merchant="retail", mapping=mapping_path("online-retail"))
    told = list(read(paths, reading))
    orders = [one for one in told if isinstance(one, OrderSnapshot)]
    assert (len(orders), len(without), reading.rows) == (1708, 15631, 42481)
    assert {one.external_id: Decimal(one.total) / 100 for one in orders} == sums
    assert {one.external_id: len(one.lines) for one in orders} == lines
    assert {one.currency for one in orders} == {"GBP"}
    assert sum(one.total for one in orders) == 55460402
    assert [one.external_id for one in orders] == list(sums)
    bad = [one for one in told if isinstance(one, Rejected)]
    assert sorted((one.file, one.line) for one in bad) == sorted(without)
    assert {one.reason for one in bad} == {"no customer"}
    assert not any(difference(one) or any(line_difference(one, line) for line in one.lines) for one in orders)
    assert all(len({line.id for line in one.lines}) == len(one.lines) for one in orders)


def test_an_online_retail_cancellation_is_an_order_of_cancelled_lines_with_a_negative_total() -> None:
    reading = Reading(merchant="retail", mapping=mapping_path("online-retail"))
    told = {one.external_id: one for one in read(online_retail(), reading) if isinstance(one, OrderSnapshot)}
    assert sum(number.startswith("C") for number in told) == 308
    credit = told["C537444"]
    (line,) = credit.lines
    assert (line.quantity, line.cancelled_quantity, line.unit_price, line.total) == (8, 8, -595, -4760)
    assert (credit.total, credit.payment) == (-4760, "refunded")
    assert credit.cancelled_at == credit.placed_at == datetime(2010, 12, 7, 8, 42, tzinfo=UTC)
    assert credit.customer.email == "customer-14850@online-retail.invalid"
    assert all((one.cancelled_at is not None) == number.startswith("C") for number, one in told.items())


def test_an_order_of_1114_lines_scattered_over_two_files_is_one_order(tmp_path: Path) -> None:
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    for name, lines in (("a", range(600)), ("b", range(600, 1114))):
        rows = [f"573585,{number},THING {number},2,2011-10-31 14:41:00,0.83,14096.0,EIRE" for number in lines]
        between = [f"{number},X,OTHER,1,2011-10-31 14:41:00,1.0,1.0,Germany" for number in lines[::50]]
        mixed = [row for number, row in enumerate(rows) for row in (row, *between[number // 50 :][: number % 50 == 0])]
        (tmp_path / f"{name}.csv").write_text("\n".join([header, *mixed]) + "\n")
    reading = Reading(merchant="retail", mapping=mapping_path("online-retail"))
    told = [one for one in read([tmp_path / "a.csv", tmp_path / "b.csv"], reading) if isinstance(one, OrderSnapshot)]
    assert (told[0].external_id, len(told[0].lines), told[0].total) == ("573585", 1114, 1114 * 166)
    assert told[0].billing_address == Address(lines=["EIRE"], country="IE")
    assert len(told) == 1 + 12 + 11


# One's own mapping


def test_a_mapping_tells_every_field(tmp_path: Path) -> None:
    one = order(tmp_path, ROW, "7;24.12.2021;31.0;;;L2;;1;0,10;;;;;;")
    first, second = one.lines
    assert (one.source, one.merchant, one.external_id, one.number) == ("shop", "shop", "7", "7")
    assert one.customer == Person(email="client-31@shop.invalid")
    assert one.placed_at == datetime(2021, 12, 24, 11, 0, tzinfo=UTC)  # noon in Paris
    assert (first.id, first.title, first.quantity, first.unit_price, first.tax, first.total) == (
        "L1",
        "Lampe",
        2,
        123450,
        2469,
        249369,
    )
    assert (second.title, second.total) == ("L2", 10)
    assert (one.shipping, one.tax, one.total, difference(one)) == (490, 2469, 249869, 0)
    assert one.note == "Nr/31"
    assert one.shipping_address == Address(
        lines=["Zoë Martin", "1 rue Une", "75001 Paris", "France"],
        name="Zoë Martin",
        street="1 rue Une",
        postal_code="75001",
        city="Paris",
        country="FR",
    )


def test_a_stated_total_is_kept_even_when_it_is_not_the_sum(tmp_path: Path) -> None:
    mapping = MAPPING.replace('shipping = "Postage"', 'total = "Postage"')
    assert (order(tmp_path, ROW, mapping=mapping).total, difference(order(tmp_path, ROW, mapping=mapping))) == (
        490,
        490 - 249369,
    )


def test_a_negative_quantity_is_that_many_cancelled_units_at_a_negative_price(tmp_path: Path) -> None:
    one = order(tmp_path, ROW, ROW.replace(";2;1.234,50;24,69", ";-3;1,00;"))
    credit = one.lines[1]
    assert (credit.id, credit.quantity, credit.cancelled_quantity, credit.unit_price, credit.total) == (
        "L1#2",
        3,
        3,
        -100,
        -300,
    )
    assert (one.cancelled_at, difference(one)) == (None, 0)


def test_a_line_of_nothing_is_not_a_cancellation(tmp_path: Path) -> None:
    one = order(tmp_path, ROW.replace(";2;", ";0;"))
    assert (one.lines[0].quantity, one.lines[0].cancelled_quantity, one.cancelled_at) == (0, 0, None)


def test_a_cancellation_is_told_by_the_prefix_of_its_number(tmp_path: Path) -> None:
    one = order(tmp_path, "R" + ROW)
    assert one.cancelled_at == one.placed_at
    assert [line.cancelled_quantity for line in one.lines] == [2]


def test_rows_to_skip_are_passed_over_and_rows_to_refuse_are_told(tmp_path: Path) -> None:
    told = found(tmp_path, ROW, ";;;;subtotal;;;;;;;;;;", ROW.replace("7;", "8;", 1).replace("31.0", ""))
    assert [one.external_id for one in told] == ["7", "8"]
    assert isinstance(told[1], Rejected)
    assert (told[1].line, told[1].reason) == (4, "no client")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("24.12.2021", "12/24/2021", "Date: “12/24/2021” is not a date"),
        ("24.12.2021", "", "no Date"),
        (";2;", ";two;", "Qty: “two” is not a number"),
        (";2;", ";;", "no Qty"),
        ("1.234,50", "1,234.50", "Price: “1,234.50” is not a number"),
        ("1.234,50", "0,001", "Price: “0,001” is not an amount in EUR"),
        ("France", "France;;x", "17 cells for 15 columns"),
    ],
)
def test_a_bad_cell_refuses_the_order_with_the_column(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert refused(tmp_path, ROW, ROW.replace(old, new, 1), ROW.replace("7;", "8;", 1)) == [
        (2, "7", f"refused with its order, see line 3: {reason}"),
        (3, "7", reason),
    ]


def test_one_order_has_one_customer(tmp_path: Path) -> None:
    ((*_, reason), _) = sorted(refused(tmp_path, ROW, ROW.replace("31.0", "32.0")), reverse=True)
    assert reason == "Client: “client-31@shop.invalid” and “client-32@shop.invalid” in one order"


def test_a_file_without_emails_takes_the_one_given(tmp_path: Path) -> None:
    mapping = MAPPING.replace('email = "client-{Client}@shop.invalid"', "")
    paths, reading = put(tmp_path, ROW, mapping=mapping)
    assert [one.reason for one in read(paths, reading) if isinstance(one, Rejected)] == [
        "no customer e-mail: pass --customer, or map `order.email`"
    ]
    reading.customer = "alice@example.com"
    assert [one.customer.email for one in read(paths, reading) if isinstance(one, OrderSnapshot)] == ["alice@example.com"]


def test_currencies_may_stand_in_a_column(tmp_path: Path) -> None:
    mapping = MAPPING.replace("[line]", 'currency = "Remark"\n[line]').replace('currency = "EUR"\n', "", 1)
    yen, none = ROW.replace("4,90;", "490;JPY").replace("1.234,50", "1.234").replace("24,69", "25"), ROW.replace("7;", "8;", 1)
    first, second = found(tmp_path, yen, none, mapping=mapping)
    assert isinstance(first, OrderSnapshot)
    assert (first.currency, first.lines[0].unit_price, first.total) == ("JPY", 1234, 2468 + 25 + 490)
    assert isinstance(second, Rejected)
    assert second.reason == "no currency"


def test_a_file_that_lacks_a_mapped_column_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    paths, reading = put(tmp_path, ROW)
    other = tmp_path / "other.csv"
    other.write_text("Nr;Date;Client\n1;24.12.2021;3\n")
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    refusal, taken = read([other, empty, *paths], reading)
    assert isinstance(refusal, Rejected)
    assert refusal.reason.startswith("columns of the mapping are not in the file: Postage, Remark, Title, Ref, ")
    assert taken.external_id == "7"


# Errors in a mapping, told before a row is read


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('source = "shop"', "", "missing required field `source`"),
        ('source = "shop"', 'sauce = "shop"', "unknown field `sauce`"),
        ('sku = "Ref"', 'skew = "Ref"', "unknown field `skew` - at `$.line`"),
        ('quantity = "Qty"', "quantity = 3", "Expected `str | array`, got `int` - at `$.line.quantity`"),
        ('quantity = "Qty"', 'quantity = ""', "`line.quantity` names no column"),
        ('currency = "EUR"', "", "the currency is missing"),
        ('currency = "EUR"', 'currency = "EURO"', "“EURO” is no currency"),
        ("Europe/Paris", "Europe/Lutetia", "“Europe/Lutetia” is no time zone"),
        ("%d.%m.%Y", "dd.mm.yyyy", "“dd.mm.yyyy” is neither"),
        ('point = ","', 'point = ";"', "Invalid enum value ';'"),
        ("[order]", "[order", "mapping own.toml: "),
    ],
)
def test_a_faulty_mapping_is_refused_before_anything_is_read(tmp_path: Path, old: str, new: str, fault: str) -> None:
    paths, reading = put(tmp_path, ROW, mapping=MAPPING.replace(old, new, 1))
    with pytest.raises(BadMapping) as told:
        read(paths, reading)
    assert fault in str(told.value)
    assert reading.rows == 0


def test_a_spreadsheet_needs_a_mapping() -> None:
    with pytest.raises(BadMapping, match="--mapping"):
        read([], Reading())


def test_a_mapping_is_found_by_name_or_path_and_the_shipped_ones_are_listed(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(MAPPING)
    assert mapping_path(str(own)) == own
    assert mapping_path("online-retail").name == "online-retail.toml"
    for name in ("nothing", "../mappings/online-retail", ""):
        with pytest.raises(ValueError, match="shipped are online-retail"):
            mapping_path(name)


def test_every_shipped_mapping_is_sound() -> None:
    for path in mapping_path("online-retail").parent.glob("*.toml"):
        assert load(path).source == path.stem


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text("xyz ", max_size=3)))
def test_a_template_is_blank_when_one_of_its_columns_is(values: dict[str, str]) -> None:
    text = taker(["{a}-{b}", "c"], [])(values)
    one, two, three = (values.get(name, "").strip() for name in ("a", "b", "c"))
    assert text == (f"{one}-{two}" if one and two else three)


def test_numbers_written_as_floats_lose_their_point_only_where_the_mapping_says_so() -> None:
    assert taker("id", ["id"])({"id": "17850.0"}) == "17850"
    assert taker("id", ["id"])({"id": "10.00"}) == "10.00"
    assert taker("id", [])({"id": "17850.0"}) == "17850.0"
