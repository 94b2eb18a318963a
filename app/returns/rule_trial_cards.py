"""What other rules would have made of past returns, as the desk shows it: sums by currency, and what would differ."""

from collections.abc import Sequence

from msgspec import Struct

from app.i18n import Voice
from app.returns.rule_trials import Outcome, Tried


class Cell(Struct, frozen=True):
    """`before` is empty where both are the same."""

    title: str
    now: str
    before: str


class Difference(Struct, frozen=True):
    code: str
    day: str
    titles: str
    name: str
    cells: list[Cell]


class Trial(Struct, frozen=True):
    """`said`: the result in a sentence. `sums`: rows of a table, what it is, as it was, as it would be."""

    said: str
    sums: list[tuple[str, str, str]]
    columns: list[str]
    differences: list[Difference]


def trial(found: Sequence[Tried], voice: Voice) -> Trial:
    differing = [it for it in found if it.differs]
    return Trial(_said(len(found), len(differing), voice), _sums(found, voice), _columns(voice), [
        Difference(
            it.it.code, voice.day(it.it.created_at), ", ".join(it.it.titles.split("\n")), it.it.name, _cells(it, voice)
        ) for it in differing
    ])  # fmt: skip


def _said(many: int, differing: int, voice: Voice) -> str:
    if not many:
        return voice.gettext("There are no returns yet that these rules could be tried on.")
    of = voice.ngettext("Of %(num)d past return", "Of %(num)d past returns", many) % {"num": many}
    if not differing:
        return voice.gettext("%(of)s none would have gone otherwise.") % {"of": of}
    would = voice.ngettext(
        "%(of)s, %(num)d would have gone otherwise.", "%(of)s, %(num)d would have gone otherwise.", differing
    )  # fmt: skip
    return would % {"of": of, "num": differing}


def _columns(voice: Voice) -> list[str]:
    _ = voice.gettext
    return [_("Decision"), _("Way back"), _("Kept"), _("Comes back")]


def _sums(found: Sequence[Tried], voice: Voice) -> list[tuple[str, str, str]]:
    """How many are approved at once and cannot be asked for; the amounts of each currency, where there are any."""
    if not found:
        return []
    _ = voice.gettext
    was, would = _sides(found)
    rows = [
        (_("Approved at once"), str(sum(it.at_once for it in was)), str(sum(it.at_once for it in would))),
        (_("Not possible"), str(sum(bool(it.why) for it in was)), str(sum(bool(it.why) for it in would))),
    ]
    for currency in sorted({it.it.currency for it in found} - {""}):
        was, would = _sides([it for it in found if it.it.currency == currency])
        for title, name in ((_("Way back"), "fee"), (_("Kept"), "restocking"), (_("Comes back"), "back")):
            before, after = (voice.money(sum(getattr(it, name) for it in side), currency) for side in (was, would))
            if any(getattr(it, name) for it in (*was, *would)):
                rows.append((title, before, after))
    return rows


def _sides(found: Sequence[Tried]) -> tuple[list[Outcome], list[Outcome]]:
    return [it.before for it in found], [it.after for it in found]


def _cells(it: Tried, voice: Voice) -> list[Cell]:
    columns, money = _columns(voice), it.it.currency
    texts = [
        [_decision(side, voice), *(voice.money(amount, money) for amount in (side.fee, side.restocking, side.back))]
        for side in (it.before, it.after)
    ]
    return [
        Cell(title, now, before if before != now else "") for title, before, now in zip(columns, *texts, strict=True)
    ]  # fmt: skip


def _decision(it: Outcome, voice: Voice) -> str:
    _ = voice.gettext
    if it.why:
        return {
            "over": _("Too late"), "excluded": _("Excluded"), "exempt": _("Excluded"), "no_window": _("Not taken back"),
        }.get(it.why, _("Not possible"))  # fmt: skip
    return _("Approved at once") if it.at_once else _("You decide")
