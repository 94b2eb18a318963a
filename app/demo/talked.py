"""The demo's conversations, made by the verbs of every door; what is there already stays as it is."""

from app import clock, db, tokens
from app.accounts import customers
from app.demo.people import PEOPLE
from app.demo.talks import Talk, in_order
from app.inbox import about, kept, posting, starting
from app.inbox.about import About
from app.inbox.posting import Said
from app.merchants import actions as merchants

ORDER = """
SELECT o.address FROM orders o WHERE o.customer = {} AND o.merchant = {} AND o.placed_at < {}
ORDER BY o.placed_at DESC, o.id DESC LIMIT 1
"""
SELLER = """
SELECT c.name FROM members mb JOIN customers c ON c.id = mb.customer WHERE mb.merchant = {} ORDER BY mb.id LIMIT 1
"""
LAST = "SELECT COALESCE(max(id), 0) AS id FROM events"
HISTORY = (
    "UPDATE events SET noticed_at = {} WHERE id > {} AND noticed_at IS NULL AND kind IN ('thread_started', 'message_posted')"
)


async def make() -> None:
    """In the caller's transaction, each turn at its own time; told in the lists, and sent nowhere."""
    (last,) = await db.rows(LAST)
    people = await customers.ensure({one.person.email: one.person.name for one in PEOPLE})
    begun: dict[str, str] = {}
    for when, talk, side, text in in_order(clock.today("UTC")):
        customer = people[talk.who.person.email]["id"]
        with clock.as_of(when):
            if talk.key not in begun and side == "buyer" and not await _there(customer, talk):
                said = _hers(talk, customer, text)
                begun[talk.key] = await starting.start(
                    customer, await _about(talk, customer), said, subject=talk.subject, key=talk.key
                )
            elif talk.key in begun:
                await _goes_on(talk, customer, begun[talk.key], side, text)
    await db.execute(HISTORY, clock.now(), last["id"])


def _hers(talk: Talk, customer: int, text: str) -> Said:
    return Said(side="buyer", text=text, author=customer, name=talk.who.person.name)


async def _there(customer: int, talk: Talk) -> bool:
    code = tokens.code_of("T", f"{customer} {talk.key}", "thread")
    return await db.one("SELECT id FROM threads WHERE code = {}", code) is not None


async def _about(talk: Talk, customer: int) -> About:
    row = await db.one(ORDER, customer, await merchants.ensure(talk.shop), clock.now()) if talk.ordered else None
    return await about.order(customer, row["address"]) if row else await about.merchant(talk.shop)


async def _goes_on(talk: Talk, customer: int, code: str, side: str, text: str) -> None:
    if side == "buyer":
        await posting.reply(customer, code, _hers(talk, customer, text))
        return
    it = await kept.owned_by(customer, code)
    row = await db.one(SELLER, it.merchant)
    await posting.answer(it.merchant, code, Said(side="seller", text=text, name=row["name"] if row else it.merchant_name))
