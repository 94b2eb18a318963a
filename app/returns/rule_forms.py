"""A merchant's rules as a form's fields, and back. What is typed stays as it was typed, also where it cannot be meant.

Names of fields are those of `Rules`, their parts joined by “-”: `default_days`, `auto_below-EUR`, `return_address-city`; of
rows `windows-0-patterns` (a pattern a line), `windows-0-days`. A row in which nothing is typed is no row.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from app import typed
from app.returns.rule_book import ReturnAddress, Rules

ROWS: Mapping[str, tuple[str, ...]] = {
    "windows": ("patterns", "days"), "exclusions": ("patterns", "reason"), "restocking": ("patterns", "percent"),
}  # fmt: skip
CHECKED = ("ways", "auto_reasons")  # several of one name
AMOUNTS = ("auto_below", "shipping_fee")
ADDRESS = ReturnAddress.__struct_fields__
OF_A_ROW = re.compile(r"(windows|exclusions|restocking)-([0-9]{1,4})-(patterns|days|reason|percent)")
MOST_ROWS, MOST_FIELDS = 110, 2_000  # more than the rules may have, so that it is said which are too many
Row = dict[str, str]


class Form(Struct, frozen=True):
    """`one`: text by field; `checked`: the boxes of a name; `rows`: what is typed in each, spare ones at the end."""

    one: dict[str, str]
    checked: dict[str, list[str]]
    rows: dict[str, list[Row]]

    def with_spare(self, more: str = "") -> "Form":
        """With an empty row at the end of each list, one more at that of `more`; the others stay in their places."""
        rows = {}
        for name, parts in ROWS.items():
            kept = list(self.rows[name])
            while kept and not any(kept[-1].values()):
                kept.pop()
            rows[name] = [*kept, *(dict.fromkeys(parts, "") for _ in range(2 if name == more else 1))]
        return msgspec.structs.replace(self, rows=rows)

    def without(self, name: str, number: int) -> "Form":
        rows = {**self.rows, name: [row for n, row in enumerate(self.rows[name]) if n != number]}
        return msgspec.structs.replace(self, rows=rows)


def of_rules(rules: Rules, currencies: Collection[str], locale: str) -> Form:
    """As they are written down, in the numbers of that locale."""
    address = msgspec.structs.asdict(rules.return_address) if rules.return_address else {}
    one = {
        "carrier": rules.carrier,
        "default_days": str(rules.default_days), "handling_days": str(rules.handling_days), "informed": rules.informed,
        "informed_since": rules.informed_since.isoformat() if rules.informed_since else "", "withdrawal": rules.withdrawal,
        "credit_bonus": typed.of_percent(rules.credit_bonus, locale) if rules.credit_bonus else "",
        **{f"shipping_paid_by-{reason}": payer for reason, payer in rules.shipping_paid_by.items()},
        **{f"return_address-{part}": _text(value) for part, value in address.items()},
    }  # fmt: skip
    for name in AMOUNTS:
        said: dict[str, int] = getattr(rules, name)
        one |= {f"{name}-{it}": typed.of_amount(said[it], it, locale) if it in said else "" for it in {*currencies, *said}}
    return Form(one, {name: list(getattr(rules, name)) for name in CHECKED}, _rows_of(rules, locale)).with_spare()


def _rows_of(rules: Rules, locale: str) -> dict[str, list[Row]]:
    return {
        "windows": [{"patterns": "\n".join(it.patterns), "days": str(it.days)} for it in rules.windows],
        "exclusions": [{"patterns": "\n".join(it.patterns), "reason": it.reason} for it in rules.exclusions],
        "restocking": [
            {"patterns": "\n".join(it.patterns), "percent": typed.of_percent(it.basis_points, locale)}
            for it in rules.restocking
        ],
    }


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def sent(pairs: Iterable[tuple[str, str]]) -> Form:
    """What a browser sends of it; what is no field of it is left out."""
    one: dict[str, str] = {}
    checked: dict[str, list[str]] = {name: [] for name in CHECKED}
    rows: dict[str, dict[int, Row]] = {name: {} for name in ROWS}
    for name, value in list(pairs)[:MOST_FIELDS]:
        text = value.replace("\r\n", "\n")
        if name in CHECKED:
            checked[name].append(text)
        elif found := OF_A_ROW.fullmatch(name):
            of, part = found[1], found[3]
            if part in ROWS[of]:
                rows[of].setdefault(int(found[2]), dict.fromkeys(ROWS[of], ""))[part] = text
        else:
            one[name] = text
    return Form(one, checked, {name: _in_order(several) for name, several in rows.items()})


def _in_order(several: Mapping[int, Row]) -> list[Row]:
    return [several[number] for number in sorted(several)][:MOST_ROWS]


def patterns(row: Row) -> list[str]:
    return [line.strip() for line in row["patterns"].splitlines() if line.strip()]


def currencies(form: Form, known: Sequence[str]) -> list[str]:
    """Those whose amounts the form asks for."""
    said = {name.partition("-")[2] for name in form.one if name.startswith(tuple(f"{it}-" for it in AMOUNTS))}
    return [*known, *sorted(it for it in said - set(known) if re.fullmatch("[A-Z]{3}", it))]


def address(form: Form) -> dict[str, Any] | None:
    """Nothing where no part of it is filled in; a country alone is none."""
    said: dict[str, Any] = {part: form.one.get(f"return_address-{part}", "").strip() for part in ADDRESS}
    lines = [line.strip() for line in said.pop("lines").splitlines() if line.strip()]
    given = {part: text for part, text in said.items() if text}
    if not lines and not given.keys() - {"country"}:
        return None
    return {**given, "lines": lines}
