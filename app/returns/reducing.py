"""Fewer of what was asked for, or worth more than it was: what stays is held and promised anew, and rests on what it rested
on."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from app import db
from app.errors import Invalid, Missing
from app.orders import revisions
from app.returns import asking, kept, moving, proposals, quotes
from app.returns.asked import Asked, AskedLine
from app.returns.kept import Kept, KeptReturnLine

OPEN = """
SELECT DISTINCT r.code, r.id FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE l."order" = {} AND l.held > 0 AND r.settled_at IS NULL ORDER BY r.id
"""
OF_ORDER = ("expected", "item_count", "titles", "pictures", "order_numbers", "search_text")


async def less(it: Kept, left: Sequence[tuple[KeptReturnLine, int]]) -> None:
    """`left`: of each line so many, one at least of them all. In the caller's transaction, with the customer's row locked."""
    if it.it.customer is None:
        raise Missing
    await db.execute("UPDATE return_lines SET held = 0 WHERE of_return = {}", it.it.id)
    before = await kept.orders_of(it.it.id)
    lines = [
        AskedLine(line.line, count, line.reason, line.wish, line.wanted, line.note) for line, count in left if count > 0
    ]  # fmt: skip
    what = Asked(it.it.kind, lines, it.it.way, it.it.note)
    quote = await quotes.quote(it.it.customer, what, judged=False)
    head = await asking.head(quote, what, it.it.customer)
    await promise(it, head, _grounds(it, head["grounds"], lines))
    worth = {one.asked.line: one.expected for one in quote.chosen}
    for line, count in left:
        await keep(line.id, count, worth.get(line.line, 0))
    await proposals.end(it, "over")  # it was about more
    await revisions.changed(*set(before) - set(await kept.orders_of(it.it.id)))  # whose page does not name it any more


async def paid(order: int) -> None:
    """What was still to be paid of this one, sent in exchange, is: as much more goes back of what is asked for already. What a
    source has taken back of that with the same news stays as it was promised."""
    for row in await db.rows(OPEN, order):
        it = await kept.by_code(row["code"])
        with suppress(Invalid, Missing):
            async with db.undone_alone():
                await less(it, [(line, line.quantity) for line in it.lines])
        await moving.seen(it)


def _grounds(it: Kept, anew: str, lines: Sequence[AskedLine]) -> str:
    """The promises are new, the rights are those of what is left, as they were when it was asked for."""
    before, there = msgspec.json.decode(it.it.grounds), {line.line for line in lines}
    rights = [right for right in before.get("rights", []) if right["line"] in there]
    after = before | {"promises": msgspec.json.decode(anew)["promises"], "rights": rights}
    return msgspec.json.encode(after).decode()


async def promise(it: Kept, head: Mapping[str, Any], grounds: str) -> None:
    """What its own row says of its items, as `asking.head` has it."""
    values = {part: head[part] for part in OF_ORDER} | {"grounds": grounds}
    pairs = ", ".join(f'"{part}" = {{}}' for part in values)
    await db.execute(f"UPDATE returns SET {pairs} WHERE id = {{}}", *values.values(), it.it.id)  # noqa: S608 - our own names


async def keep(line: int, count: int, expected: int) -> None:
    """Of a return's line so many, or none."""
    if count <= 0:
        await db.execute("DELETE FROM return_lines WHERE id = {}", line)
        return
    said = "UPDATE return_lines SET quantity = {}, held = {}, expected = {} WHERE id = {}"
    await db.execute(said, count, count, expected, line)
