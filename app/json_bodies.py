"""A JSON body that a program sent, as a Struct: either whole, or every reason why not at its JSON pointer (RFC 6901)."""

import json
import re
from functools import lru_cache
from typing import Any, NoReturn

import msgspec

from app.errors import Invalid
from app.structure import MOST, Walk, escaped

Problems = dict[str, str]
PATH_PART = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
BYTE = re.compile(r" \(byte (\d+)\)$")


class Broken(ValueError):
    """No JSON: why, and at which byte (from 0) where that is known."""

    def __init__(self, reason: str, byte: int | None = None) -> None:
        super().__init__(f"broken JSON{'' if byte is None else f' at byte {byte}'}: {reason}")


def read(body: bytes, kind: Any, what: str) -> tuple[Any, Problems]:
    """As that type, with blanks where something does not fit, and what does not.

    Raises Broken; Invalid, which says of `what` (“The order”) that it was not taken, where there is nothing to look at further.
    """
    try:
        return _decoder(kind).decode(body), {}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _taken_apart(body, kind, what, error)


def refuse(wrong: Problems, what: str) -> NoReturn:
    """Raises Invalid."""
    named = dict(list(wrong.items())[:MOST])
    more = "at least " if len(wrong) >= MOST else ""
    raise Invalid.at(named, f"{what} was not taken: {more}{len(named)} thing{'s'[: len(named) > 1]} to put right")


@lru_cache(32)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _taken_apart(body: bytes, kind: Any, what: str, first: Exception) -> tuple[Any, Problems]:
    """All the misfits; where plain data cannot be had either (a number of 5,000 digits), the first alone."""
    walk = Walk()
    try:
        sent = walk.any(msgspec.inspect.type_info(kind), msgspec.json.decode(body), "")
    except msgspec.ValidationError:
        refuse(_of(first), what)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _broken(error, body) from error
    return sent, walk.wrong or _of(first)


def _of(error: Exception) -> Problems:
    """msgspec's own words: “Expected `int`, got `str` - at `$.lines[0].total`”."""
    reason, _, path = str(error).partition(" - at `$")
    parts = [escaped(name or number) for name, number in PATH_PART.findall(path.rstrip("`"))]
    return {"".join(f"/{part}" for part in parts): reason.replace("`", "")}


def _broken(error: Exception, body: bytes) -> Broken:
    if isinstance(error, RecursionError):
        return Broken("nested too deeply")
    try:
        text = body.decode()
        json.loads(text)
    except UnicodeDecodeError as bad:
        return Broken("not UTF-8 text", bad.start)
    except json.JSONDecodeError as bad:
        return Broken(bad.msg if text.strip() else "the body is empty", len(text[: bad.pos].encode()))
    except (RecursionError, ValueError):
        pass
    # Only msgspec minds: NaN, half of a surrogate pair. Its positions are near, Python's are exact.
    found = BYTE.search(str(error))
    return Broken(BYTE.sub("", str(error)).removeprefix("JSON is malformed: "), int(found[1]) if found else None)
