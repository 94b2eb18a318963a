"""Labels of a merchant on its threads: its managers make them, everybody at the desk sets them; customers never see any."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app import db
from app.accounts import customers
from app.errors import Invalid, Missing
from app.events import actions as events
from app.i18n import _
from app.inbox import kept, texts

COLOURS = ("plain", "good", "wait", "bad")  # the tones of `tag.css`, which pass contrast in both schemes
MOST, LONGEST = 50, 40
ALL = "SELECT id, name, colour FROM desk_labels WHERE merchant = {} ORDER BY name, id"
REMOVE = "DELETE FROM desk_labels WHERE merchant = {} AND id = {}"
ON = """
SELECT tl.thread, l.id, l.name, l.colour FROM thread_labels tl JOIN desk_labels l ON l.id = tl.label
WHERE tl.thread IN (MARKS) ORDER BY l.name, l.id
"""
OFF = "DELETE FROM thread_labels WHERE thread = {} AND label IN (MARKS)"


class Label(Struct, frozen=True):
    id: int
    name: str
    colour: str


async def of_merchant(merchant: int) -> list[Label]:
    return [Label(**row) for row in await db.rows(ALL, merchant)]


async def add(merchant: int, name: str, colour: str) -> None:
    """Raises Invalid(name=…, colour=…)."""
    words = texts.line(name)
    async with db.transaction():
        there = await of_merchant(merchant)
        if not words or len(words) > LONGEST:
            raise Invalid.at({"name": _("One to %(num)d letters.") % {"num": LONGEST}})
        if words.casefold() in (it.name.casefold() for it in there):
            raise Invalid.at({"name": _("There is a label of that name.")})
        if len(there) >= MOST:
            raise Invalid.at({"name": _("There are %(num)d already: remove one first.") % {"num": MOST}})
        if colour not in COLOURS:
            raise Invalid.at({"colour": _("Choose one of these.")})
        await db.insert("desk_labels", [{"merchant": merchant, "name": words, "colour": colour}])


async def remove(merchant: int, number: int) -> None:
    """From every thread, too. Raises Missing."""
    async with db.transaction():
        if not 0 < number <= db.MOST_ID or not await db.rows(
            "SELECT 1 FROM desk_labels WHERE merchant = {} AND id = {}", merchant, number
        ):
            raise Missing
        await db.execute("DELETE FROM thread_labels WHERE label = {}", number)
        await db.execute(REMOVE, merchant, number)


async def on(threads: Sequence[int]) -> dict[int, list[Label]]:
    """By thread."""
    made: dict[int, list[Label]] = {}
    for row in await db.rows(ON.replace("MARKS", db.marks(len(threads))), *threads) if threads else ():
        made.setdefault(row["thread"], []).append(Label(row["id"], row["name"], row["colour"]))
    return made


async def put(merchant: int, code: str, wanted: Iterable[int], *, by: str, only: Iterable[int] | None = None) -> bool:
    """Those on the thread, and no others; `only`: of these, the rest stays. Whether that changed anything. Raises Missing."""
    async with db.transaction():
        await customers.lock((await kept.at_desk(merchant, code)).customer)
        it = await kept.at_desk(merchant, code)
        named = {label.id: label.name for label in await of_merchant(merchant)}
        concerned = named.keys() if only is None else named.keys() & set(only)
        there, then = {one.id for one in (await on([it.id])).get(it.id, ())}, named.keys() & set(wanted)
        gone, new = sorted((there - then) & concerned), sorted((then - there) & concerned)
        if gone:
            await db.execute(OFF.replace("MARKS", db.marks(len(gone))), it.id, *gone)
        await db.insert("thread_labels", [{"thread": it.id, "label": number} for number in new])
        if gone or new:
            added, removed = [named[number] for number in new], [named[number] for number in gone]
            await events.record(
                "thread_labelled", customer=it.customer, merchant=it.merchant, order=it.order, code=it.code, by=by,
                added=added, removed=removed,
            )  # fmt: skip
        return bool(gone or new)
