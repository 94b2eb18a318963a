"""The desk that answers Alice: what waits there, answering, notes, taking on, closing; and what other desks get to see."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.events.unnoticed import heard
from app.inbox import about, kept, posting, putting, starting
from app.inbox.posting import Said
from app.notifications import actions as notifications
from tests import builders
from tests.returns import bought

MO_MAIL, LEA = "mo@example.com", "lea@example.com"


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def mo(client: AsyncClient, alice: int) -> AsyncClient:
    await builders.member(MO_MAIL)
    client.cookies.update(await builders.session(MO_MAIL, factor=True))
    return client


async def thread(alice: int, text: str = "Where is it?", number: str = "1001") -> str:
    order = await builders.order(number)
    return await starting.start(
        alice,
        await about.order(alice, order["address"]),
        Said(side="buyer", text=text, author=alice, name="Alice Martin"),
    )


def desk(code: str = "", more: str = "") -> str:
    return f"/desk/{builders.MO}/inbox" + (f"/{code}" if code else "") + more


async def worked() -> None:
    """What the worker does with what has happened."""
    rows = await db.rows("SELECT id FROM events WHERE noticed_at IS NULL ORDER BY id")
    async with db.transaction():
        await notifications.notify(await heard([row["id"] for row in rows]))
        await db.execute("UPDATE events SET noticed_at = {} WHERE noticed_at IS NULL", clock.now())


async def test_who_waits_longest_comes_first(mo: AsyncClient, alice: int) -> None:
    first = await thread(alice, "the first")
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        second = await thread(alice, "the second", "1002")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        await posting.reply(alice, first, Said(side="buyer", text="still the first", author=alice, name="Alice Martin"))
    page = (await mo.get(desk())).text
    assert page.index(first) < page.index(second)
    assert "2 wait for an answer" in page
    assert "alice@example.com" not in page


async def test_who_has_given_no_name_is_a_customer_and_no_address(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await db.execute("UPDATE customers SET name = '' WHERE id = {}", alice)
    await db.execute("UPDATE messages SET name = ''")
    for page in (await mo.get(desk()), await mo.get(desk(code))):
        assert "A customer" in page.text
        assert builders.ALICE not in page.text


async def test_an_answer_goes_to_the_customer_and_on_to_the_next(mo: AsyncClient, alice: int) -> None:
    first, second = await thread(alice), await thread(alice, "And this?", "1002")
    sent = await mo.post(desk(first, "/messages"), data={"text": "On Tuesday", "then": "next"})
    assert sent.headers["location"] == desk(second) + "#newest"
    it = await kept.owned_by(alice, first)
    assert (it.waiting_on, it.unread) == ("buyer", 1)
    last = await mo.post(desk(second, "/messages"), data={"text": "Yes", "then": "close"})
    assert last.headers["location"] == desk()
    assert (await kept.owned_by(alice, second)).closed_at is not None


async def test_each_side_reads_how_far_the_other_has_read(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    hers, his = await builders.session(), dict(mo.cookies)

    async def page_of(whose: dict[str, str], path: str) -> str:
        mo.cookies.clear()
        mo.cookies.update(whose)
        text = (await mo.get(path)).text
        mo.cookies.clear()
        mo.cookies.update(his)
        return text

    assert 'class="seen"' not in await page_of(hers, f"/inbox/{code}")
    await mo.post(desk(code, "/reading"))
    await posting.reply(alice, code, Said(side="buyer", text="And the lid?", author=alice, name="Alice Martin"))
    page = await page_of(hers, f"/inbox/{code}")
    assert page.index("Where is it?") < page.index('class="seen"') < page.index("And the lid?")
    await mo.post(desk(code, "/messages"), data={"text": "In blue"})
    assert 'class="seen"' not in (await mo.get(desk(code))).text
    await putting.read(alice, code)
    assert page.count('class="seen"') == (await mo.get(desk(code))).text.count('class="seen"') == 1


async def test_a_desk_has_seen_what_its_page_showed_and_nothing_that_came_after_it(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    page = (await mo.get(desk(code))).text
    until, newest = re.search(r'name="until" value="(\d+)"', page), re.search(r'name="newest" value="(\d+)"', page)
    assert until is not None
    assert newest is not None
    await posting.reply(alice, code, Said(side="buyer", text="And the lid?", author=alice, name="Alice Martin"))
    await mo.post(desk(code, "/reading"), data={"until": until[1]})
    await mo.post(desk(code, "/messages"), data={"text": "On Tuesday", "newest": newest[1]})
    his = dict(mo.cookies)
    mo.cookies.clear()
    mo.cookies.update(await builders.session())
    seen = (await mo.get(f"/inbox/{code}")).text
    assert seen.index("Where is it?") < seen.index('class="seen"') < seen.index("And the lid?")
    mo.cookies.clear()
    mo.cookies.update(his)
    assert "<thread-seen>" in (await mo.get(desk(code))).text


async def test_a_note_stays_at_the_desk(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await mo.post(desk(code, "/messages"), data={"text": "Careful, VIP", "as_note": "yes"})
    assert "Careful, VIP" in (await mo.get(desk(code))).text
    mo.cookies.clear()
    mo.cookies.update(await builders.session())
    assert "Careful, VIP" not in (await mo.get(f"/inbox/{code}")).text
    assert "VIP" not in (await mo.get("/inbox")).text
    assert code not in (await mo.get("/inbox", params={"q": "careful"})).text


async def test_what_is_refused_is_not_lost(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    answer = await mo.post(desk(code, "/messages"), data={"text": "x" * 100_001, "as_note": "yes"})
    assert answer.status_code == 422
    assert "x" * 100_001 in answer.text
    assert 'name="as_note" value="yes" checked' in answer.text


async def test_orders_beside_a_conversation_say_how_they_stand_and_what_was_bought(mo: AsyncClient, alice: int) -> None:
    order = await bought.delivered()
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    mo.cookies.clear()
    mo.cookies.update(await builders.session())
    status = re.search(rf'<h3><a href="/orders/{order["address"]}">(.*?)</a>', (await mo.get("/orders")).text)
    mo.cookies.clear()
    mo.cookies.update(await builders.session(MO_MAIL, factor=True))
    page = (await mo.get(desk(code))).text
    beside = page[page.index('class="of-order"') :]
    titles = [row["title"] for row in await db.rows("SELECT title FROM order_lines")]
    assert status
    assert status[1] in beside
    assert titles
    assert all(html.escape(title) in beside for title in titles)


async def test_somebody_takes_it_on(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    lea = await builders.member(LEA)
    member = (await db.rows("SELECT id FROM members WHERE customer = {}", lea))[0]["id"]
    assert (await mo.post(desk(code, "/assignment"), data={"member": str(member)})).status_code == 303
    assert code in (await mo.get(desk())).text
    assert code not in (await mo.get(desk(), params={"show": "mine"})).text
    assert code not in (await mo.get(desk(), params={"show": "unassigned"})).text
    nia = await builders.member("nia@example.com", builders.NIA)
    elsewhere = (await db.rows("SELECT id FROM members WHERE customer = {}", nia))[0]["id"]
    assert (await mo.post(desk(code, "/assignment"), data={"member": str(elsewhere)})).status_code == 409
    await mo.post(desk(code, "/assignment"), data={"member": ""})
    assert code in (await mo.get(desk(), params={"show": "unassigned"})).text


async def test_everything_is_in_one_list_and_the_tabs_say_how_many_wait(mo: AsyncClient, alice: int) -> None:
    codes = [await thread(alice, "Where is it?", str(number)) for number in range(1001, 1005)]
    (me,) = await db.rows("SELECT id FROM members")
    await mo.post(desk(codes[0], "/assignment"), data={"member": str(me["id"])})
    await mo.post(desk(codes[1], "/closing"))
    await mo.post(desk(codes[2], "/messages"), data={"text": "Here"})
    page = (await mo.get(desk(), params={"show": "all"})).text
    assert all(f"/inbox/{code}#newest" in page for code in codes)
    await db.execute("UPDATE threads SET pictures = {} WHERE code = {}", '["teapot.webp"]', codes[3])
    assert (await mo.get(desk())).text.count('<img src="/pictures/teapot.webp"') == 1
    assert re.findall(r">(\w+(?:’s)? \(\d\))<", page) == ["Waiting (2)", "Mine (1)", "Nobody’s (1)"]


async def test_what_is_closed_waits_no_more_and_opens_when_the_customer_writes(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    for _ in range(2):
        await mo.post(desk(code, "/closing"))
    assert code not in (await mo.get(desk())).text
    assert code in (await mo.get(desk(), params={"show": "closed"})).text
    assert (await db.rows("SELECT count(*) AS n FROM events WHERE kind = 'thread_closed'"))[0]["n"] == 1
    await posting.reply(alice, code, Said(side="buyer", text="One more thing", author=alice, name="Alice Martin"))
    assert code in (await mo.get(desk())).text


async def test_another_desk_and_its_search_know_nothing_of_it(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice, "My secret")
    await builders.member("nia@example.com", builders.NIA)
    mo.cookies.clear()
    mo.cookies.update(await builders.session("nia@example.com", factor=True))
    for path in (f"/desk/{builders.NIA}/inbox/{code}", desk(code), desk()):
        assert (await mo.get(path)).status_code == 404
    assert code not in (await mo.get(f"/desk/{builders.NIA}/inbox", params={"q": "secret"})).text
    assert (await mo.post(f"/desk/{builders.NIA}/inbox/{code}/messages", data={"text": "Hello"})).status_code == 404


async def test_the_desk_finds_what_both_sides_and_notes_say(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice, "The théière is broken")
    await mo.post(desk(code, "/messages"), data={"text": "Fragile glaze", "as_note": "yes"})
    for query in ("theiere", "glaze", "alice", "1001"):
        assert code in (await mo.get(desk(), params={"q": query})).text, query
    assert "<mark>Alice</mark> Martin" in (await mo.get(desk(), params={"q": "alice"})).text
    assert "<mark>théière</mark>" in (await mo.get(desk(), params={"q": "theiere"})).text


async def test_a_message_is_told_to_the_desk_once_and_every_page_counts_it(mo: AsyncClient, alice: int) -> None:
    await thread(alice)
    await thread(alice, "Another", "1002")
    await worked()
    told = await db.rows("SELECT kind, url FROM notifications WHERE topic = 'desk'")
    assert [row["kind"] for row in told] == ["desk_message_posted"]
    row = await db.one("SELECT desks FROM customers WHERE email = {}", MO_MAIL)
    assert row is not None
    assert f'"{builders.MO}/inbox":2' in row["desks"]
    page = (await mo.get("/orders")).text
    assert re.search(r'<desk-count of="">.*?<b>2</b>', page)
    assert re.search(rf'<desk-count of="{builders.MO}/inbox">.*?<b>2</b>', (await mo.get(desk())).text)


async def test_the_answer_is_told_to_the_customer_unless_they_have_muted_it(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await mo.post(desk(code, "/messages"), data={"text": "On Tuesday"})
    await worked()
    row = await db.one("SELECT n.url, n.shown, d.channel FROM notifications n JOIN deliveries d ON d.notification = n.id "
                       "WHERE n.topic = 'messages'")  # fmt: skip
    assert row is not None
    assert (row["url"], bool(row["shown"]), row["channel"]) == (f"/inbox/{code}#newest", False, "email")
    await db.execute("UPDATE threads SET muted = {}", True)
    await mo.post(desk(code, "/messages"), data={"text": "Or Wednesday"})
    await worked()
    assert (await db.rows("SELECT count(*) AS n FROM notifications WHERE topic = 'messages'"))[0]["n"] == 1


async def test_a_second_message_shows_on_the_open_pages_of_the_desk(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await worked()
    before = (await db.rows("SELECT revision FROM customers WHERE email = {}", MO_MAIL))[0]["revision"]
    await posting.reply(alice, code, Said(side="buyer", text="Hello?", author=alice, name="Alice Martin"))
    await worked()
    assert (await db.rows("SELECT revision FROM customers WHERE email = {}", MO_MAIL))[0]["revision"] > before


async def of_lea(code: str, text: str) -> None:
    said = Said(side="seller", text=text, author=await builders.member(LEA), name="Léa")
    await posting.answer(await builders.merchant(), code, said)


async def test_who_answers_after_a_colleague_reads_that_first_and_loses_no_word(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    opened = str((await kept.owned_by(alice, code)).last_message)
    await of_lea(code, "On Tuesday")
    crossed = await mo.post(desk(code, "/messages"), data={"text": "On Friday", "newest": opened})
    assert crossed.status_code == 409
    assert "Léa has answered since you opened this" in crossed.text
    assert "On Tuesday" in crossed.text
    assert ">On Friday</textarea>" in crossed.text
    assert "Send anyway" in crossed.text
    shown = re.search(r'name="newest" value="(\d+)"', crossed.text)
    assert shown is not None
    assert (await mo.post(desk(code, "/messages"), data={"text": "On Friday", "newest": shown[1]})).status_code == 303


async def test_a_note_and_ones_own_answer_cross_nothing(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    opened = str((await kept.owned_by(alice, code)).last_message)
    for _ in range(2):
        assert (await mo.post(desk(code, "/messages"), data={"text": "Tuesday", "newest": opened})).status_code == 303
    await of_lea(code, "Or Friday")
    note = {"text": "Careful", "newest": opened, "as_note": "yes"}
    assert (await mo.post(desk(code, "/messages"), data=note)).status_code == 303
