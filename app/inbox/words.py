"""What is written, as terms that can be looked for: the same on both databases, which only compare them.

A word is what letters and digits stand together, folded (`app/search.py`), a character of Chinese, Japanese or Korean writing
each its own: there, no space says where a word ends. A term is a word under whose it is: “c7wbrume” in what customer 7 may
read, “m2wbrume” at the desk of merchant 2. So that who looks for “br” goes through the words of their own messages that begin
so, and through nobody else's. Terms are of ASCII alone, whichever Unicode a database knows.
"""

import re

from app.search import folded

LONGEST = 60  # letters of a word that count
MOST = 8  # words that are looked for, as everywhere
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+")


def words(text: str) -> list[str]:
    """Each once, in the order in which they stand there."""
    return list(dict.fromkeys(run[:LONGEST] for run in RUN.findall(folded(text))))


def wanted(query: str) -> list[str]:
    """Of a search: what each of these words begins."""
    return words(query)[:MOST]


def for_customer(customer: int) -> str:
    return f"c{customer}"


def for_desk(merchant: int) -> str:
    return f"m{merchant}"


def term(whose: str, word: str) -> str:
    return f"{whose}w{word}" if word.isascii() else f"{whose}u{word.encode().hex()}"
