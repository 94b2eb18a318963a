"""What a shop's own parcels took: days that count, percentiles, who learns from how many, and which date is shown."""

import math
import statistics
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app import clock, db
from app.i18n import Voice
from app.shipments import estimates, transit, working_days
from app.shipments.destinations import destination
from app.shipments.percentiles import percentile
from tests import builders
from tests.shipments.parcels import delivered, parcel

EN, FR = Voice("en", "Europe/Paris"), Voice("fr", "Europe/Paris")
DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    estimates.forget()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=300))
def test_percentiles_agree_with_statistics(values: list[int]) -> None:
    counts = Counter(values)
    assert percentile(counts, 50) == statistics.median_low(values)
    assert percentile(counts, 100) == max(values)
    late = percentile(counts, 90)
    assert late == sorted(values)[math.ceil(len(values) * 0.9 - 1e-9) - 1]
    if len(values) > 1:
        cut = statistics.quantiles(values, n=10, method="inclusive")[8]
        around = sorted(values)
        place = (len(values) - 1) * 9 / 10
        assert around[math.floor(place)] <= late <= around[math.ceil(place)] or late == cut


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile({}, 50)


@given(DAYS, st.integers(0, 400))
def test_so_many_working_days_later_is_so_many_working_days_between(day: date, count: int) -> None:
    then = working_days.after(day, count)
    assert working_days.between(day, then) == count
    assert then.weekday() != 6
    assert sum((day + timedelta(n)).weekday() != 6 for n in range(1, (then - day).days + 1)) == count or day.weekday() == 6


def test_a_sunday_is_no_day_on_the_way() -> None:
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert working_days.between(friday, monday) == 2
    assert working_days.after(friday, 2) == monday
    assert working_days.between(monday, friday) == 0


@pytest.mark.parametrize(("country", "region", "code", "said"), [
    ("FR", "", "69003", "FR-69"), ("FR", "", "97400", "FR-974"), ("fr", "Rhône", "69003", "FR-69"), ("FR", "", "", "FR"),
    ("US", "CA", "94103", "US-CA"), ("US", "US-CA", "", "US-CA"), ("US", "California", "", "US"), ("DE", "", "10115", "DE"),
    ("", "CA", "", ""), ("France", "", "", ""),
])  # fmt: skip
def test_destinations(country: str, region: str, code: str, said: str) -> None:
    assert destination(country, region, code) == said


async def test_an_order_taken_in_says_where_its_parcels_go() -> None:
    assert (await parcel())["destination"] == "FR-69"


async def _learnt() -> list[tuple[str, str, int, int, int]]:
    rows = await db.rows("SELECT * FROM transit_times ORDER BY carrier, destination")
    return [(row["carrier"], row["destination"], row["parcels"], row["median"], row["late"]) for row in rows]


async def test_enough_parcels_are_learnt_from_by_region_country_carrier_and_shop() -> None:
    await delivered(17, 2)
    await delivered(3, 4, start=17)
    await transit.learn()
    assert await _learnt() == [
        ("", "", 20, 2, 4), ("colissimo", "", 20, 2, 4), ("colissimo", "FR", 20, 2, 4), ("colissimo", "FR-69", 20, 2, 4),
    ]  # fmt: skip


async def test_from_too_few_nothing_is_said() -> None:
    await delivered(19, 2)
    await transit.learn()
    assert await _learnt() == [("", "", 19, 2, 2)]
    sent = await _sent()
    assert estimates.expected(sent, await estimates.times_of([sent.merchant]), EN) == estimates.UNKNOWN


async def test_a_shop_is_learnt_anew_after_a_day_and_forgets_after_a_year() -> None:
    await delivered(20, 2)
    await transit.learn()
    await transit.learn()  # nothing is due
    with time_machine.travel(clock.now() + timedelta(days=340)):
        await transit.learn()
        assert await _learnt() == [("", "", 0, 0, 0)]


async def _sent(**about: object) -> "estimates.Sent":
    from app.shipments import arrivals

    row = await parcel("SENT", **about)
    customer = await builders.customer()
    return next(it for it in (await arrivals.of(customer))[0] if it.id == row["id"])


async def test_what_is_usual_is_a_range_with_its_source() -> None:
    await delivered(17, 2)
    await delivered(5, 4, start=17)
    await transit.learn()
    sent = await _sent(shipped_at=datetime(2026, 11, 26, 12, tzinfo=UTC))
    soon = estimates.expected(sent, await estimates.times_of([sent.merchant]), EN)
    assert (soon.source, soon.first, soon.last) == ("usual", date(2026, 11, 28), date(2026, 12, 1))
    assert estimates.basis(soon, "Colissimo", EN) == "Usually 2–4 working days with Colissimo; from 22 parcels of this shop"
    assert estimates.basis(soon, "Colissimo", FR).startswith("D’habitude 2 à 4 jours ouvrables avec Colissimo")


async def test_another_carriers_parcels_fall_back_to_the_shops() -> None:
    await delivered(20, 3)
    await transit.learn()
    sent = await _sent(carrier="GLS")
    soon = estimates.expected(sent, await estimates.times_of([sent.merchant]), EN)
    assert estimates.basis(soon, "GLS", EN) == "Usually 3 working days; from 20 parcels of this shop"


async def test_a_date_that_somebody_gave_goes_before_what_is_usual() -> None:
    await delivered(20, 3)
    await transit.learn()
    day = clock.now() + timedelta(days=2)
    sent = await _sent(estimated_from=day, estimated_to=day)
    soon = estimates.expected(sent, await estimates.times_of([sent.merchant]), EN)
    assert (soon.source, estimates.basis(soon, "Colissimo", EN)) == ("seller", "Date given by the seller")
    scanned = estimates.Expected("carrier", soon.first, soon.last)
    assert estimates.basis(scanned, "Colissimo", EN) == "Date given by Colissimo"


async def test_five_hundred_scans_tell_how_long_parcels_are_silent() -> None:
    await delivered(20, 3)
    for row in await db.rows("SELECT id, shipped_at, delivered_at FROM shipments"):
        times = [row["shipped_at"], row["shipped_at"] + timedelta(hours=50), row["delivered_at"]]
        await db.insert("scans", [
            {"shipment": row["id"], "external_id": str(n), "source": "test", "at": at, "recorded_at": at}
            for n, at in enumerate(times)
        ])  # fmt: skip
        await db.execute("UPDATE shipments SET scanned_at = {} WHERE id = {}", row["delivered_at"], row["id"])
    await transit.learn()
    assert {row["quiet"] for row in await db.rows("SELECT quiet FROM transit_times")} == {50}
