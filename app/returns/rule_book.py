"""What a merchant's rules of returns can say, as data. The law's own rights they cannot take away."""

import re
from collections.abc import Iterable
from datetime import date
from fnmatch import translate
from functools import lru_cache
from typing import Literal, Protocol

from msgspec import Struct

from app.search import folded

PATTERN = re.compile(r"(?:(?P<where>category|title|sku):)?(?P<text>.*[^\s*?].*)", re.DOTALL)
PATH = re.compile(r"[/>›|]")  # between the parts of a category
Informed = Literal["yes", "no", "since"]
Withdrawing = Literal["", "on", "off", "eu"]
Way = Literal["drop_off", "label", "pick_up", "own_carrier"]
Payer = Literal["customer", "merchant"]
Reason = Literal[
    "changed_mind", "wrong_size", "not_as_described", "damaged", "defective", "wrong_item", "missing_item", "too_late", "other"
]
THEIR_FAULT: tuple[Reason, ...] = ("not_as_described", "damaged", "defective", "wrong_item", "missing_item", "too_late")


class Sold(Protocol):
    """Columns of `OrderLine`."""

    @property
    def category(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sku(self) -> str: ...


class Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What unknown fields are refused in."""


class Window(Part, frozen=True):
    """So many days from the delivery of a line that one of the patterns fits; 0: the shop takes it back for no mere wish."""

    patterns: tuple[str, ...]
    days: int


class Exclusion(Part, frozen=True):
    """`reason`: one of `exemptions.REASONS`."""

    patterns: tuple[str, ...]
    reason: str


class Restocking(Part, frozen=True):
    """What is kept of a refund that the shop gives by its own rules only; hundredths of a percent."""

    patterns: tuple[str, ...]
    basis_points: int


class ReturnAddress(Part, frozen=True):
    """As `addresses.layout` reads it."""

    lines: tuple[str, ...] = ()
    name: str = ""
    company: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""


class Rules(Part, frozen=True):
    """The first of `windows`, `exclusions` and `restocking` that fits a line counts.

    `informed`: whether the customers are told of their withdrawal as the law wants it; `since`: from the day `informed_since`.
    `withdrawal`: for whom there is one; empty: as the operator has it (COMPTOIR_WITHDRAWAL).
    `auto_below`: returns of less than so many minor units, by currency, are approved at once where their reasons are among
    `auto_reasons`. `shipping_fee`: what sending back costs a customer who bears it, by currency; `shipping_paid_by` says who.
    `carrier`: who takes what goes back with the shop's codes and labels. `credit_bonus`: hundredths of a percent on top of a
    refund taken as store credit. `handling_days`: from the parcel's coming back to the decision.
    """

    default_days: int = 14
    windows: tuple[Window, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    informed: Informed = "yes"
    informed_since: date | None = None
    withdrawal: Withdrawing = ""
    auto_below: dict[str, int] = {}
    auto_reasons: tuple[Reason, ...] = ()
    shipping_paid_by: dict[Reason, Payer] = {}
    shipping_fee: dict[str, int] = {}
    restocking: tuple[Restocking, ...] = ()
    credit_bonus: int = 0
    ways: tuple[Way, ...] = ("own_carrier",)
    carrier: str = ""
    return_address: ReturnAddress | None = None
    handling_days: int = 5

    def days(self, sold: Sold) -> int:
        """Of the shop's own window, for that line."""
        return next((window.days for window in self.windows if fits(window.patterns, sold)), self.default_days)

    @property
    def longest(self) -> int:
        """Of the shop's own windows."""
        return max(self.default_days, *(window.days for window in self.windows), 0)

    def excluded(self, sold: Sold) -> str:
        """Why it is taken out (see `exemptions`), or an empty text."""
        return next((it.reason for it in self.exclusions if fits(it.patterns, sold)), "")

    def restocking_fee(self, sold: Sold) -> int:
        return next((it.basis_points for it in self.restocking if fits(it.patterns, sold)), 0)

    def payer(self, reason: Reason) -> Payer:
        """Who bears the way back. By the law the seller does for what is its fault (Directive (EU) 2019/771, Art. 14(2))."""
        if reason in THEIR_FAULT:
            return "merchant"
        return self.shipping_paid_by.get(reason, "customer")


DEFAULT = Rules()


def fits(patterns: Iterable[str], sold: Sold) -> bool:
    """“Books”, “category:Home > Candles”, “sku:TEA-*”, “*gift card*”: the whole of a category or a part of its path, the whole
    of a title or an article number; case and accents do not count, `*` and `?` stand for any letters."""
    texts = _texts(sold.category, sold.title, sold.sku)
    return any(wanted.match(text) for where, wanted in _wanted(tuple(patterns)) for text in texts[where])


@lru_cache(1024)
def _wanted(patterns: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """One expression for each column that is looked at, "" for all of them."""
    found: dict[str, list[str]] = {}
    for pattern in patterns:
        if (given := PATTERN.fullmatch(pattern.strip())) is not None:
            plain = _plain(given["text"]).replace("[", "[[]")  # no sets of letters
            found.setdefault(given["where"] or "", []).append(translate(plain))
    return tuple((where, re.compile("|".join(several))) for where, several in found.items())


@lru_cache(4096)
def _texts(category: str, title: str, sku: str) -> dict[str, list[str]]:
    """What is looked at, by column; an empty one fits nothing."""
    given = {"category": [category, *PATH.split(category)], "title": [title], "sku": [sku]}
    found = {where: [plain for it in several if (plain := _plain(it))] for where, several in given.items()}
    return {**found, "": [text for several in found.values() for text in several]}


def _plain(text: str) -> str:
    return " ".join(folded(text).split())
