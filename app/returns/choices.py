"""What of an order can be withdrawn from, line by line, and why the rest cannot: as its form shows it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app import pictures
from app.i18n import Voice
from app.orders import kept as orders
from app.orders.kept import KeptOrder
from app.returns import rights, standing, words, worth
from app.returns.cases import Right
from app.returns.rule_book import Rules


class Choice(Struct, frozen=True):
    """`most` can be chosen, none where `why` says why not (a sentence with its article); `until` is “Until Monday 7 Dec”."""

    line: int
    title: str
    variant: str
    picture: str
    most: int
    until: str
    why: str
    notes: list[str]


class Choices(Struct, frozen=True):
    order: KeptOrder
    rules: Rules  # by which it goes
    lines: Sequence[Choice]

    @property
    def open(self) -> list[Choice]:
        return [one for one in self.lines if one.most]


async def of_order(customer: int, address: str, voice: Voice) -> Choices:
    """Raises Missing."""
    order = await orders.owned_by(customer, address)
    them = await worth.of_orders([order.id])
    it = them[order.id]
    known = await rights.of_orders(them)
    there = standing.by_line(known)
    found = [_choice(row, it.left[row["id"]].free, _right(there[row["id"]]), voice) for row in it.lines]
    return Choices(order, known[order.id].rules, found)


def _right(found: Sequence[Right]) -> Right:
    return next(right for right in found if right.code == "withdrawal")


def _choice(row: Mapping[str, object], free: int, right: Right, voice: Voice) -> Choice:
    most = free if right.open else 0
    why = "" if most else words.why(right, voice) or voice.gettext("This one is being taken care of already.")
    return Choice(
        int(str(row["id"])), str(row["title"]), str(row["variant"]), pictures.url(str(row["picture"])), most,
        words.when(right, voice) if right.until else "", why, words.notes(right, voice) if most else [],
    )  # fmt: skip
