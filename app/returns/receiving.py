"""Goods that come back: counted line by line as sound, damaged, wrong item or missing; counted again where that was wrong.

What has really come back of a line, whole or damaged, is noted on the line of its order, whose fulfilment follows from it; not
what is claimed: that comes to be looked at, and may go out again.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from app import db, typed
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _
from app.returns import advance, claimed, deciding, kept, moving, proposals, states, whole
from app.returns.kept import Kept, KeptReturnLine
from app.shipments import order_summaries

AS = ("sound", "damaged", "wrong_item", "missing")
CAME_BACK = """
UPDATE order_lines SET returned_quantity = (
  SELECT COALESCE(SUM(l.sound + l.damaged), 0) FROM return_lines l JOIN returns r ON r.id = l.of_return
  WHERE l.line = order_lines.id AND r.kind <> 'claim')
WHERE id IN (SELECT line FROM return_lines WHERE of_return = {})
"""
RECEIVED = {"return": "received", "withdrawal": "goods_received"}
Rest = Literal["", "sound"]


class Counted(Struct, frozen=True):
    """How many of a line came in which condition; together as many as were sent back."""

    sound: int = 0
    damaged: int = 0
    wrong_item: int = 0
    missing: int = 0


async def receive(
    merchant: int, code: str, counted: Mapping[int, Counted], *, rest: Rest = "", note: str = "", by: str
) -> None:  # fmt: skip
    """`counted` by the return line's id. `rest`: whoever says “sound” says it of each line that is not named, and all of it; of
    a claim, which says that it is not, each is to be named. What nobody has counted is not taken for sound. Raises Missing,
    Invalid (by `sound-<line>`, note), Refused (409) for what is not on its way, and the second time."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if it.it.kind == "claim":
            claimed.check_on_its_way(it)
        sound = rest == "sound" and it.it.kind != "claim"
        found = {line.id: counted.get(line.id, Counted(sound=line.quantity if sound else 0)) for line in it.lines}
        _check(it, found, note)
        await _write(it, found)
        if it.it.kind == "claim":
            await claimed.arrived(it, **_sums(found), note=note.strip(), by=by)
        else:
            await _move(it, found, note=note.strip(), by=by)


async def recount(merchant: int, code: str, counted: Mapping[int, Counted], *, note: str = "", by: str) -> None:
    """In place of what was counted when it came; a line that is not named stays as it was counted. Raises Missing, Invalid as
    `receive`, Refused (409) before it came, and once it is settled."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if it.it.state not in states.COUNTED:
            raise Refused(_("Only what has come and is not settled yet is counted again."))
        found = {line.id: counted.get(line.id) or of_line(line) for line in it.lines}
        _check(it, found, note)
        if found == {line.id: of_line(line) for line in it.lines}:
            return
        await _write(it, found)
        await moving.tell(it, f"{it.it.kind}_recounted", by=by, **_sums(found), note=note.strip())


AS_CLAIMED = {"damaged": "damaged", "defective": "damaged", "wrong_item": "wrong_item"}


def supposed(it: Kept) -> dict[int, Counted]:
    """What a form begins with: what was counted before, else of a claim what was announced in the condition that was claimed;
    nothing of a line of which that is not said, for whoever counts it says how it is."""
    found = {line.id: of_line(line) for line in it.lines if of_line(line) != Counted()}
    for line in it.lines:
        condition = AS_CLAIMED.get(line.reason, "") if it.it.kind == "claim" else ""
        if line.id not in found and condition:
            found[line.id] = Counted(**{condition: line.quantity})
    return found


def of_line(line: KeptReturnLine) -> Counted:
    return Counted(line.sound, line.damaged, line.wrong_item, line.missing)


async def _write(it: Kept, found: Mapping[int, Counted]) -> None:
    for line, them in found.items():
        await db.execute(
            "UPDATE return_lines SET sound = {}, damaged = {}, wrong_item = {}, missing = {} WHERE id = {}",
            them.sound, them.damaged, them.wrong_item, them.missing, line,
        )  # fmt: skip
    await db.execute(CAME_BACK, it.it.id)
    for order in await kept.orders_of(it.it.id):
        await order_summaries.renew(order)


async def _move(it: Kept, found: Mapping[int, Counted], *, note: str, by: str) -> None:
    """A return that nobody has decided yet is agreed to by being taken in; of one that came after it had expired the items are
    its own again. Raises Refused (409) where another has them by now."""
    row = it.it
    if row.state in states.LET_GO:
        await deciding.hold_again(it)
    if row.state == "requested":
        await moving.move(it, "approved", by=by, columns={"decided_by": by})
        it = await kept.by_code(row.code)
    await whole.renew(it, by=by)
    due = await deciding.answer_by(it)
    if row.refund_by is not None:
        due = max(due, row.refund_by)
    to = RECEIVED.get(row.kind, "received")
    await moving.move(it, to, by=by, due_at=due, **_sums(found), note=note)
    await proposals.their_turn(row.id)
    await advance.came(row.code, by=by)


def _sums(found: Mapping[int, Counted]) -> dict[str, Any]:
    return {name: sum(getattr(them, name) for them in found.values()) for name in AS}


def _check(it: Kept, found: Mapping[int, Counted], note: str) -> None:
    wrong = {f"sound-{line.id}": text for line in it.lines if (text := _wrong(line, found[line.id], it.it.kind))}
    if unfit := typed.wrong_words(note):
        wrong["note"] = unfit
    if wrong:
        raise Invalid.at(wrong)


def _wrong(line: KeptReturnLine, them: Counted, kind: str) -> str:
    if them == Counted():
        unsaid = _("Say in which condition it came.")
        return unsaid if kind == "claim" else _("Say how many came, and in which condition.")
    counts = [getattr(them, name) for name in AS]
    if min(counts) < 0:
        return _("Not less than none.")
    if sum(counts) != line.quantity:
        return _("Together they must be %(num)d: what did not come is missing.") % {"num": line.quantity}
    return ""
