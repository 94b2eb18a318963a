"""A merchant's rules in words: what each part of them says, and which parts of two versions differ."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from app import typed
from app.addresses import layout
from app.i18n import Voice
from app.returns import asked, exemptions
from app.returns.rule_book import THEIR_FAULT, Rules


class Said(Struct, frozen=True):
    """One part of the rules; a line each."""

    field: str
    title: str
    lines: list[str]


class Change(Struct, frozen=True):
    field: str
    title: str
    before: list[str]
    after: list[str]


def titles(voice: Voice) -> dict[str, str]:
    """By the fields of `Rules`, in the form's order."""
    _ = voice.gettext
    return {
        "default_days": _("Days to return something"),
        "windows": _("Other days for some goods"),
        "exclusions": _("What is not taken back"),
        "withdrawal": _("Who may withdraw"),
        "informed": _("Customers are told of their withdrawal"),
        "informed_since": _("Since"),
        "auto_below": _("Approved at once below"),
        "auto_reasons": _("Approved at once for"),
        "shipping_paid_by": _("Who bears the way back"),
        "shipping_fee": _("What the way back costs"),
        "restocking": _("What you keep of a refund"),
        "credit_bonus": _("Bonus on store credit"),
        "ways": _("Ways to send things back"),
        "carrier": _("Carrier of your codes and labels"),
        "return_address": _("Where things are sent back to"),
        "handling_days": _("Working through what came back"),
    }


def all_of(rules: Rules, voice: Voice) -> list[Said]:
    found = _lines(rules, voice)
    return [Said(field, title, found[field]) for field, title in titles(voice).items() if found[field]]


def changes(before: Rules, after: Rules, voice: Voice) -> list[Change]:
    old, new = _lines(before, voice), _lines(after, voice)
    differing = [field for field in titles(voice) if getattr(before, field) != getattr(after, field)]
    return [Change(field, titles(voice)[field], old[field], new[field]) for field in differing]


def _lines(rules: Rules, voice: Voice) -> dict[str, list[str]]:
    """What is not said is no line."""
    return {**_days(rules, voice), **_law(rules, voice), **_money(rules, voice), **_way_back(rules, voice)}


def _days(rules: Rules, voice: Voice) -> dict[str, list[str]]:
    return {
        "default_days": [_so_many(rules.default_days, voice)],
        "handling_days": [_so_many(rules.handling_days, voice)],
        "windows": [_pair(it.patterns, _so_many(it.days, voice), voice) for it in rules.windows],
        "exclusions": [_pair(it.patterns, exemptions.words(it.reason, voice), voice) for it in rules.exclusions],
    }


def _law(rules: Rules, voice: Voice) -> dict[str, list[str]]:
    return {
        "withdrawal": [withdrawing(voice)[rules.withdrawal]],
        "informed": [informed(voice)[rules.informed]],
        "informed_since": [voice.long_day(rules.informed_since)] if rules.informed_since else [],
    }


def _money(rules: Rules, voice: Voice) -> dict[str, list[str]]:
    return {
        "auto_below": [voice.money(rules.auto_below[it], it) for it in sorted(rules.auto_below)],
        "auto_reasons": _named(rules.auto_reasons, asked.reasons(voice)),
        "shipping_fee": [voice.money(rules.shipping_fee[it], it) for it in sorted(rules.shipping_fee)],
        "restocking": [_pair(it.patterns, _percent(it.basis_points, voice), voice) for it in rules.restocking],
        "credit_bonus": [_percent(rules.credit_bonus, voice)] if rules.credit_bonus else [],
    }


def _way_back(rules: Rules, voice: Voice) -> dict[str, list[str]]:
    ways, address = asked.ways(voice, desk=True), rules.return_address
    paid = [_payer_line(rules, reason, text, voice) for reason, text in ruled_reasons(voice).items()]
    return {
        "shipping_paid_by": paid,
        "ways": [ways[way] for way in rules.ways],
        "carrier": [rules.carrier] if rules.carrier else [],
        "return_address": layout.lines(address, locale=voice.locale) if address else [],
    }


def ruled_reasons(voice: Voice) -> dict[str, str]:
    """Those of which the rules say who bears the way back; of the others the law does."""
    named, chosen = asked.reasons(voice), asked.REASONS["return"]
    return {reason: named[reason] for reason in chosen if reason not in THEIR_FAULT}


def faults(voice: Voice) -> list[str]:
    return _named(THEIR_FAULT, asked.reasons(voice))


def _payer_line(rules: Rules, reason: str, text: str, voice: Voice) -> str:
    payer = rules.shipping_paid_by.get(reason, "customer")  # type: ignore[call-overload]
    return _pair([text], payers(voice)[payer], voice)


def withdrawing(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "": _("As this counter has it for all sellers"),
        "eu": _("Customers in the European Economic Area"),
        "on": _("All customers"),
        "off": _("Nobody: we sell to businesses only"),
    }


def informed(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "yes": _("Yes, with every order"),
        "since": _("Yes, since a certain day"),
        "no": _("No: the time is twelve months longer"),
    }


def payers(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {"customer": _("The customer"), "merchant": _("We do")}


def _named(keys: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return [names[key] for key in keys]


def _so_many(days: int, voice: Voice) -> str:
    return voice.ngettext("%(num)d day", "%(num)d days", days) % {"num": days}


def _percent(basis_points: int, voice: Voice) -> str:
    return voice.gettext("%(number)s%%") % {"number": typed.of_percent(basis_points, voice.locale)}


def _pair(patterns: Sequence[str], said: str, voice: Voice) -> str:
    return voice.gettext("%(what)s: %(said)s") % {"what": ", ".join(patterns), "said": said}
