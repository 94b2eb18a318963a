"""What an import has come to: counted for the summary, and every refusal for the report."""

import csv
from collections import Counter
from pathlib import Path
from typing import IO

from msgspec import Struct

from app.ingest.batch import Outcome
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected

OLDER = "older than what is kept"
COLUMNS = ("file", "line", "external_id", "reason")
MOST_REASONS = 20  # kept apart; reasons that quote the input are endless
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program would run such a cell


class Tally(Struct):
    """`orders` and `lines` landed or were there already; `updated` also counts news of orders (a refund, a parcel).

    `refused` counts rows and records that are no order, and orders and news that cannot be taken.
    """

    orders: int = 0
    lines: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    def count(self, one: OrderSnapshot | Amendment, outcome: Outcome) -> None:
        if outcome.result in ("refused", "older"):
            self.refused += 1
            return
        setattr(self, outcome.result, getattr(self, outcome.result) + 1)
        if isinstance(one, OrderSnapshot):
            self.orders += 1
            self.lines += len(one.lines)


class Report:
    """Every refusal, a row of a CSV file each when there is a file; the reasons with how often, for the summary."""

    def __init__(self, file: IO[str] | None) -> None:
        self._rows = csv.writer(file) if file else None
        self.reasons: Counter[str] = Counter()
        self.first: dict[str, str] = {}
        if self._rows:
            self._rows.writerow(COLUMNS)

    def rejected(self, one: Rejected) -> None:
        where = f"{one.file} line {one.line}" if one.line else one.file
        self._add(one.reason, where, (one.file, one.line or "", one.external_id))

    def refused(self, outcome: Outcome) -> None:
        problems = "; ".join(f"{pointer}: {why}" if pointer else why for pointer, why in outcome.problems.items())
        self._add(problems or OLDER, f"order {outcome.external_id}", ("", "", outcome.external_id))

    def _add(self, reason: str, where: str, cells: tuple[str, str | int, str]) -> None:
        if self._rows:
            self._rows.writerow([_harmless(cell) for cell in (*cells, reason)])
        kind = reason if reason in self.reasons or len(self.reasons) < MOST_REASONS else "other reasons"
        self.reasons[kind] += 1
        self.first.setdefault(kind, where)

    def summary(self) -> list[str]:
        return [f"{count:>9,} × {_short(kind)}  (first: {self.first[kind]})" for kind, count in self.reasons.most_common()]


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:159]}…"


def opened(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", newline="")
