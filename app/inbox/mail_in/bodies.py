"""The parts of a mail: which of them are its text, in which form, and which are files."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage, Message
from typing import Any

from msgspec import Struct

from app.inbox.mail_in import page_text, plain_text
from app.inbox.mail_in.charsets import decoded
from app.inbox.mail_in.lines import Line

MOST_PARTS, DEEPEST = 300, 20
MOST_LINES = 20_000
LARGEST_TEXT = 2_000_000  # bytes of a part
MOST_LETTERS = 1_000_000  # of all its texts; more is no letter
NOT_FILES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
Named = tuple[str, str, bytes, str]  # name, media type, what it holds, by which id a page shows it


class TooDeep(Exception):
    """Parts in parts, or too many of them: nobody writes so."""


class Found(Struct):
    """`elsewhere`: the ids of pictures that a page shows in a quote or a signature alone."""

    lines: list[Line]
    files: list[Named]
    elsewhere: frozenset[str]


def of(message: EmailMessage) -> Found:
    """Raises TooDeep."""
    taking = _Taking()
    lines = [line for part in taking.texts(message, 0) for line in taking.lines(part)][:MOST_LINES]
    return Found([line for line in lines if not _picture(line)], taking.files, _elsewhere(lines))


def _elsewhere(lines: list[Line]) -> frozenset[str]:
    end = next((n for n, line in enumerate(lines) if line.mark == "below"), len(lines))
    all_of_them = {line.text[1:] for line in lines if _picture(line)}
    said = {line.text[1:] for line in lines[:end] if _picture(line) and not line.depth and line.mark != "signature"}
    return frozenset(all_of_them - said)


def _picture(line: Line) -> bool:
    return line.text.startswith(page_text.PICTURE)


class _Taking:
    """One mail, each part of which is read once, and all of them together up to a bound: parts may stand in parts."""

    def __init__(self) -> None:
        self.files: list[Named] = []
        self.parts, self.letters = MOST_PARTS, MOST_LETTERS
        self.read: dict[int, list[Line]] = {}  # by the part's own number in this process

    def texts(self, part: Message, depth: int) -> Iterator[Message]:
        """Those to be read one below the other; what is a file goes to the files. Of alternatives the best, which is a page:
        it knows what is quoted, and where lines really end."""
        self.parts -= 1
        if depth > DEEPEST or self.parts < 0:
            raise TooDeep
        kind = quietly(part.get_content_type, "application/octet-stream")
        children = part.get_payload() if part.is_multipart() else None
        if kind == "message/rfc822" or (isinstance(children, list) and not kind.startswith("multipart/")):
            self.files.append((_called(part) or "message.eml", "message/rfc822", b"", ""))
        elif isinstance(children, list):
            found = [list(self.texts(child, depth + 1)) for child in children if isinstance(child, Message)]
            yield from (self._best(found) if kind == "multipart/alternative" else [text for texts in found for text in texts])
        elif kind in ("text/plain", "text/html") and not _attached(part):
            yield part
        elif kind not in NOT_FILES:
            cid = str(quietly(lambda: part["Content-ID"], "") or "").strip().strip("<>")
            self.files.append((_called(part), kind, _bytes(part), cid))

    def _best(self, found: list[list[Message]]) -> list[Message]:
        for texts in reversed(found):
            if any(_is_page(text) and self._says(text) for text in texts):
                return texts
        return next((texts for texts in found if any(self._says(text) for text in texts)), [])

    def _says(self, part: Message) -> bool:
        return any(not line.blank for line in self.lines(part))

    def lines(self, part: Message) -> list[Line]:
        if (known := self.read.get(id(part))) is not None:
            return known
        text = decoded(_bytes(part)[:LARGEST_TEXT], quietly(part.get_content_charset, None))
        text = text.replace("\x00", "")[: self.letters]
        self.letters -= len(text)
        self.read[id(part)] = found = page_text.lines(text) if _is_page(part) else _plain(part, text)
        return found


def _is_page(part: Message) -> bool:
    return bool(quietly(part.get_content_type, "") == "text/html")


def _attached(part: Message) -> bool:
    return bool(quietly(part.get_content_disposition, None) == "attachment" or _called(part))


def _called(part: Message) -> str:
    return str(quietly(part.get_filename, "") or "")


def _plain(part: Message, text: str) -> list[Line]:
    flowed = str(quietly(lambda: part.get_param("format"), "")).lower() == "flowed"
    delsp = str(quietly(lambda: part.get_param("delsp"), "")).lower() == "yes"
    return plain_text.lines(text, flowed=flowed, delsp=delsp)


def _bytes(part: Message) -> bytes:
    found = quietly(lambda: part.get_payload(decode=True), b"")
    return found if isinstance(found, bytes) else b""


def quietly(ask: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return ask()
    except Exception:  # the library stumbles over broken headers in ways that it does not name
        return otherwise
