"""Pictures that strangers send, made anew: what comes out holds nothing but pixels. No place where it was taken, no second
file behind it, no script, one frame.
"""

import io
import struct
from typing import Final

from PIL import Image, ImageOps

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
MOST_SCANS = 50  # of a JPEG: progressive ones have some ten, and each passes over all pixels again
START, SCAN = b"\xff\xd8", b"\xff\xda"  # of a JPEG; never inside of what is coded (ITU-T T.81, B.1.1.5)
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError, OverflowError, MemoryError,
)  # fmt: skip
Picture = Image.Image


class Unreadable(Exception):
    """It is no JPEG, PNG or WebP, or a broken one."""


class TooManyPixels(Unreadable):
    """It may be one, but is larger than anybody's camera takes them."""


def opened(body: bytes, near: int) -> Picture:
    """The first frame, upright; decoded no larger than needed for `near` pixels on its sides. Raises Unreadable."""
    if body.startswith(START) and body.count(SCAN) > MOST_SCANS:
        raise Unreadable
    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                raise TooManyPixels
            found.draft("RGB", (near, near))
            return ImageOps.exif_transpose(found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except UNREADABLE as error:
        raise Unreadable from error


def webp(body: bytes, longest: int) -> bytes:
    """At most `longest` pixels on each side. Raises Unreadable. Blocking: one or two seconds for the largest."""
    picture = opened(body, longest)
    try:
        picture.thumbnail((longest, longest))
        made = io.BytesIO()
        picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(made, "WEBP", quality=82, method=4)
    except UNREADABLE as error:
        raise Unreadable from error
    return made.getvalue()
