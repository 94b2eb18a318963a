"""A window on a JSON file that moves forward: held in memory is the value at hand, never the file.

Python's own decoder reads the values: whole numbers exactly, others as Decimal, and what is nested too deeply or has
too many digits is an error that can be caught. (ijson 3.6's C parser ends the process on both.)
"""

import codecs
import json
import re
from decimal import Decimal
from typing import Any, BinaryIO, NoReturn

from app.ingest.reading import Reading

CHUNK = 1 << 16
LARGEST_VALUE = 1 << 25  # characters
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WHITE = re.compile(r"[ \t\r\n]*")
CUT_OFF = 16  # an error so near to the end of what was read may only mean that the rest is still to come


class Broken(ValueError):
    """No JSON: why, and at which byte (from 0) and line (from 1) of the file."""

    def __init__(self, reason: str, byte: int, line: int) -> None:
        super().__init__(f"broken JSON at byte {byte}: {reason}")
        self.line = line


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number)


class JsonText:
    """`inside` is true while the reader is in a list, where nothing after an error can be trusted."""

    def __init__(self, file: BinaryIO, reading: Reading) -> None:
        self.inside = False
        self._file = file
        self._reading = reading
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._bytes_before = 0
        self._lines_before = 0
        self._ended = False
        self._not_utf8 = False
        if file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK:
            self._bytes_before = len(BYTE_ORDER_MARK)
        else:
            file.seek(0)

    def peek(self) -> str:
        """The next character that is not white space; nothing at the end."""
        while True:
            self._at = WHITE.match(self._text, self._at).end()  # type: ignore[union-attr]  # it matches nothing, too
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                if self._not_utf8:
                    self.broken("")
                return ""

    def skip(self, character: str) -> bool:
        """Whether it came next; it is then behind us."""
        found = self.peek() == character
        self._at += found
        return found

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._ended or not self._may_go_on(error):
                    self.broken(error.msg, error.pos)
            except (RecursionError, ValueError) as error:
                self.broken("nested too deeply" if isinstance(error, RecursionError) else str(error))
            else:
                if self._ended or end < len(self._text) or isinstance(value, str | list | dict):
                    self._at = end
                    return value  # of a number at the end there may be more
            self._more()

    def broken(self, reason: str, at: int | None = None) -> NoReturn:
        if self._not_utf8:
            reason, at = "not UTF-8 text", len(self._text)
        before = self._text[: self._at if at is None else at]
        byte, line = self._bytes_before + len(before.encode()), self._lines_before + before.count("\n") + 1
        raise Broken(reason, byte, line)

    def recover(self) -> bool:
        """Moves to the next line that begins with an object, for files with one object a line."""
        while (found := self._text.find("\n{", self._at)) < 0:
            self._at = max(self._at, len(self._text) - 1)
            if not self._more():
                return False
        self._at = found + 1
        return True

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated string") or error.pos > len(self._text) - CUT_OFF

    def _more(self) -> bool:
        """Reads on, at least as much as is kept: a long value is then tried a few times only."""
        kept = self._text[self._at :]
        if self._ended:
            return False
        if len(kept) > LARGEST_VALUE:
            self.broken(f"a value of more than {LARGEST_VALUE >> 20} million characters")
        done = self._text[: self._at]
        self._bytes_before += len(done.encode())
        self._lines_before += done.count("\n")
        self._text, self._at = kept + self._decoded(max(CHUNK, len(kept))), 0
        return len(self._text) > len(kept)

    def _decoded(self, size: int) -> str:
        text = ""
        while not text and not self._ended:
            chunk = self._file.read(size)
            self._reading.done_bytes += len(chunk)
            self._ended = not chunk
            try:
                text = self._utf8.decode(chunk, final=self._ended)
            except UnicodeDecodeError as error:
                self._ended = self._not_utf8 = True
                text = error.object[: error.start].decode()
        return text
