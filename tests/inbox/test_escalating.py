"""Alice asks the shop itself to step in where Mo does not answer: from a day that she is told, and who reads it then."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.errors import Refused
from app.events.unnoticed import heard
from app.i18n import Voice
from app.inbox import about, escalating, kept, posting, saved_replies, starting
from app.inbox.posting import Said
from app.merchants import shop
from app.notifications import actions as notifications
from app.notifications import desks
from tests import builders

EN = Voice("en", "UTC")
HALLE, LEO = "la-halle", "leo@example.com"
LATER = timedelta(days=10)


@pytest.fixture
async def alice() -> int:
    await builders.merchant(HALLE, "La Halle")
    await shop.name(HALLE)
    return await builders.customer()


async def thread(alice: int) -> str:
    order = await builders.order()
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice Martin")
    return await starting.start(alice, await about.order(alice, order["address"]), said)


async def as_somebody(client: AsyncClient, email: str, *, factor: bool = False) -> AsyncClient:
    client.cookies.clear()
    client.cookies.update(await builders.session(email, factor=factor))
    return client


async def worked() -> None:
    """What the worker does with what has happened."""
    rows = await db.rows("SELECT id FROM events WHERE noticed_at IS NULL ORDER BY id")
    async with db.transaction():
        await notifications.notify(await heard([row["id"] for row in rows]))
        await db.execute("UPDATE events SET noticed_at = {} WHERE noticed_at IS NULL", clock.now())


async def test_a_sentence_that_ends_with_a_day_ends_with_one_full_stop_in_french(client: AsyncClient, alice: int) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        code = await thread(alice)
    with time_machine.travel(datetime(2026, 11, 30, 9, tzinfo=UTC)):
        await escalating.escalate(alice, code)
        await as_somebody(client, builders.ALICE)
        page = (await client.get(f"/inbox/{code}", headers={"Accept-Language": "fr"})).text
    assert re.search(r"répond d’ici le \w+ \d+ déc\.<", page)


async def test_the_day_is_told_before_and_the_button_comes_with_it(client: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await as_somebody(client, builders.ALICE)
    page = (await client.get(f"/inbox/{code}")).text
    assert "on you can ask La Halle to step in." in page
    assert "/escalation" not in page
    sent = await client.post(f"/inbox/{code}/escalation")
    assert "The seller has time to answer." in (await client.get(sent.headers["location"])).text
    assert (await kept.owned_by(alice, code)).escalated_at is None
    with time_machine.travel(clock.now() + LATER):
        await as_somebody(client, builders.ALICE)
        assert f'action="/inbox/{code}/escalation"' in (await client.get(f"/inbox/{code}")).text
        for _again in range(2):
            await client.post(f"/inbox/{code}/escalation")
        page = (await client.get(f"/inbox/{code}")).text
        assert page.count("You asked La Halle to step in") == 1
        it = await kept.owned_by(alice, code)
        assert it.due_at is not None
        assert it.due_at > clock.now(), "the shop has a day of its own"
        assert f"reads along and answers by {EN.weekday(it.due_at - timedelta(seconds=1))}" in page
    assert "/escalation" not in page


async def test_the_day_of_an_answer_is_the_last_on_which_it_comes_in_time(client: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    last = clock.now() + timedelta(days=3)
    await db.execute("UPDATE threads SET due_at = {}", last.replace(hour=0, minute=0, second=0, microsecond=0))
    await builders.member("mo@example.com")
    day = EN.weekday(last - timedelta(days=1))
    mos = f"/desk/{builders.MO}/inbox/{code}"
    for email, place, said in ((builders.ALICE, f"/inbox/{code}", "Answers by"), ("mo@example.com", mos, "Due by")):
        await as_somebody(client, email, factor=True)
        assert f"{said} {day}" in (await client.get(place)).text


async def test_the_shop_answers_and_both_sides_see_it(client: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await builders.member(LEO, HALLE)
    await builders.member("mo@example.com")
    with time_machine.travel(clock.now() + LATER):
        await escalating.escalate(alice, code)
        await as_somebody(client, LEO, factor=True)
        queue = (await client.get(f"/desk/{HALLE}/escalated")).text
        assert (code in queue, "1 waits for an answer" in queue, "Atelier Mo" in queue) == (True, True, True)
        assert f"/desk/{HALLE}/escalated" in (await client.get(f"/desk/{HALLE}/inbox")).text
        refused = await client.post(f"/desk/{HALLE}/escalated/{code}/messages", data={"text": " "})
        assert refused.status_code == 422
        await client.post(f"/desk/{HALLE}/escalated/{code}/messages", data={"text": "We look into it"})
        assert code not in (await client.get(f"/desk/{HALLE}/escalated")).text
        assert code in (await client.get(f"/desk/{HALLE}/escalated?show=all")).text
        it = await kept.owned_by(alice, code)
        assert (it.waiting_on, it.unread, it.first_reply_at) == ("buyer", 1, None), "the seller has not answered"
        for email, place in ((builders.ALICE, f"/inbox/{code}"), ("mo@example.com", f"/desk/{builders.MO}/inbox/{code}")):
            await as_somebody(client, email, factor=True)
            page = (await client.get(place)).text
            assert "We look into it" in page
            assert "La Halle" in page


async def test_the_shop_has_its_saved_replies_at_hand_and_closes_what_is_done(client: AsyncClient, alice: int) -> None:
    code, here = await thread(alice), f"/desk/{HALLE}/escalated"
    halle = await shop.found()
    assert halle
    reply = saved_replies.Reply(title="We look", english="{name}, {shop} looks into it.", french="{name}, {shop} regarde.")
    await saved_replies.save(halle.id, reply)
    await builders.member(LEO, HALLE)
    with time_machine.travel(clock.now() + LATER):
        await escalating.escalate(alice, code)
        await as_somebody(client, LEO, factor=True)
        number = str((await saved_replies.of_merchant(halle.id))[0].id)
        page = await client.post(f"{here}/{code}/saved", data={"saved": number, "text": "Hello"})
        assert ">Hello\n\nAlice Martin, La Halle looks into it.</textarea>" in page.text
        left = await client.post(f"{here}/{code}/messages", data={"text": "{return} is here"})
        assert (left.status_code, "{return} is not filled in." in left.text) == (422, True)
        assert f'action="{here}/{code}/closing"' in page.text
        await client.post(f"{here}/{code}/closing")
        assert (await kept.owned_by(alice, code)).closed_at is not None
        assert code not in (await client.get(here)).text
        await as_somebody(client, "mo@example.com", factor=True)
        for verb in ("saved", "closing"):
            assert (await client.post(f"/desk/{builders.MO}/escalated/{code}/{verb}")).status_code in (403, 404, 401)


async def test_a_sellers_notes_stay_at_its_desk_and_other_desks_see_nothing(client: AsyncClient, alice: int) -> None:
    code, other = await thread(alice), f"/desk/{builders.MO}/escalated"
    it = await kept.owned_by(alice, code)
    await posting.answer(it.merchant, code, Said(side="note", text="Difficult customer", author=alice, name="Mo"))
    await builders.member(LEO, HALLE)
    await builders.member("mo@example.com")
    await as_somebody(client, LEO, factor=True)
    assert (await client.get(f"/desk/{HALLE}/escalated/{code}")).status_code == 404, "it was not asked yet"
    with time_machine.travel(clock.now() + LATER):
        await escalating.escalate(alice, code)
        await as_somebody(client, LEO, factor=True)
        assert "Difficult" not in (await client.get(f"/desk/{HALLE}/escalated/{code}")).text
        await as_somebody(client, "mo@example.com", factor=True)
        for path in (other, f"{other}/{code}"):
            assert (await client.get(path)).status_code == 404
        assert (await client.post(f"{other}/{code}/messages", data={"text": "x"})).status_code == 404


async def test_the_people_of_the_shop_are_told_and_it_counts_at_their_desk(alice: int) -> None:
    code, leo = await thread(alice), await builders.member(LEO, HALLE)
    await worked()
    with time_machine.travel(clock.now() + LATER):
        await escalating.escalate(alice, code)
        await worked()
        (told,) = await db.rows("SELECT kind, url FROM notifications WHERE customer = {}", leo)
        assert (told["kind"], told["url"]) == ("desk_thread_escalated", f"/desk/{HALLE}/escalated/{code}")
        (row,) = await db.rows("SELECT desks FROM customers WHERE id = {}", leo)
        assert f'"{HALLE}/inbox":1' in row["desks"]
        await escalating.answer((await shop.found()).id, code, Said(side="shop", text="Here", name="La Halle"))  # type: ignore[union-attr]
        async with db.transaction():
            await desks.count([leo])
        (row,) = await db.rows("SELECT desks FROM customers WHERE id = {}", leo)
        assert "inbox" not in row["desks"]


async def test_who_works_at_both_desks_is_told_once_and_everybody_else_as_ever(alice: int) -> None:
    code, both, leo = await thread(alice), await builders.member("mo@example.com"), await builders.member(LEO, HALLE)
    await builders.member("mo@example.com", HALLE)
    await worked()
    await db.execute("DELETE FROM notifications")
    with time_machine.travel(clock.now() + LATER):
        await escalating.escalate(alice, code)
        await worked()
        told = await db.rows("SELECT customer, url FROM notifications ORDER BY id")
        assert {row["customer"]: row["url"] for row in told} == {
            both: f"/desk/{builders.MO}/inbox/{code}",
            leo: f"/desk/{HALLE}/escalated/{code}",
        }
        assert len(told) == 2


async def test_nobody_can_be_asked_where_the_seller_is_the_shop(client: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await shop.name(builders.MO)
    await as_somebody(client, builders.ALICE)
    assert 'id="step-in"' not in (await client.get(f"/inbox/{code}")).text
    with time_machine.travel(clock.now() + LATER), pytest.raises(Refused):
        await escalating.escalate(alice, code)
    await shop.name("")
    assert await shop.found() is None


@pytest.mark.parametrize("before", [False, True])
async def test_an_answer_of_the_shop_is_no_look_of_the_seller(client: AsyncClient, alice: int, before: bool) -> None:
    code = await thread(alice)
    place = f"/desk/{builders.MO}/inbox/{code}"
    for address in ("mo@example.com", LEO):
        await builders.member(address, HALLE if address == LEO else builders.MO)
    with time_machine.travel(clock.now() + LATER):
        if before:
            await (await as_somebody(client, "mo@example.com", factor=True)).post(f"{place}/reading")
        await escalating.escalate(alice, code)
        answer = {"text": "We ask them."}
        await (await as_somebody(client, LEO, factor=True)).post(f"/desk/{HALLE}/escalated/{code}/messages", data=answer)
        page = (await (await as_somebody(client, builders.ALICE)).get(f"/inbox/{code}")).text
        assert page.count('class="seen"') == int(before)
        page = (await (await as_somebody(client, "mo@example.com", factor=True)).get(place)).text
        assert "We ask them." in page
        assert "<thread-seen>" in page
