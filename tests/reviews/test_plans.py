"""Reviews that wait at a desk are found by an index, however many there are."""

import pytest

from app.reviews import desk_cards, kept
from tests.plans import plan


@pytest.mark.parametrize(
    ("sql", "args", "index"),
    [
        (desk_cards.UNANSWERED, (1, 100), "reviews_unanswered"),
        (desk_cards.REPORTED.format(" AND merchant = {}"), (1, 100), "reviews_to_judge"),
        (desk_cards.REPORTED.format(""), (100,), "reviews_to_judge"),
        (kept.asked(1, "unanswered")[0], (1, 10), "reviews_unanswered"),
        (kept.asked(1, "reported")[0], (1, 10), "reviews_to_judge"),
        (kept.asked(None, "reported")[0], (10,), "reviews_to_judge"),
    ],
)
async def test_they_are_found_by_an_index(sql: str, args: tuple[object, ...], index: str) -> None:
    sql = sql if sql.lstrip().startswith("SELECT") else f"SELECT r.id {kept.FROM} {sql} {kept.NEWEST}"
    found = await plan(sql, *args)
    assert index in found, found
