"""By which rules an order goes: what was promised when it was placed holds, and what has become better since counts, too."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app import clock, db
from app.returns import asking, binding, quotes, rights, rules
from app.returns.arrivals import Item
from app.returns.asked import Asked
from app.returns.rule_book import DEFAULT, Exclusion, Restocking, ReturnAddress, Rules, Window
from tests import builders
from tests.returns import bought

CUP = Item(1, 1, title="Cup")
THE_CUP = ("title:cup",)


def excluding(reason: str) -> Rules:
    return Rules(exclusions=(Exclusion(THE_CUP, reason),))


def lasting(days: int) -> Rules:
    return Rules(windows=(Window(THE_CUP, days),))


def kept_of(points: int) -> Rules:
    return Rules(restocking=(Restocking(THE_CUP, points),))


def told(by: Rules) -> dict[str, Any]:
    return {
        "days": by.days(CUP), "excluded": by.excluded(CUP), "kept": by.restocking_fee(CUP), "payer": by.payer("wrong_size"),
        "fee": by.shipping_fee.get("EUR", 0), "bonus": by.credit_bonus, "withdrawal": by.withdrawal,
    }  # fmt: skip


HERS: dict[str, tuple[Rules, Rules, dict[str, Any]]] = {
    "shorter": (lasting(30), lasting(10), {"days": 30}),
    "longer": (lasting(10), lasting(30), {"days": 30}),
    "shorter for all": (Rules(default_days=60), Rules(default_days=7), {"days": 60}),
    "shorter for some": (Rules(default_days=60), lasting(0), {"days": 60}),
    "excluded since": (DEFAULT, excluding("made_to_measure"), {"excluded": ""}),
    "let in since": (excluding("not_returned"), DEFAULT, {"excluded": ""}),
    "excluded by another reason": (excluding("alcohol"), excluding("perishable"), {"excluded": "alcohol"}),
    "excluded only once opened": (excluding("hygiene"), excluding("not_returned"), {"excluded": "hygiene"}),
    "no longer excluded whole": (excluding("made_to_measure"), excluding("hygiene"), {"excluded": "hygiene"}),
    "more kept": (kept_of(500), kept_of(1500), {"kept": 500}),
    "less kept": (kept_of(1500), DEFAULT, {"kept": 0}),
    "dearer": (Rules(shipping_fee={"EUR": 290}), Rules(shipping_fee={"EUR": 490, "JPY": 300}), {"fee": 290}),
    "cheaper": (Rules(shipping_fee={"EUR": 490}), Rules(shipping_fee={"EUR": 290}), {"fee": 290}),
    "free once": (DEFAULT, Rules(shipping_fee={"EUR": 490}), {"fee": 0}),
    "free now": (Rules(shipping_fee={"EUR": 490}), DEFAULT, {"fee": 0}),
    "borne by the shop once": (Rules(shipping_paid_by={"wrong_size": "merchant"}), DEFAULT, {"payer": "merchant"}),
    "borne by the shop now": (DEFAULT, Rules(shipping_paid_by={"wrong_size": "merchant"}), {"payer": "merchant"}),
    "less bonus": (Rules(credit_bonus=1000), Rules(credit_bonus=100), {"bonus": 1000}),
    "more bonus": (DEFAULT, Rules(credit_bonus=100), {"bonus": 100}),
    "nobody withdraws any more": (Rules(withdrawal="on"), Rules(withdrawal="off"), {"withdrawal": "on"}),
    "the usual ones withdraw": (DEFAULT, Rules(withdrawal="off"), {"withdrawal": "eu"}),
    "all withdraw now": (Rules(withdrawal="off"), Rules(withdrawal="on"), {"withdrawal": "on"}),
}


@pytest.mark.without_database
@pytest.mark.parametrize("case", HERS)
def test_the_better_of_both_is_the_customers(case: str) -> None:
    then, now, wanted = HERS[case]
    found = told(binding.of(now, then, "eu"))
    usual = told(replace(DEFAULT, withdrawal="eu"))
    assert found == usual | wanted


@pytest.mark.without_database
def test_how_the_shop_deals_with_them_is_the_newest_ones() -> None:
    then = Rules(
        auto_below={"EUR": 9_000}, auto_reasons=("wrong_size",), ways=("label",), handling_days=1, informed="no",
        return_address=ReturnAddress(street="1 quai", city="Lyon", postal_code="69001", country="FR"),
    )  # fmt: skip
    now = Rules(informed="since", informed_since=clock.now().date(), handling_days=9, credit_bonus=5)
    found = binding.of(now, then, "eu")
    for name in ("auto_below", "auto_reasons", "ways", "handling_days", "informed", "informed_since", "return_address"):
        assert getattr(found, name) == getattr(now, name), name


A_DAY = date(2026, 11, 10)
TOLD: dict[str, tuple[Rules, Rules, tuple[str, date | None]]] = {
    "they were not told then": (Rules(informed="no"), Rules(informed="yes"), ("no", None)),
    "they were told then": (Rules(informed="yes"), Rules(informed="no"), ("yes", None)),
    "told since a day that is named now": (
        Rules(informed="no"),
        Rules(informed="since", informed_since=A_DAY),
        ("since", A_DAY),
    ),
    "told since a day that was named then": (Rules(informed="since", informed_since=A_DAY), DEFAULT, ("since", A_DAY)),
}


@pytest.mark.without_database
@pytest.mark.parametrize("case", TOLD)
def test_whether_customers_were_told_of_their_withdrawal_is_a_fact_of_the_orders_day(case: str) -> None:
    """Directive 2011/83/EU, Art. 10(1): twelve months more; (2): told within these, 14 days from then."""
    then, now, wanted = TOLD[case]
    found = binding.of(replace(now, credit_bonus=5), then, "eu")
    assert (found.informed, found.informed_since) == wanted


async def test_who_was_not_told_keeps_twelve_months_though_others_are_told_today() -> None:
    shop, placed = await builders.merchant(), clock.now() - timedelta(days=40)
    await saved(shop, Rules(informed="no"), placed - timedelta(days=1))
    order = await bought.delivered(placed_at=placed, days=30)
    later = await bought.delivered("1002", placed_at=clock.now() - timedelta(days=20), days=18)
    await saved(shop, Rules(informed="yes"), clock.now() - timedelta(days=25))
    them = [await rights.of_order(it["customer"], it["address"]) for it in (order, later)]
    assert [it.lines[0].right("withdrawal").open for it in them] == [True, False]


@pytest.mark.without_database
def test_where_nothing_has_changed_they_are_just_the_newest() -> None:
    same = Rules(default_days=30)
    assert binding.of(same, Rules(default_days=30), "off") is same


async def saved(shop: int, theirs: Rules, at: datetime) -> None:
    number = await rules.save(shop, theirs, by=None)
    await db.execute("UPDATE return_rules SET at = {} WHERE id = {}", at, number)


async def of(order: Any) -> Rules:
    return (await rights.of_order(order["customer"], order["address"])).rules


async def test_the_day_of_the_order_says_which() -> None:
    """Placed seven days ago, all of them; the first one before anybody had written rules."""
    shop, placed = await builders.merchant(), clock.now() - timedelta(days=7)
    order = await bought.delivered(placed_at=placed)
    assert await of(order) == DEFAULT
    await saved(shop, Rules(default_days=20), placed + timedelta(seconds=2))
    assert (await of(order)).default_days == 20, "the first that anybody could read"
    await saved(shop, Rules(default_days=10), placed + timedelta(days=1))
    assert (await of(order)).days(CUP) == 20
    await db.execute("DELETE FROM return_rules")
    for days, at in ((10, -2), (20, 0), (15, 1), (5, 2)):
        await saved(shop, Rules(default_days=days), placed + timedelta(seconds=at))
    assert (await of(order)).days(CUP) == 20, "of the very moment"
    later = await bought.delivered("2", placed_at=placed + timedelta(seconds=1))
    assert (await of(later)).days(CUP) == 15
    assert (await rights.of_order(later["customer"], later["address"])).newest.default_days == 5


async def test_anothers_rules_are_not_ones_own() -> None:
    await saved(await builders.merchant(builders.NIA), Rules(default_days=99), clock.now() - timedelta(days=50))
    assert await of(await bought.delivered()) == DEFAULT


GENEROUS = Rules(default_days=30, ways=("label",), credit_bonus=1000, auto_below={"EUR": 9_999}, auto_reasons=("changed_mind",))
MEAN = Rules(
    windows=(Window(("TEA-1",), 0),), ways=("label",), shipping_fee={"EUR": 490},
    restocking=(Restocking(("TEA-1",), 1_500),),
)  # fmt: skip


async def test_what_comes_back_is_as_promised_and_approval_is_todays() -> None:
    shop = await builders.merchant()
    await saved(shop, GENEROUS, clock.now() - timedelta(days=90))
    order = await bought.delivered(days=20)
    await rules.save(shop, MEAN, by=None)
    teapot = (await bought.line_ids(order))[0]
    what = bought.asked(teapot, way="label", wish="store_credit")
    quote = await quotes.quote(order["customer"], what)
    (preview,) = quote.previews.values()
    assert (preview.total, preview.return_fee, preview.restocking, preview.bonus) == (4_800, 0, 0, 480)
    code = await asking.ask(order["customer"], what, by="customer:1")
    assert await bought.state(code) == "requested", "the newest approves nothing at once"
    (row,) = await db.rows("SELECT rules FROM returns WHERE code = {}", code)
    assert row["rules"] == (await rules.of(shop))[0]


async def test_two_orders_go_each_by_its_own_and_the_way_back_costs_the_least() -> None:
    shop = await builders.merchant()
    await saved(shop, GENEROUS, clock.now() - timedelta(days=90))
    old = await bought.delivered("1", days=20)
    await saved(shop, MEAN, clock.now() - timedelta(days=9))
    lines = [builders.line("1", sku="JUG-1")]
    new = await bought.delivered("2", days=3, lines=[*lines, builders.line("2", quantity=1)])
    await saved(shop, replace(MEAN, windows=()), clock.now() - timedelta(days=1))
    ids = [(await bought.line_ids(old))[0], (await bought.line_ids(new))[1]]
    what = Asked("return", [bought.asked(it, wish="store_credit").lines[0] for it in ids], way="label")
    quote = await quotes.quote(old["customer"], what)
    first, second = quote.previews[old["id"]], quote.previews[new["id"]]
    assert (first.restocking, first.bonus, second.restocking, second.bonus) == (0, 480, 720, 0)
    assert (first.return_fee, second.return_fee) == (0, 0), "the older one promised it free of charge"


async def test_the_customer_reads_since_when_the_shops_rules_count(alice: AsyncClient) -> None:
    shop = await builders.merchant()
    await saved(shop, GENEROUS, datetime(2025, 3, 4, 12, tzinfo=clock.now().tzinfo))
    await bought.delivered()
    await rules.save(shop, MEAN, by=None)
    page = await alice.get("/orders/1001/rights")
    assert "since 4 Mar 2025" in page.text
    await db.execute("UPDATE return_rules SET at = {}", clock.now())
    assert "4 Mar 2025" not in (await alice.get("/orders/1001/rights")).text
