"""What was given back of a return's orders beside it: by the shop's own system, by its people, or for another return.

What names no return may have been for its items: whoever would give money or goods for them once more says that it is meant.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from app import db
from app.errors import Invalid
from app.i18n import _, voice
from app.returns import holding, kept, payers, worth
from app.returns.kept import Kept

REFUNDS = """
SELECT f.id, f."order", f.external_id, f.amount, f.state, f.at, f.lines, f.origin, f.of_return, o.currency,
  o.external_id AS order_id
FROM refunds f JOIN orders o ON o.id = f."order" WHERE f."order" IN ({marks}) ORDER BY f.id
"""
NAMES = """
SELECT rl."order", o.external_id, rl.line, rl.of_return FROM return_lines rl JOIN order_lines o ON o.id = rl.line
WHERE rl.of_return = {} OR rl.of_return IN (
  SELECT r.id FROM returns r JOIN return_lines mine ON mine."order" = r.exchange WHERE mine.of_return = {})
"""
Name = tuple[int, str]  # an order's id, and the shop's id of a line of it


class Given(Struct, frozen=True, kw_only=True):
    """Columns of `Refund`, and the order's id in the shop. `lines` are the shop's ids of what it was for, none where it is not
    said. `again`: it may have been for items of this return, and is not counted as given for it."""

    id: int
    order: int
    external_id: str
    amount: int
    state: str
    at: datetime | None
    origin: str
    of_return: int | None
    currency: str
    order_id: str
    lines: dict[str, int]
    again: bool = False


class GivenBeside(Struct, frozen=True):
    """A refund of the same orders that this return has not led to, with the ids of the shop; `lines`: how many of each it was
    for, none where that is not said. `again`: it may have been for the same items, so that a refund has to say `again`, too."""

    id: str
    order: str
    amount: int
    state: str
    at: datetime | None
    lines: dict[str, int]
    again: bool


async def of(it: Kept) -> list[Given]:
    """Of its orders, of those whose payments they were paid with, and of the shop's own that was to be its exchange; also what
    was given for this return."""
    own = await kept.orders_of(it.it.id)
    paying = sorted({*own, *[one.order for order in own for one in await payers.of(order)], *instead(it)})
    if not paying:
        return []
    found = [_given(row) for row in await db.rows(REFUNDS.format(marks=db.marks(len(paying))), *paying)]
    ours, late = await _names(it, own)
    return [msgspec.structs.replace(one, again=_may_be_for(one, it, ours, late)) for one in found]


def instead(it: Kept) -> list[int]:
    """The order that was to ship in exchange, which was cancelled: what went back with it may be for what came back."""
    return [it.it.exchange] if it.it.exchange and it.it.exchange_off_at and it.it.settled_at is None else []


async def _names(it: Kept, own: Sequence[int]) -> tuple[set[Name], set[Name]]:
    """Its items, and those for which they were sent in exchange; which of them it may also have been for before they were
    asked for: more are gone than there were, or they came back before."""
    rows, left = await db.rows(NAMES, it.it.id, it.it.id), await holding.left(own)
    twice = {line for line, one in left.items() if one.over}
    late = {(row["order"], row["external_id"]) for row in rows if row["of_return"] != it.it.id or row["line"] in twice}
    return {(row["order"], row["external_id"]) for row in rows}, late


async def told(it: Kept) -> list[GivenBeside]:
    """To programs."""
    return [
        GivenBeside(one.external_id, one.order_id, one.amount, one.state, one.at, one.lines, one.again)
        for one in await of(it) if one.of_return != it.it.id
    ]  # fmt: skip


async def warning(it: Kept, *, goods: bool = False) -> str:
    """What whoever gives something for it should know; empty where there is nothing. `goods`: they are sent, so that money
    that was given for this very return counts, too."""
    found = await of(it)
    doubtful = [one for one in found if one.again] + (_for_it(it, found) if goods else [])
    if _goes_out_after_all(it):
        return _("The order in exchange is not cancelled any more: it may be sent as well.")
    said = _("%(amount)s were paid back of this order already, and may have been for the same.")
    return said % {"amount": voice().money(sum(one.amount for one in doubtful), it.it.currency)} if doubtful else ""


def _goes_out_after_all(it: Kept) -> bool:
    """The shop has cancelled its own order, so that nothing is exchanged any more, and then it has not."""
    theirs = it.it.kind == "return" and it.it.settled_at is None and it.it.exchange is not None
    return theirs and it.it.exchange_off_at is None and all(line.wish != "exchange" for line in it.lines)


async def check(it: Kept, *, meant: bool, goods: bool = False) -> None:
    """`goods`: as above. Raises Invalid(again=…) where there is something to know and it is not `meant`."""
    if not meant and (known := await warning(it, goods=goods)):
        raise Invalid(again=_("%(warning)s Say that you mean to give it all the same.") % {"warning": known})


def _given(row: db.Row) -> Given:
    names: dict[str, int] = {}
    for part in msgspec.json.decode(row["lines"]):
        names[part["line"]] = names.get(part["line"], 0) + part["quantity"]
    same = {name: row[name] for name in Given.__struct_fields__ if name not in ("lines", "again")}
    return Given(**same, lines=names)


def _may_be_for(one: Given, it: Kept, ours: set[Name], late: set[Name]) -> bool:
    """What names items and was given before they were asked for, was for others of them: only those were left to be asked
    for, unless more are gone than there were."""
    if one.of_return is not None or one.state == "failed" or one.amount <= 0:
        return False
    if not one.lines or one.order in instead(it):
        return True
    before = one.at is not None and one.at < it.it.created_at
    return any((one.order, name) in (late if before else ours) for name in one.lines)


def _for_it(it: Kept, found: Sequence[Given]) -> list[Given]:
    """What the shop gave for this return, beyond what was to be given for it as money."""
    theirs = [one for one in found if one.of_return == it.it.id and one.state != "failed" and one.origin == "source"]
    promised = 0 if it.it.kind == "claim" else sum(one.total for one in worth.promises(it.it.grounds))
    return theirs if sum(one.amount for one in theirs) > promised else []
