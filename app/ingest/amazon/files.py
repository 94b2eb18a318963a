"""The CSV files to be read: given as they are, or members of `Your Orders.zip`, which is not unpacked."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from app.ingest.amazon.layouts import Layout, layout_of, unknown
from app.ingest.reading import Reading
from app.ingest.rows import Row, csv_rows, header
from app.ingest.snapshot import Rejected

LARGEST = 4 << 30  # bytes of all CSV members together; a household's whole history is some MB
DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
ENCRYPTED = 1


@dataclass(frozen=True)
class Table:
    """A CSV file of a known layout; `member` is its name inside the zip."""

    path: Path
    layout: Layout
    member: str = ""

    def rows(self, reading: Reading) -> Iterator[Row]:
        """Its rows; damage found on the way ends them with a row that says so, and whose order is refused."""
        name = f"{self.path.name}: {self.member}" if self.member else self.path.name
        row = Row(name, 0, {})
        try:
            with _opened(self.path, self.member) as stream:
                for row in csv_rows(stream, reading, name):
                    yield row
        except DAMAGE as error:
            yield Row(name, row.line, row.values, f"the file cannot be read beyond this line: {error}")


def tables(paths: list[Path], reading: Reading) -> Iterator[Table | Rejected]:
    for path in paths:
        try:
            yield from _members(path, reading) if is_zipfile(path) else _plain(path)
        except DAMAGE as error:
            yield Rejected(reason=f"the file cannot be read: {error}", file=path.name)


def _plain(path: Path) -> Iterator[Table | Rejected]:
    """An empty file holds no orders: nothing to read, nothing to refuse."""
    if path.suffix.lower() == ".zip" and path.stat().st_size:
        yield Rejected(reason="this is no zip archive, or a damaged one", file=path.name)
    elif names := header(path):
        layout = layout_of(names)
        yield Table(path, layout) if layout else Rejected(reason=unknown(names), file=path.name)


def _members(path: Path, reading: Reading) -> Iterator[Table | Rejected]:
    """The known tables of an archive; it also holds carts, reviews, invoices and photographs, which are passed over."""
    with ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if _is_csv(info)]
        if reason := _danger(infos):
            yield Rejected(reason=reason, file=path.name)
            return
        found: list[ZipInfo] = []
        for info in infos:
            with archive.open(info) as stream:
                layout = layout_of(header(stream))
            if layout:
                found.append(info)
                yield Table(path, layout, info.filename)
    if not found:
        yield Rejected(reason="none of Amazon's order files is in this archive", file=path.name)
    # What will be read is the members unpacked, not the archive.
    reading.total_bytes += sum(info.file_size for info in found) - path.stat().st_size


def _is_csv(info: ZipInfo) -> bool:
    return info.filename.lower().endswith(".csv") and not info.filename.startswith("__MACOSX/")


def _danger(infos: list[ZipInfo]) -> str:
    """A bomb is told by the sizes it declares: `zipfile` reads no more of a member than it declares."""
    if any(info.flag_bits & ENCRYPTED for info in infos):
        return "the archive is encrypted"
    size = sum(info.file_size for info in infos)
    return f"the archive unpacks to {size} bytes, more than the {LARGEST} allowed" if size > LARGEST else ""


@contextmanager
def _opened(path: Path, member: str) -> Iterator[Path | IO[bytes]]:
    if not member:
        yield path
        return
    with ZipFile(path) as archive, archive.open(member) as stream:
        yield stream
