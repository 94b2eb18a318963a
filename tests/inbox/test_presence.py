"""Mo and Bo have the same conversation open: each is told before they answer, the customer never."""

from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.inbox import about, kept, presence, starting
from app.inbox.posting import Said
from app.merchants import shop
from tests import builders
from tests.builders import MO

EN = Voice("en", "UTC")
MOS, BOS = "mo@example.com", "bo@example.com"


@pytest.fixture
async def code() -> str:
    alice = await builders.customer()
    order = await builders.order()
    for email in (MOS, BOS):
        await builders.member(email)
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice Martin")
    return await starting.start(alice, await about.order(alice, order["address"]), said)


async def revision(email: str) -> int:
    return int((await db.rows("SELECT revision FROM customers WHERE email = {}", email))[0]["revision"])


async def as_somebody(client: AsyncClient, email: str) -> AsyncClient:
    client.cookies.clear()
    client.cookies.update(await builders.session(email, factor=True))
    return client


async def life(client: AsyncClient, code: str, email: str, **said: str) -> list[str]:
    await as_somebody(client, email)
    answer = await client.post(f"/desk/{MO}/inbox/{code}/presence", data=said)
    assert answer.headers["cache-control"] == "no-store"
    found: list[str] = answer.json()["said"]
    return found


async def test_who_comes_second_is_told_and_so_is_the_first_at_once(client: AsyncClient, code: str) -> None:
    assert await life(client, code, MOS) == []
    before = await revision(MOS)
    assert await life(client, code, BOS) == ["Mo has this conversation open"]
    assert await revision(MOS) == before + 1, "his open page asks for itself"
    assert "Bo has this conversation open" in (await (await as_somebody(client, MOS)).get(f"/desk/{MO}/inbox/{code}")).text
    await life(client, code, BOS, writing="yes")
    assert await revision(MOS) == before + 2
    assert "Bo is writing an answer" in (await (await as_somebody(client, MOS)).get(f"/desk/{MO}/inbox/{code}")).text
    await life(client, code, BOS, leaving="yes")
    assert await revision(MOS) == before + 3
    assert await life(client, code, MOS) == []


async def test_it_is_over_thirty_seconds_after_the_last_sign_of_life(client: AsyncClient, code: str) -> None:
    with time_machine.travel(clock.now(), tick=False) as now:
        await life(client, code, BOS, writing="yes")
        now.shift(25)
        await life(client, code, BOS)
        assert await life(client, code, MOS) == ["Bo is writing an answer"]
        now.shift(6)
        assert await life(client, code, MOS) == ["Bo has this conversation open"], "thirty seconds after the last word"
        now.shift(25)
        assert await life(client, code, MOS) == []


async def test_a_person_writes_one_row_at_most_every_ten_seconds(client: AsyncClient, code: str) -> None:
    thread, (member,) = (await kept.by_code(code)).id, [row["id"] for row in await db.rows("SELECT min(id) AS id FROM members")]

    async def kept_at() -> object:
        rows = await db.rows("SELECT seen_at, writing_at FROM desk_signs")
        assert len(rows) == 1
        return tuple(rows[0].values())

    with time_machine.travel(clock.now(), tick=False) as now:
        await presence.sign(thread, member, writing=True)
        first = await kept_at()
        for _key in range(9):
            now.shift(1)
            await presence.sign(thread, member, writing=True)
        assert await kept_at() == first
        now.shift(1.5)
        await presence.sign(thread, member, writing=True)
        assert await kept_at() != first
        now.shift(7_200)
        (other,) = [row["id"] for row in await db.rows("SELECT max(id) AS id FROM members")]
        await presence.sign(thread, other)
        assert len(await db.rows("SELECT id FROM desk_signs")) == 1, "what is old is gone"


async def test_a_customer_is_never_told_who_reads_or_writes(client: AsyncClient, code: str) -> None:
    before = await revision(builders.ALICE)
    await life(client, code, BOS, writing="yes")
    await life(client, code, MOS)
    assert await revision(builders.ALICE) == before
    page = (await (await as_somebody(client, builders.ALICE)).get(f"/inbox/{code}")).text
    assert not [words for words in ("desk-company", "is writing", "has this conversation open") if words in page]


async def test_the_shop_that_steps_in_and_the_seller_know_of_each_other(client: AsyncClient, code: str) -> None:
    await builders.merchant("la-halle", "La Halle")
    await shop.name("la-halle")
    await builders.member("leo@example.com", "la-halle")
    place = f"/desk/la-halle/escalated/{code}"
    await as_somebody(client, "leo@example.com")
    assert (await client.post(f"{place}/presence")).status_code == 404, "it was not asked to"
    await db.execute("UPDATE threads SET escalated_at = {}", clock.now())
    await life(client, code, BOS, writing="yes")
    await as_somebody(client, "leo@example.com")
    assert (await client.post(f"{place}/presence")).json() == {"said": ["Atelier Mo is writing an answer"]}
    assert "Atelier Mo is writing an answer" in (await client.get(place)).text
    assert await life(client, code, MOS) == ["Bo is writing an answer", "La Halle has this conversation open"]


async def test_a_conversation_that_goes_takes_the_signs_with_it(client: AsyncClient, code: str) -> None:
    await life(client, code, BOS)
    await db.execute("DELETE FROM messages")
    await db.execute("DELETE FROM threads WHERE code = {}", code)
    assert await db.rows("SELECT id FROM desk_signs") == []
    assert timedelta(seconds=10) <= presence.EVERY < presence.LASTS
