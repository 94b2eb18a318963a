"""The objects of a PDF as any reader may find them, wherever they stand: their dictionaries, and what they hold packed.

A reader jumps to an object from a table, so one may also stand in a comment or in what looks like a stream. Each is read as
the standard has it (ISO 32000-1, 7.2 and 7.3), strings and comments skipped, and each byte once: what is not whole, or stands
in another one, is refused. Objects are packed in one way only, as every writer does it.
"""

import re
import zlib
from collections.abc import Iterator

from msgspec import Struct

MOST_UNPACKED = 32 * 1024 * 1024
SPACE = re.compile(rb"(?>[\x00\t\n\f\r ]|%[^\r\n]*+)*+")
NAME = re.compile(rb"/((?:[^\x00\t\n\f\r ()<>\[\]{}/%#]|#[0-9A-Fa-f]{2})+)")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
BEGINS = re.compile(rb"(?<![A-Za-z])obj(?=[\x00\t\n\f\r %]|<<)")
STEP = re.compile(rb"<<|>>|\(|<[^<>]*>|%[^\r\n]*|" + NAME.pattern + rb"|obj|stream|[<>){}]")
IN_STRING = re.compile(rb"[()]|\\.", re.S)
STREAM = re.compile(rb"stream(\r?\n)?")
FLATE = re.compile(rb"[\x00\t\n\f\r ]*(?:/(?:FlateDecode|Fl)\b|\[[\x00\t\n\f\r ]*/(?:FlateDecode|Fl)[\x00\t\n\f\r ]*\])")
PACKS = frozenset({b"ObjStm", b"First"})  # some readers need no more than a place where the first object begins
OTHERWISE = frozenset({b"DecodeParms", b"DP", b"F", b"FFilter", b"FDecodeParms"})


class Unreadable(Exception):
    """It cannot be looked into."""


class Found(Struct, frozen=True):
    """Where a dictionary ends, its names with the places behind them, and how deep it goes."""

    end: int
    names: list[tuple[bytes, int]]
    deepest: int


def meant(name: bytes) -> bytes:
    """A letter may be written as “#4A”."""
    return HEX.sub(lambda sign: bytes([int(sign[1], 16)]), name)


def names(part: bytes) -> set[bytes]:
    return {meant(name[1]) for name in NAME.finditer(part)}


def held(body: bytes) -> Iterator[set[bytes]]:
    """The names in each dictionary, and in each stream of packed objects. Raises Unreadable."""
    room, last = MOST_UNPACKED, 0
    for begin in BEGINS.finditer(body):
        if begin.start() < last:
            raise Unreadable
        last = _behind(body, begin.end())
        if not body.startswith(b"<<", last):
            continue
        found = _dictionary(body, last)
        last, said = found.end, {name for name, _place in found.names}
        yield said
        if said & PACKS:
            last = _behind(body, last)
            made, took = _stream(body, last, found, room)
            room -= took
            yield names(made)


def _behind(body: bytes, place: int) -> int:
    """What is only space, and comments."""
    found = SPACE.match(body, place)
    return found.end() if found else place


def _stream(body: bytes, place: int, found: Found, room: int) -> tuple[bytes, int]:
    """What is packed in it, and how much work that was; nothing where there is no stream."""
    begin = STREAM.match(body, place)
    if begin is None:
        return b"", 0
    if not begin[1] or room <= 0:
        raise Unreadable
    packed = body[begin.end() : end(body, begin.end())]
    made = _unpacked(packed, room) if _packed(body, found) else packed
    return made, len(made) + len(packed)


def _dictionary(body: bytes, place: int) -> Found:
    """From its “<<” on."""
    depth = deepest = 0
    found: list[tuple[bytes, int]] = []
    while (step := STEP.search(body, place)) is not None:
        said, place = step[0], step.end()
        if said.startswith(b"/"):
            found.append((meant(step[1]), place))
        elif said == b"(":
            place = _string(body, place)
        elif said in (b"<<", b">>"):
            depth += 1 if said == b"<<" else -1
            deepest = max(deepest, depth)
            if not depth:
                return Found(place, found, deepest)
        elif not (said.startswith(b"%") or said[:1] + said[-1:] == b"<>"):
            break
    raise Unreadable


def _string(body: bytes, place: int) -> int:
    """Where it ends, of which “(” has been read."""
    depth = 1
    for sign in IN_STRING.finditer(body, place):
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
        if not depth:
            return sign.end()
    raise Unreadable


def _packed(body: bytes, found: Found) -> bool:
    """Whether it is, in the way in which it may be. Raises Unreadable."""
    filters = [place for name, place in found.names if name == b"Filter"]
    if found.deepest > 1 or len(filters) > 1 or OTHERWISE & {name for name, _place in found.names}:
        raise Unreadable
    if filters and not FLATE.match(body, filters[0]):
        raise Unreadable
    return bool(filters)


def end(body: bytes, begin: int) -> int:
    """Of a stream that begins there."""
    place = body.find(b"endstream", begin)
    if place < 0:
        raise Unreadable
    return place


def _unpacked(packed: bytes, room: int) -> bytes:
    try:
        unpacking = zlib.decompressobj()
        made = unpacking.decompress(packed, room)
    except zlib.error as error:
        raise Unreadable from error
    if not unpacking.eof:
        raise Unreadable
    return made
