"""How soon a password would be guessed, and what to do about it: zxcvbn's estimate in our own words. Its one importer.

It knows the commonest passwords (30,000 that were stolen elsewhere), words, names, rows of keys, dates and repeats, and is
told what belongs to the person. That takes up to 20 ms, so it works in a thread; in one only, because the library keeps the
words of whom it measures for in a table that all calls share.
"""

import asyncio
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from msgspec import Struct
from zxcvbn import zxcvbn
from zxcvbn.matching import L33T_TABLE, RANKED_DICTIONARIES

from app.accounts import passwords, strength_words
from app.i18n import _

THREAD = ThreadPoolExecutor(1, "zxcvbn")
# The time grows with the square of the length, and doubles with nearly every character that may stand for a letter ("1|7["):
# 72 of them would keep the thread for more than a second. What is behind these counts as nothing, which is never too kind.
MEASURED = 48  # characters
MOST_STAND_INS = 5
STAND_INS = frozenset(character for characters in L33T_TABLE.values() for character in characters)
NO_STAND_IN = 0xE000  # Unicode's private use area: in no word, on no keyboard
# The library knows an American keyboard; these rows are on French, Belgian, German and Swiss ones.
ROW = "Straight rows of keys are easy to guess."
ROWS_OF_KEYS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm")
SHORTEST = 3  # characters of a word that is worth knowing
LITTLE = 5  # characters: a year, and one more
NOTHING: dict[str, Any] = {"score": 0, "guesses": 1, "sequence": [], "feedback": {"warning": "", "suggestions": []}}
# Good is what zxcvbn has no advice for: 10⁸ guesses and more. Fewer keep strangers at the door out, which lets ten tries a
# quarter of an hour through; but whoever steals the table makes 10⁴ a second (argon2id), and nobody needs a password here.
GOOD = 3


class Strength(Struct, frozen=True):
    """`score`: 0 to 4. `missing`: how many characters are to be added before anything else counts."""

    score: int
    missing: int
    leaked: bool
    word: str
    effort: str
    warning: str
    advice: list[str]

    @property
    def good(self) -> bool:
        return self.score >= GOOD and not self.missing and not self.leaked


async def measured(password: str, about: Iterable[str]) -> Strength:
    """`about`: what somebody would try first (name, address, the shop's name). The words are in the current voice."""
    password, own = passwords.normal(password[: passwords.MOST]), words_of(about)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(THREAD, _measure, password, [*ROWS_OF_KEYS, *own]) if password else NOTHING
    score, guesses = int(found["score"]), float(found["guesses"])
    leaked, made_of, said = is_leaked(password), is_made_of(password, own), found["feedback"]
    if leaked or made_of:
        score, guesses = min(score, 0 if leaked else 1), 1.0
    return Strength(
        score, max(0, passwords.FEWEST - len(password)), leaked, strength_words.of_score(score),
        strength_words.effort(guesses), _warning(found, own, leaked=leaked, made_of=made_of) if score < GOOD else "",
        [strength_words.advice(text) for text in said["suggestions"]],
    )  # fmt: skip


def is_leaked(password: str) -> bool:
    """Whether it is one of those that everybody tries, whatever its capitals and whatever blanks and marks are around it."""
    folded = passwords.normal(password).casefold()
    bare = re.sub(r"^[\W_]+|[\W_]+$", "", folded)
    return any(text in RANKED_DICTIONARIES["passwords"] for text in (folded, bare))


def words_of(texts: Iterable[str]) -> list[str]:
    """Each text and its words, together too and without accents: of “Élodie Petit” also “elodiepetit” and “petit”."""
    found: dict[str, None] = {}
    for text in texts:
        folded = passwords.normal(text).casefold()
        bare = "".join(letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter))
        for spelled in (folded, bare):
            for part in (spelled, spelled.partition("@")[0]):
                words = re.split(r"[\W_]+", part)
                found |= dict.fromkeys((part, "".join(words), *words))
    return [word for word in found if len(word) >= SHORTEST]


def is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether hardly anything is left when these are taken out: “Élodie-Martin-1987”."""
    whole = left = re.sub(r"[\W_]+", "", password.casefold())
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < min(LITTLE, len(whole))


def _measure(password: str, known: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = zxcvbn(_bounded(password), known)
    return found


def _bounded(password: str) -> str:
    password = password[:MEASURED]
    too_many = [character for character in dict.fromkeys(password) if character in STAND_INS][MOST_STAND_INS:]
    return password.translate({ord(character): NO_STAND_IN + ord(character) for character in too_many})


def _warning(found: Mapping[str, Any], own: Collection[str], *, leaked: bool, made_of: bool) -> str:
    told = {match["matched_word"] for match in found["sequence"] if match.get("dictionary_name") == "user_inputs"}
    if leaked:
        return _("It is among the passwords that were stolen most often elsewhere: those are tried first.")
    if made_of or told.intersection(own):
        return _("Your name, your e-mail address and the shop’s name are the first things somebody would try.")
    return strength_words.warning(ROW if told else found["feedback"]["warning"])
