"""The steps that a shop's own system takes with a return, as ours. Said again, or late, nothing happens twice.

A return that is closed there and was paid back in part is settled with that. What still owes something here (goods on their
way, all of its money) stays open, and closes when it is settled; what is opened there again goes back to where it stood. A step
that our ways do not have is refused (409).
"""

from collections.abc import Awaitable, Callable, Mapping

from app import db
from app.errors import Refused
from app.events.actions import data_of
from app.i18n import _
from app.returns import deciding, happened, kept, moving, source_changes, states, whole
from app.returns.kept import Kept
from app.returns.snapshot import SourceReturn, Step
from app.typed import MOST_LETTERS

TOLD = "SELECT source_at, source_step FROM returns WHERE id = {}"
NOTE = "UPDATE returns SET source_at = COALESCE({}, source_at), source_step = {} WHERE id = {}"
APPROVED = ("approved", "label_issued", "in_transit", "received", *states.SETTLED, "closed")
TO_AND_FRO = ("closed", "reopened")
Doing = Callable[[Kept, SourceReturn, str], Awaitable[bool]]


async def step(merchant: int, code: str, told: SourceReturn, *, by: str) -> bool:
    """Whether anything has changed, in the caller's transaction. The states say whether a step fits; of those that go to and
    fro, what was said before the newest that we know is past. Raises Refused, Invalid for items that it does not have."""
    it = await deciding.locked(merchant, code)
    (known,) = await db.rows(TOLD, it.it.id)
    if told.step == "updated":
        return await source_changes.take_out(it, told.removed, by=by)
    to_and_fro = told.step in TO_AND_FRO
    if to_and_fro and told.at is not None and known["source_at"] is not None and told.at < known["source_at"]:
        return False
    changed = await _DOES[told.step](it, told, by)
    noted: Step = told.step if changed or to_and_fro else known["source_step"]
    await db.execute(NOTE, told.at if to_and_fro else None, noted, it.it.id)
    return changed


async def settled(code: str, *, by: str) -> None:
    """What the shop had closed before it was settled is closed now."""
    it = await kept.by_code(code)
    if await closed_there(it) and states.may(it.it.kind, it.it.state, "closed"):
        await moving.move(it, "closed", by=by)


async def _ask(_it: Kept, _told: SourceReturn, _by: str) -> bool:
    return False


async def _approve(it: Kept, told: SourceReturn, by: str) -> bool:
    if it.it.state in APPROVED or it.it.kind == "withdrawal":
        return False
    if it.it.state != "requested":
        raise _too_late()
    await deciding.approve(it.it.merchant, it.it.code, by=by, first=True)
    return True


async def _decline(it: Kept, told: SourceReturn, by: str) -> bool:
    if it.it.state == "declined":
        return False
    if not states.may(it.it.kind, it.it.state, "declined"):
        raise _too_late()
    answer = told.answer[:MOST_LETTERS]
    await deciding.decline(it.it.merchant, it.it.code, clause=told.clause, answer=answer, by=by)
    return True


async def _cancel(it: Kept, told: SourceReturn, by: str) -> bool:
    if it.it.state == "cancelled":
        return False
    await moving.move(it, "cancelled", by=by)
    await whole.renew(it, by=by)
    return True


async def _close(it: Kept, told: SourceReturn, by: str) -> bool:
    if it.it.state == "closed" or await closed_there(it):
        return False
    if it.it.state in states.OVER:
        raise _too_late()
    if it.it.state == "requested":  # only what was agreed to is closed there
        await _approve(it, told, by)
        it = await kept.by_code(it.it.code)
    if it.it.kind == "return" and it.it.refunded and states.may("return", it.it.state, "refunded"):  # it comes to no more
        await moving.move(it, "refunded", by=by)
        it = await kept.by_code(it.it.code)
    if states.may(it.it.kind, it.it.state, "closed"):
        await moving.move(it, "closed", by=by)
    else:
        await moving.tell(it, f"{it.it.kind}_shop_closed", by=by)
    return True


async def _reopen(it: Kept, told: SourceReturn, by: str) -> bool:
    kind = f"{it.it.kind}_reopened"
    if it.it.state == "closed":
        before = await _before(it)
        await moving.move(it, before, by=by, event_kind=kind, columns={"closed_at": None}, state=before)
        return True
    if it.it.state in states.OVER:
        raise _too_late()
    if it.it.state == "requested":
        return await _approve(it, told, by)
    if not await closed_there(it):
        return False
    await moving.tell(it, kind, by=by, state=it.it.state)
    return True


async def closed_there(it: Kept) -> bool:
    (known,) = await db.rows(TOLD, it.it.id)
    return bool(known["source_step"] == "closed")


async def _before(it: Kept) -> str:
    """The state that it was closed from."""
    to = {moving.event(it.it.kind, state): state for state in states.GOES[it.it.kind]["closed"]}
    for row in await happened.events(it):
        if row["kind"] in to and data_of(row["data"]).get("code") == it.it.code:
            return to[row["kind"]]
    raise _too_late()


def _too_late() -> Refused:
    return Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))


_DOES: Mapping[Step, Doing] = {
    "requested": _ask, "approved": _approve, "declined": _decline, "cancelled": _cancel, "closed": _close, "reopened": _reopen,
}  # fmt: skip
