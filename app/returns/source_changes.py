"""What a shop takes out of a return after it was asked for, by the names that its own system gives to what comes back."""

from collections.abc import Mapping, Sequence

import msgspec

from app import db
from app.errors import Invalid, Refused
from app.i18n import _
from app.returns import moving, reducing, whole
from app.returns.kept import Kept
from app.returns.snapshot import SourceLine

Names = dict[str, tuple[int, int]]  # the source's own name of what comes back → the order line's id, how many
OPEN = ("requested", "approved", "label_issued", "in_transit")
FIND = "SELECT source_lines FROM returns WHERE id = {}"
KEEP = "UPDATE returns SET source_lines = {} WHERE id = {}"


async def name(it: Kept, lines: Sequence[SourceLine], ids: Mapping[str, int]) -> None:
    """Kept with the return, to know it by later. `ids`: of the order's lines, by the shop's."""
    await _keep(it.it.id, {one.id: (ids[one.line], one.quantity) for one in lines if one.id})


async def take_out(it: Kept, removed: Mapping[str, int], *, by: str) -> bool:
    """Fewer come back, and less is promised; none at all, and it is cancelled. Raises Invalid for what is not in it, Refused
    for what has arrived, is paid back in part, or was exchanged."""
    if not removed:
        return False
    if it.it.kind != "return" or it.it.state not in OPEN or it.it.refunded or it.it.exchange or it.it.customer is None:
        raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
    names = await _named(it)
    gone = _gone(names, removed)
    await _keep(it.it.id, {one: (line, count - removed.get(one, 0)) for one, (line, count) in names.items()})
    left = [(line, line.quantity - gone.get(line.line, 0)) for line in it.lines]
    if any(count > 0 for _line, count in left):
        await reducing.less(it, left)
        await moving.tell(it, "return_reduced", by=by, items=sum(removed.values()))
    else:
        await moving.move(it, "cancelled", by=by)
    await whole.renew(it, by=by)
    return True


async def _named(it: Kept) -> Names:
    (row,) = await db.rows(FIND, it.it.id)
    return msgspec.json.decode(row["source_lines"], type=Names)


async def _keep(of_return: int, names: Names) -> None:
    await db.execute(KEEP, msgspec.json.encode(names).decode(), of_return)


def _gone(names: Names, removed: Mapping[str, int]) -> dict[int, int]:
    """By the order line's id. Raises Invalid."""
    if strange := sorted(one for one, count in removed.items() if one not in names or count > names[one][1]):
        raise Invalid(lines=f"not so many of {', '.join(strange)[:200]} are in the return")
    found: dict[int, int] = {}
    for one, count in removed.items():
        line = names[one][0]
        found[line] = found.get(line, 0) + count
    return found
