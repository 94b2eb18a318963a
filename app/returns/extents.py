"""What a withdrawal is about: of the order's items so many, where the declaration has said it in words, or in none.

It cannot be declined and counts from when it was declared (Directive 2011/83/EU, Art. 9 to 11a), but only for what the person
has declared. Who declared it says which items that are, once, and the merchant's people by those words, who are told apart in
the event; whoever has declared it has the last word. To take a part of it back the seller has to agree: what was said item by
item is made less by the merchant's people alone, and more of it is a declaration of its own.

Never less than what was counted, and nothing once money has gone back.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.returns import asking, deciding, doubts, giving_way, holding, kept, moving, quotes, reducing, rights, states, whole
from app.returns.asked import Asked, AskedLine, name
from app.returns.cases import Right
from app.returns.kept import Kept, KeptReturnLine

OPEN = ("acknowledged", "goods_due", "proof_sent", "goods_received")
THEIRS = "SELECT email FROM customers WHERE id = {}"
COUNT_REST = "UPDATE return_lines SET missing = quantity - sound - damaged - wrong_item WHERE of_return = {}"
TURN = """
UPDATE returns SET waiting_on = CASE WHEN send_by IS NULL THEN 'carrier' ELSE 'buyer' END, due_at = send_by WHERE id = {}
"""


class Item(Struct, frozen=True):
    """A line of its order: `now` are in it, `least` of them were counted, `most` can be."""

    line: int
    title: str
    variant: str
    picture: str
    now: int
    least: int
    most: int
    right: Right


def settable(it: Kept) -> bool:
    """By the merchant's people."""
    row, known = it.it, bool(it.lines) and doubts.of(it) in ("", "unclear")
    untouched = row.settled_at is None and not row.refunded and not any(line.deduction for line in it.lines)
    return row.kind == "withdrawal" and known and row.customer is not None and row.state in OPEN and untouched


def sayable(it: Kept) -> bool:
    """By who declared it without a sign-in, where they did not choose items; until these are counted."""
    said = msgspec.json.decode(it.it.grounds).get("said", False)
    return bool(it.it.contract) and not said and settable(it) and it.it.state not in states.COUNTED


async def is_owner(it: Kept) -> bool:
    """Whether its address is that of who owns the order: nobody else is shown what is in it."""
    row = await db.one(THEIRS, it.it.customer) if it.it.customer is not None else None
    return row is not None and row["email"] == it.it.email


async def items(it: Kept) -> list[Item]:
    """What can be chosen: the lines that were open to it when it was declared; of one that was chosen item by item its own."""
    if it.it.order is None or it.it.customer is None:
        return []
    orders = sorted({line.order for line in it.lines})
    known, left = await rights.of_orders(orders, at=it.it.created_at), await holding.left(orders)
    own = {line.line: line for line in it.lines}
    wide = bool(it.it.contract)
    found = [
        _item(one.line, one.right("withdrawal"), own.get(one.line.id), left[one.line.id].withdrawable if wide else 0)
        for order in known.values() for one in order.lines
    ]  # fmt: skip
    return [one for one in found if one.most]


def _item(line: Any, right: Right, own: KeptReturnLine | None, free: int) -> Item:
    now, least = (own.quantity, own.sound + own.damaged + own.wrong_item) if own else (0, 0)
    most = now + (free if right.open else 0)
    return Item(line.id, line.title, line.variant, line.picture, now, least, most, right)


async def say(customer: int | None, code: str, wanted: Mapping[int, int], *, by: str) -> None:
    """By who declared it, which the door has made sure of. Raises Missing, Invalid (by `quantity-<line>`, form), Refused."""
    async with transaction():
        await moving.lock((await kept.by_code(code)).it)
        it = await kept.by_code(code)
        if it.it.customer != customer:
            raise Missing
        if not sayable(it):
            raise Refused(_("Which items it is about has been settled. Write to the seller if it is not right."))
        await _set(it, wanted, by=by, said=True)


async def put(merchant: int, code: str, wanted: Mapping[int, int], *, by: str) -> None:
    """By the merchant's people, as the words say or the customer has asked. Raises as `say`."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if not settable(it):
            raise Refused(_("Which items it is about cannot be changed any more."))
        await _set(it, wanted, by=by, said=False)


async def _set(it: Kept, wanted: Mapping[int, int], *, by: str, said: bool) -> None:
    there = {one.line: one for one in await items(it)}
    chosen = _checked(there, wanted)
    was = [[line.title, line.quantity] for line in it.lines]
    if chosen == {line.line: line.quantity for line in it.lines} and doubts.of(it) == "" and not said:
        return
    await _write(it, there, chosen, said)
    after = await kept.by_code(it.it.code)
    await giving_way.make_room(after, by=by)
    turn = {"turn": "buyer" if it.it.send_by else "carrier"} if _turns(it) else {}
    if turn:
        await db.execute(TURN, it.it.id)
    told: dict[str, Any] = {"was": was, "now": [[line.title, line.quantity] for line in after.lines], **turn}
    await whole.renew(after, by=by)
    after = await kept.by_code(it.it.code)
    await moving.tell(after, "withdrawal_items_set", by=by, amount=after.it.expected, currency=after.it.currency, **told)


def _turns(it: Kept) -> bool:
    """It waited for the merchant only to say which."""
    return it.it.state == "goods_due" and it.it.waiting_on == "seller" and it.it.came_at is None


def _checked(there: Mapping[int, Item], wanted: Mapping[int, int]) -> dict[int, int]:
    wrong: dict[str, str] = {}
    for line, one in there.items():
        count = wanted.get(line, 0)
        if count < one.least:
            wrong[name(line, "quantity")] = _("Not less than %(num)d: so many were counted.") % {"num": one.least}
        elif count > one.most:
            wrong[name(line, "quantity")] = _("Not more than %(num)d.") % {"num": one.most}
    chosen = {line: count for line in there if (count := wanted.get(line, 0)) > 0}
    if any(count for line, count in wanted.items() if line not in there):
        raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
    if wrong or not chosen:
        raise Invalid.at(wrong or {"form": _("Choose at least one item.")})
    return chosen


async def _write(it: Kept, there: Mapping[int, Item], chosen: Mapping[int, int], said: bool) -> None:
    """What it loses is free at once, and what stays is promised anew."""
    row = it.it
    if row.customer is None:
        raise Missing
    await db.execute("UPDATE return_lines SET held = 0 WHERE of_return = {}", row.id)
    what = Asked("withdrawal", [AskedLine(*one) for one in chosen.items()], note=row.note)
    quote = await quotes.quote(row.customer, what, row.created_at, judged=False)
    head = await asking.head(quote, what, row.customer)
    await reducing.promise(it, head, _grounds(it, head["grounds"], there, chosen, said))
    worth, own = {one.asked.line: one for one in quote.chosen}, {line.line: line.id for line in it.lines}
    for line, number in own.items():
        count = chosen.get(line, 0)
        await reducing.keep(number, count, worth[line].expected if count else 0)
    new = [asking.line(row.id, len(own) + n, worth[line]) for n, line in enumerate(chosen) if line not in own]
    if new:
        await db.insert("return_lines", new)
    if row.state in states.COUNTED:
        await db.execute(COUNT_REST, row.id)


def _grounds(it: Kept, anew: str, there: Mapping[int, Item], chosen: Mapping[int, int], said: bool) -> str:
    """The promises are new, the rights those of when it was declared."""
    before = msgspec.json.decode(it.it.grounds)
    old = {right["line"]: right for right in before.get("rights", [])}
    found = [old.get(line) or {"line": line, **msgspec.to_builtins(there[line].right)} for line in chosen]
    after = before | {"promises": msgspec.json.decode(anew)["promises"], "rights": found, "doubt": ""}
    return msgspec.json.encode(after | {"said": said or before.get("said", False)}).decode()
