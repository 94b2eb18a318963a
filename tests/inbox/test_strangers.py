"""Nobody of the cast reads, searches, guesses or is told of a conversation that is not theirs."""

import io

import msgspec
import pytest
from httpx import AsyncClient
from PIL import Image

from app import db
from app.inbox import about, kept, starting
from app.inbox.files import SHELF
from app.inbox.posting import Said
from tests import builders
from tests.access_world import World
from tests.builders import ALICE, BOB, MO, NIA
from tests.merchants.counter import program
from tests.notifications.steps import told

SECRET = "marmalade"


async def hers(world: World) -> tuple[str, int]:
    """Hers with Mo, with a picture; its code and the file's id."""
    alice, order = world.ids[ALICE], await builders.order("A-77")
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(body, "PNG")

    async def chosen():  # type: ignore[no-untyped-def]
        yield "lid.png", body.getvalue()

    files = await SHELF.keep(chosen(), field="pictures")
    said = Said(side="buyer", text=f"Where is my {SECRET}?", author=alice, name="Alice Martin", files=files)
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    return code, (await db.rows("SELECT max(id) AS id FROM message_files"))[0]["id"]


async def as_somebody(world: World, who: str) -> AsyncClient:
    await world.become(who)
    return world.browser


@pytest.mark.parametrize("who", ["another", "other_member"])
async def test_a_stranger_finds_nothing_by_looking_by_searching_or_by_guessing(world: World, who: str) -> None:
    code, file = await hers(world)
    browser = await as_somebody(world, who)
    never = "T-" + "0" * 8
    for address in ("/inbox", f"/inbox?q={SECRET}", f"/inbox?seller={MO}", "/inbox?kind=order", "/inbox?archived=yes"):
        page = (await browser.get(address)).text
        assert code not in page
        assert "Where is my" not in page
    for address in (f"/inbox/{code}", f"/inbox/{code}/files/{file}", f"/desk/{MO}/inbox/{code}", f"/desk/{NIA}/inbox/{code}"):
        answer = await browser.get(address)
        assert (answer.status_code, answer.content.count(b"Where is my")) == (404, 0)
        assert answer.status_code == (await browser.get(address.replace(code, never))).status_code
    for verb in ("messages", "reading", "blocking"):
        assert (await browser.post(f"/inbox/{code}/{verb}", data={"text": "x", "to": "yes"})).status_code == 404
    assert (await browser.post("/inbox/threads/archived", data={"code": code, "to": "yes"})).status_code == 404
    it = await kept.owned_by(world.ids[ALICE], code)
    assert (bool(it.archived), it.message_count) == (False, 1)


async def test_another_merchants_people_and_programs_find_nothing_by_its_words(world: World) -> None:
    code, file = await hers(world)
    browser = await as_somebody(world, "other_member")
    for query in ("", f"?q={SECRET}", "?show=answered", "?q=Alice"):
        page = (await browser.get(f"/desk/{NIA}/inbox{query}")).text
        assert code not in page
    async with await program(NIA) as nia:
        assert (await nia.get(f"/api/v1/threads/{code}/files/{file}")).status_code == 404
        assert code not in (await nia.get("/api/v1/threads")).text


async def test_who_is_told_of_it_is_its_customer_and_the_merchants_people_alone(world: World) -> None:
    before = {row["id"] for row in await db.rows("SELECT id FROM notifications")}
    code, _file = await hers(world)
    await told()
    news = [row for row in await db.rows("SELECT * FROM notifications") if row["id"] not in before]
    of_it = [row for row in news if "message" in row["kind"] or code in row["data"]]
    working = {row["customer"] for row in await db.rows(
        "SELECT mb.customer FROM members mb JOIN merchants m ON m.id = mb.merchant WHERE m.slug = {}", MO
    )}  # fmt: skip
    assert {row["customer"] for row in of_it} <= working | {world.ids[ALICE]}
    bob = await db.one("SELECT unread_threads, unread FROM customers WHERE id = {}", world.ids[BOB])
    assert bob is not None
    assert bob["unread_threads"] == 0
    assert code not in msgspec.json.encode([row["data"] for row in news if row["customer"] == world.ids[BOB]]).decode()
