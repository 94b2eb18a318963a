"""What somebody does with a thread for themselves alone: read it, mark it as unread, archive, mute, keep it for good.

None of it is told to the other side but that it was seen.
"""

from collections.abc import Sequence

from app import db
from app.accounts import customers
from app.errors import Missing
from app.inbox import counting, kept, seeing
from app.inbox.kept import MOST_SIGNS

CHANGES = {"unread": "marked", "archived": "archived", "muted": "muted", "kept": "kept"}  # what may be changed → its column
SO = {"unread": "marked OR unread > 0"}  # whether it is so already, where the column alone does not say
LED = """
SELECT mt.code AS was, t.code FROM merged_threads mt JOIN threads t ON t.id = mt.thread WHERE t.customer = {} AND mt.code IN
"""
MOST = 100  # threads at once: the way back for all of them goes into a cookie, of which browsers keep 4,096 signs


async def read(customer: int, code: str, *, until: int = db.MOST_ID) -> bool:
    """Whether there was something they had not seen. `until`: the newest message that was shown. Raises Missing."""
    async with db.transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if not it.unread and not it.marked:
            return False
        await seeing.by_customer(it, until)
        await counting.changed(customer, it.id)
        return True


async def change(customer: int, codes: Sequence[str], what: str, to: bool) -> list[str]:
    """Of which threads that was not so already: to be taken back. `what` is one of CHANGES. Raises Missing where one of them
    is a stranger's, and changes nothing then."""
    wanted = sorted(set(codes))
    if not wanted or len(wanted) > MOST or any("\0" in code or len(code) > MOST_SIGNS for code in wanted):
        raise Missing
    async with db.transaction():
        await customers.lock(customer)
        led = {row["was"]: row["code"] for row in await db.rows(f"{LED} ({db.marks(len(wanted))})", customer, *wanted)}
        wanted = sorted({led.get(code, code) for code in wanted})
        marks, column = db.marks(len(wanted)), CHANGES[what]
        found = await db.rows(
            f'SELECT id, code, {SO.get(what, column)} AS so FROM threads WHERE customer = {{}} AND code IN ({marks})',  # noqa: S608
            customer, *wanted,
        )  # fmt: skip
        if len(found) != len(wanted):
            raise Missing
        changed = {row["id"]: row["code"] for row in found if bool(row["so"]) != to}
        if changed:
            marks = db.marks(len(changed))
            sql = f"UPDATE threads SET {column} = {{}} WHERE id IN ({marks})"  # noqa: S608
            await db.execute(sql, to, *changed)
            await counting.changed(customer, *changed)
        return list(changed.values())
