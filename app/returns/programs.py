"""What a merchant's programs do to returns: the desk's own verbs, by the shop's ids; what is wrong, at its JSON pointer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from app import db
from app.accounts import customers
from app.errors import Invalid, Missing
from app.returns import asking, bodies, deciding, kept, objections, receiving, repairing, replacing, rest, settling, withdrawals
from app.returns.asked import Asked, AskedLine
from app.returns.bodies import Return
from app.returns.receiving import Counted
from app.returns.sent import (
    Approval,
    Arrival,
    MoneyBack,
    MoneyInstead,
    NewReturn,
    Objection,
    Question,
    Recount,
    Refusal,
    Repair,
    Upholding,
)  # fmt: skip
from app.returns.settling import Deduction

Counting = Callable[..., Awaitable[None]]
ORDER = "SELECT id, customer FROM orders WHERE merchant = {} AND external_id = {}"
LINES = 'SELECT external_id, id FROM order_lines WHERE "order" = {}'
LAST = "SELECT COALESCE(max(id), 0) AS id FROM returns WHERE customer = {}"


async def ask(merchant: int, sent: NewReturn, *, by: str) -> tuple[Return, bool]:
    """The return, and whether it is new: the same asked again at once is the same. By the merchant's rules.

    Raises Invalid by pointer."""
    async with db.transaction():
        order = await db.one(ORDER, merchant, sent.order)
        if order is None:
            raise Invalid.at({"/order": "this merchant has no such order"})
        ids = {row["external_id"]: row["id"] for row in await db.rows(LINES, order["id"])}
        what, places = _asked(sent, ids)
        await customers.lock(order["customer"])
        (last,) = await db.rows(LAST, order["customer"])
        async with pointed(lambda name: place(name, places)):
            code = await asking.ask(order["customer"], what, by=by)
        it = await kept.by_code(code)
        return await now(code), it.it.id > last["id"]


async def approve(merchant: int, code: str, sent: Approval, *, by: str) -> Return:
    """Raises Missing, Invalid, Refused (409), as all of these do."""
    async with pointed():
        await deciding.approve(merchant, code, answer=sent.answer, by=by)
    return await now(code)


async def decline(merchant: int, code: str, sent: Refusal, *, by: str) -> Return:
    async with pointed():
        await deciding.decline(merchant, code, clause=sent.clause, answer=sent.answer, by=by)
    return await now(code)


async def ask_back(merchant: int, code: str, sent: Question, *, by: str) -> Return:
    async with pointed():
        await deciding.ask_back(merchant, code, question=sent.question, by=by)
    return await now(code)


async def uphold(merchant: int, code: str, sent: Upholding, *, by: str) -> Return:
    async with pointed():
        await deciding.uphold(merchant, code, answer=sent.answer, by=by)
    return await now(code)


async def object_to(merchant: int, code: str, sent: Objection, *, by: str) -> Return:
    async with pointed(lambda name: "/text" if name == "objection" else f"/{name}"):
        await withdrawals.object_to(merchant, code, text=sent.text, by=by)
    return await now(code)


async def receive(merchant: int, code: str, sent: Arrival, *, by: str) -> Return:
    return await _count(merchant, code, sent, partial(receiving.receive, rest=sent.rest), by)


async def recount(merchant: int, code: str, sent: Recount, *, by: str) -> Return:
    return await _count(merchant, code, sent, receiving.recount, by)


async def _count(merchant: int, code: str, sent: Arrival | Recount, verb: Counting, by: str) -> Return:
    it = await kept.at_desk(merchant, code)
    places = places_of([line.id for line in sent.lines], {line.id for line in it.lines}, "lines")
    counted = {one.id: Counted(one.sound, one.damaged, one.wrong_item, one.missing) for one in sent.lines}
    async with pointed(lambda name: place(name, places)):
        await verb(merchant, code, counted, note=sent.note, by=by)
    return await now(code)


async def refund(merchant: int, code: str, sent: MoneyBack, *, by: str) -> Return:
    """After an objection to less: the rest of it."""
    it = await kept.at_desk(merchant, code)
    if objections.for_less(it.it) and not sent.deductions:
        async with pointed():
            await rest.pay(merchant, code, amount=sent.amount, again=sent.again, by=by)
        return await now(code)
    places = places_of([one.id for one in sent.deductions], {line.id for line in it.lines}, "deductions")
    kept_back = {one.id: Deduction(one.amount, one.reason) for one in sent.deductions}
    async with pointed(lambda name: place(name, places)):
        await settling.refund(
            merchant,
            code,
            amount=sent.amount,
            deductions=kept_back,
            last=not sent.more,
            again=sent.again,
            reason=sent.reason,
            not_charged=sent.uncharged,
            by=by,
        )
    return await now(code)


async def money_instead(merchant: int, code: str, _sent: MoneyInstead, *, by: str) -> Return:
    await replacing.money_instead(merchant, code, by=by)
    return await now(code)


async def repaired(merchant: int, code: str, sent: Repair, *, by: str) -> Return:
    async with pointed():
        await repairing.repaired(merchant, code, note=sent.note, again=sent.again, by=by)
    return await now(code)


def _asked(sent: NewReturn, ids: dict[str, int]) -> tuple[Asked, dict[int, str]]:
    """With our own ids; and where each line stood in what was sent."""
    wrong = {f"/lines/{n}/line": "this order has no such line" for n, one in enumerate(sent.lines) if one.line not in ids}
    if wrong:
        raise Invalid.at(wrong)
    places = {ids[one.line]: f"/lines/{n}" for n, one in enumerate(sent.lines)}
    lines = [
        AskedLine(ids[one.line], one.quantity, one.reason, one.wish, one.wanted, one.note) for one in sent.lines
    ]  # fmt: skip
    return Asked(sent.kind, lines, way=sent.way, note=sent.note), places


def places_of(ids: list[int], there: set[int], where: str) -> dict[int, str]:
    wrong = {f"/{where}/{n}/id": "this return has no such line" for n, one in enumerate(ids) if one not in there}
    wrong |= {f"/{where}/{n}/id": "named twice" for n, one in enumerate(ids) if one in ids[:n]}
    if wrong:
        raise Invalid.at(wrong)
    return {one: f"/{where}/{n}" for n, one in enumerate(ids)}


def place(name: str, places: dict[int, str], where: str = "/lines") -> str:
    """“quantity-12” → “/lines/0/quantity”, “form” → the whole of it; a line that was not named has no place but `where`."""
    part, _dash, number = name.rpartition("-")
    if part and number.isdecimal():
        return f"{places[int(number)]}/{PARTS.get(part, part)}" if int(number) in places else where
    return "" if name == "form" else f"/{name}"


PARTS = {"deduction": "amount", "price": "unit_price"}


@asynccontextmanager
async def pointed(place: Callable[[str], str] = lambda name: f"/{name}") -> AsyncIterator[None]:
    """What a form's fields would be told is told at the pointers."""
    try:
        yield
    except Invalid as error:
        raise Invalid.at({place(name): text for name, text in error.fields.items()}, error.message) from error


async def now(code: str) -> Return:
    found = await bodies.brief(code)
    if found is None:
        raise Missing
    return found
