"""What is really sent in an exchange or as a replacement, and what it is worth beside what came back, to the cent.

A customer's wish is words; what is sent is said by whoever packs it: title, variant, article number, how many, at which price.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from app import typed
from app.errors import Invalid
from app.i18n import _
from app.returns.kept import Kept, KeptReturnLine

TEXTS = ("title", "variant", "sku")
MOST_OF_TEXT, MOST_PIECES, MOST_PRICE = 500, 9_999, 10**12


class Item(Struct, frozen=True, kw_only=True):
    """Sent in place of a return's line (its id). `unit_price` in minor units of the return's currency."""

    line: int
    title: str
    variant: str = ""
    sku: str = ""
    quantity: int
    unit_price: int


class Sending(Struct, frozen=True, kw_only=True):
    """The number of an order that is there already, or the `items`, one for each line. `ask`: what they are worth more is to be
    paid; else it is waived, as it always is of a claim: making good costs nothing (Directive (EU) 2019/771, Art. 14)."""

    number: str = ""
    items: Sequence[Item] = ()
    ask: bool = False


class Compared(Struct, frozen=True):
    """An item beside its line: what it is worth more than what came back, in minor units; less is below zero."""

    item: Item
    line: KeptReturnLine
    difference: int

    @property
    def record(self) -> dict[str, Any]:
        """For `exchanges.make`. The picture is of the first one: what is sent may look otherwise, so that another has none."""
        it = self.item
        same = (it.title, it.variant) == (self.line.title, self.line.variant)
        texts = {name: getattr(it, name).strip() for name in TEXTS}
        return texts | {
            "picture": self.line.picture if same else "", "quantity": it.quantity, "unit_price": it.unit_price,
        }  # fmt: skip


def wished(it: Kept) -> list[KeptReturnLine]:
    """What is still to ship in place of what came back, as its customer wishes."""
    return [line for line in it.lines if line.wish in ("exchange", "replacement")] if it.it.exchange is None else []


def lines(it: Kept) -> list[KeptReturnLine]:
    """What can be sent in place of: of a return what its customer wishes so, of a granted claim all of it; once more where the
    replacement was cancelled."""
    if it.it.kind != "claim":
        return wished(it)
    none = it.it.exchange is None or it.it.exchange_stage == "cancelled"
    return it.lines if it.it.state == "approved" and none else []


def suggested(line: KeptReturnLine, kind: str) -> Item:
    """The same once more at what it has cost. Of an exchange the variant is what its customer wants another of."""
    texts = {"variant": line.variant, "sku": line.sku} if kind == "claim" else {}
    return Item(line=line.id, title=line.title, quantity=line.quantity, unit_price=_each(line), **texts)


def _each(line: KeptReturnLine) -> int:
    """Rounded up: of three for 100.00, each is 33.34."""
    return -(-line.expected // max(line.quantity, 1))


def compared(items: Sequence[Item], wanted: Sequence[KeptReturnLine]) -> list[Compared]:
    """As the lines stand: by that the new order's line tells which one it is for."""
    of = {item.line: item for item in items}
    return [
        Compared(item, line, _value(item, line) - line.expected) for line in wanted if (item := of.get(line.id)) is not None
    ]


def _value(item: Item, line: KeptReturnLine) -> int:
    """As many at the price that was suggested are worth just what came back: no cent comes of the rounding."""
    if (item.quantity, item.unit_price) == (line.quantity, _each(line)):
        return line.expected
    return item.quantity * item.unit_price


def shared(found: Sequence[Compared]) -> dict[int, int]:
    """By order, what goes back of a difference that is below zero: from the lines that are worth less."""
    left, parts = -sum(one.difference for one in found), dict[int, int]()
    for one in found:
        part = min(left, max(-one.difference, 0))
        parts[one.line.order] = parts.get(one.line.order, 0) + part
        left -= part
    return {order: part for order, part in parts.items() if part}


def check(items: Sequence[Item], wanted: Sequence[KeptReturnLine]) -> None:
    """Raises Invalid(title-<line>, quantity-<line>, price-<line>=…)."""
    named = [item.line for item in items]
    wrong = {f"title-{line.id}": _("Say what is sent.") for line in wanted if line.id not in named}
    if len(set(named)) < len(named) or not {*named} <= {line.id for line in wanted}:
        raise Invalid(items=_("One item for each line that is exchanged."))
    for item in items:
        wrong |= _wrong(item)
    if wrong:
        raise Invalid.at(wrong)


def _wrong(item: Item) -> Mapping[str, str]:
    wrong = {f"{name}-{item.line}": unfit for name in TEXTS if (unfit := typed.wrong_words(getattr(item, name), MOST_OF_TEXT))}
    if not item.title.strip():
        wrong[f"title-{item.line}"] = _("Say what is sent.")
    if not 1 <= item.quantity <= MOST_PIECES:
        wrong[f"quantity-{item.line}"] = _("At least one.")
    if not 0 <= item.unit_price <= MOST_PRICE:
        wrong[f"price-{item.line}"] = _("An amount that is not below zero.")
    return wrong
