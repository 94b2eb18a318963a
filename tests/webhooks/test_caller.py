"""Endpoints beside each other: who answers slowly, or not at all, keeps nobody else waiting."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping

import pytest

from app import db, outgoing
from app.outgoing import Answer, Session
from app.webhooks import sending
from app.webhooks.caller import Caller
from tests.builders import MO, NIA
from tests.webhooks.steps import deliveries, endpoint, happens

SILENT, QUICK = "https://silent.example/", "https://quick.example/"


class Elsewhere:
    """The merchants' systems: one says nothing until the test is over, the others answer at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: Counter[str] = Counter()
        self.over = asyncio.Event()
        monkeypatch.setattr(outgoing, "post", self.post)

    async def post(self, _session: Session, url: str, _body: bytes, _headers: object) -> Answer:
        self.asked[url] += 1
        if url == SILENT:
            await self.over.wait()
        return Answer(200, "", 0)


async def until_sent(count: int) -> None:
    end = time.monotonic() + 20
    while len([row for row in await deliveries() if row["state"] == "sent"]) < count:
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    return Elsewhere(monkeypatch)


async def test_a_silent_endpoint_holds_up_nobody_and_has_no_more_than_its_room(elsewhere: Elsewhere) -> None:
    await endpoint(SILENT, merchant=MO)
    await endpoint(QUICK, merchant=NIA)
    for merchant in (MO, NIA):
        for _ in range(31):
            await happens("order_updated", merchant=merchant)
    stopping = asyncio.Event()
    caller = Caller(stopping)
    turn = asyncio.create_task(caller.turn())
    await until_sent(31)
    assert elsewhere.asked == {QUICK: 31, SILENT: sending.OF_EACH}
    elsewhere.over.set()
    await until_sent(62)
    stopping.set()
    await turn
    assert (elsewhere.asked, caller.under_way) == ({QUICK: 31, SILENT: 31}, {})


async def test_where_nothing_gets_through_one_is_under_way_at_a_time(elsewhere: Elsewhere) -> None:
    number = await endpoint(SILENT)
    await db.execute("UPDATE webhook_endpoints SET failing_since = created_at WHERE id = {}", number)
    for _ in range(3):
        await happens("order_updated")
    (row,) = await sending.claim(20, {})
    assert await sending.claim(20, {number: 1}) == []
    elsewhere.over.set()
    async with outgoing.session() as session:
        await sending.send(session, row)
    assert len(await sending.claim(20, {})) == 2, "it has answered"


async def test_a_fault_of_the_database_closes_nothing_under_what_is_on_its_way(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    await endpoint(SILENT)
    await happens("order_updated")
    caller, real = Caller(asyncio.Event()), sending.claim

    async def claim(most: int, under_way: Mapping[int, int]) -> list[db.Row]:
        if elsewhere.asked:
            asyncio.get_running_loop().call_later(0.05, elsewhere.over.set)
            raise ConnectionError("gone")
        return await real(most, under_way)

    monkeypatch.setattr(sending, "claim", claim)
    with pytest.raises(ConnectionError):
        await caller.turn()
    assert [row["state"] for row in await deliveries()] == ["sent"]
    assert caller.session.closed
