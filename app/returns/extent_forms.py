"""The form that says which items a withdrawal is about: of each so many, or all of it by one button."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app import pictures, typed
from app.errors import Invalid
from app.returns import asked
from app.returns.extents import Item

NOTHING: Mapping[str, str] = {}


class Row(Struct, frozen=True):
    """`quantity` as it was typed, else as it is."""

    field: str
    title: str
    variant: str
    picture: str
    least: int
    most: int
    quantity: str
    error: str


def rows(found: Sequence[Item], sent: Mapping[str, str] = NOTHING, errors: Mapping[str, str] = NOTHING) -> list[Row]:
    return [
        Row(
            field := asked.name(one.line, "quantity"), one.title, one.variant, pictures.url(one.picture), one.least, one.most,
            sent.get(field, str(one.now)), errors.get(field, ""),
        )
        for one in found
    ]  # fmt: skip


def wanted(found: Sequence[Item], sent: Mapping[str, str]) -> dict[int, int]:
    """Raises Invalid by field."""
    if sent.get("step") == "all":
        return {one.line: one.most for one in found}
    counts, wrong = dict[int, int](), dict[str, str]()
    for one in found:
        field = asked.name(one.line, "quantity")
        try:
            counts[one.line] = typed.count_at(field, sent.get(field, "")[:9])
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid.at(wrong)
    return counts
