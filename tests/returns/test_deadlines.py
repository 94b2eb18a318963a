"""By when: the last day of a period that ends on no working day is the next one, for the seller and for the customer alike.

CRD: Directive 2011/83/EU. REG: Regulation (EEC, Euratom) No 1182/71.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from app import clock, db
from app.ingest.snapshot import Address
from app.returns import deadlines, withdrawals
from app.returns.days import day_of
from tests import builders
from tests.returns import bought

PARIS = "Europe/Paris"
A_SECOND = timedelta(seconds=1)
LAST: dict[str, tuple[str, str, str, str]] = {
    "CRD 13(1), 14(1): fourteen days; REG 3(1): the day itself is not counted": ("2026-11-23", "FR", "", "2026-12-07"),
    "REG 3(4): a Saturday": ("2026-11-28", "FR", "", "2026-12-14"),
    "REG 3(4): a Sunday": ("2026-11-29", "FR", "", "2026-12-14"),
    "REG 3(4): a public holiday, and the weekend behind it": ("2026-12-11", "FR", "", "2026-12-28"),
    "REG 3(4): one of that country alone": ("2026-06-30", "FR", "", "2026-07-15"),
    "REG 3(4): which is a day like others elsewhere": ("2026-06-30", "DE", "", "2026-07-14"),
    "REG 3(4): of both holidays of Easter": ("2027-03-15", "DE", "", "2027-03-30"),
}


@pytest.mark.parametrize("source", LAST)
def test_goods_and_money_have_the_same_fourteen_days(source: str) -> None:
    said, country, region, last = LAST[source]
    at = datetime.fromisoformat(f"{said}T11:00+00:00")
    for until in (deadlines.send_by(at, PARIS, country, region), deadlines.refund_by(at, PARIS, country)):
        assert day_of(until - A_SECOND, PARIS) == date.fromisoformat(last), source
        assert day_of(until, PARIS) > date.fromisoformat(last)


@pytest.mark.parametrize(("region", "last"), [("Bayern", "2027-01-07"), ("Hamburg", "2027-01-06")])
def test_the_customers_region_has_its_own_holidays(region: str, last: str) -> None:
    """REG 3(4): those of the place where it is to be done; Epiphany is one in Bavaria."""
    until = deadlines.send_by(datetime(2026, 12, 23, 11, tzinfo=UTC), "Europe/Berlin", "DE", region)
    assert day_of(until - A_SECOND, "Europe/Berlin") == date.fromisoformat(last)


@pytest.mark.parametrize(("country", "sent", "paid"), [("FR", "2026-07-15", "2026-07-15"), ("DE", "2026-07-14", "2026-07-15")])
async def test_each_side_has_the_working_days_of_its_own_country(
    monkeypatch: pytest.MonkeyPatch, country: str, sent: str, paid: str
) -> None:
    """Mo sells from France, where 14 July is a holiday; a buyer in Germany sends it back that day."""
    now = datetime(2026, 6, 30, 10, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    home = Address(name="Alice Martin", street="1 Weg", postal_code="10115", city="Berlin", country=country)
    order = await bought.delivered(shipping_address=home)
    await db.execute("UPDATE merchants SET country = 'FR', time_zone = {} WHERE id = {}", PARIS, order["merchant"])
    line = (await bought.line_ids(order))[0]
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    (row,) = await db.rows("SELECT send_by, refund_by FROM returns WHERE code = {}", code)
    assert [day_of(row[name] - A_SECOND, PARIS).isoformat() for name in ("send_by", "refund_by")] == [sent, paid]


async def test_of_an_order_that_says_no_country_the_sellers_days_count() -> None:
    order = await bought.delivered(shipping_address=None, billing_address=None)
    await builders.merchant()
    line = (await bought.line_ids(order))[0]
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    (row,) = await db.rows("SELECT send_by, refund_by FROM returns WHERE code = {}", code)
    assert row["send_by"] == row["refund_by"]
