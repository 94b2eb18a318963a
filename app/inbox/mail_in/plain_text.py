"""Lines of a plain text: quotes by their “>”, and soft line ends put together where the program says that it makes them."""

import re
from collections.abc import Iterator

from app.inbox.mail_in.lines import Line

QUOTED = re.compile(r"(?:>[ ]?)+")
STAMP = "-- "  # a line of a signature is never soft (RFC 3676, 4.3)


def lines(text: str, *, flowed: bool = False, delsp: bool = False) -> list[Line]:
    """`flowed`, `delsp` as of RFC 3676."""
    split = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return list(_flowed(split, delsp)) if flowed else [_line(one) for one in split]


def _line(text: str) -> Line:
    found = QUOTED.match(text)
    return Line(text[found.end() :], found[0].count(">")) if found else Line(text)


def _flowed(split: list[str], delsp: bool) -> Iterator[Line]:
    soft: Line | None = None
    for one in split:
        depth = len(one) - len(one.lstrip(">"))
        text = one[depth:].removeprefix(" ")
        if soft is not None:
            if soft.depth == depth and text != STAMP:
                text = soft.text + text
            else:
                yield Line(soft.text.rstrip(), soft.depth)
        soft = None
        if text.endswith(" ") and text != STAMP:
            soft = Line(text[:-1] if delsp else text, depth)
        else:
            yield Line(text, depth)
    if soft is not None:
        yield Line(soft.text.rstrip(), soft.depth)
