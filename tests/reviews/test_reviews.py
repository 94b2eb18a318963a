"""Alice says how the teapot is: once, as long as she bought it and it came; Mo answers, others report, nobody else deletes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.events.unnoticed import heard
from app.i18n import Voice
from app.inbox import about, starting
from app.inbox.posting import Said
from app.merchants import shop
from app.notifications import actions as notifications
from app.reviews import answering, hiding, kept, writing
from tests import builders
from tests.returns import bought

EN = Voice("en")
HALLE, LEO, MIA = "la-halle", "leo@example.com", "mia@example.com"
SELLER = f"/sellers/{builders.MO}"


@pytest.fixture
async def hers(client: AsyncClient) -> AsyncClient:
    await builders.customer()
    return await as_somebody(client, builders.ALICE)


async def as_somebody(client: AsyncClient, email: str, *, factor: bool = False) -> AsyncClient:
    client.cookies.clear()
    client.cookies.update(await builders.session(email, factor=factor))
    return client


async def written(rating: int = 2, text: str = "It drips", number: str = "1001") -> tuple[int, str, int]:
    """Merchant, path and id."""
    order = await bought.delivered(number)
    line, _cup = await bought.line_ids(order)
    await writing.write(order["customer"], order["address"], line, rating=rating, text=text, name="Alice Martin")
    (row,) = await db.rows("SELECT max(id) AS id FROM reviews")
    return order["merchant"], f"/orders/{order['address']}/reviews/{line}", row["id"]


async def stars(merchant: int) -> tuple[int, ...]:
    return (await kept.stars(merchant)).counts


async def test_what_came_is_reviewed_from_its_order_and_stands_on_the_sellers_page(hers: AsyncClient) -> None:
    order = await bought.delivered()
    line, cup = await bought.line_ids(order)
    here = f"/orders/{order['address']}"
    assert f'href="{here}/reviews"' in (await hers.get(here)).text
    assert f"{here}/reviews/{cup}" in (await hers.get(f"{here}/reviews")).text
    assert "Alice M." in (await hers.get(f"{here}/reviews/{line}")).text, "how her name is shown is told before"
    sent = await hers.post(f"{here}/reviews/{line}", data={"rating": "4", "text": "Pours <well>"})
    assert sent.status_code == 303
    page = (await hers.get(SELLER)).text
    for text in ("4.0 of 5", "1 review", "Alice M.", "Pours &lt;well&gt;", "Only who bought an item here can write one"):
        assert text in page, text
    assert "Martin" not in page.partition("<main")[2]
    assert "/report" not in page, "nobody reports their own"
    await builders.customer(builders.BOB, "Bob")
    await as_somebody(hers, builders.BOB)
    assert "/report" in (french := (await hers.get(SELLER, headers={"Accept-Language": "fr"})).text)
    assert "Signaler<span" in french


async def test_what_did_not_come_is_not_reviewed_nor_is_anothers(hers: AsyncClient) -> None:
    order = await builders.order("2001")
    (line,) = await bought.line_ids(order)
    here = f"/orders/{order['address']}"
    assert f"{here}/reviews" not in (await hers.get(here)).text
    assert (await hers.get(f"{here}/reviews/{line}")).status_code == 404
    assert (await hers.post(f"{here}/reviews/{line}", data={"rating": "1"})).status_code == 404
    assert "Nothing of this order has yet" in (await hers.get(f"{here}/reviews")).text
    _merchant, path, _id = await written()
    bob = await builders.customer(builders.BOB, "Bob")
    await as_somebody(hers, builders.BOB)
    assert (await hers.get(path)).status_code == 404
    assert (await hers.post(f"{path}/removal")).status_code == 404
    with pytest.raises(Missing):
        await writing.write(bob, path.split("/")[2], int(path.rpartition("/")[2]), rating=1, text="", name="Bob")


async def test_of_two_parcels_only_what_came_in_the_first_is_reviewed(hers: AsyncClient) -> None:
    order = await bought.delivered()
    line, cup = await bought.line_ids(order)
    await db.execute("DELETE FROM shipment_lines WHERE line = {}", cup)
    await db.execute("UPDATE orders SET fulfilment = 'partly_delivered'")
    here = f"/orders/{order['address']}/reviews"
    assert ((await hers.get(f"{here}/{line}")).status_code, (await hers.get(f"{here}/{cup}")).status_code) == (200, 404)


async def test_it_is_changed_and_taken_back_and_the_stars_follow(hers: AsyncClient) -> None:
    merchant, path, _id = await written(rating=2)
    await written(rating=5, text="Fine", number="1002")
    assert await stars(merchant) == (0, 1, 0, 0, 1)
    await hers.post(path, data={"rating": "4", "text": "Better now"})
    assert await stars(merchant) == (0, 0, 0, 1, 1)
    page = (await hers.get(SELLER)).text
    assert ("4.5 of 5" in page, "changed on" in page, "It drips" in page) == (True, True, False)
    await hers.post(path, data={"rating": "4", "text": "Better now"})
    (row,) = await db.rows("SELECT count(*) AS n FROM events WHERE kind = 'review_changed'")
    assert row["n"] == 1, "what is the same is no change"
    await hers.post(f"{path}/removal")
    assert await stars(merchant) == (0, 0, 0, 0, 1)
    assert "Better now" not in (await hers.get(SELLER)).text
    (row,) = await db.rows("SELECT count(*) AS n FROM reviews")
    counted = await stars(merchant)
    assert row["n"] == sum(counted)


@pytest.mark.parametrize(
    "became", ["UPDATE orders SET fulfilment = 'unfulfilled'", "UPDATE order_lines SET cancelled_quantity = quantity"]
)
async def test_it_stays_hers_to_change_and_take_back_whatever_becomes_of_the_order(hers: AsyncClient, became: str) -> None:
    merchant, path, _id = await written()
    await db.execute("UPDATE shipments SET status = 'in_transit'")
    await db.execute(became)
    assert path in (await hers.get(path.rpartition("/")[0])).text
    assert (await hers.post(path, data={"rating": "3", "text": "It never came whole"})).status_code == 303
    assert "It never came whole" in (await hers.get(path)).text
    assert (await hers.post(f"{path}/removal")).status_code == 303
    assert await stars(merchant) == (0, 0, 0, 0, 0)


async def moved_to_bob(path: str) -> str:
    """Its order, as when a shop puts a wrong address right; the order's page."""
    bob = await builders.customer(builders.BOB, "Bob")
    await db.execute("UPDATE orders SET customer = {}", bob)
    return path.rpartition("/reviews/")[0]


async def test_who_has_the_order_now_neither_reads_nor_changes_what_another_has_said_of_it(hers: AsyncClient) -> None:
    _merchant, path, number = await written(text="Mo lives at 1 rue A")
    await db.execute("UPDATE reviews SET hidden_at = {}, hidden_why = 'personal'", clock.now())
    order = await moved_to_bob(path)
    await as_somebody(hers, builders.BOB)
    assert (await hers.get(path)).status_code == 404
    assert (await hers.post(path, data={"rating": "1", "text": "Mine"})).status_code == 404
    assert (await hers.post(f"{path}/removal")).status_code == 404
    page = (await hers.get(f"{order}/reviews")).text
    assert ("1 rue A" in page, path in page) == (False, False)
    assert (await kept.one(number)).text == "Mo lives at 1 rue A"


async def test_of_an_order_that_has_gone_to_another_she_still_takes_her_own_words_back(hers: AsyncClient) -> None:
    merchant, path, _id = await written()
    await moved_to_bob(path)
    page = (await hers.get(path)).text
    assert ("It drips" in page, "<textarea" in page, f'action="{path}/removal"' in page) == (True, False, True)
    assert (await hers.post(path, data={"rating": "1"})).status_code == 404
    taken = await hers.post(f"{path}/removal")
    assert taken.headers["location"] == SELLER
    assert await stars(merchant) == (0, 0, 0, 0, 0)
    assert (await hers.get(path)).status_code == 404


async def test_who_has_the_order_now_is_told_why_there_is_nothing_to_review(hers: AsyncClient) -> None:
    _merchant, path, _id = await written()
    await db.execute("DELETE FROM order_lines WHERE id <> {}", int(path.rpartition("/")[2]))
    order = await moved_to_bob(path)
    await as_somebody(hers, builders.BOB)
    assert "Who had this order before has reviewed what arrived" in (await hers.get(f"{order}/reviews")).text


@pytest.mark.skipif(db.ON_SQLITE, reason="there is one writer on SQLite")
async def test_a_report_is_not_lost_while_the_review_is_changed(hers: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _merchant, path, number = await written()
    bob = await builders.customer(builders.BOB, "Bob")
    read, real = asyncio.Event(), kept.written

    async def slowly(*args: Any, **more: Any) -> Any:
        found = await real(*args, **more)
        read.set()
        await asyncio.sleep(0.1)  # so that a report that does not wait is before the change
        return found

    monkeypatch.setattr(kept, "written", slowly)
    changing = asyncio.create_task(hers.post(path, data={"rating": "2", "text": "It drips and drips"}))
    await read.wait()
    await hiding.report(bob, builders.MO, number, why="insult", text="", voice=EN)
    await changing
    it = await kept.one(number)
    assert (it.text, it.reports) == ("It drips and drips", 1)


@pytest.mark.parametrize("wrong", [{"rating": ""}, {"rating": "6"}, {"rating": "5", "text": "x" * 4_001}])
async def test_what_is_wrong_is_said_and_not_lost(hers: AsyncClient, wrong: dict[str, str]) -> None:
    order = await bought.delivered()
    line, _cup = await bought.line_ids(order)
    answer = await hers.post(f"/orders/{order['address']}/reviews/{line}", data={"text": "Nice", **wrong})
    assert answer.status_code == 422
    assert wrong.get("text", "Nice") in answer.text
    assert await stars(order["merchant"]) == (0, 0, 0, 0, 0)


async def test_older_ones_come_in_their_place(hers: AsyncClient) -> None:
    start = clock.now()
    for n in range(kept.PAGE + 2):
        with time_machine.travel(start + timedelta(minutes=n)):
            await written(text=f"Number {n:02}", number=f"30{n:02}")
    page = (await hers.get(SELLER)).text
    assert page.index("Number 11") < page.index("Number 02")
    assert "Number 01" not in page
    older = page.partition(f'href="{SELLER}?before=')[2].partition('"')[0]
    rest = (await hers.get(f"{SELLER}?before={older}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})).text
    assert ("Number 01" in rest, "Number 00" in rest, "Number 02" in rest, "<main" in rest) == (True, True, False, False)


async def test_the_seller_answers_once_and_may_change_it(hers: AsyncClient) -> None:
    merchant, path, number = await written()
    await builders.member("mo@example.com")
    await as_somebody(hers, "mo@example.com", factor=True)
    desk = f"/desk/{builders.MO}/reviews"
    assert "1 unanswered" in (await hers.get(f"/desk/{builders.MO}")).text
    assert "It drips" in (await hers.get(f"{desk}?show=unanswered")).text
    for text in ("Sorry", "Sorry, a new lid is on its way"):
        assert (await hers.post(f"{desk}/{number}", data={"text": text})).status_code == 303
    assert "It drips" not in (await hers.get(f"{desk}?show=unanswered")).text
    assert (await hers.post(f"{desk}/{number}", data={"text": "x" * 2_001})).status_code == 422
    await as_somebody(hers, builders.ALICE)
    page = (await hers.get(SELLER)).text
    assert page.count("Sorry") == 1
    assert "a new lid is on its way" in (await hers.get(path)).text
    with pytest.raises(Missing):
        await answering.answer(await builders.merchant(builders.NIA, "Nia"), number, text="Ha", by="member:1")
    await answering.answer(merchant, number, text="", by="member:1")
    assert "new lid" not in (await hers.get(SELLER)).text


async def test_a_bad_one_stays_and_a_reported_one_is_hidden_for_a_reason_that_is_shown(hers: AsyncClient) -> None:
    merchant, path, number = await written(rating=1, text="Mo lives at 1 rue A")
    await builders.member(MIA, role="manager")
    desk = f"/desk/{builders.MO}/reviews/{number}"
    with pytest.raises(Refused):
        await hiding.hide(merchant, number, why="personal", by="member:1", voice=EN)
    await builders.customer(builders.BOB, "Bob")
    await as_somebody(hers, builders.BOB)
    report = f"{SELLER}/reviews/{number}/report"
    assert (await hers.post(report, data={"why": ""})).status_code == 422
    for _again in range(2):
        assert (await hers.post(report, data={"why": "personal", "text": "An address"})).status_code == 303
    assert (await kept.one(number)).reports == 1
    await as_somebody(hers, MIA, factor=True)
    assert "An address" in (await hers.get(desk)).text
    assert (await hers.post(f"{desk}/judgement", data={"do": "hide", "why": "bad"})).status_code == 422
    assert (await hers.post(f"{desk}/judgement", data={"do": "hide", "why": "personal"})).status_code == 303
    page = (await hers.get(SELLER)).text
    assert ("1 rue A" in page, "Somebody’s name, address or number" in page, "1.0 of 5" in page) == (False, True, True)
    await as_somebody(hers, builders.ALICE)
    assert "1 rue A" in (await hers.get(path)).text, "who wrote it reads it"
    assert (await hers.get(report)).status_code == 404
    await hers.post(path, data={"rating": "1", "text": "It drips"})
    it = await kept.one(number)
    assert (it.reports, it.hidden_at is not None) == (1, True), "it is looked at again"
    await hiding.leave(merchant, number, by="member:1")
    assert "It drips" in (await hers.get(SELLER)).text


async def test_who_wrote_it_is_told_why_it_was_hidden(hers: AsyncClient) -> None:
    merchant, _path, number = await written()
    bob = await builders.customer(builders.BOB, "Bob")
    await hiding.report(bob, builders.MO, number, why="insult", text="", voice=EN)
    await hiding.hide(merchant, number, why="insult", by="member:1", voice=EN)
    rows = await db.rows("SELECT id FROM events WHERE kind = 'review_hidden'")
    async with db.transaction():
        await notifications.notify(await heard([row["id"] for row in rows]))
    (told,) = await db.rows("SELECT url, kind FROM notifications")
    assert told["url"].endswith("/reviews")
    page = (await hers.get("/notifications")).text
    assert "Your review is hidden" in page


async def worked() -> None:
    rows = await db.rows("SELECT id FROM events WHERE noticed_at IS NULL ORDER BY id")
    async with db.transaction():
        await notifications.notify(await heard([row["id"] for row in rows]))
        await db.execute("UPDATE events SET noticed_at = {} WHERE noticed_at IS NULL", clock.now())


async def told(email: str) -> list[tuple[str, str]]:
    sql = "SELECT n.kind, n.url FROM notifications n JOIN customers c ON c.id = n.customer WHERE c.email = {} ORDER BY n.id"
    return [(row["kind"], row["url"]) for row in await db.rows(sql, email) if "review" in row["kind"]]


async def mailed() -> set[str]:
    sql = "SELECT n.kind FROM deliveries d JOIN notifications n ON n.id = d.notification WHERE d.channel = 'email'"
    return {row["kind"] for row in await db.rows(sql)}


async def test_a_desk_hears_of_a_new_review_and_its_writer_of_the_answer(hers: AsyncClient) -> None:
    await builders.member(MIA)
    merchant, path, number = await written()
    await worked()
    assert await told(MIA) == [("desk_review_written", f"/desk/{builders.MO}/reviews/{number}")]
    await answering.answer(merchant, number, text="Sorry", by="member:1")
    await worked()
    assert await told(builders.ALICE) == [("review_answered", path.rpartition("/")[0])]
    assert {"desk_review_written", "review_answered"} <= await mailed()
    page = (await hers.get("/notifications")).text
    assert "The seller has answered your review" in page
    await as_somebody(hers, MIA, factor=True)
    assert "A buyer has reviewed" in (await hers.get("/notifications")).text


async def test_news_of_a_review_comes_once_a_day_and_keeps_nothing_else_from_being_told(hers: AsyncClient) -> None:
    await builders.member(MIA)
    await written()
    await worked()
    await written(number="1002")
    await worked()
    assert len(await told(MIA)) == 1, "until they have looked, or for a day"
    alice = await builders.customer()
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice")
    await starting.start(alice, await about.merchant(builders.MO), said, subject="A question")
    await worked()
    rows = await db.rows("SELECT kind FROM notifications WHERE topic = 'desk' ORDER BY id")
    assert [row["kind"] for row in rows] == ["desk_review_written", "desk_message_posted"]


async def test_a_desk_without_wish_for_mails_is_sent_none(hers: AsyncClient) -> None:
    mia = await builders.member(MIA)
    row = {"customer": mia, "topic": "desk", "channel": "email", "wanted": False}
    await db.insert("preferences", [row])
    await written()
    await worked()
    assert len(await told(MIA)) == 1
    assert "desk_review_written" not in await mailed()


async def test_no_seller_judges_its_own_where_there_is_a_shop_itself(hers: AsyncClient) -> None:
    merchant, _path, number = await written()
    bob = await builders.customer(builders.BOB, "Bob")
    await hiding.report(bob, builders.MO, number, why="insult", text="", voice=EN)
    halle = await builders.merchant(HALLE, "La Halle")
    await shop.name(HALLE)
    with pytest.raises(Missing):
        await hiding.hide(merchant, number, why="insult", by="member:1", voice=EN)
    for email, slug in ((MIA, builders.MO), (LEO, HALLE)):
        await builders.member(email, slug, "manager")
    await as_somebody(hers, MIA, factor=True)
    assert "judgement" not in (await hers.get(f"/desk/{builders.MO}/reviews/{number}")).text
    assert (await hers.post(f"/desk/{builders.MO}/reviews/{number}/judgement", data={"why": "insult"})).status_code == 404
    await as_somebody(hers, LEO, factor=True)
    assert "1 reported" in (await hers.get(f"/desk/{HALLE}")).text
    assert "It drips" in (await hers.get(f"/desk/{HALLE}/reviews?show=reported")).text
    page = (await hers.get(f"/desk/{HALLE}/reviews/{number}")).text
    assert ("judgement" in page, 'name="text"' in page) == (True, False), "it judges, and does not answer for another"
    await hiding.hide(halle, number, why="insult", by="member:1", voice=EN)


async def test_nobody_reports_their_own(hers: AsyncClient) -> None:
    _merchant, _path, number = await written()
    assert (await hers.post(f"{SELLER}/reviews/{number}/report", data={"why": "insult"})).status_code == 409
    assert (await hers.get(f"/sellers/{builders.NIA}/reviews/{number}/report")).status_code == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice Martin", "Alice M."),
        ("Alice", "Alice"),
        ("\u202eAlice\x00 M\u200bartin", "Alice M."),
        ("", ""),
        ("alice@example.com", ""),
        ("Anne Marie du Pont", "Anne P."),
    ],
)
def test_a_name_is_the_first_and_an_initial(name: str, shown: str) -> None:
    assert writing.called(name) == shown


async def test_a_number_of_stars_is_checked_by_the_verb_too() -> None:
    order = await bought.delivered()
    line, _cup = await bought.line_ids(order)
    for rating in (0, 6, -1):
        with pytest.raises(Invalid):
            await writing.write(order["customer"], order["address"], line, rating=rating, text="", name="")
