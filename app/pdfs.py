"""Whether a PDF that somebody sends is only there to be read: no program in it, no file, no password, nothing behind its end.

It is looked through as it stands and, where its objects are packed in streams, unpacked, with a bound on all of it; nothing is
drawn or run. Whatever cannot be looked into is refused: a careful answer to a stranger's file is “no”. It is never opened here,
only handed over as a download.
"""

import re

from app import pdf_objects
from app.pdf_objects import Unreadable, names

BEGINS = re.compile(rb"%PDF-[12]\.\d")
ENDS = b"%%EOF"
TAIL = 1_024  # bytes at the end in which `%%EOF` stands, and behind which nothing does
ARCHIVE_ENDS = b"PK\x05\x06"  # of a ZIP, which is read from its end: of what may be two things at once
ARCHIVE_TAIL = 66_000
STREAM = re.compile(rb"(?<!end)stream\r?\n")
# Names that make a paper do something (ISO 32000-1: 12.6.4 actions, 7.11.4 files in it, 13 sound, film and 3D, 12.7.8 XFA).
ACTS = frozenset({
    b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"SubmitForm", b"ImportData", b"Rendition",
})  # fmt: skip
ACTS_IN_SHORT = frozenset({b"JS", b"AA", b"XFA", b"GoToE", b"GoToR", b"Movie", b"Sound", b"3D"})  # by chance in a picture, too


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
    anywhere = names(body)
    if b"Encrypt" in anywhere:
        raise Locked
    if anywhere & ACTS or names(_outside(body)) & ACTS_IN_SHORT:
        raise Acts
    if any(said & (ACTS | ACTS_IN_SHORT) for said in pdf_objects.held(body)):
        raise Acts


def _outside(body: bytes) -> bytes:
    """All but what streams hold: letters and pictures."""
    kept, place = [], 0
    while (found := STREAM.search(body, place)) is not None:
        kept.append(body[place : found.end()])
        place = pdf_objects.end(body, found.end())
    return b"\n".join([*kept, body[place:]])
