"""What of an order can be withdrawn from, line by line, and why the rest cannot: as its form shows it."""

from collections.abc import Sequence

from msgspec import Struct

from app import pictures
from app.i18n import Voice
from app.orders.kept import KeptOrder
from app.returns import holding, rights, words
from app.returns.ordered import LineRights
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
    known = await rights.of_order(customer, address)
    left = await holding.left([known.order.id])
    found = [_choice(it, left[it.item.id].free, voice) for it in known.lines]
    return Choices(known.order, known.rules, found)


def _choice(it: LineRights, free: int, voice: Voice) -> Choice:
    line, right = it.line, it.right("withdrawal")
    most = free if right.open else 0
    why = "" if most else words.why(right, voice) or voice.gettext("This one is being taken care of already.")
    return Choice(
        line.id, line.title, line.variant, pictures.url(line.picture), most, words.when(right, voice) if right.until else "",
        why, words.notes(right, voice) if most else [],
    )  # fmt: skip
