"""A page of many like things, and which of them a phone has already: a new line in a list is no reason to send all of it."""

import hashlib
import re
from collections.abc import Sequence

WHOLE, SHORT = 4, 2  # bytes of a hash: of a page; of a block, which is looked at again when the page is put together
# The same in service_worker/piecing.js.
BETWEEN = re.compile(rb"(?=<article|<section|<fieldset|<form class|<li )")
Part = str | tuple[int, int]


def hashed(html: bytes) -> str:
    """Its beginning says whether a page is the same; a phone computes it, too (service_worker/taking.js)."""
    return hashlib.sha256(html).hexdigest()[:16]


def mark(html: bytes) -> bytes:
    """Of a page, then of each of its blocks."""
    return hashlib.sha256(html).digest()[:WHOLE] + b"".join(map(_short, BETWEEN.split(html)))


def is_mark(text: bytes) -> bool:
    return len(text) >= WHOLE + SHORT and (len(text) - WHOLE) % SHORT == 0


def whole(marked: bytes) -> bytes:
    """Of the page alone, where nobody wants to know about its blocks."""
    return marked[: WHOLE + SHORT]


def parts(html: bytes, known: bytes) -> list[Part]:
    """The page as texts, and as (first, behind the last) of blocks in the one that is known by that mark."""
    had: dict[bytes, list[int]] = {}
    for n in range((len(known) - WHOLE) // SHORT):
        had.setdefault(known[WHOLE + n * SHORT : WHOLE + (n + 1) * SHORT], []).append(n)
    made: list[Part] = []
    for block in BETWEEN.split(html):
        _add(made, block, had.get(_short(block), ()))
    return made


def _add(made: list[Part], block: bytes, places: Sequence[int]) -> None:
    last = made[-1] if made else ""
    if places and not isinstance(last, str) and last[1] in places:
        made[-1] = (last[0], last[1] + 1)
    elif places:
        made.append((places[0], places[0] + 1))
    elif made and isinstance(last, str):
        made[-1] = last + block.decode()
    else:
        made.append(block.decode())


def _short(block: bytes) -> bytes:
    return hashlib.sha256(block).digest()[:SHORT]
