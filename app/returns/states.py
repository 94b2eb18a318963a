"""The ways that a return, a withdrawal, a claim and a cancellation go. Whatever is not here never happens.

return: requested → approved → label_issued → in_transit → received → refunded | exchanged | credited → closed. Steps may be
left out where nobody tells of them (a parcel that simply arrives), and a merchant may give the money back and let the goods go.
The customer takes it back until it is on its way; a claim and a cancellation until they are decided. A withdrawal is a
declaration: it stands.
withdrawal: never declined (Directive 2011/83/EU, Art. 9: no reason need be given). What was not sent out need not come back.
“unfounded” is no refusal: the seller says that this declaration is none that has an effect, and why (see `unfounded.py`); an
objection puts it in force again.
"""

from datetime import datetime
from typing import Literal, Protocol

Kind = Literal["withdrawal", "return", "claim", "cancellation"]
KINDS: tuple[Kind, ...] = ("withdrawal", "return", "claim", "cancellation")

SETTLED = ("refunded", "exchanged", "credited")
COUNTED = ("received", "goods_received")
GIVEN = (*SETTLED, "resolved", "closed")
GOES: dict[str, dict[str, tuple[str, ...]]] = {
    "return": {
        "": ("requested",),
        "requested": ("approved", "declined", "cancelled"),
        "approved": ("label_issued", "in_transit", "received", *SETTLED, "cancelled", "expired"),
        "label_issued": ("in_transit", "received", *SETTLED, "cancelled", "expired"),
        "in_transit": ("received", *SETTLED),
        "received": SETTLED,
        "declined": ("approved",),  # after an objection
        "expired": ("received",),  # it came all the same
        "closed": SETTLED,  # opened again in the shop's own system
    } | dict.fromkeys(SETTLED, ("closed",)),
    "withdrawal": {
        "": ("unconfirmed", "acknowledged"),
        "unconfirmed": ("acknowledged",),
        "acknowledged": ("goods_due", "refunded", "unfounded"),
        "goods_due": ("goods_received", "proof_sent", "refunded", "unfounded"),
        "unfounded": ("acknowledged",),  # after an objection, or taken back
        "proof_sent": ("goods_received", "refunded"),
        "goods_received": ("refunded",),
        "refunded": ("closed",),
        "closed": ("refunded",),
    },
    "claim": {
        "": ("open",),
        "open": ("approved", "denied", "cancelled"),
        "approved": ("resolved",),
        "denied": ("approved", "closed"),
        "resolved": ("closed",),
    },
    "cancellation": {
        "": ("requested",),
        "requested": ("approved", "declined", "cancelled"),
        "approved": ("refunded",),
        "declined": ("approved",),
        "refunded": ("closed",),
    },
}  # fmt: skip
# When what was sent in exchange, or as a replacement, is cancelled (see `called_off.py`): only that leads here.
CALLED_OFF: dict[str, dict[str, tuple[str, ...]]] = {
    "return": {"exchanged": ("refunded", "received", "approved")}
    | dict.fromkeys(("refunded", "credited", "closed"), ("received", "approved")),
    "claim": dict.fromkeys(("resolved", "closed"), ("approved",)),
    "cancellation": {"approved": ("closed",)},  # nothing was promised for it
}
STATES = {kind: (frozenset(goes) | {after for them in goes.values() for after in them}) - {""} for kind, goes in GOES.items()}
FIRST = {"return": "requested", "withdrawal": "acknowledged", "claim": "open", "cancellation": "requested"}

# What ended without anything given back: the items may be asked for again.
LET_GO = ("declined", "cancelled", "expired", "denied", "unfounded")
REFUSED = ("declined", "denied")
ASKED = ("requested", "open")  # nobody has agreed to it: its items may stay with their customer
OVER = ("closed", *LET_GO)


class Standing(Protocol):
    """Columns of `Return`."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def waiting_on(self) -> str: ...
    @property
    def came_at(self) -> datetime | None: ...
    @property
    def received_at(self) -> datetime | None: ...


def goods_awaited(it: Standing) -> bool:
    """Of a claim that was granted: the seller wants to see them."""
    return it.kind == "claim" and it.state == "approved" and it.waiting_on == "buyer"


def goods_there(it: Standing) -> bool:
    """Handed over to the seller, who has not counted them yet."""
    return it.kind == "claim" and it.state == "approved" and it.came_at is not None and it.received_at is None


def goods_coming(it: Standing) -> bool:
    under_way = it.kind == "claim" and it.state == "approved" and it.waiting_on == "carrier"
    return goods_awaited(it) or under_way or goods_there(it)


def to_send(it: Standing) -> bool:
    """Whether its customer has something to send back now."""
    agreed = it.kind == "return" and it.state in ("approved", "label_issued")
    return agreed or it.state == "goods_due" or goods_awaited(it)


def to_come(it: Standing) -> bool:
    """Whether a parcel is still to reach the seller."""
    return to_send(it) or goods_coming(it) or it.state in ("in_transit", "proof_sent")


def with_label(it: Standing) -> bool:
    """A withdrawal has one as soon as its goods are to come back, and so has a claim."""
    return it.state in ("label_issued", "goods_due") or goods_awaited(it)


def may(kind: str, before: str, after: str, *, called_off: bool = False) -> bool:
    if called_off and after in CALLED_OFF.get(kind, {}).get(before, ()):
        return True
    return after in GOES[kind].get(before, ())
