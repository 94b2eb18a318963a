"""What somebody asks for: which of their lines, how many, why, and what they wish for it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from app import typed
from app.errors import Invalid
from app.i18n import Voice, _

MOST_LINES = 1_200  # the largest order that was ever seen has 1,114
WISHES: Mapping[str, tuple[str, ...]] = {
    "withdrawal": ("refund",),
    "return": ("refund", "exchange", "store_credit"),
    "claim": ("repair", "replacement", "refund"),
    "cancellation": ("refund",),
}
REASONS: Mapping[str, tuple[str, ...]] = {
    "withdrawal": ("",),
    "return": ("changed_mind", "wrong_size", "not_as_described", "too_late", "other"),
    "claim": ("damaged", "defective", "wrong_item", "missing_item", "not_delivered"),
    "cancellation": ("", "changed_mind", "too_late", "other"),
}
# What nobody repairs: it came broken, is another thing, or is not there.
ANOTHER = ("damaged", "wrong_item", "missing_item", "not_delivered")
WAYS = ("drop_off", "label", "pick_up", "own_carrier")


class AskedLine(Struct, frozen=True):
    """`line` is the order line's id; `wanted` is what an exchange is for."""

    line: int
    quantity: int
    reason: str = ""
    wish: str = "refund"
    wanted: str = ""
    note: str = ""


class Asked(Struct, frozen=True):
    kind: str
    lines: Sequence[AskedLine]
    way: str = ""
    note: str = ""


@lru_cache(256)
def reasons(voice: Voice) -> Mapping[str, str]:
    _ = voice.gettext
    return {
        "changed_mind": _("I changed my mind"),
        "wrong_size": _("The size or colour does not suit"),
        "not_as_described": _("It is not as described"),
        "damaged": _("It came damaged"),
        "defective": _("It does not work"),
        "wrong_item": _("It is another item"),
        "missing_item": _("Something is missing"),
        "not_delivered": _("It never came"),
        "too_late": _("It came too late"),
        "other": _("Another reason"),
        "": _("No reason given"),
    }


@lru_cache(256)
def wishes(voice: Voice) -> Mapping[str, str]:
    _ = voice.gettext
    return {
        "refund": _("Money back"),
        "exchange": _("Exchange"),
        "store_credit": _("Store credit"),
        "repair": _("Repair"),
        "replacement": _("Replacement"),
    }


@lru_cache(256)
def ways(voice: Voice, *, desk: bool = False) -> Mapping[str, str]:
    """`desk`: in words for the seller, whose telephone and carrier they are not."""
    _ = voice.gettext
    if desk:
        return {
            "drop_off": _("Dropped off, with a code on the customer’s phone"),
            "label": _("With a label that the customer prints"),
            "pick_up": _("Picked up at the customer’s"),
            "own_carrier": _("With a carrier that the customer chooses"),
        }
    return {
        "drop_off": _("Drop it off, with a code on your phone"),
        "label": _("Print a label"),
        "pick_up": _("Have it picked up"),
        "own_carrier": _("Send it with a carrier of your choice"),
    }


def name(line: int, part: str) -> str:
    """Of a form's field."""
    return f"{part}-{line}"


def check(asked: Asked) -> None:
    """In itself, before anything is read. Raises Invalid, by field (see `name`)."""
    wrong = {} if asked.lines else {"form": _("Choose at least one item.")}
    if len(asked.lines) > MOST_LINES:
        wrong["form"] = _("That is too much at once.")
    if len({line.line for line in asked.lines}) < len(asked.lines):
        wrong["form"] = _("An item is named twice.")
    for line in asked.lines:
        wrong |= _wrong(asked.kind, line)
    if asked.way and asked.way not in WAYS:
        wrong["way"] = _("Choose how you send it.")
    if unfit := typed.wrong_words(asked.note):
        wrong["note"] = unfit
    if wrong:
        raise Invalid.at(wrong)


def _wrong(kind: str, line: AskedLine) -> dict[str, str]:
    found = {}
    if line.quantity < 1:
        found["quantity"] = _("At least one.")
    if line.reason not in REASONS[kind]:
        found["reason"] = _("Choose what happened.")
    if line.wish not in WISHES[kind]:
        found["wish"] = _("Choose what you would like.")
    if line.wish == "exchange" and not line.wanted.strip():
        found["wanted"] = _("Say what you would like instead.")
    found |= {part: text for part in ("wanted", "note") if (text := typed.wrong_words(getattr(line, part)))}
    return {name(line.line, part): text for part, text in found.items()}
