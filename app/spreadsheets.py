"""CSV that is safe to open in a spreadsheet: UTF-8 with a byte order mark, commas, CRLF (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Excel takes UTF-8 for the local code page without it
# A text that begins so is a formula to a spreadsheet (OWASP, "CSV Injection"); the last four are their full-width forms.
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | Decimal | None


def csv_text(table: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_written(cell) for cell in row] for row in table)
    return text.getvalue().encode()


def _written(cell: Cell) -> str:
    """Numbers stay numbers, also negative ones; a text that would be a formula gets an apostrophe in front."""
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(FORMULA_BEGINS) or cell.lstrip().startswith(FORMULA_BEGINS) else cell
        case Decimal():
            return f"{cell:f}"
    return str(cell)
