"""Text made equal for searching: case, accents and ligatures do not count."""

import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'"})
MOST_WORDS = 8


def folded(text: str) -> str:
    """“Théière en Grès” → “theiere en gres”."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())  # "™" is "TM" first
    return "".join(part for part in parts if not unicodedata.combining(part)).translate(LIGATURES)


def patterns(query: str) -> list[str]:
    """One LIKE pattern (with `\\` as escape) a word; every word must be found."""
    words = folded(query).split()[:MOST_WORDS]
    return ["%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in words]
