"""What a search looked for, marked in a text: words by their beginnings; what was typed in one, “A-10402” or “l'ampli”, as one.

Of such a one the longest part alone is marked where the whole does not stand there: never each “a” and each “l”.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.inbox import texts
from app.inbox.texts import Pieces
from app.inbox.words import LONGEST, MOST, words

BEFORE = 40  # signs
PLAIN_RUN = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # letters with their accents, should those stand apart
Wanted = tuple[tuple[str, ...], ...]


def marked(text: str, query: str) -> Pieces:
    """A text in pieces: whether each is what the search looked for."""
    pieces, end = [], 0
    for start, stop in _places(text, query):
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [(piece, hit) for piece, hit in (*pieces, (text[end:], False)) if piece]


def around(text: str, query: str) -> str:
    """The line in which it says what was looked for, from a little before that."""
    start = next((start for start, _stop in _places(text, query)), 0)
    if start <= BEFORE:
        return texts.gist(text)
    begin = text.find(" ", start - BEFORE)
    return f"… {texts.gist(text[begin : begin + texts.LONGEST_GIST])}"


def _places(text: str, query: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends."""
    looked_for = _wanted(query)
    runs, at = list(PLAIN_RUN.finditer(text)) if looked_for else [], 0
    while at < len(runs):
        if length := _whole(text, runs, at, looked_for):
            yield runs[at].start(), runs[at + length - 1].end()
        elif _says(runs[at][0], looked_for):
            yield runs[at].span()
        at += length or 1


@lru_cache(256)
def _wanted(query: str) -> Wanted:
    """The words of each that was typed in one."""
    return tuple(tuple(found) for typed in query.split()[:MOST] if (found := words(typed)))


def _whole(text: str, runs: list[re.Match[str]], at: int, looked_for: Wanted) -> int:
    """Of how many runs it is that begins there; 0 where none does."""
    for parts in looked_for:
        these = runs[at : at + len(parts)]
        if len(parts) == 1 or len(these) < len(parts) or " " in text[these[0].start() : these[-1].end()]:
            continue
        said = [(_words_of(run[0]) or [""])[0] for run in these]
        if said[:-1] == list(parts[:-1]) and said[-1].startswith(parts[-1]):
            return len(parts)
    return 0


def _says(run: str, looked_for: Wanted) -> bool:
    begins = tuple(max(parts, key=len) for parts in looked_for)
    return any(word.startswith(begins) for word in (_words_of(run) if len(run) <= LONGEST else words(run)))


@lru_cache(16_384)
def _words_of(run: str) -> list[str]:
    """People say the same words over and over."""
    return words(run)
