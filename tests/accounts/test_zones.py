import pytest

from app import db
from app.accounts import entering
from tests import builders
from tests.accounts.steps import sign_in
from tests.builders import ALICE


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(ALICE)


async def test_the_zone_is_remembered_at_sign_in_and_not_changed_by_the_next(laptops, alice):
    await sign_in(laptops(), time_zone="Asia/Tokyo")
    await sign_in(laptops(), time_zone="Europe/Paris")
    row = await db.one("SELECT time_zone, revision FROM customers WHERE id = {}", alice)
    assert (row["time_zone"], row["revision"]) == ("Asia/Tokyo", 2)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "europe/paris", "Europe/Paris\x00", "x" * 500])
async def test_a_zone_that_does_not_exist_is_not_heard(alice, zone):
    await entering.remember_zone(alice, zone)
    row = await db.one("SELECT time_zone, revision FROM customers WHERE id = {}", alice)
    assert (row["time_zone"], row["revision"]) == ("", 1)
