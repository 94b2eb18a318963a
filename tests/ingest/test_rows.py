import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.reading import Reading
from app.ingest.rows import BLOCK, LONGEST, Row, csv_rows, header

pytestmark = pytest.mark.without_database


def rows_of(data: bytes | str, reading: Reading | None = None) -> list[Row]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(csv_rows(stream, reading or Reading(), "a.csv"))


def cells_of(data: bytes | str) -> list[dict[str, str]]:
    return [row.values for row in rows_of(data)]


def test_columns_are_read_by_their_stripped_names_behind_a_byte_order_mark() -> None:
    assert cells_of("\ufeff id , name\r\n1,Zoë\r\n".encode()) == [{"id": "1", "name": "Zoë"}]


def test_the_line_is_where_the_row_begins_also_after_quoted_line_breaks_and_blank_lines() -> None:
    rows = rows_of('id,note\r\n1,"two\r\nlines"\r\n\r\n2,x\r\n')
    assert [(row.line, row.values["note"]) for row in rows] == [(2, "two\r\nlines"), (5, "x")]
    assert {row.file for row in rows} == {"a.csv"}


def test_the_header_is_the_first_line_that_is_not_blank() -> None:
    assert [(row.line, row.values) for row in rows_of("\n\nid,n\n1,2\n")] == [(4, {"id": "1", "n": "2"})]


def test_old_macintosh_line_ends_are_line_ends() -> None:
    assert [(row.line, row.values["n"]) for row in rows_of("id,n\r1,2\r3,4\r")] == [(2, "2"), (3, "4")]


def test_what_is_not_utf8_is_windows_1252() -> None:
    assert cells_of("id,price\n1,5 €\n2,Müller\n".encode("cp1252")) == [
        {"id": "1", "price": "5 €"},
        {"id": "2", "price": "Müller"},
    ]


def test_a_byte_far_behind_the_first_block_decides_on_the_encoding() -> None:
    body = b"id,name\n" + b"1,plain\n" * (BLOCK // 4) + "2,Müller\n".encode("cp1252")
    assert cells_of(body)[-1] == {"id": "2", "name": "Müller"}


def test_a_character_across_two_blocks_is_one_character() -> None:
    start = b"id,name\n1,"
    body = start + b"x" * (BLOCK - len(start) - 1) + "é\n".encode()
    assert cells_of(body)[0]["name"].endswith("xé")


def test_utf16_with_a_byte_order_mark_is_read() -> None:
    assert cells_of("id\tname\n1\tZoë\n".encode("utf-16")) == [{"id": "1", "name": "Zoë"}]


def test_the_header_tells_the_separator() -> None:
    assert cells_of('id;"a;b";c\n1;"2,5";3\n') == [{"id": "1", "a;b": "2,5", "c": "3"}]
    assert cells_of("id\tb\n1,5\t2\n") == [{"id": "1,5", "b": "2"}]


def test_a_short_row_gives_what_is_there() -> None:
    assert cells_of("a,b,c\n1,2\n") == [{"a": "1", "b": "2"}]


def test_cells_beyond_the_header_are_a_fault_unless_they_are_empty() -> None:
    assert [row.fault for row in rows_of("a,b\n1,2,,\n1,2,3\n")] == ["", "3 cells for 2 columns"]


def test_a_quote_that_is_never_closed_is_a_fault_and_not_a_silent_loss_of_rows() -> None:
    rows = rows_of('a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert [(row.line, row.fault) for row in rows] == [(2, ""), (3, "a quote opened here is not closed in the 3 lines read")]
    assert rows[1].values["a"] == "3"


def test_a_file_cut_off_inside_a_quote_has_a_faulty_last_row() -> None:
    assert [bool(row.fault) for row in rows_of('a,b\n1,"2"\n3,"4')] == [False, True]


def test_an_inch_mark_is_no_open_quote() -> None:
    assert [(row.values["b"], row.fault) for row in rows_of('a,b\n1,FRAME 7" RED\n2,"7"" and\n9"""\n3,12"')] == [
        ('FRAME 7" RED', ""),
        ('7" and\n9"', ""),
        ('12"', ""),
    ]


def test_a_large_cell_is_read_and_an_endless_one_is_a_fault() -> None:
    large = "x" * (LONGEST - 10)
    assert cells_of(f"a,b\n1,{large}\n2,y\n") == [{"a": "1", "b": large}, {"a": "2", "b": "y"}]
    endless = rows_of('a,b\n1,"' + "x\n" * (LONGEST // 2 + 10) + "\n2,y\n")
    assert "never closed" in endless[0].fault
    assert endless[-1].values == {"a": "2", "b": "y"}


def test_nul_bytes_are_left_out() -> None:
    assert cells_of("a,b\n1\0,2\n") == [{"a": "1", "b": "2"}]


def test_an_empty_file_and_a_bare_header_have_no_rows() -> None:
    assert rows_of("") == []
    assert rows_of("\n \n") == []
    assert rows_of("a,b") == []


def test_reading_counts_rows_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes("id,name\n1,Zoë\n\n2,b\n".encode())
    reading = Reading()
    rows = list(csv_rows(path, reading))
    assert (reading.rows, reading.done_bytes) == (2, path.stat().st_size)
    assert rows[0].file == "orders.csv"


def test_a_stream_that_cannot_be_read_twice_is_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert [row.values for row in csv_rows(Pipe("a,b\n1,é\n".encode()), Reading())] == [{"a": "1", "b": "é"}]


def test_the_header_alone_can_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes("Bestellung;Größe\n1;2\n".encode("cp1252"))
    assert header(path) == ["Bestellung", "Größe"]
    assert header(io.BytesIO()) == []


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=20), st.sampled_from([",", ";", "\t"]))
def test_what_a_csv_program_writes_is_read_back(table: list[tuple[str, ...]], separator: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows([("a", "b", "c"), *table])
    rows = rows_of(written.getvalue())
    assert [tuple(row.values.values()) for row in rows] == table
    assert not any(row.fault for row in rows)
