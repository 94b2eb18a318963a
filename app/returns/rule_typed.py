"""What was typed into the form of a merchant's rules, as rules; or what of it cannot be meant, by field."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from app import typed
from app.errors import Invalid
from app.i18n import _
from app.returns import rule_checks, rule_forms, rules
from app.returns.rule_book import THEIR_FAULT, Rules
from app.returns.rule_forms import AMOUNTS, Form, Row

COLUMN = {"basis_points": "percent"}  # of a row, where the form has another word for it
CHOSEN = ("informed", "withdrawal")


class _Reading:
    """`wrong`: field → message, of what was read so far."""

    def __init__(self, form: Form, locale: str) -> None:
        self.form, self.locale = form, locale
        self.wrong: dict[str, str] = {}

    def number(self, name: str, text: str, read: Callable[[str], int], said: str, empty: int | None = None) -> int:
        """`empty`: what a field stands for in which nothing is typed, where that can be."""
        if empty is not None and not text.strip():
            return empty
        try:
            return read(text)
        except typed.NotANumber:
            self.wrong[name] = said
            return 0

    def whole(self, name: str, text: str) -> int:
        return self.number(name, text, typed.whole, _("A whole number, such as 14."))

    def percent(self, name: str, text: str, empty: int | None = None) -> int:
        read = lambda it: typed.percent(it, self.locale)  # noqa: E731
        said = _("From 0 to 100 percent, such as %(example)s.") % {"example": typed.of_percent(1550, self.locale)}
        return self.number(name, text, read, said, empty)

    def amounts(self, name: str) -> dict[str, int]:
        found = {}
        for currency in rule_forms.currencies(self.form, ()):
            text, field = self.form.one.get(f"{name}-{currency}", ""), f"{name}-{currency}"
            if text.strip():
                found[currency] = self.number(field, text, self._amount(currency), typed.example(currency, self.locale))
        return found

    def _amount(self, currency: str) -> Callable[[str], int]:
        def read(text: str) -> int:
            value = typed.amount(text, currency, self.locale)
            if value > rule_checks.MOST_AMOUNT:
                raise typed.NotANumber(text)
            return value

        return read


def rules_of(form: Form, present: Rules, locale: str) -> Rules:
    """`present`: those that the form was made from. Raises Invalid by field."""
    reading, rows = _Reading(form, locale), {name: list(_given(several)) for name, several in form.rows.items()}
    body = _body(form, present, reading, rows)
    try:
        found = rules.from_json(body)
    except Invalid as error:
        name = _field(next(iter(error.fields)), rows)
        raise Invalid.at({**reading.wrong, name: _("Choose one of these.")}) from error
    said = {_field(pointer, rows): _about(pointer, text, rows) for pointer, text in rule_checks.wrong(found).items()}
    if wrong := said | reading.wrong:
        raise Invalid.at(wrong)
    return found


def _given(several: list[Row]) -> Iterator[tuple[int, Row]]:
    """The rows in which something is typed, each with its place on the form."""
    return ((n, row) for n, row in enumerate(several) if any(text.strip() for text in row.values()))


Rows = Mapping[str, list[tuple[int, Row]]]


def _body(form: Form, present: Rules, reading: _Reading, rows: Rows) -> dict[str, Any]:
    one = form.one
    return {
        "default_days": reading.whole("default_days", one.get("default_days", "")),
        "handling_days": reading.whole("handling_days", one.get("handling_days", "")),
        **{name: one.get(name, "") for name in CHOSEN},
        "informed_since": _since(form, reading),
        "credit_bonus": reading.percent("credit_bonus", one.get("credit_bonus", ""), 0),
        **{name: reading.amounts(name) for name in AMOUNTS},
        "auto_reasons": form.checked["auto_reasons"],
        "ways": form.checked["ways"],
        "carrier": " ".join(one.get("carrier", "").split()),
        "shipping_paid_by": _payers(form, present),
        "return_address": rule_forms.address(form),
        **_lists(reading, rows),
    }


def _lists(reading: _Reading, rows: Rows) -> dict[str, Any]:
    def each(name: str, part: str, value: Callable[[int, Row], object]) -> list[dict[str, object]]:
        return [{"patterns": rule_forms.patterns(row), part: value(n, row)} for n, row in rows[name]]

    return {
        "windows": each("windows", "days", lambda n, row: reading.whole(f"windows-{n}-days", row["days"])),
        "exclusions": each("exclusions", "reason", lambda _n, row: row["reason"]),
        "restocking": each(
            "restocking", "basis_points", lambda n, row: reading.percent(f"restocking-{n}-percent", row["percent"])
        ),
    }


def _since(form: Form, reading: _Reading) -> str | None:
    """Only where it is said that they are informed since a day."""
    text = form.one.get("informed_since", "").strip()
    if form.one.get("informed") != "since" or not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        reading.wrong["informed_since"] = _("A day, such as 2026-12-31.")
        return None


def _payers(form: Form, present: Rules) -> dict[str, str]:
    """What says only what would be so without it is left as it was: to save a form as it is changes nothing."""
    found: dict[str, str] = {str(reason): payer for reason, payer in present.shipping_paid_by.items()}
    for name, payer in form.one.items():
        of, _sep, reason = name.partition("-")
        if of == "shipping_paid_by" and reason not in THEIR_FAULT and payer != found.get(reason, "customer"):
            found[reason] = payer
    return found


def _field(pointer: str, rows: Rows) -> str:
    """`/windows/0/patterns/2` → `windows-3-patterns`, when the form's rows before it say nothing."""
    first, *others = pointer.lstrip("/").split("/")
    if first in rows and len(others) > 1:
        return f"{first}-{rows[first][int(others[0])][0]}-{COLUMN.get(others[1], others[1])}"
    if first in rule_forms.CHECKED or not others:
        return first
    return f"{first}-{others[0]}"


def _about(pointer: str, said: str, rows: Rows) -> str:
    """Of several patterns in one field, which."""
    name, *others = pointer.lstrip("/").split("/")
    if name in rows and others[1:2] == ["patterns"] and len(others) == 3:
        pattern = rule_forms.patterns(rows[name][int(others[0])][1])[int(others[2])]
        return _("“%(text)s”: %(said)s") % {"text": pattern, "said": said}
    return said


def known(currencies: Collection[str], rules_: Rules) -> list[str]:
    """The currencies of a merchant's orders, and those its rules speak of already; the euro where there is none."""
    return sorted({*currencies, *rules_.auto_below, *rules_.shipping_fee}) or ["EUR"]
