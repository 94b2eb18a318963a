"""Orders out of files: what lands, what is refused, what is said of it, and in which form."""

import csv
import os
import pty
from pathlib import Path

import msgspec
import pytest

from tests.builders import snapshot
from tests.commands.conftest import Shell
from tests.commands.orders_file import mapping, orders

KEYS = ["rows", "orders", "lines", "new", "updated", "unchanged", "refused", "seconds"]
TABLES = ("merchants", "customers", "orders", "order_lines", "events")


@pytest.fixture
def stall(tmp_path: Path) -> list[str | Path]:
    """The arguments that import ten orders of two lines, two of them without an e-mail."""
    path = orders(tmp_path / "orders.csv", 10, 2, nameless=2)
    return ["import", "spreadsheet", path, "--mapping", mapping(tmp_path)]


async def counts(shell: Shell) -> list[int]:
    return [await shell.count(table) for table in TABLES]


async def test_the_rest_lands_and_what_is_refused_is_told_with_line_and_reason(
    shell: Shell, stall: list[str | Path], tmp_path: Path
) -> None:
    done = shell(*stall, "--report", tmp_path / "refused.csv")
    assert done.returncode == 1
    assert "20 rows read: 8 orders with 16 lines" in done.stdout
    assert "8 new, 0 updated, 0 unchanged, 4 refused." in done.stdout
    with (tmp_path / "refused.csv").open(newline="") as file:
        told = list(csv.DictReader(file))
    assert [(row["file"], row["line"], row["external_id"]) for row in told] == [
        ("orders.csv", "2", "S-0"), ("orders.csv", "3", "S-0"), ("orders.csv", "4", "S-1"), ("orders.csv", "5", "S-1"),
    ]  # fmt: skip
    assert {row["reason"] for row in told} == {"no e-mail"}
    assert await counts(shell) == [1, 8, 8, 16, 16]


def test_without_a_report_the_reasons_are_summed_up_on_standard_error(shell: Shell, stall: list[str | Path]) -> None:
    done = shell(*stall)
    assert "        4 × no e-mail  (first: orders.csv line 2)" in done.stderr
    assert "--report FILE" in done.stderr


async def test_json_is_one_object_with_the_counts(shell: Shell, stall: list[str | Path]) -> None:
    told = shell.json(*stall)
    assert list(told) == KEYS
    assert {name: told[name] for name in KEYS[:-1]} == {
        "rows": 20, "orders": 8, "lines": 16, "new": 8, "updated": 0, "unchanged": 0, "refused": 4,
    }  # fmt: skip
    assert 0 < told["seconds"] < 60


async def test_importing_twice_changes_nothing(shell: Shell, stall: list[str | Path]) -> None:
    shell(*stall)
    before = [await shell.rows(f"SELECT * FROM {table} ORDER BY id") for table in TABLES]
    told = shell.json(*stall)
    assert (told["new"], told["updated"], told["unchanged"], told["refused"]) == (0, 0, 8, 4)
    assert [await shell.rows(f"SELECT * FROM {table} ORDER BY id") for table in TABLES] == before


def test_everything_landed_is_exit_code_0(shell: Shell, tmp_path: Path) -> None:
    path = orders(tmp_path / "orders.csv", 3)
    shell.works("import", "spreadsheet", path, "--mapping", mapping(tmp_path))


async def test_a_changed_row_updates_its_order_alone(shell: Shell, tmp_path: Path) -> None:
    path = orders(tmp_path / "orders.csv", 5, 1)
    shell.works("import", "spreadsheet", path, "--mapping", mapping(tmp_path))
    path.write_text(path.read_text().replace("S-3,2026-04-04T10:00:00Z", "S-3,2026-04-05T10:00:00Z"))
    told = shell.json("import", "spreadsheet", path, "--mapping", mapping(tmp_path))
    assert (told["new"], told["updated"], told["unchanged"]) == (0, 1, 4)


async def test_a_dry_run_counts_the_same_and_writes_nothing(shell: Shell, stall: list[str | Path]) -> None:
    rehearsed = shell.json(*stall, "--dry-run")
    assert await counts(shell) == [0, 0, 0, 0, 0]
    done = shell(*stall, "--dry-run")
    assert "“stall”: it would be made" in done.stdout
    assert "Nothing was written" in done.stdout
    real = shell.json(*stall)
    assert {**rehearsed, "seconds": 0} == {**real, "seconds": 0}
    before = await counts(shell)
    assert shell.json(*stall, "--dry-run")["unchanged"] == 8
    assert await counts(shell) == before


async def test_the_merchant_is_made_under_the_name_that_was_asked_for_and_it_is_said(
    shell: Shell, stall: list[str | Path]
) -> None:
    done = shell(*stall, "--merchant", "market", "--merchant-name", "Der Marktstand", "--zone", "Europe/Zurich")
    assert "There was no merchant “market”: it was made, called “Der Marktstand”." in done.stdout
    assert await shell.rows("SELECT slug, name, time_zone FROM merchants") == [("market", "Der Marktstand", "Europe/Zurich")]
    assert "There was no merchant" not in shell(*stall, "--merchant", "market").stdout


async def test_a_spreadsheets_merchant_is_called_after_its_mapping(shell: Shell, stall: list[str | Path]) -> None:
    shell(*stall)
    assert await shell.rows("SELECT slug FROM merchants") == [("stall",)]


def test_our_own_export_comes_in_again(shell: Shell, tmp_path: Path) -> None:
    made = [snapshot(str(number)) for number in range(3)]
    export = {"format": "comptoir-orders", "version": 1, "orders": made}
    (tmp_path / "orders.json").write_bytes(msgspec.json.encode(export))
    assert shell.json("import", "comptoir", tmp_path / "orders.json")["new"] == 3
    assert shell.json("import", "comptoir", tmp_path / "orders.json")["unchanged"] == 3


WRONG = {
    "an unknown source": (["import", "ebay", "{csv}"], "invalid choice: 'ebay'"),
    "no file": (["import", "amazon"], "FILE"),
    "a file that is not there": (["import", "amazon", "{csv}", "{folder}/none.csv"], "none.csv: there is no such file"),
    "a folder": (["import", "amazon", "{folder}"], "is not a file"),
    "no mapping": (["import", "spreadsheet", "{csv}"], "--mapping"),
    "an unknown mapping": (["import", "spreadsheet", "{csv}", "--mapping", "none"], "no mapping “none”"),
    "a mapping that is none": (["import", "spreadsheet", "{csv}", "--mapping", "{csv}"], "mapping orders.csv"),
    "a mapping that is not needed": (["import", "amazon", "{csv}", "--mapping", "{toml}"], "--mapping"),
    "no e-mail address": (["import", "amazon", "{csv}", "--customer", "alice"], "--customer: “alice”"),
    "an export for somebody else": (["import", "comptoir", "{csv}", "--customer", "me@example.com"], "names the customer"),
    "no short name": (["import", "amazon", "{csv}", "--merchant", "My Shop"], "--merchant: “My Shop”"),
    "no zone": (["import", "amazon", "{csv}", "--zone", "Paris"], "--zone: “Paris”"),
    "a zone outside": (["import", "amazon", "{csv}", "--zone", "../../etc/passwd"], "--zone"),
    "a report over the input": (["import", "amazon", "{csv}", "--report", "{csv}"], "one of the files"),
    "a report nowhere": (["import", "amazon", "{csv}", "--report", "{folder}/none/r.csv"], "No such file or directory"),
}


@pytest.mark.parametrize("case", WRONG)
async def test_wrong_usage_is_told_in_words_and_nothing_is_done(shell: Shell, tmp_path: Path, case: str) -> None:
    arguments, says = WRONG[case]
    path = orders(tmp_path / "orders.csv", 2)
    text = path.read_text()
    done = shell(*(word.format(csv=path, folder=tmp_path, toml=mapping(tmp_path)) for word in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert path.read_text() == text
    assert await counts(shell) == [0, 0, 0, 0, 0]


def test_tables_that_are_missing_are_told(bare: Shell, stall: list[str | Path]) -> None:
    done = bare(*stall)
    assert done.returncode == 2
    assert "run `python -m app migrate` first" in done.stderr


def test_a_terminal_gets_a_bar_with_rate_and_a_program_its_object_alone(shell: Shell, tmp_path: Path) -> None:
    path = orders(tmp_path / "orders.csv", 2_000)
    mine, theirs = pty.openpty()
    command = ["import", "spreadsheet", path, "--mapping", mapping(tmp_path), "--json"]
    process = shell.start(*command, stderr=theirs, TERM="xterm", COLUMNS="120")
    os.close(theirs)
    drawn = b""
    while block := _read(mine):
        drawn += block
    told, _ = process.communicate(timeout=60)
    os.close(mine)
    assert process.returncode == 0
    assert told.startswith('{"rows": 6000,')
    assert told.count("\n") == 1
    assert "Taking in" in drawn.decode()
    assert "lines/s" in drawn.decode()
    assert "100%" in drawn.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux answers EIO when the other side is closed
        return b""
