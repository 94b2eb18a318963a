"""A merchant's rules as fields of a form and back: nothing typed is lost, and what is wrong stands at its field."""

from datetime import date

import pytest

from app.errors import Invalid
from app.returns import rule_forms, rule_typed
from app.returns.rule_book import DEFAULT, Exclusion, Restocking, ReturnAddress, Rules, Window
from app.returns.rule_forms import Form

pytestmark = pytest.mark.without_database

FULL = Rules(
    default_days=30, windows=(Window(patterns=("Home", "*, set of*"), days=60), Window(patterns=("sku:TEA-*",), days=0)),
    exclusions=(Exclusion(patterns=("*earring*",), reason="hygiene"), Exclusion(patterns=("Sale",), reason="not_returned")),
    informed="since", informed_since=date(2026, 3, 1), withdrawal="eu", auto_below={"EUR": 5050, "JPY": 6000},
    auto_reasons=("wrong_size", "damaged"), shipping_paid_by={"wrong_size": "merchant", "changed_mind": "customer"},
    shipping_fee={"EUR": 490}, restocking=(Restocking(patterns=("sku:TV-*",), basis_points=1550),), credit_bonus=1000,
    ways=("drop_off", "label"), carrier="Mondial Relay",
    return_address=ReturnAddress(street="1 quai", city="Lyon", postal_code="69001", country="FR"), handling_days=3,
)  # fmt: skip
WRITTEN = Rules(return_address=ReturnAddress(lines=("Atelier Mo", "1 quai", "Lyon"), country="FR"))


def pairs(form: Form) -> list[tuple[str, str]]:
    """What a browser sends of it, lines ended as it ends them."""
    found = [(name, text) for name, text in form.one.items()]
    found += [(name, value) for name, values in form.checked.items() for value in values]
    for name, rows in form.rows.items():
        found += [(f"{name}-{n}-{part}", text) for n, row in enumerate(rows) for part, text in row.items()]
    return [(name, text.replace("\n", "\r\n")) for name, text in found]


def typed(*changes: tuple[str, str], rules: Rules = DEFAULT, locale: str = "fr") -> Form:
    kept = [it for it in pairs(rule_forms.of_rules(rules, ["EUR"], locale)) if it[0] not in dict(changes)]
    return rule_forms.sent([*kept, *changes])


def wrong(*changes: tuple[str, str], rules: Rules = DEFAULT, locale: str = "fr") -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        rule_typed.rules_of(typed(*changes, rules=rules, locale=locale), rules, locale)
    return refused.value.fields


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("rules", [DEFAULT, FULL, WRITTEN])
def test_a_form_that_is_sent_as_it_was_shown_says_the_same_rules(rules: Rules, locale: str) -> None:
    form = rule_forms.sent(pairs(rule_forms.of_rules(rules, ["EUR"], locale)))
    assert rule_typed.rules_of(form, rules, locale) == rules


@pytest.mark.parametrize(
    ("name", "text", "locale", "field", "value"),
    [
        ("auto_below-EUR", "12,50", "fr", "auto_below", {"EUR": 1250, "JPY": 6000}),
        ("auto_below-EUR", "12.50", "en", "auto_below", {"EUR": 1250, "JPY": 6000}),
        ("auto_below-EUR", "1,234.5", "en", "auto_below", {"EUR": 123_450, "JPY": 6000}),
        ("auto_below-JPY", "", "en", "auto_below", {"EUR": 5050}),
        ("shipping_fee-EUR", " 4,9 ", "fr", "shipping_fee", {"EUR": 490}),
        ("credit_bonus", "15,5", "fr", "credit_bonus", 1550), ("credit_bonus", "15", "en", "credit_bonus", 1500),
        ("credit_bonus", "", "en", "credit_bonus", 0),
        ("restocking-0-percent", "7,25", "fr", "restocking", (Restocking(patterns=("sku:TV-*",), basis_points=725),)),
        ("informed", "yes", "fr", "informed_since", None),
        ("shipping_paid_by-wrong_size", "customer", "fr", "shipping_paid_by",
         {"wrong_size": "customer", "changed_mind": "customer"}),
        ("return_address-city", " Nantes ", "fr", "return_address",
         ReturnAddress(street="1 quai", city="Nantes", postal_code="69001", country="FR")),
    ],
)  # fmt: skip
def test_what_is_typed_is_read(name: str, text: str, locale: str, field: str, value: object) -> None:
    assert getattr(rule_typed.rules_of(typed((name, text), rules=FULL, locale=locale), FULL, locale), field) == value


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([("default_days", "two")], "default_days"), ([("default_days", "")], "default_days"),
        ([("default_days", "3651")], "default_days"), ([("handling_days", "61")], "handling_days"),
        ([("auto_below-EUR", "twelve")], "auto_below-EUR"), ([("auto_below-EUR", "12,505")], "auto_below-EUR"),
        ([("auto_below-EUR", "-1")], "auto_below-EUR"), ([("auto_below-EUR", "9" * 14)], "auto_below-EUR"),
        ([("auto_below-EUR", "10")], "auto_reasons"), ([("auto_below-XXQ", "1"), ("auto_reasons", "other")], "auto_below-XXQ"),
        ([("shipping_fee-JPY", "1,5")], "shipping_fee-JPY"), ([("credit_bonus", "101")], "credit_bonus"),
        ([("informed", "since")], "informed_since"), ([("informed", "since"), ("informed_since", "soon")], "informed_since"),
        ([("informed", "perhaps")], "informed"), ([("withdrawal", "mars")], "withdrawal"), ([("ways", "balloon")], "ways"),
        ([("auto_reasons", "mood")], "auto_reasons"), ([("shipping_paid_by-changed_mind", "nobody")], "shipping_paid_by"),
        ([("windows-0-days", "3")], "windows-0-patterns"), ([("windows-0-patterns", "Books")], "windows-0-days"),
        ([("windows-0-patterns", "Books\n*"), ("windows-0-days", "3")], "windows-0-patterns"),
        ([("exclusions-0-patterns", "Books")], "exclusions-0-reason"),
        ([("exclusions-0-patterns", "Books"), ("exclusions-0-reason", "whim")], "exclusions-0-reason"),
        ([("restocking-0-patterns", "TV"), ("restocking-0-percent", "101")], "restocking-0-percent"),
        ([("return_address-city", "Lyon"), ("return_address-country", "FR")], "return_address-street"),
        ([("return_address-street", "1 quai"), ("return_address-city", "Lyon")], "return_address-country"),
        ([("restocking-1-percent", "5"), ("windows-4-days", "2"), ("windows-9-days", "1")], "windows-2-patterns"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_at_its_field(changes: list[tuple[str, str]], field: str) -> None:
    assert field in wrong(*changes)


def test_rows_in_which_nothing_is_typed_are_no_rows_and_move_no_error() -> None:
    said = (
        ("windows-0-patterns", ""), ("windows-0-days", ""), ("windows-1-patterns", "Books"), ("windows-1-days", "7"),
        ("windows-2-patterns", " \r\n"), ("windows-2-days", ""), ("windows-3-patterns", "*\r\nToys"), ("windows-3-days", "9"),
    )  # fmt: skip
    assert wrong(*said) == {"windows-3-patterns": "“*”: This fits nothing, or everything."}
    mended = typed(*said[:6], ("windows-3-patterns", "Toys"), ("windows-3-days", "9"))
    kept = rule_typed.rules_of(mended, DEFAULT, "fr").windows
    assert kept == (Window(patterns=("Books",), days=7), Window(patterns=("Toys",), days=9))
    assert [row["days"] for row in mended.with_spare().rows["windows"]] == ["", "7", "", "9", ""], "each stays in its place"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = wrong(
        ("default_days", "x"), ("credit_bonus", "y"), ("ways", "label"), ("auto_below-EUR", "5"), ("windows-0-days", "z")
    )
    assert said.keys() == {"default_days", "credit_bonus", "auto_reasons", "windows-0-days", "windows-0-patterns"}


def test_a_row_is_added_and_taken_away_without_losing_another() -> None:
    form = typed(rules=FULL)
    assert [len(form.with_spare("windows").rows[name]) for name in ("windows", "exclusions", "restocking")] == [4, 3, 2]
    less = form.without("windows", 0).with_spare()
    assert [row["patterns"] for row in less.rows["windows"]] == ["sku:TEA-*", ""]
    assert less.one == form.one
    assert form.without("windows", 77).rows == form.rows


def test_what_is_no_field_of_the_form_does_no_harm() -> None:
    odd = [
        ("windows-0-reason", "x"),
        ("windows-99999-days", "1"),
        ("restocking-0-days", "1"),
        ("do", "save"),
        ("", ""),
        ("é", "\0"),
    ]
    assert rule_typed.rules_of(typed(*odd), DEFAULT, "en") == DEFAULT
    many = rule_forms.sent([(f"windows-{n}-days", "1") for n in range(1000)])
    assert len(many.rows["windows"]) == rule_forms.MOST_ROWS
    assert "windows" in wrong(*[(f"windows-{n}-{part}", "1") for n in range(105) for part in ("days", "patterns")])
