"""What is dearer than what came back is proposed: nothing is made, and nothing is to be paid, before its customer agrees."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid, Refused
from app.i18n import Voice
from app.ingest.snapshot import Refund
from app.merchants import actions as merchants
from app.notifications import wording
from app.notifications.channels import News
from app.notifications.kinds import kind_of
from app.returns import (
    ageing,
    asking,
    deciding,
    kept,
    proposal_cards,
    proposals,
    proposing,
    receiving,
    reducing,
    replacing,
    sentences,
    settling,
    source_refunds,
    withdrawals,
)
from tests import builders
from tests.returns import bought
from tests.returns.right import events_of, everything

DESK = f"/desk/{builders.MO}/returns"
HOW = "By bank transfer, or here: https://pay.example/abc."
EN = Voice("en", "UTC")


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _alice(client: AsyncClient) -> AsyncClient:
    client.cookies.clear()
    client.cookies.update(await builders.session(builders.ALICE))
    return client


async def _came(external_id: str = "1001", *, there: bool = True, **about: Any) -> tuple[str, Mapping[str, Any]]:
    """A teapot of 48.00 that is to be exchanged."""
    order = await bought.delivered(external_id, **about)
    line = (await bought.line_ids(order))[0]
    code = await asking.ask(
        order["customer"], bought.asked(line, reason="wrong_size", wish="exchange", wanted="The big one"), by="customer:1"
    )
    if there:
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    elif await bought.state(code) == "requested":
        await deciding.approve(order["merchant"], code, by="member:1")
    return code, order


async def _propose(code: str, order: Mapping[str, Any], price: int = 6_800, how: str = HOW, **other: Any) -> int:
    what = await bought.same_again(code, unit_price=price, **other)
    await proposing.propose(order["merchant"], code, what.items, how_paid=how, by="member:1")
    return await _number(code)


async def _number(code: str) -> int:
    found = await proposals.newest(await kept.by_code(code))
    assert found
    return found.id


async def _stands(code: str) -> tuple[str, str, int]:
    """State, whose turn, and how many orders were made in exchange."""
    it = (await kept.by_code(code)).it
    (made,) = await db.rows("SELECT count(*) AS n FROM orders WHERE source = 'exchange'")
    return it.state, it.waiting_on, made["n"]


async def _ended(code: str) -> str:
    found = await proposals.newest(await kept.by_code(code))
    return found.state if found else ""


async def _answer(order: Mapping[str, Any], code: str, number: int, *, agrees: bool = True) -> None:
    await proposing.answer(order["customer"], code, number, agrees=agrees, by=f"customer:{order['customer']}")


async def test_what_is_dearer_is_proposed_at_the_desk_and_nothing_is_made(mo: AsyncClient) -> None:
    code, _order = await _came()
    here, (line,) = f"{DESK}/{code}", (await kept.by_code(code)).lines
    data = {f"title-{line.id}": "Big teapot", f"quantity-{line.id}": "1", f"price-{line.id}": "68"}
    shown = (await mo.post(f"{here}/exchange", data=data)).text
    assert "Ask for €20.00: the customer agrees first, or has the money back" in shown
    ask = data | {"difference": "2000", "ask": "yes"}
    wrong = await mo.post(f"{here}/exchange", data=ask | {"how_paid": " "})
    assert (wrong.status_code, "Say how it is paid: the customer reads it." in wrong.text) == (422, True)
    assert 'value="2000"' in wrong.text  # what was shown stays shown
    assert (await mo.post(f"{here}/exchange", data=ask | {"how_paid": HOW})).status_code == 303
    assert await _stands(code) == ("received", "buyer", 0)
    page = (await mo.get(here)).text
    assert ("Proposed: €20.00 more" in page, "Take the proposal back" in page, "Big teapot" in page) == (True, True, True)
    assert "The customer’s answer to what is proposed is waited for" in page
    assert ("Send the exchange" in page, "Ask the customer something" in page) == (False, False)
    assert code not in (await mo.get(DESK)).text
    everything_there = (await mo.get(f"{DESK}?show=all")).text
    assert ("Difference proposed" in everything_there, "Needs you" in everything_there) == (True, False)
    assert HOW in (await mo.post(f"{here}/exchange", data=data)).text  # as it was said last


async def test_its_customer_sees_both_beside_each_other_and_two_equal_buttons(client: AsyncClient) -> None:
    code, order = await _came()
    number = await _propose(code, order, title="Big teapot")
    alice = await _alice(client)
    until = (await kept.by_code(code)).it.proposed_until
    assert until
    day = EN.weekday(proposals.last_day(until))
    listed = (await alice.get("/returns")).text
    assert "The one you want costs €20.00 more" in listed
    assert f"If we do not hear from you by {day}" in listed
    page = (await alice.get(f"/returns/{code}")).text
    for text in (
        "The one you want costs €20.00 more", "Came back: 1 × Teapot", "€48.00", "In exchange: 1 × Big teapot", "€68.00",
        '<button class="button wide" name="answer" value="agree">Agree and pay €20.00</button>',
        '<button class="button wide" name="answer" value="money" aria-describedby="money-back">No, my money back</button>',
        "€48.00 come back to you.", f"Please answer by {day}", f'name="proposal" value="{number}"',
        '<a href="https://pay.example/abc" target="_blank" rel="noopener noreferrer" hx-boost="false">',
    ):  # fmt: skip
        assert text in page, text


async def test_agreed_to_it_is_made_as_it_was_proposed_and_both_pages_say_what_is_to_be_paid(client: AsyncClient) -> None:
    code, order = await _came()
    number = await _propose(code, order, title="Big teapot")
    alice = await _alice(client)
    data = {"proposal": str(number), "answer": "agree"}
    answers = [await alice.post(f"/returns/{code}/proposal", data=data) for _ in range(2)]  # touched twice
    assert [it.status_code for it in answers] == [303, 303]
    assert await _stands(code) == ("exchanged", "seller", 1)
    (made,) = await db.rows("SELECT * FROM orders WHERE source = 'exchange'")
    (sent,) = await db.rows('SELECT title, unit_price FROM order_lines WHERE "order" = {}', made["id"])
    assert (made["total"], made["payment"], *sent.values()) == (2_000, "unpaid", "Big teapot", 6_800)
    for url in (f"/returns/{code}", f"/orders/{made['address']}"):
        page = (await alice.get(url)).text
        assert ("To be paid: €20.00" in page, 'href="https://pay.example/abc"' in page) == (True, True), url
    assert "To be paid for the exchange: €20.00" in (await alice.get("/returns")).text
    refused = await alice.post(f"/returns/{code}/proposal", data=data | {"answer": "money"})
    assert refused.status_code == 409
    assert "The customer has agreed already: the exchange is being prepared." in refused.text
    (agreed,) = [data for kind, data in await events_of(code) if kind == "return_exchange_agreed"]
    assert (agreed["by"], agreed["amount"]) == (f"customer:{order['customer']}", 2_000)
    await everything(order["id"])


async def test_a_desk_is_told_that_it_is_agreed_to_until_its_parcel_is_gone(mo: AsyncClient) -> None:
    code, order = await _came()
    await _answer(order, code, await _propose(code, order))
    queue, here = (await mo.get(DESK)).text, f"{DESK}/{code}"
    assert (code in queue, "Agreed, not paid yet" in queue) == (True, True)
    page = (await mo.get(here)).text
    assert ("Not paid yet." in page, "Agreed: send it once it is paid" in page) == (True, True)
    await mo.post(f"{here}/exchange/payment")
    assert "Agreed: to be sent" in (await mo.get(DESK)).text
    await mo.post(f"{here}/exchange/parcel", data={"tracking_number": "6A1"})
    assert code not in (await mo.get(DESK)).text
    assert (await _stands(code), await _ended(code)) == (("exchanged", "nobody", 1), "sent")
    await everything(order["id"])


async def test_what_went_out_by_another_way_does_not_wait_at_the_desk_for_ever() -> None:
    code, order = await _came()
    await _answer(order, code, await _propose(code, order))
    await ageing.age()
    assert (await _stands(code))[1] == "seller"
    await db.execute("UPDATE orders SET fulfilment = 'shipped' WHERE source = 'exchange'")
    await ageing.age()
    assert await _stands(code) == ("exchanged", "nobody", 1)


async def test_who_says_no_has_the_money_back_to_the_cent_that_was_named(client: AsyncClient) -> None:
    code, order = await _came()
    number = await _propose(code, order)
    alice = await _alice(client)
    assert "€48.00 come back to you." in (await alice.get(f"/returns/{code}")).text
    data = {"proposal": str(number), "answer": "money"}
    answers = [await alice.post(f"/returns/{code}/proposal", data=data) for _ in range(2)]
    assert [it.status_code for it in answers] == [303, 303]
    assert (await _stands(code), await _ended(code)) == (("received", "seller", 0), "refused")
    assert (await bought.told(code))[-2:] == ["return_exchange_refused", "return_paid_instead"]
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
    await everything(order["id"])


async def test_who_does_not_answer_in_time_has_the_money_back() -> None:
    code, order = await _came()
    number = await _propose(code, order)
    until = (await kept.by_code(code)).it.proposed_until
    assert until
    assert timedelta(days=14) <= until - clock.now() <= timedelta(days=15)
    with time_machine.travel(until - timedelta(minutes=1), tick=False):
        await ageing.age()
        assert await _ended(code) == "open"
    with time_machine.travel(until + timedelta(minutes=1), tick=False):
        with pytest.raises(Refused, match="The time to agree is over"):
            await _answer(order, code, number)
        await ageing.age()
        await ageing.age()
        assert (await _stands(code), await _ended(code)) == (("received", "seller", 0), "lapsed")
        assert (await bought.told(code)).count("return_paid_instead") == 1
        assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
        await everything(order["id"])


async def test_the_amount_is_in_the_headline_of_the_news_and_what_silence_means() -> None:
    code, order = await _came()
    await _propose(code, order)
    (row,) = await db.rows("SELECT data FROM events WHERE kind = 'return_exchange_proposed'")
    data = msgspec.json.decode(row["data"]) | {"of": {"number": "1001", "shop": "Mo", "title": "Teapot", "more": 0}}
    kind = kind_of("return_exchange_proposed", data)
    assert kind
    assert kind.urgency == "action"
    news = News(
        id=1, topic=kind.topic, kind="return_exchange_proposed", order=1, url="", data=data, at=clock.now()
    )  # fmt: skip
    for locale, title, silent in (
        ("en", "The one you want costs €20.00 more: Teapot", "you get your money back"),
        ("fr", "Celui que vous voulez coûte 20,00 € de plus : Teapot", "vous êtes remboursé"),
    ):
        said = wording.said(news, Voice(locale, "Europe/Paris"))
        assert said.title.replace("\u00a0", " ").replace("\u202f", " ") == title
        assert silent in said.body


async def test_it_is_taken_back_or_another_takes_its_place_and_the_first_cannot_be_agreed_to(mo: AsyncClient) -> None:
    code, order = await _came()
    first = await _propose(code, order)
    assert await _propose(code, order) == first  # the same once more is the same
    second = await _propose(code, order, 5_800)
    with pytest.raises(Refused, match="Something else has been proposed meanwhile"):
        await _answer(order, code, first)
    assert (await mo.post(f"{DESK}/{code}/exchange/proposal/end")).status_code == 303
    assert (await _stands(code), await _ended(code)) == (("received", "seller", 0), "taken_back")
    with pytest.raises(Refused, match="The seller has taken the proposal back"):
        await _answer(order, code, second)
    again = await mo.post(f"{DESK}/{code}/exchange/proposal/end")
    assert (again.status_code, "The seller has taken the proposal back." in again.text) == (409, True)
    await everything(order["id"])


async def test_answered_from_two_tabs_and_taken_back_at_the_same_time_only_one_of_it_happens() -> None:
    for n in range(6):
        code, order = await _came(f"20{n}")
        number = await _propose(code, order)
        outcomes = await asyncio.gather(
            _answer(order, code, number), _answer(order, code, number, agrees=False), _answer(order, code, number),
            proposing.take_back(order["merchant"], code, by="member:1"), return_exceptions=True,
        )  # fmt: skip
        assert all(it is None or isinstance(it, Refused) for it in outcomes), outcomes
        kinds = await bought.told(code)
        ends = [kind for kind in kinds if kind.endswith(("_agreed", "_refused", "_taken_back"))]
        assert len(ends) == 1, kinds
        await everything(order["id"])


async def test_what_settles_the_return_or_changes_it_ends_the_proposal() -> None:
    """The customer takes it back; the shop waives it, or pays it back; each leaves nothing to be agreed to."""

    async def cancel(code: str, order: Mapping[str, Any]) -> None:
        await deciding.cancel(order["customer"], code, by="customer:1")

    async def waive(code: str, order: Mapping[str, Any]) -> None:
        await replacing.exchange(order["merchant"], code, await bought.same_again(code, unit_price=9_000), by="member:1")

    async def money(code: str, order: Mapping[str, Any]) -> None:
        await replacing.money_instead(order["merchant"], code, by="member:1")

    for n, (what, ended, turn) in enumerate(
        ((cancel, "over", "nobody"), (waive, "replaced", "buyer"), (money, "over", "buyer"))
    ):
        code, order = await _came(f"30{n}", there=False)
        number = await _propose(code, order)
        assert (await kept.by_code(code)).it.waiting_on == "buyer"  # to send it back
        await what(code, order)
        assert (await _ended(code), (await kept.by_code(code)).it.waiting_on) == (ended, turn), what
        with pytest.raises(Refused):
            await _answer(order, code, number)
        await everything(order["id"])


async def test_what_is_proposed_before_it_is_back_waits_for_its_customer_when_it_is() -> None:
    code, order = await _came(there=False)
    number = await _propose(code, order)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await _stands(code) == ("received", "buyer", 0)
    with pytest.raises(Refused, match="Take that back first"):
        await deciding.ask_back(order["merchant"], code, question="Which?", by="member:1")
    with pytest.raises(Refused, match="no open question"):
        await deciding.reply(order["customer"], code, text="Yes", by="customer:1")
    await _answer(order, code, number)
    await everything(order["id"])


async def test_with_other_items_to_be_paid_back_the_return_stays_its_sellers() -> None:
    order = await bought.delivered()
    pot, cup = await bought.line_ids(order)
    what = bought.asked(pot, reason="wrong_size", wish="exchange", wanted="Big")
    what = msgspec.structs.replace(what, lines=[*what.lines, *bought.asked(cup).lines])
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    number = await _propose(code, order)
    shown = await proposal_cards.shown(await kept.by_code(code), EN)
    assert shown
    assert (shown.back, shown.difference) == ("€48.00", "€20.00")  # not what comes back all the same
    await _answer(order, code, number)
    assert await _stands(code) == ("received", "seller", 1)
    await settling.refund(order["merchant"], code, by="member:1")
    await everything(order["id"])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "¥2,000"), ("EUR", "€20.00"), ("KWD", "KWD 2.000")])
async def test_the_difference_is_exact_in_every_currency(currency: str, amount: str) -> None:
    code, order = await _came(currency=currency)
    number = await _propose(code, order)
    it = (await kept.by_code(code)).it
    headline = sentences.told(it, EN).headline.replace("\u00a0", " ")
    assert headline == f"The one you want costs {amount} more"
    await _answer(order, code, number)
    (made,) = await db.rows("SELECT total, currency FROM orders WHERE source = 'exchange'")
    assert tuple(made.values()) == (2_000, currency)


async def test_only_what_is_dearer_is_proposed_and_only_of_a_return() -> None:
    code, order = await _came()
    for price in (4_800, 1_000):
        with pytest.raises(Refused, match="costs no more"):
            await _propose(code, order, price)
    with pytest.raises(Invalid):
        await _propose(code, order, how="x" * 1_001)
    claim = await bought.delivered("1002")
    line = (await bought.line_ids(claim))[0]
    claimed = await asking.ask(claim["customer"], bought.asked(line, kind="claim"), by="customer:1")
    await deciding.approve(claim["merchant"], claimed, by="member:1")
    with pytest.raises(Refused, match="nothing to exchange"):
        await _propose(claimed, claim)


async def test_programs_propose_and_read_it_and_cannot_agree_for_the_customer(client: AsyncClient) -> None:
    code, order = await _came()
    headers = {"Authorization": f"Bearer {await merchants.make_key(builders.MO, 'shop')}"}
    url, (line,) = f"/api/v1/returns/{code}/exchange", (await kept.by_code(code)).lines
    item = {"id": line.id, "title": "Big teapot", "quantity": 1, "unit_price": 6_800}
    assert (await client.get(f"{url}/proposal", headers=headers)).status_code == 404
    refused = await client.post(url, json={"items": [item], "ask": True}, headers=headers)
    assert (refused.status_code, "/ask" in refused.text) == (422, True)
    blank = await client.post(f"{url}/proposal", json={"items": [item], "how_paid": ""}, headers=headers)
    assert (blank.status_code, "/how_paid" in blank.text) == (422, True)
    said = await client.post(f"{url}/proposal", json={"items": [item], "how_paid": HOW}, headers=headers)
    assert (said.status_code, said.json()["waiting_on"], said.json()["exchange"]) == (200, "buyer", None)
    found = (await client.get(f"{url}/proposal", headers=headers)).json()
    assert (found["state"], found["difference"], found["currency"], found["how_paid"]) == ("open", 2_000, "EUR", HOW)
    assert found["items"] == [item | {"variant": "", "sku": ""}]
    ended = await client.post(f"{url}/proposal/end", json={}, headers=headers)
    assert (ended.status_code, ended.json()["waiting_on"]) == (200, "seller")
    assert (await client.post(f"{url}/proposal/end", json={}, headers=headers)).status_code == 409
    assert (await client.get(f"{url}/proposal", headers=headers)).json()["state"] == "taken_back"
    assert (await bought.told(code)).count("return_exchange_proposed") == 1
    assert order


def test_only_addresses_with_https_become_links() -> None:
    assert proposal_cards.how("See (https://pay.example/a?b=1). Or javascript:alert(1)\nhttp://x.example") == [
        [("See (", False), ("https://pay.example/a?b=1", True), ("). Or javascript:alert(1)", False)],
        [("http://x.example", False)],
    ]


async def test_what_the_shop_gives_back_by_itself_meanwhile_is_not_sent_as_well() -> None:
    """It was given there: nothing is left to be agreed to, and the seller looks at it again."""
    code, order = await _came()
    number = await _propose(code, order)
    said = [Refund(id="w1", amount=4_800, reason=f"for {code}", at=clock.now())]
    lines = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]
    await builders.order("1001", placed_at=order["placed_at"], lines=lines, refunds=said)
    await source_refunds.paid_for(order["merchant"], code, ["w1"], by="source:woocommerce")
    it = (await kept.by_code(code)).it
    assert (it.refunded, it.waiting_on) == (4_800, "seller")
    shown = await proposal_cards.shown(await kept.by_code(code), EN)
    with pytest.raises(Refused):
        await _answer(order, code, number)
    assert shown is None
    assert (await _stands(code))[2] == 0


async def test_what_is_withdrawn_from_meanwhile_does_not_disturb_it_and_what_is_left_is_theirs() -> None:
    code, order = await _came()
    number = await _propose(code, order)
    pot, cup = await bought.line_ids(order)
    await withdrawals.declare(order["customer"], {pot: 1, cup: 1}, by="customer:1")
    assert await _ended(code) == "open"
    await _answer(order, code, number)
    assert (await _stands(code))[:2] == ("exchanged", "seller")
    await everything(order["id"])


async def test_what_the_shop_takes_out_of_the_return_ends_what_was_proposed_for_all_of_it() -> None:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    what = bought.asked(line, 2, reason="wrong_size", wish="exchange", wanted="The big one")
    code = await asking.ask(order["customer"], what, by="customer:1")
    if await bought.state(code) == "requested":
        await deciding.approve(order["merchant"], code, by="member:1")
    number = await _propose(code, order)
    it = await kept.by_code(code)
    async with db.transaction():
        await reducing.less(it, [(one, 1) for one in it.lines])
    assert await _ended(code) == "over"
    with pytest.raises(Refused, match="something else has come of it"):
        await _answer(order, code, number)


async def test_nobody_agrees_to_what_the_shop_may_have_paid_back_since(client: AsyncClient) -> None:
    code, order = await _came()
    number = await _propose(code, order)
    lines = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]
    given = Refund(id="w1", amount=4_800, at=clock.now())
    await builders.order("1001", placed_at=order["placed_at"], lines=lines, refunds=[given])
    with pytest.raises(Refused, match="paid money back since"):
        await _answer(order, code, number)
    assert await _stands(code) == ("received", "buyer", 0)
    what = await bought.same_again(code, unit_price=6_800)
    await proposing.propose(order["merchant"], code, what.items, how_paid="In cash", again=True, by="member:1")
    await _answer(order, code, await _number(code))  # the seller has said that it is meant
    assert (await _stands(code))[0] == "exchanged"
