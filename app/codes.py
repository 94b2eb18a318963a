"""What a scanner reads, drawn as SVG: QR codes (ISO/IEC 18004), Code 128 (ISO/IEC 15417). The one importer of segno and
python-barcode.

One unit of the drawing is one module, the quiet zone is part of it and white whatever lies below. All of a code is one path:
pieces side by side would show hairlines between them where they do not end on a dot of the printer.
"""

from collections.abc import Iterator, Sequence

import segno
from barcode.codex import Code128

QR_QUIET = 4  # modules on each side (ISO/IEC 18004, 6.3.8)
BAR_QUIET = 10  # modules left and right (ISO/IEC 15417, 4.4)
TALL = 50  # modules: more than the 15 % of a code's length that the standard asks for
LONGEST_BARS = 24  # characters: more would not fit on a label in bars that are wide enough


class Bars(Code128):
    """The library takes the digits “99” at the beginning for its sign that digits begin (both are 99), and drops them."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        return encoded if self.code.startswith("99") else super()._try_to_optimize(encoded)


def qr(text: str) -> str:
    """As small as can be, with as much of error correction (at least M, 15 %) as that size has room for.

    Raises ValueError for what is not ASCII, as web addresses are: scanners guess the encoding of other letters.
    """
    return _drawn("qr", _squares(text), 1, QR_QUIET, QR_QUIET)


def qr_width(text: str) -> int:
    """In modules, with the quiet zone: what a paper multiplies with the width of one."""
    return len(_squares(text)) + 2 * QR_QUIET


def code128(text: str) -> str:
    """Raises ValueError for what is not 1 to 24 printable ASCII characters."""
    return _drawn("bars", [_modules(text)], TALL, BAR_QUIET, 0)


def code128_width(text: str) -> int:
    """As `qr_width`."""
    return len(_modules(text)) + 2 * BAR_QUIET


def _squares(text: str) -> Sequence[Sequence[int]]:
    if not text.isascii():
        raise ValueError(f"“{text[:40]}” is not ASCII")
    return segno.make(text, error="m", micro=False).matrix


def _modules(text: str) -> list[int]:
    if not 0 < len(text) <= LONGEST_BARS or not (text.isascii() and text.isprintable()):
        raise ValueError(f"“{text[:40]}” cannot be written in Code 128")
    (modules,) = Bars(text).build()
    return [int(module) for module in modules]


def _drawn(name: str, rows: Sequence[Sequence[int]], tall: int, left: int, top: int) -> str:
    width, height = len(rows[0]) + 2 * left, len(rows) * tall + 2 * top
    dark = "".join(
        f"M{left + start} {top + number * tall}h{length}v{tall}h-{length}z"
        for number, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" class="{name}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><path d="{dark}"/></svg>'
    )


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules begin that stand side by side, and how many they are."""
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
