"""What a withdrawal is about, where only words say it: it counts as declared, is looked at, and set by either side."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice
from app.mail import letters
from app.returns import asking, doubts, extents, guests, happened, kept, matching, receiving, settling, withdrawals
from app.returns.receiving import Counted
from tests import builders
from tests.accounts.steps import text_of
from tests.builders import ALICE, BOB, MO
from tests.returns import bought, right, withdrawn

RETURNS = f"/desk/{MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _one_only(words: str = "one teapot only") -> tuple[str, Mapping[str, Any], str]:
    """Two teapots and a cup are bought, and only one teapot is meant; code, order and the link's token."""
    order = await bought.delivered()
    token = await withdrawn.guest(items=words)
    return await guests.confirm(token), order, token


async def test_the_paper_and_the_mail_say_the_words_and_no_item_or_amount() -> None:
    await builders.member("owner@example.com", role="owner")
    await _one_only("one Teapot “Brume” only")
    await letters.post()
    mail = text_of(withdrawn.sent_to(ALICE)[-1])
    assert "one Teapot “Brume” only" in mail
    assert "2 ×" not in mail
    assert "108.50" not in mail
    told = text_of(withdrawn.sent_to("owner@example.com")[-1])
    assert ("one Teapot “Brume” only" in told, "2 ×" in told, "Comes back to them" in told) == (True, False, False)


async def test_it_stands_in_the_queue_as_a_question_and_the_desk_sets_one_of_two(mo: AsyncClient) -> None:
    code, order, _token = await _one_only()
    assert "Which items?" in (await mo.get(RETURNS)).text.partition(code)[2].partition("</li>")[0]
    screen = (await mo.get(f"{RETURNS}/{code}")).text
    assert "Which items are meant?" in screen
    assert "What was promised" not in screen, "nothing is, before it is known what for"
    assert f'href="{RETURNS}/{code}/items"' in screen
    form = (await mo.get(f"{RETURNS}/{code}/items")).text
    assert "one teapot only" in form
    teapots, cup = await bought.line_ids(order)
    answer = await mo.post(f"{RETURNS}/{code}/items", data={f"quantity-{teapots}": "1", f"quantity-{cup}": "0"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{RETURNS}/{code}")
    it = await kept.owned_by(order["customer"], code)
    assert [(line.title, line.quantity, line.held) for line in it.lines] == [("Teapot “Brume”", 1, 1)]
    assert (it.it.expected, it.it.item_count, it.it.waiting_on, it.it.due_at) == (4800, 1, "buyer", it.it.send_by)
    assert (it.it.note, doubts.of(it)) == ("one teapot only", "")
    assert code not in (await mo.get(RETURNS)).text
    moment = (await happened.told(it, Voice("en", "UTC"), desk=True))[0]
    assert moment.detail == "2 × Teapot “Brume”, 1 × Cup → 1 × Teapot “Brume”"
    assert moment.who == "Mo"
    mo.cookies.update(await builders.session(ALICE))
    page = (await mo.get(f"/returns/{code}")).text
    assert "one teapot only" in page
    assert f'href="/returns/{code}/items"' in page, "who declared it has the last word"
    await right.everything(order["id"])


async def test_what_is_taken_out_can_be_claimed_and_sent_back_at_once() -> None:
    code, order, _token = await _one_only()
    teapots, cup = await bought.line_ids(order)
    with pytest.raises(Invalid):
        await asking.ask(order["customer"], bought.asked(teapots, 1), by="customer:1")
    await extents.put(order["merchant"], code, {teapots: 1}, by="member:1")
    await asking.ask(order["customer"], bought.asked(teapots, 1, "claim"), by="customer:1")
    await asking.ask(order["customer"], bought.asked(cup, 1), by="customer:1")
    with pytest.raises(Refused):
        await extents.put(order["merchant"], code, {teapots: 1, cup: 1}, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 4800
    await right.everything(order["id"])


async def test_while_only_words_say_it_the_order_names_the_withdrawal_and_its_page_asks(client: AsyncClient) -> None:
    code, order, _token = await _one_only()
    client.cookies.update(await builders.session(ALICE))
    form = (await client.get(f"/orders/{order['address']}/withdrawal")).text
    assert f"May be in withdrawal {code}" in form
    assert f'href="/returns/{code}"' in form
    page = (await client.get(f"/returns/{code}")).text
    assert "Your words say which items are meant" in page
    assert "Comes back to you" not in page
    teapots, cup = await bought.line_ids(order)
    assert f'name="quantity-{cup}"' in (await client.get(f"/returns/{code}/items")).text
    answer = await client.post(f"/returns/{code}/items", data={f"quantity-{teapots}": "1", f"quantity-{cup}": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/returns/{code}")
    page = (await client.get(f"/returns/{code}")).text
    assert ("Comes back to you" in page, "May be in withdrawal" in page) == (True, False)
    assert (await client.get(f"/returns/{code}/items")).status_code == 404, "once"
    client.cookies.update(await builders.session(BOB))
    assert (await client.get(f"/returns/{code}/items")).status_code == 404
    assert (await client.post(f"/returns/{code}/items", data={f"quantity-{cup}": "1"})).status_code == 404


async def test_a_guest_says_it_behind_the_mailed_link(client: AsyncClient) -> None:
    code, order, token = await _one_only()
    here = f"/withdrawal/{token}/items"
    assert f'href="{here}"' in (await client.get(f"/withdrawal/{token}")).text
    answer = await client.get(here)
    assert ("Teapot" in answer.text, answer.headers["cache-control"]) == (True, "no-store")
    teapots, cup = await bought.line_ids(order)
    wrong = await client.post(here, data={f"quantity-{teapots}": "3", f"quantity-{cup}": "x"})
    assert (wrong.status_code, f'id="quantity-{cup}-error"' in wrong.text) == (422, True)
    wrong = await client.post(here, data={f"quantity-{teapots}": "3"})
    assert (wrong.status_code, "Not more than 2." in wrong.text) == (422, True)
    assert "Choose at least one item." in (await client.post(here, data={})).text
    assert (await client.post(here, data={f"quantity-{teapots}": "1"})).status_code == 303
    page = (await client.get(f"/withdrawal/{token}")).text
    assert "1 × Teapot" in page
    assert "one teapot only" in page
    assert (await client.get(here)).status_code == 404
    assert (await client.post(here, data={f"quantity-{cup}": "1"})).status_code == 409
    assert (await kept.by_code(code)).it.item_count == 1
    assert [data["by"] for kind, data in await right.events_of(code) if kind == "withdrawal_items_set"] == ["guest"]


async def test_of_no_words_it_is_all_of_it_unless_the_guest_keeps_something_and_all_is_one_button(client: AsyncClient) -> None:
    code, order, token = await _one_only("")
    assert (await kept.by_code(code)).it.waiting_on == "buyer"
    page = (await client.get(f"/withdrawal/{token}")).text
    assert "If you keep some of the items, say so now." in page
    form = (await client.get(f"/withdrawal/{token}/items")).text
    assert 'value="2"' in form, "filled in is all of it"
    assert (await client.post(f"/withdrawal/{token}/items", data={"step": "all"})).status_code == 303
    assert (await kept.by_code(code)).it.expected == 9600 + 1250 + 490
    await right.everything(order["id"])


async def test_words_that_name_one_may_mean_all_but_that_one() -> None:
    code, order, _token = await _one_only("everything but the cup")
    assert [line.title for line in (await kept.by_code(code)).lines] == ["Cup"]
    teapots, _cup = await bought.line_ids(order)
    await extents.say(order["customer"], code, {teapots: 2}, by="customer:1")
    assert [(line.title, line.held) for line in (await kept.by_code(code)).lines] == [("Teapot “Brume”", 2)]
    await right.everything(order["id"])


async def test_words_in_the_field_of_the_contract_are_words_too() -> None:
    await bought.delivered()
    code = await guests.confirm(await withdrawn.guest(contract="one Cup of order 1001"))
    it = await kept.by_code(code)
    assert (doubts.of(it), [line.title for line in it.lines]) == ("unclear", ["Cup"])


async def test_fewer_may_come_than_it_is_about_and_what_was_counted_stays_in_it(mo: AsyncClient) -> None:
    code, order, _token = await _one_only()
    teapots, cup = (await kept.by_code(code)).lines
    wrong = await mo.post(f"{RETURNS}/{code}/receiving", data={f"sound-{teapots.id}": "1", f"missing-{cup.id}": "1"})
    assert (wrong.status_code, "what did not come is missing" in wrong.text) == (422, True)
    assert f'<a href="{RETURNS}/{code}/items">Change the items</a>' in wrong.text
    counted = {teapots.id: Counted(sound=1, missing=1), cup.id: Counted(missing=1)}
    await receiving.receive(order["merchant"], code, counted, by="member:1")
    with pytest.raises(Invalid):
        await extents.put(order["merchant"], code, {cup.line: 1}, by="member:1")
    await extents.put(order["merchant"], code, {teapots.line: 1}, by="member:1")
    it = await kept.by_code(code)
    assert [(line.quantity, line.sound, line.missing) for line in it.lines] == [(1, 1, 0)]
    assert await settling.refund(order["merchant"], code, by="member:1") == it.it.expected == 4800
    with pytest.raises(Refused):
        await extents.put(order["merchant"], code, {teapots.line: 1, cup.line: 1}, by="member:1")
    await right.everything(order["id"])


async def test_once_some_of_it_is_paid_nothing_is_taken_out() -> None:
    code, order, _token = await _one_only()
    teapots, _cup = await bought.line_ids(order)
    await settling.refund(order["merchant"], code, amount=100, last=False, by="member:1")
    for doing in (
        extents.put(order["merchant"], code, {teapots: 1}, by="member:1"),
        extents.say(order["customer"], code, {teapots: 1}, by="customer:1"),
    ):
        with pytest.raises(Refused):
            await doing


async def test_what_was_chosen_item_by_item_is_made_less_by_the_seller_alone_and_never_more(client: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {teapots: 2}, by="customer:1")
    await db.execute("UPDATE merchants SET email = {} WHERE id = {}", "shop@example.com", order["merchant"])
    client.cookies.update(await builders.session(ALICE))
    page = (await client.get(f"/returns/{code}")).text
    assert "Wrong items? Write to the seller" in page
    assert f"mailto:shop@example.com?subject={code}" in page
    with pytest.raises(Refused):
        await extents.say(order["customer"], code, {teapots: 1}, by="customer:1")
    with pytest.raises(Refused):
        await extents.put(order["merchant"], code, {teapots: 2, cup: 1}, by="member:1")
    await extents.put(order["merchant"], code, {teapots: 1}, by="member:1")
    assert (await kept.by_code(code)).it.waiting_on == "buyer"
    again = await withdrawals.declare(order["customer"], {teapots: 1, cup: 1}, by="customer:1")
    assert again != code, "more of it is a declaration of its own"
    await right.everything(order["id"])


async def test_an_agent_sets_what_only_words_say_and_a_manager_alone_takes_out_what_is_clear(mo: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {teapots: 2}, by="customer:1")
    here, less = f"{RETURNS}/{code}/items", {f"quantity-{teapots}": "1"}
    assert here not in (await mo.get(f"{RETURNS}/{code}")).text
    assert ((await mo.get(here)).status_code, (await mo.post(here, data=less)).status_code) == (403, 403)
    assert (await kept.by_code(code)).it.expected == 9600
    await builders.member("ann@example.com", MO, "manager")
    mo.cookies.update(await builders.session("ann@example.com", factor=True))
    assert f'href="{here}"' in (await mo.get(f"{RETURNS}/{code}")).text
    assert ((await mo.get(here)).status_code, (await mo.post(here, data=less)).status_code) == (200, 303)
    assert (await kept.by_code(code)).it.expected == 4800


async def test_one_without_an_order_is_found_first_and_another_desk_and_another_address_see_nothing(mo: AsyncClient) -> None:
    order = await bought.delivered()
    token = await withdrawn.guest(BOB, items="one teapot only")
    code = await guests.confirm(token)
    assert (await mo.get(f"{RETURNS}/{code}/items")).status_code == 404
    await matching.attach(order["merchant"], code, order["id"], by="member:1")
    assert (await mo.get(f"{RETURNS}/{code}/items")).status_code == 200
    assert (await mo.get(f"/withdrawal/{token}/items")).status_code == 404, "the order is another address's"
    with pytest.raises(Missing):
        await extents.put(order["merchant"] + 1, code, {}, by="member:1")
