"""Records out of JSON files of any size: a list, one object, an object a line, `{"orders": […]}`, or these in a row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from app.ingest.json_text import BYTE_ORDER_MARK, Broken, JsonText
from app.ingest.reading import Reading
from app.ingest.snapshot import Rejected


class Found(NamedTuple):
    """`number` counts the file's records from 1; `within` is the key of the list that held it, if any."""

    number: int
    value: Any
    within: str = ""


def is_json(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4096).removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"[")


def records(path: Path, reading: Reading, lists: tuple[str, ...] = ("orders",)) -> Iterator[Found | Rejected]:
    """Every record of the file. Where the JSON breaks, a Rejected says where; broken outside of a list, the objects on
    later lines are still read. `lists` are the keys under which an object at the top may hold its records.
    """
    number = 0
    with path.open("rb") as file:
        text = JsonText(file, reading)
        going = True
        while going:
            try:
                for within, value in _values(text, lists):
                    number += 1
                    reading.rows += 1
                    yield Found(number, value, within)
                going = False
            except Broken as broken:
                yield Rejected(reason=str(broken), file=path.name, line=broken.line)
                going = not text.inside and text.recover()


def _values(text: JsonText, lists: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    while first := text.peek():
        if first == "[":
            yield from _list(text, "")
        elif first == "{":
            yield from _object(text, lists)
        else:
            yield "", text.value()


def _list(text: JsonText, name: str) -> Iterator[tuple[str, Any]]:
    text.inside = True
    for _ in _elements(text, "[", "]"):
        yield name, text.value()
    text.inside = False


def _object(text: JsonText, lists: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The object itself, or the elements of the lists it holds: those are never in memory together."""
    values, held_lists = {}, False
    for _ in _elements(text, "{", "}"):
        key = text.value() if text.peek() == '"' else text.broken("a name in quotes was expected")
        if not text.skip(":"):
            text.broken("“:” was expected")
        if key in lists and text.peek() == "[":
            held_lists = True
            yield from _list(text, key)
        else:
            values[key] = text.value()
    if not held_lists:
        yield "", values


def _elements(text: JsonText, opening: str, closing: str) -> Iterator[None]:
    """Stops in front of every element, for the caller to read it."""
    text.skip(opening)
    if text.skip(closing):
        return
    yield
    while not text.skip(closing):
        if not text.skip(","):
            text.broken(f"“,” or “{closing}” was expected")
        yield
