"""What in a merchant's rules cannot be meant, by its place (JSON pointers, RFC 6901)."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app import typed
from app.i18n import _
from app.money import currencies
from app.returns.exemptions import REASONS
from app.returns.rule_book import PATTERN, THEIR_FAULT, Rules

MOST_DAYS, MOST_HANDLING = 3650, 60
ALL = 10_000  # hundredths of a percent
MOST_AMOUNT = 10**12  # minor units
LONGEST_CARRIER = 60
MOST_PATTERNS, LONGEST_PATTERN, MOST_ENTRIES = 200, 200, 100
Found = Iterator[tuple[str, str]]


def wrong(rules: Rules) -> dict[str, str]:
    """Pointer → a sentence."""
    return dict([*_windows(rules), *_exclusions(rules), *_law(rules), *_money(rules), *_way_back(rules)])


def _windows(rules: Rules) -> Found:
    yield from _number("/default_days", rules.default_days, MOST_DAYS)
    yield from _few("/windows", rules.windows)
    for n, window in enumerate(rules.windows):
        yield from _number(f"/windows/{n}/days", window.days, MOST_DAYS)
        yield from _patterns(f"/windows/{n}/patterns", window.patterns)


def _exclusions(rules: Rules) -> Found:
    yield from _few("/exclusions", rules.exclusions)
    for n, exclusion in enumerate(rules.exclusions):
        yield from _patterns(f"/exclusions/{n}/patterns", exclusion.patterns)
        if exclusion.reason not in REASONS:
            yield f"/exclusions/{n}/reason", _("The law knows no such reason.")


def _law(rules: Rules) -> Found:
    if rules.informed == "since" and rules.informed_since is None:
        yield "/informed_since", _("Since which day?")
    if rules.informed != "since" and rules.informed_since is not None:
        yield "/informed_since", _("A day only where customers are informed since then.")


def _money(rules: Rules) -> Found:
    yield from _amounts("/auto_below", rules.auto_below)
    yield from _amounts("/shipping_fee", rules.shipping_fee)
    yield from _few("/restocking", rules.restocking)
    for n, fee in enumerate(rules.restocking):
        yield from _patterns(f"/restocking/{n}/patterns", fee.patterns)
        yield from _number(f"/restocking/{n}/basis_points", fee.basis_points, ALL)
    yield from _number("/credit_bonus", rules.credit_bonus, ALL)
    if rules.auto_below and not rules.auto_reasons:
        yield "/auto_reasons", _("For which reasons?")


def _way_back(rules: Rules) -> Found:
    yield from _number("/handling_days", rules.handling_days, MOST_HANDLING)
    if not rules.ways:
        yield "/ways", _("Choose at least one way to send things back.")
    if len(set(rules.ways)) < len(rules.ways):
        yield "/ways", _("One is named twice.")
    if unfit := typed.wrong_words(rules.carrier, LONGEST_CARRIER):
        yield "/carrier", unfit
    for reason, payer in rules.shipping_paid_by.items():
        if payer == "customer" and reason in THEIR_FAULT:
            yield f"/shipping_paid_by/{reason}", _("For this the seller bears the way back by law.")
    if (address := rules.return_address) is not None:
        if not (address.lines or (address.street and address.city)):
            yield "/return_address/street", _("Where to? A street and a town at least.")
        if not re.fullmatch("[A-Z]{2}", address.country):
            yield "/return_address/country", _("A country's two capital letters, such as FR.")


def _number(pointer: str, value: int, most: int) -> Found:
    if not 0 <= value <= most:
        yield pointer, _("A whole number from 0 to %(num)d.") % {"num": most}


def _few(pointer: str, entries: tuple[object, ...]) -> Found:
    if len(entries) > MOST_ENTRIES:
        yield pointer, _("At most %(num)d.") % {"num": MOST_ENTRIES}


def _patterns(pointer: str, patterns: Iterable[str]) -> Found:
    given = tuple(patterns)
    if not given:
        yield pointer, _("Which goods? A category, a title or an article number.")
    if len(given) > MOST_PATTERNS:
        yield pointer, _("At most %(num)d.") % {"num": MOST_PATTERNS}
    for n, pattern in enumerate(given):
        if len(pattern) > LONGEST_PATTERN or not PATTERN.fullmatch(pattern.strip()):
            yield f"{pointer}/{n}", _("This fits nothing, or everything.")


def _amounts(pointer: str, amounts: Mapping[str, int]) -> Found:
    for currency, amount in amounts.items():
        if currency not in currencies():
            yield f"{pointer}/{currency}", _("A currency's three capital letters, such as EUR.")
        yield from _number(f"{pointer}/{currency}", amount, MOST_AMOUNT)
