"""Beginning a thread: with its first message, in one transaction."""

from typing import Any

from app import clock, db, tokens
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.events import actions as events
from app.i18n import _
from app.inbox import kept, limits, posting, texts
from app.inbox.about import About
from app.inbox.posting import Said

MOST_OPEN = 50  # threads of one customer that wait for a seller: nobody has more to ask, and a machine might
OPEN = "SELECT count(*) AS n FROM threads WHERE customer = {} AND waiting_on = 'seller'"


async def start(customer: int, what: About, said: Said, *, subject: str = "", key: str = "") -> str:
    """The thread's code; of a second touch of the button, the first one's, or of what that is part of by now. `key`: of the
    form, which is worth one thread. Raises Invalid (subject, text), Refused (429)."""
    async with db.transaction():
        await customers.lock(customer)
        code = tokens.code_of("T", f"{customer} {key}", "thread") if key else tokens.new_code("T")
        if key and (begun := await _begun(customer, code)):
            return begun
        if said.side == "buyer":
            await limits.beginning(customer)
            await _not_too_many(customer)
        heading = texts.subject(subject)
        if not heading and not what.titles:
            raise Invalid(subject=_("Say in a few words what it is about."))
        await db.insert("threads", [_row(customer, code, heading, what)])
        await events.record(
            "thread_started", customer=customer, merchant=what.merchant, order=what.order, code=code, side=said.side
        )
        await posting.post(await kept.owned_by(customer, code), said)
        return code


async def _begun(customer: int, code: str) -> str:
    try:
        return (await kept.owned_by(customer, code)).code
    except Missing:
        return ""


async def _not_too_many(customer: int) -> None:
    if (await db.rows(OPEN, customer))[0]["n"] >= MOST_OPEN:
        raise Refused(_("You are waiting for many answers already. Write on in one of those."), status=429, retry_after=3600)


def _row(customer: int, code: str, subject: str, what: About) -> dict[str, Any]:
    at = clock.now()
    return {
        **what.columns, "code": code, "customer": customer, "subject": subject, "last_at": at, "created_at": at,
    }  # fmt: skip
