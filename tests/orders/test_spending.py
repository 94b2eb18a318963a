"""Money spent: by month and by year, each currency for itself, nothing counted that was given back."""

from datetime import UTC, datetime

from httpx import AsyncClient

from app.i18n import Voice
from app.ingest import actions as ingest
from app.ingest.snapshot import Refund
from app.orders.spending import spending
from tests import builders
from tests.builders import line, snapshot

VOICE = Voice("en", "Europe/Paris")
YEARS = ["2026", "2025"]


def order(number: str, at: datetime, **about: object) -> object:
    return snapshot(number, placed_at=at, shipping=0, **about)


async def taken(*orders: object) -> int:
    outcomes = await ingest.record_all(orders)  # type: ignore[arg-type]
    assert {outcome.result for outcome in outcomes} == {"new"}
    return await builders.customer()


async def test_currencies_are_never_added_up() -> None:
    at = datetime(2026, 3, 5, tzinfo=UTC)
    customer = await taken(
        order("1", at),
        order("2", at, currency="CHF"),
        order("3", at),
        order("4", at, currency="JPY", lines=[line(unit_price=500)]),
    )
    found = await spending(customer, "2026", YEARS, VOICE)
    assert [(it.currency, it.total, it.orders_text) for it in found.by_currency] == [
        ("EUR", "€96.00", "2 orders"), ("CHF", "CHF\u00a048.00", "1 order"), ("JPY", "¥500", "1 order"),
    ]  # fmt: skip


async def test_refunds_and_cancellations_are_not_spent() -> None:
    at = datetime(2026, 3, 5, tzinfo=UTC)
    back = Refund(id="r", amount=1800, at=at)
    asked = Refund(id="r", amount=1800, at=at, state="requested")
    customer = await taken(
        order("1", at, refunds=[back]), order("2", at, refunds=[asked]), order("3", at, cancelled_at=at),
    )  # fmt: skip
    found = await spending(customer, "2026", YEARS, VOICE)
    assert found.by_currency[0].total == "€78.00"


async def test_a_month_begins_when_it_does_for_the_person() -> None:
    customer = await taken(
        order("1", datetime(2026, 2, 28, 23, 30, tzinfo=UTC)), order("2", datetime(2026, 3, 31, 21, tzinfo=UTC))
    )
    found = await spending(customer, "2026", YEARS, VOICE)
    amounts = [bar.amount for bar in found.by_currency[0].bars]
    assert amounts[1:4] == ["€0.00", "€96.00", "€0.00"]
    assert [bar.height for bar in found.by_currency[0].bars][2] == 100


async def test_all_years_side_by_side_and_archived_orders_count() -> None:
    customer = await taken(order("1", datetime(2025, 5, 1, tzinfo=UTC)), order("2", datetime(2026, 5, 1, tzinfo=UTC)))
    from app.orders.actions import put_away

    await put_away(customer, "1", archived=True)
    found = await spending(customer, "nonsense", YEARS, VOICE)
    assert [(bar.label, bar.amount) for bar in found.by_currency[0].bars] == [("2025", "€48.00"), ("2026", "€48.00")]


async def test_the_page_has_a_table_for_those_who_listen(alice: AsyncClient) -> None:
    await taken(order("1", datetime(2026, 3, 5, tzinfo=UTC)))
    text = (await alice.get("/orders/spending?year=2026")).text
    assert "<table>" in text
    assert "March 2026" in text
    assert "€48.00" in text


async def test_what_is_only_owed_is_not_spent() -> None:
    at = datetime(2026, 3, 5, tzinfo=UTC)
    customer = await taken(order("1", at), order("2", at, payment="unpaid"), order("3", at, payment="authorised"))
    found = await spending(customer, "2026", YEARS, VOICE)
    assert [(it.total, it.orders_text) for it in found.by_currency] == [("€48.00", "1 order")]
