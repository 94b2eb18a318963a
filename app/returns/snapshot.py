"""What a source tells of a return, in its own ids."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

Step = Literal["requested", "approved", "declined", "cancelled", "closed", "reopened", "updated"]


class SourceLine(Struct, frozen=True):
    """`line` is the order line's id in the shop; `reason` is one of `asked.REASONS`; `id` names it in the source's return."""

    line: str
    quantity: int
    reason: str = "other"
    note: str = ""
    id: str = ""


class SourceReturn(Struct, frozen=True):
    """`id` is the source's, `order` the order's id in the shop. Steps after the first may name neither order nor lines.
    `clause` and `answer`: of a refusal, see `deciding.clauses`. `removed`: how many of what (`SourceLine.id`) were taken out of
    it. `at`: when that was. `refunds`: ids of what was paid back for it, where that was told before."""

    id: str
    step: Step
    order: str = ""
    lines: Sequence[SourceLine] = ()
    clause: str = "settled"
    answer: str = ""
    removed: Mapping[str, int] = {}
    at: datetime | None = None
    refunds: Sequence[str] = ()
