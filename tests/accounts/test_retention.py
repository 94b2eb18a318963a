"""What is forgotten when, and what is not; in small bites, by several processes at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import db
from app.accounts import retention
from app.events.actions import record
from app.i18n import Voice
from app.mail import letters
from app.tokens import new_token
from app.worker import CHORES
from tests import builders
from tests.builders import ALICE

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_due", 0.0)


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def count(table: str) -> int:
    row = await db.one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return row["n"]


async def forget_after(age: timedelta) -> None:
    retention._due = 0.0
    with time_machine.travel(START + age, tick=False):
        await retention.forget()


@time_machine.travel(START, tick=False)
async def a_row_of_each(customer: int) -> None:
    token = {"customer": customer, "token_hash": new_token()}
    at, over = START, START + timedelta(minutes=10)
    await db.insert("sessions", [{**token, "created_at": at, "seen_at": at, "expires_at": over}])
    await db.insert("ended_sessions", [{"token_hash": new_token(), "ended_at": at}])
    await db.insert("sign_ins", [{**token, "way": "code", "created_at": at, "expires_at": over}])
    await db.insert("challenges", [{"value": new_token(), "purpose": "proof", "customer": customer, "expires_at": over}])
    await db.insert("sign_in_codes", [{"email": ALICE, "code_hash": "x", "created_at": at, "expires_at": over}])
    await db.insert("sign_in_links", [{**token, "expires_at": over}])
    await db.insert("password_links", [{**token, "expires_at": over}])
    await db.insert("phone_codes", [{"customer": customer, "phone": "+33612345678", "code_hash": "x", "expires_at": over}])
    await db.insert("sign_in_attempts", [{"kind": "codes_email", "key_hash": "x", "at": at}])
    changed = {**token, "old_email": ALICE, "new_email": "new@example.com", "created_at": at, "expires_at": over}
    await db.insert("email_changes", [changed])
    await db.insert("email_changes", [{**changed, "token_hash": new_token(), "confirmed_at": at}])
    await letters.write(ALICE, "sign_in_code", Voice("en"), code="123456", email=ALICE, minutes=10, url="http://localhost")
    await letters.write(ALICE, "sign_in_code", Voice("en"), code="234567", email=ALICE, minutes=10, url="http://localhost")
    await db.execute("UPDATE letters SET sent_at = {}, context = '', email = '' WHERE id = (SELECT min(id) FROM letters)", at)
    for whose in (None, customer):
        await record("sign_in_failed", customer=whose, by="code")
    await record("second_factor_failed", customer=customer, by="code")
    await record("signed_in", customer=customer, by="code")


TEN = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("table", "kept", "rows"),
    [
        ("sessions", TEN, (1, 0)), ("ended_sessions", timedelta(days=30), (1, 0)),
        ("sign_ins", TEN, (1, 0)), ("challenges", TEN, (1, 0)),
        ("sign_in_codes", TEN + timedelta(hours=2), (1, 0)), ("sign_in_links", TEN, (1, 0)), ("password_links", TEN, (1, 0)),
        ("phone_codes", TEN, (1, 0)), ("sign_in_attempts", timedelta(days=2), (1, 0)),
        ("email_changes", timedelta(days=30) + TEN, (2, 1)), ("email_changes", timedelta(days=365), (1, 0)),
        ("letters", timedelta(days=30), (2, 1)), ("letters", timedelta(days=365), (1, 0)),
        ("events", timedelta(days=30), (4, 3)), ("events", timedelta(days=400), (3, 1)),
    ],
)  # fmt: skip
async def test_each_is_forgotten_when_its_time_is_over_and_not_before(
    alice: int, table: str, kept: timedelta, rows: tuple[int, int]
) -> None:
    await a_row_of_each(alice)
    await forget_after(kept - SECOND)
    assert await count(table) == rows[0]
    await forget_after(kept)
    assert await count(table) == rows[1]


async def test_what_else_happened_stays_for_good(alice: int) -> None:
    await a_row_of_each(alice)
    await builders.order()
    events = await count("events")
    await forget_after(timedelta(days=4000))
    assert await count("events") == events - 3
    assert "signed_in" in {row["kind"] for row in await db.rows("SELECT kind FROM events")}
    assert (await count("customers"), await count("orders")) == (1, 1)


async def test_a_mail_can_be_asked_for_all_the_year(alice: int) -> None:
    await a_row_of_each(alice)
    code = (await db.rows("SELECT code FROM letters WHERE sent_at IS NOT NULL"))[0]["code"]
    await forget_after(timedelta(days=364))
    assert await letters.known(code) is not None


async def test_many_are_forgotten_in_bites_and_the_rest_with_the_next_chore(
    alice: int, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    monkeypatch.setattr(retention, "BITE", 10)
    monkeypatch.setattr(retention, "MOST_BITES", 3)
    with time_machine.travel(START, tick=False):
        for _ in range(45):
            await record("sign_in_failed", by="code")
    with time_machine.travel(START + timedelta(days=31), tick=False):
        for left in (15, 0):
            await retention.forget()
            assert await count("events") == left
        await retention.forget()
        statements.clear()
        await retention.forget()
    assert statements == [], "within the hour it looks at the clock alone"


async def test_several_processes_at_once_do_no_harm(alice: int) -> None:
    await a_row_of_each(alice)
    with time_machine.travel(START + timedelta(days=4000), tick=False):
        await asyncio.gather(*(retention.forget() for _ in range(4)))
    assert await count("events") == 1


async def test_a_session_that_was_renewed_meanwhile_stays(alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_row_of_each(alice)
    looked = db.scan

    async def then_renewed(sql: str, *args: object) -> object:
        found = await looked(sql, *args)
        if sql.startswith("SELECT id FROM sessions"):
            await looked("UPDATE sessions SET expires_at = {}", START + timedelta(days=90))
        return found

    monkeypatch.setattr(db, "scan", then_renewed)
    await forget_after(timedelta(days=1))
    assert await count("sessions") == 1


def test_it_is_a_chore_of_the_server() -> None:
    assert retention.forget in CHORES


async def test_what_is_to_be_forgotten_is_found_without_reading_every_event(alice: int) -> None:
    if not db.ON_SQLITE:
        pytest.skip("PostgreSQL plans by the size of the table: with a few rows it reads them all")
    for rule in retention.RULES[:2]:
        plan = await db.rows(f"EXPLAIN QUERY PLAN SELECT id FROM events WHERE at <= {{}} AND {rule.only} LIMIT 500", START)
        assert all(row["detail"].startswith("SEARCH") for row in plan), plan
