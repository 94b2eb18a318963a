"""What of an order can be withdrawn from, line by line, and why the rest cannot: as its form shows it."""

from collections.abc import Sequence

from msgspec import Struct

from app import pictures
from app.i18n import Voice
from app.orders.kept import KeptOrder
from app.returns import holding, rights, taking, words
from app.returns.holding import Left
from app.returns.ordered import LineRights
from app.returns.rule_book import Rules
from app.returns.taking import Taken


class Choice(Struct, frozen=True):
    """`most` can be chosen, none where `why` says why not (a sentence with its article), or `taken` where it is, words and
    address; `gives_way`: undecided claims that a withdrawal takes the place of; `until` is “Until Monday 7 Dec”."""

    line: int
    title: str
    variant: str
    picture: str
    most: int
    until: str
    why: str
    notes: list[str]
    taken: list[tuple[str, str]]
    gives_way: list[tuple[str, str]]


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
    left, taken = await holding.left([known.order.id]), await taking.of_orders(customer, [known.order.id])
    found = [_choice(it, left[it.item.id], taken.get(it.item.id, ()), voice) for it in known.lines]
    return Choices(known.order, known.rules, found)


def _choice(it: LineRights, left: Left, taken: Sequence[Taken], voice: Voice) -> Choice:
    line, right = it.line, it.right("withdrawal")
    most = left.withdrawable if right.open else 0
    why = "" if most else words.why(right, voice)
    gives_way = [one for one in taken if most and one.undecided]
    others = [one for one in taken if one not in gives_way]
    if not (most or why or others):
        why = voice.gettext("Nothing is left of it to be asked for.")
    return Choice(
        line.id, line.title, line.variant, pictures.url(line.picture), most, words.when(right, voice) if right.until else "",
        why, words.notes(right, voice) if most else [], taking.links(others, voice), taking.links(gives_way, voice),
    )  # fmt: skip
