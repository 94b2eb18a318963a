"""What people write to each other: kept whole, as they wrote it. What a page or a mail shows of it is theirs to make safe."""

import re
import unicodedata

from app.errors import Invalid
from app.i18n import _
from app.typed import UNSPEAKABLE

MOST = 100_000  # characters of a message: whoever pastes a log is not sent away
LONGEST_SUBJECT = 150
LONGEST_GIST = 160
Pieces = list[tuple[str, bool]]  # of a text, and of each whether it is what was looked for
SPACES = re.compile(r"\s+")
TURNING = {sign: f"⟨U+{sign:04X}⟩" for sign in (0x202D, 0x202E)}  # overrides; embeddings and isolates have their use
ADDRESS = re.compile(r"[^\s<>\"()\[\],;:@]{1,64}@[^\s<>\"()\[\],;:@]{1,255}")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # categories of what no headline shows: controls, marks of direction, no characters


def cleaned(text: str) -> str:
    """With line ends as everywhere, and nothing empty around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def checked(text: str, *, field: str = "text", files: int = 0) -> str:
    """What is to be kept of it. A picture alone is a message, too. Raises Invalid at the field."""
    words = cleaned(text)
    if UNSPEAKABLE.search(words):
        raise Invalid.at({field: _("There is a sign in it that cannot be kept.")})
    if not files and not (line(words[:LONGEST_GIST]) or line(words)):
        raise Invalid.at({field: _("Write something, or choose a file.")})
    if len(words) > MOST:
        raise Invalid.at({field: _("At most %(num)d letters.") % {"num": MOST}})
    return words


def subject(text: str, *, field: str = "subject") -> str:
    """One line. Raises Invalid at the field."""
    words = line(text)
    if len(words) > LONGEST_SUBJECT:
        raise Invalid.at({field: _("At most %(num)d letters.") % {"num": LONGEST_SUBJECT}})
    return words


def line(text: str) -> str:
    """All in one line, without what is not seen or turns the line around."""
    return SPACES.sub(" ", text.translate(SEEN)).strip()


def gist(text: str) -> str:
    """How it begins, in a list."""
    words = line(text[: LONGEST_GIST * 4])
    return words if len(words) <= LONGEST_GIST else f"{words[: LONGEST_GIST - 1].rstrip()}…"


def seen(text: str) -> str:
    """With the signs that turn the rest of a line round in sight: nobody needs them."""
    return text.translate(TURNING)


def hidden(text: str) -> str:
    """Without anybody's address."""
    return ADDRESS.sub("…", text)


def name(written: str) -> str:
    """What somebody is called, to the other side, in one line; nothing where that is an address: it is nobody's to see."""
    words = line(written)
    return "" if ADDRESS.search(words) else words


class Seen(dict[int, str]):
    """Each sign as it is shown, looked up once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = " " if _unseen(chr(code)) else chr(code)
        return found


def _unseen(sign: str) -> bool:
    """The joiner is what makes one emoji of several, and a letter of some scripts."""
    return unicodedata.category(sign) in UNSEEN and sign not in "\u200c\u200d"


SEEN = Seen()
