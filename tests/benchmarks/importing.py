"""The import as an operator runs it, on files made for it: lines a second, and how much memory it took."""

import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.patterns import LINES, LINES_WEIGHTS

MAPPING = """
source = "bench"
currency = "EUR"
prices_include_tax = true
[order]
id = "Order"
placed_at = "Placed"
email = "Email"
customer_name = "Name"
[line]
sku = "SKU"
title = "Title"
quantity = "Quantity"
unit_price = "Price"
[shipping_address]
name = "Name"
street = "Street"
postal_code = "Postcode"
city = "City"
country = "Country"
"""
COLUMNS = "Order", "Placed", "Email", "Name", "SKU", "Title", "Quantity", "Price", "Street", "Postcode", "City", "Country"
CUSTOMERS = 5_000


class Imported(Struct):
    """`seconds` as the import tells them; `cpu` seconds of the process. `memory` is the most it had of its own, in bytes:
    the database's file, of which SQLite maps 256 MB, is the kernel's cache and not counted; `resident` has it in."""

    lines: int
    orders: int
    seconds: float
    cpu: float
    memory: int
    resident: int

    @property
    def rate(self) -> float:
        return self.lines / self.seconds


def imported(database: Database, lines: int) -> Imported:
    """Into a fresh database."""
    file, mapping = database.place / "orders.csv", database.place / "bench.toml"
    mapping.write_text(MAPPING)
    write(file, lines)
    database.run("app", "migrate")
    command = [sys.executable, "-m", "app", "import", "spreadsheet", str(file), "--mapping", str(mapping), "--json"]
    process = subprocess.Popen(command, env=database.environment, cwd=ROOT, stdout=subprocess.PIPE)
    memory = 0
    while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
        memory = max(memory, own_memory(process.pid))
        time.sleep(0.02)
    _pid, status, usage = ended
    assert process.stdout is not None
    said = json.loads(process.stdout.read())
    process.returncode = os.waitstatus_to_exitcode(status)
    assert (process.returncode, said["lines"] >= lines) == (0, True), said
    cpu = usage.ru_utime + usage.ru_stime
    return Imported(said["lines"], said["orders"], said["seconds"], cpu, memory, usage.ru_maxrss * 1024)


def own_memory(pid: int) -> int:
    """Bytes; 0 when the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon"))


def write(path: Path, lines: int) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(lines))


def _rows(lines: int) -> Iterator[tuple[object, ...]]:
    """Whole orders until there are enough lines."""
    chance, order, written = random.Random(lines), 0, 0
    first = datetime(2024, 1, 1, tzinfo=UTC)
    while written < lines:
        order += 1
        who = chance.randrange(CUSTOMERS)
        placed = (first + timedelta(minutes=order)).isoformat()
        person = f"customer-{who}@bench.example", f"Camille Morel {who}"
        address = f"{who % 200} rue des Lilas", f"{69000 + who % 9}", "Lyon", "France"
        for _ in range(chance.choices(LINES, LINES_WEIGHTS)[0]):
            written += 1
            sku = chance.randrange(400)
            price = f"{chance.randrange(100, 20_000) / 100:.2f}"
            yield (
                f"B-{order}",
                placed,
                *person,
                f"SKU-{sku}",
                f"Teapot “Brume” no. {sku}",
                chance.randrange(1, 4),
                price,
                *address,
            )
