"""Goods that come back: counted line by line as sound, damaged, wrong item or missing."""

from collections.abc import Mapping

from msgspec import Struct

from app import db, typed
from app.db import transaction
from app.errors import Invalid
from app.i18n import _
from app.returns import deciding, kept, moving
from app.returns.kept import Kept, KeptReturnLine

AS = ("sound", "damaged", "wrong_item", "missing")
RECEIVED = {"return": "received", "withdrawal": "goods_received"}


class Counted(Struct, frozen=True):
    """How many of a line came in which condition; together as many as were sent back."""

    sound: int = 0
    damaged: int = 0
    wrong_item: int = 0
    missing: int = 0


async def receive(merchant: int, code: str, counted: Mapping[int, Counted], *, note: str = "", by: str) -> None:
    """`counted` by the return line's id; a line that is not named came whole and sound. Raises Missing, Invalid (by
    `sound-<line>`, note), Refused (409) for what is not on its way, and the second time."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        found = {line.id: counted.get(line.id, Counted(sound=line.quantity)) for line in it.lines}
        _check(it, found, note)
        for line, them in found.items():
            await db.execute(
                "UPDATE return_lines SET sound = {}, damaged = {}, wrong_item = {}, missing = {} WHERE id = {}",
                them.sound, them.damaged, them.wrong_item, them.missing, line,
            )  # fmt: skip
        await _move(it, found, note=note.strip(), by=by)


async def _move(it: Kept, found: Mapping[int, Counted], *, note: str, by: str) -> None:
    """A return that nobody has decided yet is agreed to by being taken in."""
    row = it.it
    if row.state == "requested":
        await moving.move(it, "approved", by=by, columns={"decided_by": by})
        it = await kept.by_code(row.code)
    due = await deciding.answer_by(it)
    if row.refund_by is not None:
        due = max(due, row.refund_by)
    sums = {name: sum(getattr(them, name) for them in found.values()) for name in AS}
    to = RECEIVED.get(row.kind, "received")
    await moving.move(it, to, by=by, due_at=due, **sums, note=note)


def _check(it: Kept, found: Mapping[int, Counted], note: str) -> None:
    wrong = {f"sound-{line.id}": text for line in it.lines if (text := _wrong(line, found[line.id]))}
    if unfit := typed.wrong_words(note):
        wrong["note"] = unfit
    if wrong:
        raise Invalid.at(wrong)


def _wrong(line: KeptReturnLine, them: Counted) -> str:
    counts = [getattr(them, name) for name in AS]
    if min(counts) < 0:
        return _("Not less than none.")
    if sum(counts) != line.quantity:
        return _("Together they must be %(num)d.") % {"num": line.quantity}
    return ""
