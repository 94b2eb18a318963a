"""What waits for the shop itself: conversations of all sellers in which it was asked to step in, who waits longest first."""

from datetime import datetime

from msgspec import Struct

from app import db, reading
from app.i18n import Voice
from app.inbox import cards, desk_queue
from app.inbox.kept import KeptThread
from app.inbox.lines import A_SECOND
from app.merchants import shop

PAGE = 50
WAITS = "t.escalated_at IS NOT NULL AND t.waiting_on = 'seller' AND t.closed_at IS NULL"
EVERY = "t.escalated_at IS NOT NULL"
COUNT = f"SELECT count(*) AS n FROM threads t WHERE {WAITS}"  # noqa: S608 - our own words
FROM = "FROM threads t JOIN merchants m ON m.id = t.merchant JOIN customers c ON c.id = t.customer WHERE"


class Escalated(Struct, frozen=True, array_like=True):
    """Columns of `Thread`, and what its customer and its seller are called."""

    id: int
    code: str
    subject: str
    titles: str
    order_number: str
    last_text: str
    last_at: datetime
    waiting_on: str
    waiting_since: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    customer_name: str
    merchant_name: str


class Row(Struct, frozen=True):
    code: str
    heading: str
    who: str
    gist: str
    small_print: str
    tag: str
    tone: str
    when: str


NAMES = {"customer_name": "c.name", "merchant_name": "m.name"}
COLUMNS = ", ".join(NAMES.get(name, f"t.{name}") for name in Escalated.__struct_fields__)


async def count() -> int:
    number: int = (await db.rows(COUNT))[0]["n"]
    return number


async def at_desk(merchant: int) -> int | None:
    """How many wait for the shop itself; None at another desk."""
    it = await shop.found()
    return await count() if it is not None and it.id == merchant else None


async def page_of(after: str = "", *, every: bool = False) -> tuple[list[Escalated], str]:
    """And the cursor of the next page, or an empty text. `every`: answered and closed ones, too, the newest first."""
    sql, by, order, beyond = (EVERY, "t.last_at", " DESC", "<") if every else (WAITS, "t.waiting_since", "", ">")
    place = reading.read_cursor(after)
    more = f" AND ({by}, t.id) {beyond} ({{}}, {{}})" if place else ""
    rest = f"{FROM} {sql}{more} ORDER BY {by}{order}, t.id{order} LIMIT {{}}"
    found = await reading.texts(COLUMNS, rest, *(place or ()), PAGE + 1)
    shown = [reading.decoder(Escalated)(row) for row in found[:PAGE]]
    if len(found) <= PAGE:
        return shown, ""
    last = shown[-1]
    return shown, reading.cursor(last.last_at if every else last.waiting_since or last.last_at, last.id)


def row(it: Escalated, voice: Voice) -> Row:
    tag, tone = desk_queue.state(it.waiting_on, it.due_at, it.closed_at, voice)
    about = voice.gettext("Order %(number)s") % {"number": it.order_number} if it.order_number else ""
    return Row(
        it.code, it.subject or cards.titles(it.titles, voice), cards.called(it.customer_name, voice), it.last_text,
        " · ".join(part for part in (it.merchant_name, about) if part), tag, tone,
        cards.when(it.waiting_since or it.last_at, voice),
    )  # fmt: skip


def facts(it: KeptThread, voice: Voice) -> list[tuple[str, str]]:
    """What the shop wants to know first: label and text of each."""
    _ = voice.gettext
    replied = voice.moment(it.first_reply_at) if it.first_reply_at else _("Not yet")
    asked = voice.moment(it.escalated_at) if it.escalated_at else ""
    due = voice.weekday(it.due_at - A_SECOND) if it.due_at else ""
    found = [
        (_("Seller"), it.merchant_name), (_("Order"), it.order_number), (_("Return"), it.return_code),
        (_("Begun"), voice.moment(it.created_at)), (_("First answer of the seller"), replied),
        (_("To be answered by"), due), (_("Asked to step in"), asked),
    ]  # fmt: skip
    return [(label, text) for label, text in found if text]
