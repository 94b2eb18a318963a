"""What Mo's desk has at hand: saved replies, labels, a goal, many threads at once, a report; and who may change which."""

import re
from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.inbox import about, kept, posting, starting
from app.inbox.posting import Said
from tests import builders

MO_MAIL, LEA = "mo@example.com", "lea@example.com"
SETUP = f"/desk/{builders.MO}/inbox/setup"
TWO = {"title": "Sent", "english": "Hello {name}, {order} is sent.", "french": "Bonjour {name}, {order} est partie."}


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def mo(client: AsyncClient, alice: int) -> AsyncClient:
    """A manager."""
    await builders.member(MO_MAIL, role="manager")
    client.cookies.update(await builders.session(MO_MAIL, factor=True))
    return client


async def thread(alice: int, text: str = "Where is it?", number: str = "1001") -> str:
    what = await about.order(alice, (await builders.order(number))["address"])
    return await starting.start(alice, what, Said(side="buyer", text=text, author=alice, name="Alice Martin"))


def desk(code: str = "", more: str = "") -> str:
    return f"/desk/{builders.MO}/inbox" + (f"/{code}" if code else "") + more


async def lea(client: AsyncClient) -> None:
    """Who is an agent there."""
    await builders.member(LEA, role="agent")
    client.cookies.clear()
    client.cookies.update(await builders.session(LEA, factor=True))


async def one(table: str) -> int:
    return (await db.rows(f"SELECT max(id) AS id FROM {table}"))[0]["id"]


async def test_a_saved_reply_fills_the_answer_in_the_customers_language_behind_what_is_typed(
    mo: AsyncClient, alice: int
) -> None:
    code = await thread(alice)
    assert (await mo.post(f"{SETUP}/replies/new", data=TWO)).status_code == 303
    chosen = {"saved": str(await one("saved_replies")), "text": "Good news!"}
    page = await mo.post(desk(code, "/saved"), data=chosen)
    assert page.status_code == 200
    assert ">Good news!\n\nHello Alice Martin, 1001 is sent.</textarea>" in page.text
    await db.execute("UPDATE customers SET locale = 'fr' WHERE id = {}", alice)
    page = await mo.post(desk(code, "/saved"), data={**chosen, "text": ""})
    assert ">Bonjour Alice Martin, 1001 est partie.</textarea>" in page.text
    assert (await kept.owned_by(alice, code)).message_count == 1


async def test_what_nothing_could_be_put_in_for_is_not_sent_in_its_braces(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    left = {"text": "Your return {return} has come."}
    refused = await mo.post(desk(code, "/messages"), data=left)
    assert (refused.status_code, "{return} is not filled in." in refused.text) == (422, True)
    assert ">Your return {return} has come.</textarea>" in refused.text
    assert (await mo.post(desk(code, "/messages"), data={**left, "as_note": "yes"})).status_code == 303
    for other in ("The {curly} one has come.", "Your return has come."):
        assert (await mo.post(desk(code, "/messages"), data={"text": other})).status_code == 303
    assert (await kept.owned_by(alice, code)).message_count == 3


async def test_a_name_that_there_is_not_is_refused_at_its_field_with_those_there_are(mo: AsyncClient) -> None:
    page = await mo.post(f"{SETUP}/replies/new", data={**TWO, "french": "Bonjour {nom}"})
    assert page.status_code == 422
    assert "There is no {nom}. What there is: {name}, {order}, {return}, {date}, {shop}, {agent}" in page.text
    assert 'id="french-error"' in page.text
    assert "Hello {name}" in page.text


async def test_a_reply_is_changed_and_removed_by_managers_and_used_by_agents(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await mo.post(f"{SETUP}/replies/new", data=TWO)
    number = await one("saved_replies")
    await mo.post(f"{SETUP}/replies/{number}", data={**TWO, "title": "On its way"})
    await lea(mo)
    assert "On its way" in (await mo.get(desk(code))).text
    assert "On its way" in (await mo.get(SETUP)).text
    assert (await mo.post(f"{SETUP}/replies/{number}/removal")).status_code == 403
    assert (await mo.post(SETUP, data={"name": "Urgent", "colour": "bad"})).status_code == 403


async def test_labels_are_set_shown_and_filtered_by_and_customers_never_see_them(mo: AsyncClient, alice: int) -> None:
    code, other = await thread(alice), await thread(alice, "And this?", "1002")
    await mo.post(SETUP, data={"name": "Broken glass", "colour": "bad"})
    assert "There is a label of that name." in (await mo.post(SETUP, data={"name": "broken GLASS", "colour": "bad"})).text
    label = await one("desk_labels")
    await mo.post(desk(code, "/labels"), data={"label": str(label)})
    assert '<span class="tag bad">Broken glass</span>' in (await mo.get(desk())).text
    page = (await mo.get(desk(), params={"label": str(label)})).text
    assert code in page
    assert other not in page
    assert re.search(rf'value="{label}" checked', (await mo.get(desk(code))).text)
    await mo.post(desk(code, "/labels"), data={})
    assert code not in (await mo.get(desk(), params={"label": str(label)})).text
    await mo.post(desk(code, "/labels"), data={"label": str(label)})
    mo.cookies.clear()
    mo.cookies.update(await builders.session())
    assert "Broken glass" not in (await mo.get(f"/inbox/{code}")).text + (await mo.get("/inbox")).text


async def test_another_merchants_label_is_put_on_nothing(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    await builders.member("nia@example.com", builders.NIA)
    nia = (await db.rows("SELECT id FROM merchants WHERE slug = {}", builders.NIA))[0]["id"]
    await db.insert("desk_labels", [{"merchant": nia, "name": "Hers", "colour": "good"}])
    await mo.post(desk(code, "/labels"), data={"label": str(await one("desk_labels"))})
    assert await db.rows("SELECT id FROM thread_labels") == []
    assert (await mo.post(desk("several"), data={"do": "label", "label": "1", "code": code})).status_code == 404


async def test_what_has_waited_longer_than_the_goal_is_marked(mo: AsyncClient, alice: int) -> None:
    await thread(alice)
    await mo.post(SETUP, data={"do": "goal", "hours": "4"})
    assert "Over your goal" not in (await mo.get(desk())).text
    with time_machine.travel(clock.now() + timedelta(hours=5)):
        mo.cookies.update(await builders.session("mo@example.com", factor=True))
        page = (await mo.get(desk())).text
    assert "Over your goal" in page
    assert "1 over your goal" in page
    wrong = await mo.post(SETUP, data={"do": "goal", "hours": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text


async def undone(client: AsyncClient, page: str) -> None:
    form = re.search(r'action="([^"]*/several\?[^"]*)"[^>]*><button class="button" name="do" value="(\w+)"', page)
    assert form is not None, page
    assert (await client.post(form[1].replace("&amp;", "&"), data={"do": form[2]})).status_code == 303


async def test_what_is_ticked_is_closed_together_and_waits_as_before_when_that_is_undone(mo: AsyncClient, alice: int) -> None:
    codes = [await thread(alice), await thread(alice, "And this?", "1002")]
    before = [(it.waiting_on, it.waiting_since, it.due_at) for it in [await kept.owned_by(alice, code) for code in codes]]
    await mo.post(desk("several"), data={"do": "close", "code": [*codes, "T-NOBODYS1"]})
    page = (await mo.get(desk())).text
    assert "2 closed." in page
    assert "<desk-queue" not in page
    await undone(mo, page)
    assert [
        (it.waiting_on, it.waiting_since, it.due_at) for it in [await kept.owned_by(alice, code) for code in codes]
    ] == before


async def test_what_is_ticked_is_assigned_and_goes_back_to_whose_it_was(mo: AsyncClient, alice: int) -> None:
    codes = [await thread(alice), await thread(alice, "And this?", "1002")]
    mos = (await db.rows("SELECT min(id) AS id FROM members"))[0]["id"]
    person = await builders.member(LEA)
    leas = (await db.rows("SELECT id FROM members WHERE customer = {}", person))[0]["id"]
    await mo.post(desk(codes[0], "/assignment"), data={"member": str(mos)})
    await mo.post(desk("several"), data={"do": "assign", "member": str(leas), "code": codes})
    assert [(await kept.owned_by(alice, code)).assigned for code in codes] == [leas, leas]
    await undone(mo, (await mo.get(desk())).text)
    assert [(await kept.owned_by(alice, code)).assigned for code in codes] == [mos, None]


async def test_what_is_ticked_is_labelled_and_what_had_the_label_keeps_it(mo: AsyncClient, alice: int) -> None:
    codes = [await thread(alice), await thread(alice, "And this?", "1002")]
    await mo.post(SETUP, data={"name": "Late", "colour": "wait"})
    label = str(await one("desk_labels"))
    await mo.post(desk(codes[0], "/labels"), data={"label": label})
    await mo.post(desk("several"), data={"do": "label", "label": label, "code": codes})
    page = (await mo.get(desk())).text
    assert "1 labelled." in page
    await undone(mo, page)
    page = (await mo.get(desk(), params={"label": label})).text.partition("<desk-queue")[2].partition("</desk-queue")[0]
    assert codes[0] in page
    assert codes[1] not in page


async def test_the_report_says_how_soon_and_how_much_in_a_picture_a_table_and_a_file(mo: AsyncClient, alice: int) -> None:
    codes = [await thread(alice, number=str(number)) for number in range(1001, 1005)]
    for hours, code in enumerate(codes[:3], 1):
        with time_machine.travel(clock.now() + timedelta(hours=hours)):
            await posting.answer(
                await builders.merchant(), code, Said(side="seller", text="On Tuesday", author=None, name="Mo")
            )
    page = (await mo.get(desk("report"))).text
    assert "<svg" in page
    assert page.count("<rect") == 12
    assert re.search(r"<text [^>]*>4</text><text [^>]*>[^<]+</text></svg>", page), (
        "its number above the last bar, its day below"
    )
    assert re.search(r"First reply</th><td>2 hours</td><td>3 hours</td><td>3</td>", page)
    assert re.search(r"Until closed</th><td>–</td><td>–</td><td>0</td>", page)
    assert re.search(r"Orders</th><td>4</td>", page)
    file = (await mo.get(desk("report.csv"), params={"weeks": "4"})).text.splitlines()
    assert "first_reply_seconds,count,3" in file
    assert "kind,order,4" in file
    assert sum(int(line.split(",")[2]) for line in file if line.startswith("week,")) == 4
    assert len([line for line in file if line.startswith("week,")]) == 4


async def test_two_conversations_become_one_and_the_old_address_leads_there(mo: AsyncClient, alice: int) -> None:
    first = await thread(alice, "Where is my teapot?")
    second = await thread(alice, "And the lid?", "1002")
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        await posting.reply(alice, first, Said(side="buyer", text="Hello?", author=alice, name="Alice Martin"))
    waits = (await kept.owned_by(alice, first)).waiting_since
    chosen = (await mo.get(desk(second, "/merging"))).text
    assert f'href="{desk(second, "/merging")}?with={first}"' in chosen
    both = (await mo.get(desk(second, "/merging"), params={"with": first})).text
    assert first in both
    assert second in both
    assert (await mo.post(desk(second, "/merging"), data={"with": first})).status_code == 303
    page = (await mo.get(desk(second))).text
    assert page.index("Where is my teapot?") < page.index("And the lid?") < page.index("Hello?")
    assert f"Here with conversation {first} about order 1001" in page
    it = await kept.owned_by(alice, second)
    assert (it.message_count, it.waiting_on, it.waiting_since) == (3, "seller", waits)
    assert (await mo.get(desk(first))).headers["location"] == desk(second)
    assert second in (await mo.get(desk(), params={"q": "teapot"})).text
    assert (await db.rows("SELECT count(*) AS n FROM events WHERE kind = 'thread_merged'"))[0]["n"] == 1
    mo.cookies.clear()
    mo.cookies.update(await builders.session())
    assert (await mo.get(f"/inbox/{first}")).headers["location"] == f"/inbox/{second}"
    assert (await mo.post(f"/inbox/{first}/messages", data={"text": "Sent late, to the old one"})).status_code == 303
    assert (await kept.owned_by(alice, second)).message_count == 4


async def test_what_is_another_customers_or_already_one_is_not_merged(mo: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    other = await builders.customer("bob@example.com", "Bob")
    said = Said(side="buyer", text="Mine", author=other, name="Bob")
    bobs = await starting.start(other, await about.merchant(builders.MO), said, subject="Open on Monday?")
    assert (await mo.post(desk(code, "/merging"), data={"with": bobs})).status_code == 404
    assert (await mo.get(desk(code, "/merging"), params={"with": bobs})).status_code == 404
    assert (await mo.post(desk(code, "/merging"), data={"with": code})).status_code == 409


async def test_what_the_shop_was_never_asked_about_is_not_shown_to_it_by_a_merge(mo: AsyncClient, alice: int) -> None:
    asked, not_asked = await thread(alice), await thread(alice, "My address is another one", "1002")
    await db.execute("UPDATE threads SET escalated_at = {} WHERE code = {}", clock.now(), asked)
    for one, other in ((asked, not_asked), (not_asked, asked)):
        assert other not in (await mo.get(desk(one, "/merging"))).text
        refused = await mo.post(desk(one, "/merging"), data={"with": other})
        assert refused.status_code == 409
        assert "The shop reads only what it was asked to look at" in refused.text
    assert (await kept.owned_by(alice, asked)).message_count == 1
