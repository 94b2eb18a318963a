"""What makes a return or a claim good at a desk: what is offered first, what ships instead, and how a count begins."""

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.orders import exchanges
from app.returns import claimed, exchange_cards, exchanging, outcome_words, receiving
from app.returns.kept import Kept

INSTEAD = """
SELECT o.number, o.total, o.payment, o.stage, o.fulfilment, o.external_id FROM orders o WHERE o.id = {} AND o.merchant = {}
"""
PRIMARY = {"exchange": "exchange", "replacement": "exchange", "repair": "repair"}  # else money


class Instead(Struct, frozen=True):
    """The order that ships in exchange. `to_pay`: what was asked for, empty once it is paid; `to_send`: it was made here, and
    nothing of it has gone out. `off` and `back`: that it was cancelled, and what of it goes back. `asked`: by what, or what may
    still come to that; words and address."""

    number: str
    to_pay: str
    to_send: bool
    off: str
    back: str
    asked: list[tuple[str, str]]


def counts(it: Kept) -> dict[str, str]:
    """By the names of the form's fields; what is none stays empty."""
    found = receiving.supposed(it)
    return {
        f"{name}-{line}": str(count) for line, them in found.items() for name in receiving.AS if (count := getattr(them, name))
    }  # fmt: skip


def first(it: Kept) -> str:
    """What is offered first of what makes it good: what the customer wishes; what is to be repaired has to be there."""
    wishes = [line.wish for line in it.lines]
    if it.it.kind == "return" and not exchanging.wished(it):
        return "refund"
    wished = next((PRIMARY[wish] for wish in wishes if wish in PRIMARY), "refund")
    return "want" if wished == "repair" and claimed.wantable(it) else wished


async def instead(it: Kept, desk: str, voice: Voice) -> Instead | None:
    row = await db.one(INSTEAD, it.it.exchange, it.it.merchant) if it.it.exchange else None
    if row is None:
        return None
    ours = exchanges.made_for(row["external_id"], it.it.code) and row["stage"] != "cancelled"
    to_pay = voice.money(row["total"], it.it.currency) if ours and row["payment"] == "unpaid" else ""
    off, back = outcome_words.off(it.it, voice), outcome_words.back(it.it, voice)
    asked = await exchange_cards.links(it, voice, desk)
    return Instead(row["number"], to_pay, ours and row["fulfilment"] == "unfulfilled", off, back, asked)
