"""Orders out of any CSV with a mapping of its columns (mapping.py tells how one is written)."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from app.ingest.grouping import attempted, grouped
from app.ingest.reading import Reading
from app.ingest.rows import csv_rows
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected
from app.ingest.spreadsheet.mapping import BadMapping, load
from app.ingest.spreadsheet.orders import Sheet

SHIPPED = Path(__file__).parent / "mappings"


def mapping_path(name_or_path: str) -> Path:
    """The file of a shipped mapping, by its name, or of one's own, by its path."""
    shipped = SHIPPED / f"{Path(name_or_path).name}.toml"
    if name_or_path == shipped.stem and shipped.is_file():
        return shipped
    if Path(name_or_path).is_file():
        return Path(name_or_path)
    names = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
    raise ValueError(f"no mapping “{name_or_path}”: shipped are {names}; or give the path of a TOML file")


def read(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    """Raises BadMapping at once, before anything is read. A file that lacks a mapped column is refused whole."""
    if reading.mapping is None:
        raise BadMapping("a spreadsheet needs a mapping: pass --mapping")
    return _orders(paths, Sheet(load(reading.mapping), reading))


def _orders(paths: list[Path], sheet: Sheet) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    usable = []
    for path in paths:
        if fault := sheet.file_fault(path):
            yield Rejected(reason=fault, file=path.name)
        else:
            usable.append(path)
    rows = chain.from_iterable(csv_rows(path, sheet.reading) for path in usable)
    for number, group in grouped((row for row in rows if not sheet.skips(row)), sheet.number):
        yield from attempted(number, group, sheet.order)
