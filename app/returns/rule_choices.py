"""What can be chosen on the form of a merchant's rules, in words."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from babel import Locale
from msgspec import Struct

from app.i18n import Voice
from app.returns import asked, exemptions, rule_words
from app.returns.rule_forms import Form
from app.search import folded

Pairs = list[tuple[str, str]]


class Choices(Struct, frozen=True):
    """Pairs of a value and its words; `currencies` alone are codes. `faults`: reasons for which the law has the seller pay."""

    currencies: Sequence[str]
    withdrawal: Pairs
    informed: Pairs
    exclusion: Pairs
    reasons: Pairs
    ruled: Pairs
    payers: Pairs
    faults: list[str]
    ways: Pairs
    countries: Pairs


def of(form: Form, currencies: Sequence[str], voice: Voice) -> Choices:
    return Choices(
        currencies,
        _pairs(rule_words.withdrawing(voice)),
        _pairs(rule_words.informed(voice)),
        [("", voice.gettext("Choose why")), *((reason, _exclusion(reason, voice)) for reason in exemptions.REASONS)],
        _reasons(form, voice),
        _pairs(rule_words.ruled_reasons(voice)),
        _pairs(rule_words.payers(voice)),
        rule_words.faults(voice),
        _pairs(asked.ways(voice, desk=True)),
        [("", voice.gettext("Choose a country")), *countries(voice.locale)],
    )


def _pairs(words: Mapping[str, str]) -> Pairs:
    return list(words.items())


def _exclusion(reason: str, voice: Voice) -> str:
    """With the letter by which the law knows it; the shop's own without."""
    if reason == exemptions.NOT_RETURNED:
        return voice.gettext("Our own rule: not taken back, the law's rights stay")
    return f"{exemptions.words(reason, voice)} ({exemptions.EXEMPTIONS[reason].letter})"


def _reasons(form: Form, voice: Voice) -> Pairs:
    """Of returns by the shop's rules; another that is ticked already stays."""
    named = asked.reasons(voice)
    offered = [*asked.REASONS["return"], *(it for it in form.checked["auto_reasons"] if it in named and it)]
    return [(reason, named[reason]) for reason in dict.fromkeys(offered)]


@lru_cache(16)
def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """By name; ISO 3166-1 alpha-2."""
    territories = Locale.parse(locale).territories
    named = [(code, str(name)) for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in ODD]
    return tuple(sorted(named, key=lambda it: folded(it[1])))


ODD = frozenset(("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"))  # the CLDR's own, or no country
