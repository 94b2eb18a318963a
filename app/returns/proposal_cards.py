"""What is proposed in exchange, for who is to answer it and for who has proposed it: each amount formatted once."""

import re

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.returns import exchanging, proposals
from app.returns.exchanging import Item
from app.returns.kept import Kept, KeptReturnLine

LINK = re.compile(r"(https://[^\s<>\"]+[^\s<>\".,;:!?)\]])")  # what ends a sentence is not of it
OF_ORDER = """
SELECT o.total, o.currency, p.how_paid FROM orders o JOIN returns r ON r.exchange = o.id
JOIN exchange_proposals p ON p.of_return = r.id AND p.state IN ('agreed', 'sent')
WHERE o.id = {} AND o.source = 'exchange' AND o.payment = 'unpaid' AND o.state <> 'cancelled' ORDER BY p.id DESC LIMIT 1
"""
Piece = tuple[str, bool]  # text, whether it is an address


class Beside(Struct, frozen=True):
    """What came back and its worth; what would be sent for it, and its price."""

    came: str
    worth: str
    sent: str
    about: str
    price: str


class ToPay(Struct, frozen=True):
    """Of an exchange that was agreed to. `how`: lines of the merchant's words, their addresses apart."""

    amount: str
    how: list[list[Piece]]


class ProposalShown(Struct, frozen=True):
    """`difference` is what is to be paid, `back` what comes back instead; `until` the last day to answer."""

    number: int
    lines: list[Beside]
    difference: str
    back: str
    how: list[list[Piece]]
    until: str


async def shown(it: Kept, voice: Voice) -> ProposalShown | None:
    """The one that stands."""
    found = await proposals.standing(it)
    if found is None:
        return None
    money, lines = it.it.currency, {line.id: line for line in exchanging.wished(it)}
    return ProposalShown(
        found.id, [_beside(item, lines[item.line], money, voice) for item in found.sent if item.line in lines],
        voice.money(found.difference, money), voice.money(await proposals.comes_back(it), money), how(found.how_paid),
        voice.weekday(proposals.last_day(found.answer_by), last=True),
    )  # fmt: skip


async def to_pay(order: int | None, voice: Voice) -> ToPay | None:
    """For an order that ships in exchange, until it is paid."""
    row = await db.one(OF_ORDER, order) if order else None
    return ToPay(voice.money(row["total"], row["currency"]), how(row["how_paid"])) if row else None


def how(text: str) -> list[list[Piece]]:
    return [[(part, n % 2 == 1) for n, part in enumerate(LINK.split(line)) if part] for line in text.splitlines()]


def _beside(item: Item, line: KeptReturnLine, currency: str, voice: Voice) -> Beside:
    price = exchanging.compared([item], [line])[0].difference + line.expected
    about = " · ".join(text for text in (item.variant, item.sku) if text)
    return Beside(
        f"{line.quantity} × {line.title}", voice.money(line.expected, currency), f"{item.quantity} × {item.title}", about,
        voice.money(price, currency),
    )  # fmt: skip
