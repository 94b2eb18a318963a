"""What is shown: every shape of file is read with flat memory, numbers exactly, and an error says where it is."""

import json
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest import json_text
from app.ingest.json_records import Found, is_json, records
from app.ingest.reading import Reading
from app.ingest.snapshot import Rejected

pytestmark = pytest.mark.without_database

A, B = {"id": 1}, {"id": 2}
SCALARS = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def read(path: Path, content: str | bytes, reading: Reading | None = None) -> list[Found | Rejected]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(records(path, reading or Reading()))


def values(found: list[Found | Rejected]) -> list[Any]:
    return [each.value for each in found if isinstance(each, Found)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.json"


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": 1}, {"id": 2}]',
        '{"id": 1}\n{"id": 2}\n',
        '{"id": 1}{"id": 2}',
        '{"count": 2, "orders": [{"id": 1}, {"id": 2}], "next": null}',
        '{"orders": [{"id": 1}]}\n{"orders": [{"id": 2}]}',
        '{"orders": [{"id": 1}]}\n{"id": 2}',
        '\ufeff \r\n [{"id":1}]\n[\n{"id":2}\n]\n',
    ],
)
def test_a_file_of_any_shape_gives_its_two_records(file: Path, content: str) -> None:
    reading = Reading()
    assert values(read(file, content, reading)) == [A, B]
    assert reading.rows == 2
    assert is_json(file)


@pytest.mark.parametrize("content", ["", " \n", "[]", '{"orders": []}'])
def test_a_file_without_records_gives_nothing(file: Path, content: str) -> None:
    assert read(file, content) == []


def test_the_bytes_read_are_counted_up_to_the_size_of_the_file(file: Path) -> None:
    reading = Reading()
    read(file, "[" + ",".join(['{"id": 1, "name": "Zoë"}'] * 9_000) + "]", reading)
    assert reading.done_bytes == file.stat().st_size > 3 * json_text.CHUNK
    assert reading.rows == 9_000


def test_records_of_a_batch_tell_which_list_held_them(file: Path) -> None:
    file.write_text('{"create": [{"id": 1}], "delete": [{"id": 2}]}')
    assert list(records(file, Reading(), ("create", "delete"))) == [Found(1, A, "create"), Found(2, B, "delete")]


def test_numbers_keep_every_digit(file: Path) -> None:
    found = values(read(file, '[{"id": 820982911946154508, "long": 36893488147419103233, "price": 0.1000000000000000055}]'))
    assert found == [{"id": 820982911946154508, "long": 36893488147419103233, "price": Decimal("0.1000000000000000055")}]


def test_a_list_that_breaks_in_the_middle_gives_what_came_before_and_the_place(file: Path) -> None:
    content = '[{"name": "Zoë"},\n{"id": 2},\n{"id": }, {"id": 4}]'
    *before, broken = read(file, content)
    assert values(before) == [{"name": "Zoë"}, B]
    assert isinstance(broken, Rejected)
    assert broken.reason.startswith(f"broken JSON at byte {content.encode().index(b'}, {')}:")
    assert (broken.file, broken.line) == ("orders.json", 3)


def test_a_broken_line_between_whole_ones_is_refused_alone(file: Path) -> None:
    first, broken, last = read(file, '{"id": 1}\n{"id": 5, "na\n{"id": 2}\n')
    assert values([first, last]) == [A, B]
    assert isinstance(broken, Rejected)
    assert broken.line == 2


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        ('{"id"', "Expecting ':'"),
        ('{"id": 2', "Expecting ','"),
        ("", "Expecting value"),
        ("{}] x", "Expecting value"),
        ("NaN]", "NaN is no number"),
        ("1" * 5_000 + "]", "4300 digits"),
        ("[" * 200_000 + "]" * 200_000 + "]", "nested too deeply"),
    ],
)
def test_a_file_that_ends_or_goes_on_as_no_json_is_refused_after_its_first_record(file: Path, rest: str, why: str) -> None:
    first, *others, broken = read(file, '[{"id": 1},' + rest)
    assert values([first]) == [A]
    assert all(isinstance(each, Found) for each in others)
    assert isinstance(broken, Rejected)
    assert why in broken.reason


def test_bytes_that_are_not_utf8_are_refused_where_they_stand(file: Path) -> None:
    first, broken = read(file, b'[{"id": 1},\n{"name": "Zo\xeb"}]')
    assert values([first]) == [A]
    assert broken == Rejected(reason="broken JSON at byte 24: not UTF-8 text", line=2, file="orders.json")


def test_a_record_larger_than_memory_should_hold_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "CHUNK", 100)
    monkeypatch.setattr(json_text, "LARGEST_VALUE", 1_000)
    first, broken = read(file, '[{"id": 1}, {"name": "' + "x" * 5_000 + '"}]')
    assert values([first]) == [A]
    assert isinstance(broken, Rejected)
    assert "a value of more than" in broken.reason


@given(st.lists(VALUES), st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_wherever_the_chunks_cut_a_file_its_records_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, every: list[Any], size: int, indent: int | None, ascii_only: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "chunks.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "CHUNK", size)
        patch.setattr(json_text, "CUT_OFF", 16)
        text = json.dumps(every, indent=indent, ensure_ascii=ascii_only)
        assert values(read(path, text)) == every


@given(st.lists(st.dictionaries(st.text(), SCALARS)), st.integers(1, 40))
def test_one_object_a_line_is_the_same_wherever_the_chunks_cut(
    tmp_path_factory: pytest.TempPathFactory, every: list[Any], size: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "CHUNK", size)
        assert values(read(path, "\n".join(json.dumps(each) for each in every))) == every


@pytest.mark.parametrize("shape", ['{{"count": 1, "orders": [{}]}}', "[{}]", "{}"])
def test_memory_does_not_grow_with_the_file(file: Path, shape: str) -> None:
    def most_memory(count: int) -> int:
        record = json.dumps({"id": 1, "note": "n" * 1_000})
        file.write_text(shape.format(("," if "[" in shape else "\n").join([record] * count)))
        tracemalloc.start()
        number = sum(isinstance(each, Found) for each in records(file, Reading()))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert number == count
        return most

    assert most_memory(8_000) < most_memory(500) + 100_000  # 8 MB of JSON
