"""API keys: only the right one opens, only its own merchant's counter, and not too often."""

from datetime import UTC, datetime

import httpx
import pytest
import time_machine

from app import db
from app.merchants import actions as merchants
from app.merchants import guard
from app.web.limits import Buckets
from tests import builders
from tests.builders import MO, NIA
from tests.merchants.counter import APP, HOST, ORDER, ask, key, program


async def test_only_the_hash_of_a_key_is_stored() -> None:
    made = await key()
    row = (await db.rows("SELECT * FROM api_keys"))[0]
    assert made not in "".join(map(str, row.values()))
    assert made.startswith(row["prefix"])


async def test_the_right_key_opens() -> None:
    await builders.order()
    made = await key()
    assert (await ask(f"Bearer {made}")).status_code == 200
    assert (await ask(f"bearer   {made} ")).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer ck_", "Bearer ck_" + "x" * 43, "Basic bW86Y2tf", "ck_{key}", "Bearer {key}x",
     "Bearer {key},{key}", "Bearer " + "é" * 40, "Bearer ck_é", "Bearer ck_" + "x" * 60_000],
)  # fmt: skip
async def test_anything_else_does_not(authorization: str | None) -> None:
    made = await key()
    said = authorization.replace("{key}", made.removeprefix("ck_")).encode() if authorization is not None else None
    answer = await ask(said)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="Comptoir API"')
    assert ("invalid_token" in answer.headers["www-authenticate"]) is bool(authorization)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_revoked_key_is_refused_at_once() -> None:
    made = await key()
    assert (await ask(f"Bearer {made}")).status_code == 404
    await merchants.revoke_key(made[:10])
    assert (await ask(f"Bearer {made}")).status_code == 401


async def test_without_a_key_nothing_is_read_and_nobody_learns_what_is_there() -> None:
    await builders.order()
    answers = [await ask(None), await ask("Bearer ck_wrong")]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url=HOST) as client:
        answers.append(await client.put(ORDER, content=b"{" * (5 << 20), headers={"Content-Type": "text/plain"}))
        answers.append(await client.get("/api/v1/orders/never"))
    assert [answer.status_code for answer in answers] == [401] * 4
    assert answers[0].content == answers[3].content


async def test_a_request_costs_one_query_for_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    rows = db.rows

    async def counted(sql: str, *args: object) -> object:
        asked.append(sql)
        return await rows(sql, *args)

    async with await program() as mo:
        monkeypatch.setattr(db, "rows", counted)
        await mo.get(ORDER)
    assert len([sql for sql in asked if "api_keys" in sql]) == 1


async def test_too_many_requests_with_one_key_are_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "buckets", Buckets(rate=0.5, burst=3))
    with time_machine.travel(datetime(2026, 11, 21, tzinfo=UTC), tick=False) as clock:
        async with await program(MO) as mo, await program(NIA) as nia:
            assert [(await mo.get(ORDER)).status_code for _ in range(4)] == [404, 404, 404, 429]
            late = await mo.get(ORDER)
            assert (late.headers["retry-after"], late.headers["content-type"]) == ("3", "application/problem+json")
            assert (await nia.get(ORDER)).status_code == 404
            clock.shift(int(late.headers["retry-after"]))
            assert (await mo.get(ORDER)).status_code == 404
