"""Rights as pages show them: a line on the order's own page, and each in words on the page of them all."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.i18n import Voice
from app.orders.kept import Kept, KeptLine
from app.returns import cases, holding, ordered, windows, words
from app.returns.cases import Right
from app.returns.holding import Held
from app.returns.kept_terms import KeptRepair, KeptTerms
from app.returns.ordered import LineRights, OrderRights
from app.shipments.kept import KeptParcel, Packed

DATED = ("withdrawal", "return", "guarantee")  # what the order's page says of them, in this order


class RightCard(Struct, frozen=True):
    """`counted` is what the law or the shop gives, `source` where that stands; `why` is empty of one that is open."""

    code: str
    title: str
    when: str
    counted: str
    source: str
    why: str
    notes: list[str]


class RightsLine(Struct, frozen=True):
    """What an order's page says of its rights; `withdrawal`: whether something of it can be withdrawn from."""

    text: str
    withdrawal: bool


class Group(Struct, frozen=True):
    """Items that have the same rights; `titles` say how many of each are left."""

    titles: list[str]
    open: list[RightCard]
    closed: list[RightCard]


def line(
    kept: Kept, parcels: Sequence[KeptParcel], contents: Sequence[Packed], terms: KeptTerms, repairs: Sequence[KeptRepair],
    held: Sequence[Held], voice: Voice,
) -> RightsLine | None:  # fmt: skip
    """“Withdraw until 7 Dec 2026 · Guarantee until 23 Nov 2028”; empty where nothing with a day is open, None where nothing is
    left of the order. Changed rules raise nobody's revision: a browser may keep the line until its next day."""
    found = ordered.rights(kept.order, kept.lines, parcels, contents, terms, repairs, of=windows.DATED)
    left = [it for it in found.lines if it.item.quantity]
    if not left:
        return None
    them = {one.line: one for one in held}
    withdrawal = any(it.right("withdrawal").open and _free(it.line, them) for it in left)
    if not found.alike:
        return RightsLine(voice.gettext("They differ by item"), withdrawal)
    return RightsLine(" · ".join(words.short(it, voice) for it in _dated(left[0])), withdrawal)


def _free(line: KeptLine, held: Mapping[int, Held]) -> bool:
    """Whether some of it can still be declared: what is declared is among the order's returns."""
    them = held.get(line.id, Held(line.id, 0, 0, 0, 0))
    return holding.withdrawable(line.quantity, line.cancelled_quantity, line.refunded_quantity, them) > 0


def _dated(line: LineRights) -> list[Right]:
    """What adds something: a return that ends with the withdrawal, or before it, says nothing new."""
    withdrawal = line.right("withdrawal")
    found = [right for right in map(line.right, DATED) if right.open and (right.until or right is withdrawal)]
    return [it for it in found if it.code != "return" or not _weaker(it, withdrawal)]


def _weaker(right: Right, withdrawal: Right) -> bool:
    if not withdrawal.open or withdrawal.until is None or right.until is None:
        return withdrawal.open
    return right.until <= withdrawal.until


def groups(found: OrderRights, voice: Voice) -> list[Group]:
    together: list[tuple[list[Right], list[LineRights]]] = []
    for one in found.lines:
        alike = next((lines for rights, lines in together if rights == one.rights), None)
        if alike is None:
            together.append((one.rights, [one]))
        else:
            alike.append(one)
    return [_group(rights, lines, voice) for rights, lines in together]


def _group(rights: list[Right], lines: list[LineRights], voice: Voice) -> Group:
    cards = [(right.open, _card(right, voice)) for right in cases.told(rights)]
    is_open, is_closed = ([card for state, card in cards if state is wanted] for wanted in (True, False))
    return Group([_title(it) for it in lines], is_open, is_closed)


def _title(one: LineRights) -> str:
    name = f"{one.line.title} · {one.line.variant}" if one.line.variant else one.line.title
    return f"{one.item.quantity} × {name}" if one.item.quantity > 1 else name


def _card(right: Right, voice: Voice) -> RightCard:
    return RightCard(
        right.code, words.title(right.code, voice), words.when(right, voice), words.counted(right, voice),
        words.source(right, voice), words.why(right, voice), words.notes(right, voice),
    )  # fmt: skip
