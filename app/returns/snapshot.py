"""What a source tells of a return, in its own ids."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

Step = Literal["requested", "approved", "declined", "cancelled", "closed", "reopened", "updated"]


class SourceLine(Struct, frozen=True):
    """`line` is the order line's id in the shop; `reason` is one of `asked.REASONS`."""

    line: str
    quantity: int
    reason: str = "other"
    note: str = ""


class SourceReturn(Struct, frozen=True):
    """`id` is the source's, `order` the order's id in the shop. Steps after the first may name neither order nor lines.
    `clause` and `answer`: of a refusal, see `deciding.clauses`."""

    id: str
    step: Step
    order: str = ""
    lines: Sequence[SourceLine] = ()
    clause: str = "settled"
    answer: str = ""
