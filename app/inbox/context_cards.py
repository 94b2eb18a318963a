"""What a thread is about, as it stands now: the order or the return, in a card that leads there."""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app import db, pictures
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.orders import cards as orders
from app.orders import lists as order_lists
from app.returns import cards as returns
from app.returns import lists as return_lists

ADDRESS = "SELECT address FROM orders WHERE customer = {} AND id = {}"


BESIDE = """
SELECT a."order", a.of_return, COALESCE((SELECT r.code FROM returns r WHERE r.id = a.of_return), '') AS code
FROM thread_about a WHERE a.thread = {} ORDER BY a.id LIMIT {}
"""
MOST = 5


class Context(Struct, frozen=True):
    """`said`: its status, as everywhere."""

    url: str
    name: str
    said: str
    picture: str


async def of(it: KeptThread, voice: Voice) -> Context | None:
    """None for a question about nothing, and for what is not theirs any more."""
    if it.of_return is not None and (found := await _returned(it, voice)):
        return found
    return await _order(it, voice) if it.order is not None else None


async def beside(it: KeptThread, voice: Voice) -> list[Context]:
    """Of what those were about that have become part of it."""
    found = []
    for row in await db.rows(BESIDE, it.id, MOST):
        if (row["order"], row["of_return"]) != (it.order, it.of_return):
            found.append(await of(replace(it, order=row["order"], of_return=row["of_return"], return_code=row["code"]), voice))
    return [one for one in found if one is not None]


async def _order(it: KeptThread, voice: Voice) -> Context | None:
    row = await db.one(ADDRESS, it.customer, it.order)
    text = await order_lists.one(it.customer, row["address"]) if row else None
    if text is None:
        return None
    card = orders.card(text, voice)
    name = voice.gettext("Order %(number)s") % {"number": card.number}
    return Context(card.url, name, card.said.headline, card.pictures[0] if card.pictures else "")


async def _returned(it: KeptThread, voice: Voice) -> Context | None:
    found = await return_lists.by_code(it.customer, it.return_code) if it.return_code else None
    if found is None:
        return None
    card, names = returns.card(found, voice), msgspec.json.decode(found.pictures)
    return Context(card.url, found.code, card.said.headline, pictures.url(names[0]) if names else "")
