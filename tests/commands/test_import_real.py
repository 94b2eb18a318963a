"""Real files through the command, compared with sums made independently of the app."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.ingest.reading import Reading
from app.ingest.rows import csv_rows
from tests.commands.conftest import Shell


@pytest.fixture
def amazon(shared_data: Path) -> list[str | Path]:
    return [
        "import",
        "amazon",
        *sorted(shared_data.glob("orders/amazon-order-history-report/*.csv")),
        "--customer",
        "me@example.com",
    ]


@pytest.fixture
def retail(shared_data: Path) -> list[Path]:
    return sorted(shared_data.glob("orders/online-retail-2010-12/*.csv"))


def rows_of(*paths: Path) -> Iterator[dict[str, str]]:
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


async def test_the_amazon_report_is_169_orders_and_228_lines_that_cost_what_it_says(
    shell: Shell, amazon: list[str | Path]
) -> None:
    told = shell.json(*amazon)
    assert {name: told[name] for name in ("rows", "orders", "lines", "new", "refused")} == {
        "rows": 228, "orders": 169, "lines": 228, "new": 169, "refused": 0,
    }  # fmt: skip
    paths = [path for path in amazon if isinstance(path, Path)]
    paid = sum(Decimal(row["Item Total"].replace("$", "").replace(",", "")) for row in rows_of(*paths))
    assert await shell.rows("SELECT sum(total) FROM order_lines") == [(paid * 100,)]
    assert await shell.rows("SELECT count(*), count(DISTINCT external_id) FROM orders") == [(169, 169)]
    assert await shell.rows("SELECT DISTINCT currency FROM orders") == [("USD",)]
    again = shell.json(*amazon)
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 169)


async def test_every_invoice_with_a_customer_lands_and_the_sums_are_those_of_the_files(
    shell: Shell, retail: list[Path]
) -> None:
    told = shell.json("import", "spreadsheet", *retail, "--mapping", "online-retail")
    bought: dict[str, Decimal] = defaultdict(Decimal)
    rows = lines = 0
    for row in rows_of(*retail):
        rows += 1
        if row["CustomerID"]:
            lines += 1
            bought[row["InvoiceNo"]] += int(row["Quantity"]) * Decimal(row["UnitPrice"])
    assert rows == told["rows"] == 42_481
    assert told["refused"] == rows - lines == 15_631
    assert (told["orders"], told["lines"], told["new"]) == (len(bought), lines, len(bought))
    kept = dict(await shell.rows("SELECT external_id, total FROM orders WHERE currency = 'GBP'"))
    assert kept == {invoice: int(total * 100) for invoice, total in bought.items()}
    assert await shell.count("orders") == len(kept)
    assert await shell.count("order_lines") == lines


async def test_every_refused_row_of_the_retailer_is_in_the_report_with_its_line(
    shell: Shell, retail: list[Path], tmp_path: Path
) -> None:
    done = shell("import", "spreadsheet", *retail, "--mapping", "online-retail", "--dry-run", "--report", tmp_path / "r.csv")
    assert done.returncode == 1
    told = [(row["file"], int(row["line"]), row["reason"]) for row in rows_of(tmp_path / "r.csv")]
    without = [
        (path.name, row.line, "no customer")
        for path in retail
        for row in csv_rows(path, Reading())
        if not row.values["CustomerID"]
    ]
    assert sorted(told) == sorted(without)
    assert await shell.count("orders") == 0


def found(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern))
    assert paths, pattern
    return paths


@pytest.mark.parametrize(
    ("source", "files"),
    [
        ("shopify", "orders/shopify-webhooks-2024-10/orders.*.json"),
        ("shopify", "orders/shopify-orders-csv/*.csv"),
        ("woocommerce", "orders/woocommerce-docs/json/*.json"),
        ("amazon", "orders/amazon-order-lens/*.csv"),
    ],
)
async def test_whatever_else_there_is_lands_or_is_refused_with_a_reason(
    shell: Shell, shared_data: Path, tmp_path: Path, source: str, files: str
) -> None:
    arguments = ["import", source, *found(shared_data, files), "--customer", "me@example.com", "--report", tmp_path / "r.csv"]
    told = shell.json(*arguments)
    reasons = [row["reason"] for row in rows_of(tmp_path / "r.csv")]
    assert len(reasons) == told["refused"]
    assert all(reasons)
    assert told["new"] == await shell.count("orders") > 0
    before = await shell.rows("SELECT * FROM orders ORDER BY id")
    again = shell.json(*arguments)
    assert again["new"] == 0
    assert await shell.rows("SELECT * FROM orders ORDER BY id") == before
    # Where a file holds an order twice, its first state is by now the older one.
    older = [row["reason"] for row in rows_of(tmp_path / "r.csv")].count("older than what is kept")
    assert again["refused"] == told["refused"] + older - reasons.count("older than what is kept")
