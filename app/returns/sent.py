"""What programs send about returns, as JSON."""

from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from app import json_bodies, typed
from app.structure import escaped

Kind = Literal["return", "claim", "cancellation"]
Reason = Literal[
    "", "changed_mind", "wrong_size", "not_as_described", "too_late", "damaged", "defective", "wrong_item", "missing_item",
    "not_delivered", "other",
]  # fmt: skip
Wish = Literal["refund", "exchange", "store_credit", "repair", "replacement"]
Clause = Literal[
    "window_over", "excluded", "used", "no_defect", "caused_later", "not_ours", "proven_delivered", "already_sent", "settled",
]  # fmt: skip


class Sent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A field that nobody knows is an error."""


class SentLine(Sent, frozen=True):
    """`line` is the line's id in the shop, `wanted` what an exchange is for."""

    line: str
    quantity: int
    reason: Reason = ""
    wish: Wish = "refund"
    wanted: str = ""
    note: str = ""


class NewReturn(Sent, frozen=True):
    """What a customer asks for. `order` is the order's id in the shop, `way` how it goes back, where that is known already. A
    withdrawal is declared by its customer, and by nobody else."""

    order: str
    lines: list[SentLine]
    kind: Kind = "return"
    way: Literal["", "drop_off", "label", "pick_up", "own_carrier"] = ""
    note: str = ""


class Approval(Sent, frozen=True):
    """`answer`: words for the customer."""

    answer: str = ""


class Refusal(Sent, frozen=True):
    """`clause` is what it rests on; `answer` the words for the customer."""

    clause: Clause
    answer: str = ""


class Question(Sent, frozen=True):
    """To the customer; nothing is decided."""

    question: str


class Upholding(Sent, frozen=True):
    """After an objection the refusal stands, or that less was paid back; `answer` says why."""

    answer: str


class Objection(Sent, frozen=True):
    """What stands against a withdrawal, and by which law, for its customer. It is no refusal."""

    text: str


class ArrivedLine(Sent, frozen=True):
    """`id` is how the return names its line. The four together are as many as were sent back."""

    id: int
    sound: int = 0
    damaged: int = 0
    wrong_item: int = 0
    missing: int = 0


class Arrival(Sent, frozen=True):
    """Each line is to be named. `rest`: with “sound”, all that are not came whole and sound; of a claim nobody says so."""

    lines: list[ArrivedLine] = []
    rest: Literal["", "sound"] = ""
    note: str = ""


class KeptBack(Sent, frozen=True):
    """What the seller keeps of a line: for what using it has cost of its value. `reason` is told to the customer."""

    id: int
    amount: int
    reason: str


class MoneyBack(Sent, frozen=True):
    """Without an `amount`, all that is left of what was promised. `more`: this is not the last of it. `reason`: why it is less
    and no more is to come, told to the customer; of a withdrawal `deductions` alone make it less. `again`: it is meant,
    though money was given back beside this return that may have been for the same items; without it, that is refused (422).
    `uncharged`: the shop does not charge what is only reserved of the payment; without it, nothing is settled before that is
    charged (422). After an objection to less than was promised: the rest of it, or an `amount` of that."""

    amount: int | None = None
    reason: str = ""
    deductions: list[KeptBack] = []
    more: bool = False
    again: bool = False
    uncharged: bool = False


class Recount(Sent, frozen=True):
    """In place of what was counted when it came. A line that is not named stays as it was counted."""

    lines: list[ArrivedLine] = []
    note: str = ""


class GoodsWanted(Sent, frozen=True):
    """The goods of a claim that was granted are to be sent back, at the seller's cost. Nothing more is to be said."""


class ItsOrder(Sent, frozen=True):
    """`order` is the id in the shop of the order that a withdrawal is about which matched none by itself. `meant`: although the
    number, the name or the e-mail address that were declared differ from the order's (422)."""

    order: str
    meant: bool = False


class SentItem(Sent, frozen=True):
    """What is sent in place of the return's line `id`. `unit_price` in minor units of the return's currency."""

    id: int
    title: str
    quantity: int
    unit_price: int
    variant: str = ""
    sku: str = ""


class Exchange(Sent, frozen=True):
    """`number` of the order in which it ships, as the shop has it; or the `items` of which one is made, one for each line that
    is exchanged. What they are worth less is refunded, what they are worth more is waived. With `ask` it is refused where they
    are worth more: that is proposed to its customer first (`Proposal`). `again`: as for a refund."""

    number: str = ""
    items: list[SentItem] = []
    ask: bool = False
    again: bool = False


class Dispatch(Sent, frozen=True):
    """The parcel of an exchange whose order was made here."""

    tracking_number: str
    carrier: str = ""


class DifferencePaid(Sent, frozen=True):
    """The difference that was asked for is paid. Nothing more is to be said."""


class MoneyInstead(Sent, frozen=True):
    """What was to be exchanged cannot be: it is to be paid back, at what it would have brought. Nothing more is to be said."""


class Repair(Sent, frozen=True):
    """A claim was made good by a repair. `note`: words for the customer. `again`: as for a refund."""

    note: str = ""
    again: bool = False


T = TypeVar("T", bound=Sent)


def decoded(body: bytes, kind: type[T]) -> T:
    """Raises Broken; Invalid with all that is wrong, by JSON pointer. PostgreSQL takes no NUL."""
    sent, wrong = json_bodies.read(body, kind, "It")
    nul = dict.fromkeys(_nul(msgspec.to_builtins(sent), ""), "a NUL character")
    if wrong | nul:
        json_bodies.refuse(nul | wrong, "It")
    found: T = sent
    return found


def _nul(value: Any, pointer: str) -> list[str]:
    if isinstance(value, str):
        return [pointer] if typed.UNSPEAKABLE.search(value) else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, inner in parts for found in _nul(inner, f"{pointer}/{escaped(str(name))}")]
