import subprocess
import sys
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.grouping import attempted, grouped, nameless, once, unique
from app.ingest.rows import Row, RowError
from app.ingest.snapshot import Amendment, Rejected

pytestmark = pytest.mark.without_database

KEYS = st.lists(st.sampled_from(["A", "B", "C", "Ä", "", "12345678901234567890"]), max_size=40)


def row(line: int, order: str = "A", file: str = "a.csv", fault: str = "") -> Row:
    return Row(file, line, {"order": order}, fault)


def order_of(row: Row) -> str:
    return row.values["order"]


@given(KEYS)
def test_no_row_is_lost_or_doubled_and_orders_come_as_they_first_appeared(keys: list[str]) -> None:
    rows = [row(line, key) for line, key in enumerate(keys)]
    groups = list(grouped(rows, order_of))
    assert [key for key, _ in groups] == list(dict.fromkeys(keys))
    assert sorted(row.line for _, group in groups for row in group) == list(range(len(keys)))
    for key, group in groups:
        assert [row.line for row in group] == [line for line, name in enumerate(keys) if name == key]


def test_an_order_longer_than_a_run_stays_whole() -> None:
    rows = [row(line, "long" if line % 1000 else "short") for line in range(3000)]
    assert [(key, len(group)) for key, group in grouped(rows, order_of)] == [("short", 3), ("long", 2997)]


def test_rows_come_out_as_they_went_in() -> None:
    told = Row("a.csv", 7, {"order": "A", "note": "two\nlines é"}, "a fault")
    assert list(grouped([told], order_of)) == [("A", [told])]


def test_a_temporary_file_is_left_neither_at_the_end_nor_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    groups = grouped((row(line, str(line % 5000)) for line in range(60_000)), order_of)
    assert next(groups)[0] == "0"
    assert list(tmp_path.iterdir()) == []
    assert sum(1 for _ in groups) == 4999
    assert list(tmp_path.iterdir()) == []


MEASURE = """
import resource, sys
from app.ingest.grouping import grouped
from app.ingest.rows import Row
count = int(sys.argv[1])
rows = (Row("a.csv", i, {"order": str(i * 7919 % (count // 4)), "text": "x" * 100}) for i in range(count))
assert sum(len(group) for _, group in grouped(rows, lambda row: row.values["order"])) == count
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_number_of_rows() -> None:
    few, many = (
        int(subprocess.run([sys.executable, "-c", MEASURE, count], capture_output=True, check=True, text=True).stdout)
        for count in ("20000", "200000")
    )
    assert many - few < 24_000, f"{few} kB for 20,000 scattered rows, {many} kB for 200,000"


def test_a_row_that_cannot_be_taken_in_takes_its_order_with_it() -> None:
    rows = [row(2), row(3), row(4)]

    def build(number: str, rows: list[Row]) -> Amendment:
        raise RowError(rows[1], "Quantity: “x” is not a number")

    told = [(rejected.line, rejected.reason) for rejected in attempted("A", rows, build) if isinstance(rejected, Rejected)]
    assert told == [
        (2, "refused with its order, see line 3: Quantity: “x” is not a number"),
        (3, "Quantity: “x” is not a number"),
        (4, "refused with its order, see line 3: Quantity: “x” is not a number"),
    ]


def test_a_faulty_row_is_never_built_from() -> None:
    rows = [row(2), row(3, fault="3 cells for 2 columns", file="b.csv")]
    refused = list(attempted("A", rows, lambda number, rows: Amendment(source="", merchant="", external_id=number)))
    assert [(one.file, one.line, one.external_id) for one in refused if isinstance(one, Rejected)] == [
        ("a.csv", 2, "A"),
        ("b.csv", 3, "A"),
    ]
    assert "see line 3 of b.csv" in refused[0].reason  # type: ignore[union-attr]


def test_a_row_without_an_order_number_is_refused_alone() -> None:
    rows = [row(2, ""), row(3, "")]
    groups = list(grouped(rows, lambda row: order_of(row) or nameless(row)))
    refused = list(chain.from_iterable(attempted(key, group, lambda *_: None) for key, group in groups))
    assert refused == [
        Rejected(reason="no order number", line=2, file="a.csv"),
        Rejected(reason="no order number", line=3, file="a.csv"),
    ]


@given(st.lists(st.sampled_from(["A", "A#2", "A#3", "B", ""]), max_size=30))
def test_line_ids_are_unique_and_do_not_depend_on_what_follows(names: list[str]) -> None:
    taken: dict[str, int] = {}
    given_out = [unique(name, taken) for name in names]
    assert len(set(given_out)) == len(names)
    again: dict[str, int] = {}
    assert [unique(name, again) for name in names[: len(names) // 2]] == given_out[: len(names) // 2]


def test_a_repeated_name_is_numbered() -> None:
    taken: dict[str, int] = {}
    assert [unique("B0", taken) for _ in range(3)] == ["B0", "B0#2", "B0#3"]


def test_what_two_exports_both_tell_counts_once() -> None:
    old = [row(2, "x", "old.csv"), row(3, "x", "old.csv"), row(4, "y", "old.csv")]
    new = [row(2, "x", "new.csv"), row(3, "x", "new.csv"), row(4, "z", "new.csv")]
    assert [(one.file, order_of(one)) for one in once([*old, *new], order_of)] == [
        ("old.csv", "y"),
        ("new.csv", "x"),
        ("new.csv", "x"),
        ("new.csv", "z"),
    ]


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(["1.csv", "2.csv", "3.csv"])), max_size=30))
def test_as_many_stay_as_the_file_with_most_has(told: list[tuple[str, str]]) -> None:
    rows = [row(line, fact, file) for line, (fact, file) in enumerate(told)]
    by_file = Counter(told)
    most = {fact: max(by_file[fact, file] for file in ("1.csv", "2.csv", "3.csv")) for fact, _ in told}
    assert Counter(order_of(one) for one in once(rows, order_of)) == most
