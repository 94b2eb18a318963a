"""Objecting to what was decided of a return: the objection itself, and a conversation in which it is talked about.

The conversation is the return's own, or a new one; where nobody may write just now, the objection stands all the same.
"""

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.inbox import about, kept, lines, posting, starting
from app.inbox.posting import Said
from app.returns import deciding, extents, guests, unfounded
from app.returns import kept as returns
from app.returns.kept import Kept

OF_RETURN = """
SELECT code FROM threads WHERE customer = {}
AND (of_return = {} OR id IN (SELECT thread FROM thread_about WHERE of_return = {})) ORDER BY last_at DESC, id DESC LIMIT 1
"""
EVENT = "return_objected"


async def by_link(token: str, *, text: str) -> str:
    """By who has the link that was mailed to whoever declared it. A conversation is its customer's alone: one opens where the
    address is theirs; of another's the objection stands by itself. Raises Missing, Invalid(text=…), Refused (409)."""
    it = await guests.found(token)
    if it.it.state == "unconfirmed":
        raise Missing
    if it.it.customer is not None and await extents.is_owner(it):
        return await object_to(it.it.customer, it.it.code, text=text, name=it.it.name, by="guest")
    if it.it.state == "unfounded" or it.it.customer is None:
        await unfounded.dispute(it.it.customer, it.it.code, text=text, by="guest")
    else:
        await deciding.object_to(it.it.customer, it.it.code, text=text, by="guest")
    return ""


async def object_to(customer: int, code: str, *, text: str, name: str, by: str = "") -> str:
    """The conversation's code; empty for none. `by`: for its event, where that is not the customer, signed in. Raises Missing,
    Invalid(text=…), Refused (409)."""
    async with db.transaction():
        await customers.lock(customer)
        it = await returns.owned_by(customer, code)
        verb = unfounded.dispute if it.it.state == "unfounded" else deciding.object_to
        await verb(customer, code, text=text, by=by or f"customer:{customer}")
        words = text.strip() or _("I do not agree with this decision. Please look at it again.")
        try:
            async with db.undone_alone():
                return await _say(await returns.owned_by(customer, code), customer, words, name)
        except (Invalid, Refused):
            return ""


async def _say(it: Kept, customer: int, text: str, name: str) -> str:
    said = Said(side="buyer", text=text, author=customer, name=name)
    row = await db.one(OF_RETURN, customer, it.it.id, it.it.id)
    if row is None:
        code = await starting.start(customer, await about.returned(customer, it.it.code), said)
    else:
        code = row["code"]
        await posting.post(await kept.owned_by(customer, code), said)
    due = it.it.due_at.isoformat() if it.it.due_at else ""
    await lines.add((await kept.owned_by(customer, code)).id, EVENT, due, clock.now())
    return code
