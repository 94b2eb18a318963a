"""Withdrawal without signing in (Directive 2011/83/EU, Art. 11a): a name, the contract in the customer's words, an address.

It counts when the link that is mailed there is touched: that shows whose address it is. Until then nothing is looked for, so
that neither answer nor time tell whether there is such an order; and what nobody confirms is forgotten. The date that counts
is the one on which it was sent off (Art. 11a(5)).
"""

from datetime import timedelta
from typing import Any

from app import clock, db, i18n
from app.accounts import customers, throttle
from app.accounts.throttle import HOUR, Limit
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Missing
from app.events import actions as events
from app.mail import letters
from app.returns import acknowledging, asking, attaching, deadlines, deciding, doubts, kept, moving, telling, withdrawals
from app.returns.declared import Checked
from app.returns.kept import Kept
from app.returns.unfounded_letters import LINK
from app.search import folded
from app.settings import settings
from app.tokens import hash_token, new_token, unsign

AGAIN = timedelta(minutes=2)  # within which the same, sent again, is the same touch of the button
BY_NETWORK = Limit("withdrawals_network", 40, HOUR)
BY_ASKER = Limit("withdrawals_asker", 5, HOUR)
BY_EMAIL = Limit("withdrawals_email", 10, HOUR)
BITE = 500
SAME = """
SELECT code FROM returns WHERE kind = 'withdrawal' AND state = 'unconfirmed' AND created_at > {} AND merchant = {}
AND email = {} AND name = {} AND contract = {} AND note = {} LIMIT 1
"""
BY_LINK = """
SELECT code FROM returns WHERE link_hash = {} AND kind = 'withdrawal' AND (state <> 'unconfirmed' OR created_at > {})
"""
DECLARED_JUST_NOW = """
SELECT code FROM returns WHERE customer = {} AND kind = 'withdrawal' AND created_at > {} AND merchant = {} AND contract = {}
AND note = {} AND state <> 'unconfirmed' LIMIT 1
"""
FORGET = """
DELETE FROM returns WHERE state = 'unconfirmed' AND created_at <= {} AND id IN (
  SELECT id FROM returns WHERE state = 'unconfirmed' AND created_at <= {} LIMIT {}
) RETURNING id
"""


async def declare(told: Checked, network: str) -> None:
    """Written down, and a link mailed. Raises Refused (429)."""
    await _count(told.email, network)
    at, token = clock.now(), new_token()
    async with transaction():
        await db.take_turn(f"withdrawal {told.email}")
        about = (told.seller.id, told.email, told.name, told.contract, told.items)
        if await db.one(SAME, at - AGAIN, *about):
            return
        await _write(told, hash_token(token))
        link = f"{settings.base_url}/withdrawal/{token}"
        said = {"link": link, "merchant": told.seller.name, "url": settings.base_url, "days": deadlines.TO_CONFIRM.days}
        await letters.write(told.email, "withdrawal_link", i18n.voice(), **said)


async def _count(email: str, network: str) -> None:
    """By whoever says that the address is theirs; each gets a mail. Raises Refused (429)."""
    await throttle.count(BY_NETWORK, network)
    await throttle.count(BY_ASKER, f"{email} {network}")
    await throttle.count(BY_EMAIL, email)


async def declare_as(viewer: Viewer, told: Checked) -> str:
    """By who is signed in and has that address: no link is needed. The code."""
    async with transaction():
        await customers.lock(viewer.id)
        at = clock.now()
        same = await db.one(DECLARED_JUST_NOW, viewer.id, at - AGAIN, told.seller.id, told.contract, told.items)
        if same:
            return str(same["code"])
        code = await _write(told, "")
        await _acknowledge(code, viewer.id, by=f"customer:{viewer.id}")
    await acknowledging.complete(code)
    return code


async def found(token: str) -> Kept:
    """What the link is about. Raises Missing when it is over, or not ours."""
    if (code := unsign(token, LINK)) is not None:  # from a mail that came later, to the address that was confirmed
        return await kept.by_code(code)
    row = await db.one(BY_LINK, hash_token(token), clock.now() - deadlines.TO_CONFIRM)
    if row is None:
        raise Missing
    return await kept.by_code(row["code"])


async def confirm(token: str) -> str:
    """The code. Touched twice, the first counts. Raises Missing."""
    async with transaction():
        it = await found(token)
        await db.take_turn(f"return {it.it.code}")
        it = await found(token)
        if it.it.state == "unconfirmed":
            await _acknowledge(it.it.code, None, by="guest")
    await acknowledging.complete(it.it.code)
    return it.it.code


async def _write(told: Checked, link_hash: str) -> str:
    at, code = clock.now(), asking.new_code()
    await db.insert("returns", [{
        "code": code, "kind": "withdrawal", "state": "unconfirmed", "merchant": told.seller.id, "waiting_on": "nobody",
        "name": told.name, "email": told.email, "contract": told.contract, "note": told.items, "link_hash": link_hash,
        "locale": i18n.voice().locale, "created_at": at, "changed_at": at,
        "search_text": folded("\n".join((told.contract, told.name, told.email))),
    }])  # fmt: skip
    await events.record("withdrawal_declared", code=code, return_kind="withdrawal", by="guest")
    return code


async def _acknowledge(code: str, customer: int | None, *, by: str) -> None:
    """Whose order it is, is looked for now; what is withdrawn is held, the days begin, the merchant's people hear."""
    it = await kept.by_code(code)
    order = await attaching.order_of(it.it.merchant, it.it.email, it.it.contract)
    owner = order.customer if order else customer
    if owner is not None:
        await customers.lock(owner)
    await attaching.attach(it, order, owner)
    it = await kept.by_code(code)
    certain = it.it.expected and not doubts.of(it)  # what words mean is not said before they are understood
    said: dict[str, Any] = {"amount": it.it.expected, "currency": it.it.currency} if certain else {}
    await moving.move(it, "acknowledged", by=by, due_at=await deciding.answer_by(it), doubt=doubts.of(it), **said)
    it = await kept.by_code(code)
    if doubts.of(it) != "late":
        await withdrawals.begin(it)
    await telling.tell(await kept.by_code(code))


async def forget() -> None:
    """A chore: what nobody has confirmed, when its link is over."""
    until = clock.now() - deadlines.TO_CONFIRM
    while len(await db.execute(FORGET, until, until, BITE)) == BITE:
        pass
