"""Rows of a CSV file by column name, whatever program wrote it; memory does not grow with the file.

Encoding: UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252. Separator: comma, semicolon or
tab, whichever cuts the header line into most names. A row that cannot be right is yielded with its `fault`.
"""

import codecs
import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from msgspec import Struct

from app.ingest.reading import Reading

LONGEST = 1 << 20  # characters of a line or a cell; beyond it a quote is open, or this is no CSV
BLOCK = 1 << 18
csv.field_size_limit(LONGEST)


class Row(Struct, array_like=True, gc=False):
    """`line` is the physical line, from 1, on which the row begins; a short row lacks its last columns.

    With a `fault` (too many cells, a quote never closed, a cell too long) the values are not to be trusted.
    """

    file: str
    line: int
    values: dict[str, str]
    fault: str = ""


class RowError(ValueError):
    """A row that cannot be taken in; its whole order is refused with it. `rows`: all with the same fault."""

    def __init__(self, row: Row, reason: str, rows: Sequence[Row] = ()) -> None:
        super().__init__(reason)
        self.row = row
        self.reason = reason
        self.rows = rows


def csv_rows(path: Path | IO[bytes], reading: Reading, name: str = "") -> Iterator[Row]:
    """The data rows, raising `reading.rows` and `reading.done_bytes`. A stream is read from its start and left open."""
    file = name or Path(str(getattr(path, "name", ""))).name
    with _seekable(path) as source:
        table = _Table(source, reading)
        for line, cells, fault in table.records():
            reading.rows += 1
            yield Row(file, line, dict(zip(table.names, cells)), fault)  # noqa: B905 (short rows are expected)


def header(path: Path | IO[bytes]) -> list[str]:
    """The column names alone, from the first block; empty for an empty file."""
    with _seekable(path) as source:
        return _Table(io.BytesIO(source.read(BLOCK)), Reading()).names


class _Table:
    """A CSV text opened: its names, then its records with the line each begins on."""

    def __init__(self, source: IO[bytes], reading: Reading) -> None:
        encoding = _encoding(source)
        source.seek(0)
        counted = io.BufferedReader(_Counted(source, reading), BLOCK)
        self._lines = _Lines(io.TextIOWrapper(counted, encoding, errors="replace", newline=""))
        first = next((line for line in self._lines if line.strip()), "")
        self._separator = max(",;\t", key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))
        self._reader = csv.reader(chain([first], self._lines), delimiter=self._separator)
        self.names = [name.strip().removeprefix("\ufeff") for name in next(self._reader, [])]

    def records(self) -> Iterator[tuple[int, list[str], str]]:
        lines = self._lines
        while True:
            start = lines.number + 1
            lines.taken.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                yield start, [], f"a cell of more than {LONGEST} characters: a quote that is never closed?"
                continue
            if cells:
                yield start, cells, self._fault(cells)

    def _fault(self, cells: list[str]) -> str:
        if len(cells) > len(self.names) and any(cells[len(self.names) :]):
            return f"{len(cells)} cells for {len(self.names)} columns"
        taken = self._lines.taken
        if len(taken) > 1 or not taken[0].endswith(("\n", "\r")):
            return _open_quote(taken, self._separator)
        return ""


def _open_quote(taken: list[str], separator: str) -> str:
    """A record over several lines, or cut off at the end of the file: were its quotes ever closed?"""
    if sum(line.count('"') for line in taken) % 2:
        try:
            list(csv.reader(taken, delimiter=separator, strict=True))
        except csv.Error:
            return f"a quote opened here is not closed in the {len(taken)} lines read"
    return ""


class _Lines:
    """Decoded lines without NUL, counted, the ones of the record at hand kept in `taken`."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line.replace("\0", "")


class _Counted(io.RawIOBase):
    """What is read of `source` raises `reading.done_bytes`; closing it leaves the source open."""

    def __init__(self, source: IO[bytes], reading: Reading) -> None:
        self._source = source
        self._reading = reading

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        block = self._source.read(len(buffer))
        buffer[: len(block)] = block
        self._reading.done_bytes += len(block)
        return len(block)


def _encoding(source: IO[bytes]) -> str:
    """Decided on all bytes, block by block. A last character cut in two does not make the file Windows-1252."""
    block = source.read(BLOCK)
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block:
            decoder.decode(block)
            block = source.read(BLOCK)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


@contextmanager
def _seekable(path: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """The file opened, or the stream itself; one that cannot be read twice is put into a temporary file."""
    if isinstance(path, Path):
        with path.open("rb") as source:
            yield source
    elif path.seekable():
        path.seek(0)
        yield path
    else:
        with TemporaryFile() as copy:
            shutil.copyfileobj(path, copy)
            copy.seek(0)
            yield copy
