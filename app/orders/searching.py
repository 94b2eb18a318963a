"""What a person types, looked for in what each of their orders says, or as the number of one of its parcels.

A tracking number is found by its beginning, however it is written: it stands on the parcels, so that it is right whoever added
or changed them. Numbers are asked only of orders whose own words do not say it.
"""

from typing import Any

from app.search import folded, patterns

FEWEST = 4  # signs of a tracking number: fewer are how half of all numbers begin
FEWEST_DIGITS = 2  # among them: words have none, and cost thousands of parcels in a long history
BY_NUMBER = """EXISTS (SELECT 1 FROM shipments s WHERE s."order" = o.id AND s.state <> 'cancelled'
AND upper(replace(replace(s.tracking_number, ' ', ''), '-', '')) LIKE {} ESCAPE '\\')"""


def condition(query: str) -> tuple[str, list[Any]]:
    """SQL behind a condition on `orders o`, and its arguments; nothing for no words."""
    words = patterns(query)
    if not words:
        return "", []
    said = " AND ".join(["o.search_text LIKE {} ESCAPE '\\'"] * len(words))
    number = _plain(query)
    if len(number) < FEWEST or sum(sign.isdigit() for sign in number) < FEWEST_DIGITS:
        return f" AND {said}", [*words]
    return f" AND (({said}) OR {BY_NUMBER})", [*words, f"{_escaped(number)}%"]


def _plain(query: str) -> str:
    """As the SQL above writes numbers."""
    return "".join(folded(query).split()).replace("-", "").upper()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
