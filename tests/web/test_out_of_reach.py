"""A database that cannot be asked just now: said as what it is, to people and programs, and never as a fault of the page."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from httpx import AsyncClient

from app import db
from app.merchants import actions as merchants
from tests import builders
from tests.builders import MO


@pytest.fixture
async def merchant_key() -> str:
    await builders.member("mo@example.com", MO, "owner")
    return await merchants.make_key(MO, "shop")


@pytest.fixture
def gone(alice: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> AsyncClient:
    """Alice's browser; from now on nobody answers at the database."""

    async def refused(*_: Any) -> Any:
        raise ConnectionRefusedError(111, "Connect call failed")

    for way in ("rows", "scan", "execute"):
        monkeypatch.setattr(db, way, refused)
    return alice


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing is lost"), ("fr", "Rien n’est perdu")])
async def test_a_page_says_that_it_is_only_for_now(gone: AsyncClient, language: str, words: str) -> None:
    answer = await gone.get("/orders", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert words in answer.text
    assert "no-store" in answer.headers["cache-control"]


async def test_a_piece_of_a_page_gets_a_toast_and_keeps_what_is_there(gone: AsyncClient) -> None:
    answer = await gone.get("/orders", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert answer.status_code == 503
    assert answer.text.startswith('<hx-partial hx-target="#toasts">')


async def test_a_program_gets_a_problem_document(merchant_key: str, gone: AsyncClient) -> None:
    answer = await gone.get("/api/v1/orders/A-1", headers={"Authorization": f"Bearer {merchant_key}"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Service Unavailable"


async def test_a_load_balancer_is_told(gone: AsyncClient) -> None:
    assert (await gone.get("/up")).status_code == 503


def test_a_file_that_somebody_else_holds_is_no_fault_of_the_statement(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "it.db", isolation_level=None)) as holder:
        holder.execute("CREATE TABLE it (a)")
        holder.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(tmp_path / "it.db", timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError) as held:
                other.execute("INSERT INTO it VALUES (1)")
            with pytest.raises(sqlite3.OperationalError) as wrong:
                other.execute("INSERT INTO that VALUES (1)")
    assert db.passing(held.value)
    assert not db.passing(wrong.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (asyncpg.CannotConnectNowError("the database system is starting up"), True),
        (asyncpg.AdminShutdownError("terminating connection"), True),
        (asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"), True),
        (asyncpg.TooManyConnectionsError("sorry, too many clients already"), True),
        (asyncpg.UniqueViolationError("duplicate key"), False),
        (asyncpg.PostgresSyntaxError("syntax error"), False),
        (FileNotFoundError("an invoice"), False),
    ],
)
def test_a_wrong_statement_is_a_fault(error: Exception, expected: bool) -> None:
    assert db.passing(error) is expected
