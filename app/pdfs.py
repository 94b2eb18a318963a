"""Whether a PDF that somebody sends is only there to be read: no program in it, no file, no password, nothing behind its end.

It is looked through as it stands and, where its objects are packed in streams, unpacked, with a bound on all of it; nothing is
drawn or run. Whatever cannot be looked into is refused: a careful answer to a stranger's file is “no”. It is never opened here,
only handed over as a download.
"""

import re
import zlib
from collections.abc import Iterator

BEGINS = re.compile(rb"%PDF-[12]\.\d")
ENDS = b"%%EOF"
TAIL = 1_024  # bytes at the end in which `%%EOF` stands, and behind which nothing does
ARCHIVE_ENDS = b"PK\x05\x06"  # of a ZIP, which is read from its end: of what may be two things at once
ARCHIVE_TAIL = 66_000
MOST_UNPACKED = 32 * 1024 * 1024
NAME = re.compile(rb"/((?:[^\x00\t\n\f\r ()<>\[\]{}/%#]|#[0-9A-Fa-f]{2})+)")
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
TOKEN = re.compile(rb"\bobj\b|" + NAME.pattern + rb"|" + STREAM.pattern)
FILTERS = frozenset({
    b"FlateDecode", b"Fl", b"LZWDecode", b"LZW", b"ASCIIHexDecode", b"AHx", b"ASCII85Decode", b"A85", b"RunLengthDecode", b"RL",
    b"Crypt",
})  # fmt: skip
# Names that make a paper do something (ISO 32000-1: 12.6.4 actions, 7.11.4 files in it, 13 sound, film and 3D, 12.7.8 XFA).
ACTS = frozenset({
    b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"SubmitForm", b"ImportData", b"Rendition",
})  # fmt: skip
ACTS_IN_SHORT = frozenset({b"JS", b"AA", b"XFA", b"GoToE", b"GoToR", b"Movie", b"Sound", b"3D"})  # by chance in a picture, too


class Unreadable(Exception):
    """It is no PDF, or one that cannot be looked into."""


class Locked(Exception):
    """It asks for a password, or forbids something."""


class Acts(Exception):
    """It would do something where it is opened."""


def check(body: bytes) -> None:
    """Raises Unreadable, Locked, Acts. Takes as long as it takes to unpack it: for a thread of its own."""
    if not BEGINS.match(body) or ENDS not in body[-TAIL:] or ARCHIVE_ENDS in body[-ARCHIVE_TAIL:]:
        raise Unreadable
    if body[body.rfind(ENDS) + len(ENDS) :].strip(b"\x00\r\n\t "):
        raise Unreadable
    anywhere = _names(body)
    if b"Encrypt" in anywhere:
        raise Locked
    if anywhere & ACTS or _names(_outside(body)) & ACTS_IN_SHORT:
        raise Acts
    for part in _packed(body):
        if _names(part) & (ACTS | ACTS_IN_SHORT):
            raise Acts


def _names(part: bytes) -> set[bytes]:
    """As they are meant: a letter may be written as “#4A”."""
    return {HEX.sub(lambda sign: bytes([int(sign[1], 16)]), name[1]) for name in NAME.finditer(part)}


def _outside(body: bytes) -> bytes:
    """All but what streams hold: letters and pictures."""
    kept, place = [], 0
    while (found := STREAM.search(body, place)) is not None:
        kept.append(body[place : found.end()])
        place = _end(body, found.end())
    return b"\n".join([*kept, body[place:]])


def _end(body: bytes, begin: int) -> int:
    end = body.find(b"endstream", begin)
    if end < 0:
        raise Unreadable
    return end


def _packed(body: bytes) -> Iterator[bytes]:
    """The objects that are packed in streams, unpacked; also where something before them looks like a stream's beginning."""
    room, said = MOST_UNPACKED, set[bytes]()
    for found in TOKEN.finditer(body):
        if found[0] == b"obj":
            said = set()
        elif found[0].startswith(b"/"):
            said |= _names(found[0])
        elif b"ObjStm" in said:
            packed = body[found.end() : _end(body, found.end())]
            made = _unpacked(packed, said & FILTERS, room)
            room -= len(made) + len(packed)
            yield made


def _unpacked(packed: bytes, filters: set[bytes], room: int) -> bytes:
    """Nobody's writer packs objects in any other way."""
    if filters - {b"FlateDecode", b"Fl"} or room <= 0:
        raise Unreadable
    if not filters:
        return packed
    try:
        unpacking = zlib.decompressobj()
        made = unpacking.decompress(packed, room)
    except zlib.error as error:
        raise Unreadable from error
    if unpacking.unconsumed_tail:
        raise Unreadable
    return made
