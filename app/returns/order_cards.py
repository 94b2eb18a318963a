"""What an order's page says of its returns: their names, as links; and what they hold of its lines."""

from collections.abc import Sequence

from msgspec import Struct

from app.i18n import Voice
from app.reading import Part
from app.returns import holding, sentences


class OfOrder(Struct, frozen=True, array_like=True):
    code: str
    kind: str


# For `reading.together` with the order's id.
PARTS = (Part(
    OfOrder,
    'FROM returns r WHERE r.id IN (SELECT of_return FROM return_lines WHERE "order" = {}) '
    "AND r.state <> 'unconfirmed' ORDER BY r.id",
    "r.code, r.kind",
), holding.PART)  # fmt: skip


def links(found: Sequence[OfOrder], voice: Voice) -> list[tuple[str, str]]:
    """Name and address of each, the oldest first."""
    names = sentences.kinds(voice)
    return [(f"{names[it.kind]} {it.code}", f"/returns/{it.code}") for it in found]
