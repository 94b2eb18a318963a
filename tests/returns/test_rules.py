"""A merchant's rules: what they fit, what cannot be meant, and who changed them when."""

import asyncio
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import db
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, current
from app.returns import rule_book, rules
from app.returns.arrivals import Item
from app.returns.rule_book import DEFAULT, Exclusion, Restocking, ReturnAddress, Rules, Window, fits
from tests.builders import BOB, MO, NIA, member, merchant, signed_in

TEAPOT = Item(1, 1, category="Home > Kitchen/Théières", title="Teapot “Brume”", sku="TEA-1")
FULL = Rules(
    default_days=30, windows=(Window(patterns=("Home",), days=60),),
    exclusions=(Exclusion(patterns=("*earring*",), reason="hygiene"),),
    informed="since", informed_since=date(2026, 3, 1), withdrawal="eu", auto_below={"EUR": 5000, "JPY": 6000},
    auto_reasons=("wrong_size",), shipping_paid_by={"wrong_size": "merchant"}, shipping_fee={"EUR": 490},
    restocking=(Restocking(patterns=("sku:TV-*",), basis_points=1500),), credit_bonus=1000, ways=("drop_off", "label"),
    return_address=ReturnAddress(street="1 quai", city="Lyon", postal_code="69001", country="FR"), handling_days=3,
)  # fmt: skip


@pytest.mark.without_database
@pytest.mark.parametrize(
    ("pattern", "there"),
    [
        ("home", True), ("KITCHEN", True), ("theieres", True), ("Home > Kitchen/Théières", True), ("Kitch", False),
        ("teapot*", True), ("*brume*", True), ("Brume", False), ("tea-1", True), ("TEA-?", True), ("TEA-??", False),
        ("sku:tea-*", True), ("sku:home", False), ("category:home", True), ("category:tea-1", False), ("title:*Teapot*", True),
        ("other:home", False), ("", False), ("*", False), (" ", False), ("sku:*", False), ("home ", True),
    ],
)  # fmt: skip
def test_what_a_pattern_fits(pattern: str, there: bool) -> None:
    assert fits((pattern,), TEAPOT) is there
    assert fits(("nothing", pattern), TEAPOT) is there


@pytest.mark.without_database
def test_a_pattern_that_says_nothing_fits_no_empty_column() -> None:
    assert not fits(("*",), Item(1, 1))
    assert not fits(("x",), Item(1, 1))


@pytest.mark.without_database
def test_brackets_are_letters_like_others() -> None:
    assert fits(("shirt [blue]",), Item(1, 1, title="Shirt [Blue]"))
    assert fits(("*[x", "[a-c]*"), Item(1, 1, title="[A-C] of [x"))
    assert not fits(("[a-c]",), Item(1, 1, title="b"))


@pytest.mark.without_database
@given(st.lists(st.text("ab*?[]!-> :", max_size=12), max_size=5), st.text("ab[]> ", max_size=12))
def test_no_pattern_and_no_title_is_too_odd(patterns: list[str], title: str) -> None:
    item = Item(1, 1, title=title, category=title)
    assert fits(patterns, item) is any(fits((pattern,), item) for pattern in patterns)
    assert not title.strip() or fits((f"title:{title}",), item)


@pytest.mark.without_database
def test_many_patterns_cost_little() -> None:
    """A merchant's longest rules are read for every line that a page shows: they are compiled once."""
    windows = tuple(Window(patterns=tuple(f"sku:x{n}-{m}-*" for m in range(200)), days=n) for n in range(100))
    many = Rules(windows=windows, default_days=7)
    assert many.days(Item(1, 1, sku="x99-199-blue")) == 99
    before = rule_book._wanted.cache_info().misses
    assert [many.days(Item(n, 1, sku=f"y{n}")) for n in range(50)] == [7] * 50
    assert rule_book._wanted.cache_info().misses == before


@pytest.mark.without_database
def test_the_seller_bears_the_way_back_of_what_is_its_fault() -> None:
    """Directive (EU) 2019/771, Art. 14(2)."""
    lenient = Rules(shipping_paid_by={"changed_mind": "merchant"})
    assert [DEFAULT.payer(it) for it in ("changed_mind", "defective", "wrong_item")] == ["customer", "merchant", "merchant"]
    assert lenient.payer("changed_mind") == "merchant"
    assert lenient.payer("wrong_size") == "customer"


WRONG = {
    "/default_days": Rules(default_days=-1),
    "/handling_days": Rules(handling_days=61),
    "/windows/1/days": Rules(windows=(Window(patterns=("a",), days=1), Window(patterns=("b",), days=4000))),
    "/windows/0/patterns": Rules(windows=(Window(patterns=(), days=1),)),
    "/windows/0/patterns/1": Rules(windows=(Window(patterns=("a", "*"), days=1),)),
    "/windows": Rules(windows=(Window(patterns=("a",), days=1),) * 101),
    "/exclusions/0/reason": Rules(exclusions=(Exclusion(patterns=("a",), reason="i do not like it"),)),
    "/exclusions/0/patterns/0": Rules(exclusions=(Exclusion(patterns=(" ",), reason="hygiene"),)),
    "/informed_since": Rules(informed="since"),
    "/auto_below/EUR": Rules(auto_below={"EUR": -1}, auto_reasons=("other",)),
    "/auto_below/euro": Rules(auto_below={"euro": 1}, auto_reasons=("other",)),
    "/auto_reasons": Rules(auto_below={"EUR": 1}),
    "/shipping_fee/XXQ": Rules(shipping_fee={"XXQ": 1}),
    "/restocking/0/basis_points": Rules(restocking=(Restocking(patterns=("a",), basis_points=10_001),)),
    "/credit_bonus": Rules(credit_bonus=10_001),
    "/ways": Rules(ways=()),
    "/shipping_paid_by/damaged": Rules(shipping_paid_by={"damaged": "customer"}),
    "/return_address/country": Rules(return_address=ReturnAddress(street="1 quai", city="Lyon", country="France")),
    "/return_address/street": Rules(return_address=ReturnAddress(country="FR")),
}  # fmt: skip


@pytest.mark.parametrize("pointer", WRONG)
async def test_what_cannot_be_meant_is_said_at_its_place(pointer: str) -> None:
    shop = await merchant()
    with pytest.raises(Invalid) as refused:
        await rules.save(shop, WRONG[pointer], by=None)
    assert list(refused.value.fields) == [pointer]
    assert await rules.of(shop) == (0, DEFAULT)


@pytest.mark.without_database
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"default_days": "many"}, "/default_days"), ({"windows": [{"patterns": ["a"], "days": 1.5}]}, "/windows/0/days"),
        ({"nonsense": 1}, "/"), ({"withdrawal": "sometimes"}, "/withdrawal"),
        ({"informed_since": "tomorrow"}, "/informed_since"),
        ({"windows": [{"days": 3}]}, "/windows/0"), ({"auto_below": {"EUR": "5"}}, "/auto_below"),
    ],
)  # fmt: skip
def test_what_is_no_rules_at_all_names_its_field(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.from_json(body)
    assert list(refused.value.fields) == [pointer]


@pytest.mark.without_database
def test_rules_come_back_from_json_as_they_were() -> None:
    assert rules.from_json(msgspec.json.decode(msgspec.json.encode(FULL))) == FULL
    assert rules.from_json({}) == DEFAULT
    # A version says all of it: what is usual may be another thing in a later release.
    assert msgspec.json.decode(msgspec.json.encode(DEFAULT)).keys() == set(Rules.__struct_fields__)


async def test_the_newest_version_counts_and_earlier_ones_stay() -> None:
    shop, other = await merchant(), await merchant(NIA, "Nia Audio")
    first = await rules.save(shop, FULL, by=None)
    assert await rules.save(shop, FULL, by=None) == first
    second = await rules.save(shop, Rules(default_days=100), by=None)
    assert second > first
    assert await rules.of(shop) == (second, Rules(default_days=100))
    assert await rules.of(other) == (0, DEFAULT)
    assert await rules.version(first) == FULL
    assert await rules.version(0) == DEFAULT
    told = await db.rows("SELECT merchant, data FROM events WHERE kind = 'return_rules_changed' ORDER BY id")
    assert [row["merchant"] for row in told] == [shop, shop]
    said = [msgspec.json.decode(row["data"]) for row in told]
    assert [it["version"] for it in said] == [first, second]
    assert said[1]["fields"] == [
        name for name in Rules.__struct_fields__ if getattr(FULL, name) != getattr(Rules(default_days=100), name)
    ]


async def test_the_usual_rules_can_be_written_down_and_nothing_in_them_is_called_changed() -> None:
    shop = await merchant()
    kept = await rules.save(shop, DEFAULT, by=None)
    assert kept
    assert await rules.of(shop) == (kept, DEFAULT)


async def test_versions_that_are_saved_at_once_are_kept_one_after_the_other() -> None:
    shop = await merchant()
    saved = await asyncio.gather(*(rules.save(shop, Rules(default_days=n), by=None) for n in range(20, 30)))
    assert len(set(saved)) == 10
    (events,) = await db.rows("SELECT count(*) AS many FROM events WHERE kind = 'return_rules_changed'")
    assert events["many"] == 10
    newest, kept = await rules.of(shop)
    assert newest == max(saved)
    assert kept == await rules.version(newest) == Rules(default_days=20 + saved.index(newest))


async def test_only_a_manager_or_an_owner_changes_them() -> None:
    shop = await merchant()
    owner, agent, stranger = (
        await member("mo@example.com", role="owner"),
        await member(BOB),
        await member("nia@example.com", NIA, "owner"),
    )
    async with signed_in(agent) as bob:
        with pytest.raises(Refused) as refused:
            await rules.save(shop, FULL, by=bob)
        assert refused.value.status == 403
        assert "a manager or an owner" in refused.value.message
    async with signed_in(stranger) as nia:
        with pytest.raises(Missing):
            await rules.save(shop, FULL, by=nia)
    assert await rules.of(shop) == (0, DEFAULT)
    async with signed_in(owner) as mo:
        number = await rules.save(shop, FULL, by=mo)
    (row,) = await db.rows("SELECT id, by_whom FROM return_rules WHERE merchant = {}", await merchant(MO))
    assert (row["id"], row["by_whom"]) == (number, owner)
    async with signed_in(await member("mia@example.com", role="manager")) as mia:
        assert await rules.save(shop, DEFAULT, by=mia) > number


async def test_what_is_wrong_is_said_in_the_language_of_who_asks() -> None:
    shop, token = await merchant(), current.set(Voice("fr"))
    try:
        with pytest.raises(Invalid, match="Un nombre entier de 0 à 3650"):
            await rules.save(shop, Rules(default_days=-1), by=None)
    finally:
        current.reset(token)


@pytest.mark.skipif(not db.ON_SQLITE, reason="PostgreSQL reads small tables whole, whatever indexes there are")
async def test_a_merchants_newest_rules_are_found_without_reading_everybodys() -> None:
    plan = await db.rows(f"EXPLAIN QUERY PLAN {rules.NEWEST}", await merchant())
    assert [row["detail"] for row in plan if row["detail"].startswith(("SCAN", "USE TEMP"))] == []
