"""What stands beside a return on its desk's screen: its order, what else is asked of it, what waits next, whose turn it is."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient

from app import clock, db
from app.orders import refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from app.returns import asking, deciding, kept, receiving, settling
from tests import builders
from tests.returns import asking_steps, bought, withdrawn

RETURNS = f"/desk/{builders.MO}/returns"
TEXT = re.compile(r"<[^>]+>")


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def ask(order_number: str = "1001", position: int = 0, **about: str) -> str:
    order = await bought.delivered(order_number)
    line = (await bought.line_ids(order))[position]
    return await asking.ask(order["customer"], bought.asked(line, **about), by=f"customer:{order['customer']}")


async def _with_order(number: str) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered(number)
    line = (await bought.line_ids(order))[0]
    return await asking.ask(order["customer"], bought.asked(line), by="customer:1"), order


def part(html: str, heading: str) -> str:
    """The text of the card that the heading names."""
    found = re.search(rf'<section class="card" aria-labelledby="{heading}">.*?</section>', html, re.S)
    return " ".join(TEXT.sub(" ", found[0]).split()) if found else ""


async def test_the_order_is_named_with_what_was_bought_and_its_number_leads_there(mo: AsyncClient) -> None:
    code = await ask()
    text = (await mo.get(f"{RETURNS}/{code}")).text
    assert '<dd><a href="#order-1">1001</a></dd>' in text
    assert 'id="order-1"' in text
    order = part(text, "order-1")
    assert order.startswith("Order 1001 Placed on ")
    assert "delivered on" in order
    assert "2 × Teapot “Brume”" in order
    assert "1 × Cup" in order
    assert "Order or contract" not in text


async def test_returns_of_the_same_order_lead_to_each_other_and_to_none_of_another(mo: AsyncClient) -> None:
    first, second, other = await ask(), await ask(position=1), await ask("1002")
    for one, another in ((first, second), (second, first)):
        beside = (await mo.get(f"{RETURNS}/{one}")).text
        assert part(beside, "others").startswith(f"Also of this order Return {another}")
        assert f'href="{RETURNS}/{another}"' in beside
        assert other not in part(beside, "others")
    assert part((await mo.get(f"{RETURNS}/{other}")).text, "others") == ""


async def test_the_next_that_waits_is_the_one_with_the_oldest_deadline_but_for_this_one(mo: AsyncClient) -> None:
    codes = [await ask(str(n)) for n in range(3)]
    for days, code in zip((3, 1, 2), codes, strict=True):
        await db.execute("UPDATE returns SET due_at = {} WHERE code = {}", clock.now() + timedelta(days=days), code)
    for at, following in ((codes[1], codes[2]), (codes[0], codes[1])):
        text = (await mo.get(f"{RETURNS}/{at}")).text
        assert f'href="{RETURNS}/{following}"' in text[text.index('id="following"') :].partition("</section>")[0]
    merchant = (await kept.by_code(codes[0])).it.merchant
    for code in codes:
        await deciding.approve(merchant, code, by="member:1", answer="")
    assert 'id="following"' not in (await mo.get(f"{RETURNS}/{codes[0]}")).text


async def test_the_decision_comes_right_behind_what_it_is_about(mo: AsyncClient) -> None:
    """In the order of the page, which on a phone is the order on the screen."""
    code = await ask()
    await deciding.approve((await kept.by_code(code)).it.merchant, code, by="member:1", answer="")
    text = (await mo.get(f"{RETURNS}/{code}")).text
    places = [text.index(f'id="{name}"') for name in ("items", "back", "decide", "papers", "order-1", "timeline")]
    assert places == sorted(places)


async def test_whose_turn_it_is_is_said_in_the_desks_own_words(mo: AsyncClient) -> None:
    code = await ask()
    await deciding.ask_back((await kept.by_code(code)).it.merchant, code, question="Which one?", by="member:1")
    for url in (f"{RETURNS}/{code}", f"{RETURNS}?show=all"):
        text = (await mo.get(url)).text
        assert '<span class="tag plain">Customer asked</span>' in text, url
        assert "Needs you" not in text, url


async def test_a_row_of_the_queue_has_its_code_and_of_a_guest_what_they_have_written(mo: AsyncClient) -> None:
    code = await ask()
    token = await withdrawn.guest("guest@example.com", contract="the blue teapot of May", items="all of it")
    await mo.post(f"/withdrawal/{token}")
    (guest,) = [row["code"] for row in await db.rows("SELECT code FROM returns WHERE kind = 'withdrawal'")]
    text = (await mo.get(RETURNS)).text
    assert f'Return <span translate="no">{code}</span> · 1 item · 1001' in text
    assert f'Withdrawal <span translate="no">{guest}</span> · no order yet · ' in text
    assert "<p>the blue teapot of May</p>" in text
    page = (await mo.get(f"{RETURNS}/{guest}")).text
    assert "In the customer’s own words: no order is attached yet." in page
    assert 'id="order-1"' not in page


async def test_nothing_that_waits_and_nothing_at_all_are_said_apart(mo: AsyncClient) -> None:
    assert "<h2>Nothing waits</h2>" in (await mo.get(RETURNS)).text
    assert "<h2>No returns yet</h2>" in (await mo.get(f"{RETURNS}?show=all")).text


async def test_refunds_that_are_to_be_paid_by_hand_are_counted_where_one_goes_to_them(mo: AsyncClient) -> None:
    code = await ask()
    merchant = (await kept.by_code(code)).it.merchant
    assert '/refunds">Refunds to pay</a>' in (await mo.get(RETURNS)).text
    await deciding.approve(merchant, code, by="member:1", answer="")
    await receiving.receive(merchant, code, {}, rest="sound", by="member:1")
    await settling.refund(merchant, code, by="member:1")
    shown = (await mo.get(f"/desk/{builders.MO}/refunds")).text.count('id="refund-')
    assert shown
    assert f'/refunds">Refunds to pay ({shown})</a>' in (await mo.get(RETURNS)).text


async def test_one_view_and_one_kind_are_chosen_each_in_a_row_of_its_own(mo: AsyncClient) -> None:
    await ask()
    for query, view, kind in (("", "Waiting", "All kinds"), ("?show=all&kind=claim", "All of them", "Claims")):
        text = (await mo.get(f"{RETURNS}{query}")).text
        for nav, chosen in (("switch", view), ("chips wrap", kind)):
            row = text.partition(f'<nav class="{nav}"')[2].partition("</nav>")[0]
            assert re.findall(r'aria-current="true">([^<]+)', row) == [chosen]


async def test_what_was_paid_back_before_is_what_has_gone_out_and_credit_by_itself(mo: AsyncClient) -> None:
    code, _order = await _with_order("1001")
    others = [await _with_order(n) for n in ("1002", "1003", "1004")]
    asked_for = [(others[0], Wanted(amount=1_000)), (others[1], Wanted(credit=Credit(amount=700, bonus=35)))]
    for (other, its_order), wanted in [*asked_for, (others[2], Wanted(amount=500))]:
        (it,) = await db.rows("SELECT id FROM returns WHERE code = {}", other)
        wanted = msgspec.structs.replace(wanted, of_return=it["id"])
        (number,) = await refunding.request(its_order["id"], wanted, by="member:1", approved=True)
        if wanted.amount == 1_000:
            await refund_steps.record_reference(number, "SEPA 1", by="member:1")
    said = asking_steps.said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "3 other requests in twelve months" in said
    assert "Paid back for them: €10.00" in said, "what is only agreed to has not gone out"
    assert "Given as credit for them: €7.35" in said


async def test_who_answered_is_the_customer_to_the_shops_people(mo: AsyncClient) -> None:
    code, order = await _with_order("1001")
    await deciding.ask_back(order["merchant"], code, question="Which one?", by="member:1")
    await deciding.reply(order["customer"], code, text="The grey one", by="customer:1")
    said = asking_steps.said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "The customer answered" in said
    assert "You answered" not in said


async def test_a_row_that_nobody_ticks_leaves_no_room_for_it(mo: AsyncClient) -> None:
    code, order = await _with_order("1001")
    assert 'name="code"' in (await mo.get(RETURNS)).text
    await deciding.approve(order["merchant"], code, by="member:1")
    text = (await mo.get(f"{RETURNS}?show=all")).text
    assert code in text
    assert "no-tick" not in text
