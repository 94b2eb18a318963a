"""What fits a text message: 160 characters of the alphabet that every telephone has (GSM 03.38), with a link that stays whole.

Letters that it lacks cost more than half of the room: “ê” is written “e”, a dash “-”. What cannot be written so (Greek in
small letters, Japanese) is kept: then two messages of 67 are filled.
"""

import re
import unicodedata

from app.notifications.said import Said

ONE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO = frozenset("^{}\\[~]|€\f")  # behind an escape: they count twice
INSTEAD = {
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "...",
    "œ": "oe", "Œ": "OE", "·": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
ROOM, ROOM_OF_OTHERS = 160, 2 * 67
CUT = "..."


def fitted(said: Said, link: str) -> str:
    """The title and, where there is room for it, the body; then the link, whatever else has to go."""
    for words in (f"{said.title}. {said.body}", said.title):
        text = f"{plain(words)} {link}"
        if said.body and _length(text) <= _room(text):
            return text
    head = plain(said.title)
    if _length(f"{head} {link}") <= _room(f"{head} {link}"):
        return f"{head} {link}"
    while head and _length(f"{head}{CUT} {link}") > _room(f"{head} {link}"):
        head = head[:-1].rstrip()
    return f"{head}{CUT} {link}"


def plain(text: str) -> str:
    """In that alphabet, as far as it goes; guillemets lose the spaces within."""
    return "".join(_written(sign) for sign in re.sub(r"(?<=«)\s+|\s+(?=»)", "", text))


def _written(sign: str) -> str:
    if sign in ONE or sign in TWO:
        return sign
    if sign in INSTEAD:
        return INSTEAD[sign]
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if bare and all(part in ONE for part in bare) else sign


def _room(text: str) -> int:
    return ROOM if all(sign in ONE or sign in TWO for sign in text) else ROOM_OF_OTHERS


def _length(text: str) -> int:
    """In septets; of what is not in that alphabet, in UTF-16 units."""
    if _room(text) == ROOM:
        return sum(2 if sign in TWO else 1 for sign in text)
    return len(text.encode("utf-16-be")) // 2
