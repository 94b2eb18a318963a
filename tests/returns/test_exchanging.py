"""What is really sent in exchange: said by the desk, its price beside what came back, and on its way when its parcel is."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Refused
from app.i18n import Voice
from app.ingest import actions as ingest
from app.ingest import kept as kept_orders
from app.ingest.snapshot import Person, Refund
from app.notifications import wording_returns
from app.notifications.channels import News
from app.notifications.kinds import kind_of
from app.returns import ageing, asking, deciding, kept, receiving, replacing, sentences, settling, source_refunds
from app.returns.asked import Asked, AskedLine
from app.returns.exchanging import Item, Sending
from tests import builders
from tests.returns import bought
from tests.returns.right import everything

DESK = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _wished(quantity: int = 1, **about: Any) -> tuple[str, Mapping[str, Any]]:
    """A teapot of 48.00 that came back and is to be exchanged."""
    order = await bought.delivered(**about)
    line = (await bought.line_ids(order))[0]
    what = bought.asked(line, quantity, reason="wrong_size", wish="exchange", wanted="The small one")
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code, order


async def _claimed(**about: Any) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    code = await asking.ask(order["customer"], bought.asked(line, kind="claim", **about), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    return code, order


async def _headline(code: str) -> str:
    return sentences.told((await kept.by_code(code)).it, Voice("en", "UTC")).headline


async def _given(order: Mapping[str, Any]) -> int:
    given = "SELECT COALESCE(SUM(amount), 0) AS n FROM refunds WHERE \"order\" = {} AND state <> 'failed'"
    (row,) = await db.rows(given, order["id"])
    return int(row["n"])


async def _made(code: str) -> Mapping[str, Any]:
    (row,) = await db.rows("SELECT o.* FROM orders o JOIN returns r ON r.exchange = o.id WHERE r.code = {}", code)
    return row


async def test_the_desk_says_what_is_sent_and_the_customers_words_are_shown_beside_it(mo: AsyncClient) -> None:
    code, _order = await _wished()
    here, (line,) = f"{DESK}/{code}", (await kept.by_code(code)).lines
    assert f'<a class="button first wide" href="{here}/exchange">Send the exchange</a>' in (await mo.get(here)).text
    form = (await mo.get(f"{here}/exchange")).text
    assert "The small one" in form
    assert "notice bad" not in form
    assert f'id="price-{line.id}" name="price-{line.id}" type="text" value="48.00"' in form
    nothing = {f"title-{line.id}": " ", f"quantity-{line.id}": "1", f"price-{line.id}": "48"}
    wrong = await mo.post(f"{here}/exchange", data=nothing)
    assert (wrong.status_code, "Say what is sent." in wrong.text) == (422, True)
    data = {
        f"title-{line.id}": "Teapot “Brume”", f"variant-{line.id}": "0.5 l", f"sku-{line.id}": "TEA-S",
        f"quantity-{line.id}": "1", f"price-{line.id}": "48.00",
    }  # fmt: skip
    assert (await mo.post(f"{here}/exchange", data=data)).status_code == 303
    made = await _made(code)
    (sent,) = await db.rows('SELECT title, variant, sku, unit_price FROM order_lines WHERE "order" = {}', made["id"])
    assert tuple(sent.values()) == ("Teapot “Brume”", "0.5 l", "TEA-S", 4_800)
    assert (made["total"], made["payment"], made["discount"]) == (0, "paid", 4_800)


async def test_it_is_on_its_way_when_its_parcel_is_and_each_page_leads_to_the_other(mo: AsyncClient) -> None:
    code, order = await _wished()
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    assert await _headline(code) == "A replacement is being prepared"
    here = f"{DESK}/{code}"
    assert "Its parcel has gone out" in (await mo.get(here)).text
    refused = await mo.post(f"{here}/exchange/parcel", data={"tracking_number": " ", "carrier": "DHL"})
    assert (refused.status_code, "The number on the parcel." in refused.text) == (422, True)
    assert 'value="DHL"' in refused.text
    sent = {"tracking_number": "6A1", "carrier": "Colissimo"}
    assert (await mo.post(f"{here}/exchange/parcel", data=sent)).status_code == 303
    assert await _headline(code) == "The exchange is on its way"
    assert (await mo.post(f"{here}/exchange/parcel", data={"tracking_number": "6A2"})).status_code == 409
    alice = mo
    alice.cookies.clear()
    alice.cookies.update(await builders.session(builders.ALICE))
    made = await _made(code)
    page = (await alice.get(f"/returns/{code}")).text
    assert (made["number"] in page, "The exchange is on its way" in page) == (True, True)
    new = (await alice.get(f"/orders/{made['address']}")).text
    assert f'<a href="/returns/{code}">In place of what came back: Return {code}</a>' in new
    assert f'<a href="/orders/{order["address"]}">First order: 1001</a>' in new
    first = (await alice.get(f"/orders/{order['address']}")).text
    assert f'<a href="/orders/{made["address"]}">Sent in exchange: order {made["number"]}</a>' in first


async def test_what_is_worth_less_is_paid_back_to_the_cent_once_it_was_shown(mo: AsyncClient) -> None:
    code, order = await _wished()
    here, (line,) = f"{DESK}/{code}/exchange", (await kept.by_code(code)).lines
    data = {f"title-{line.id}": "Small teapot", f"quantity-{line.id}": "1", f"price-{line.id}": "41,50"}
    shown = await mo.post(here, data=data)
    assert (shown.status_code, "It is worth €6.50 less than what came back" in shown.text) == (200, True)
    assert 'value="-650"' in shown.text
    again = await mo.post(here, data=data | {f"price-{line.id}": "40", "difference": "-650"})
    assert "It is worth €8.00 less" in again.text
    assert await bought.state(code) == "received"
    assert (await mo.post(here, data=data | {"difference": "-650"})).status_code == 303
    assert (await bought.state(code), await _given(order)) == ("exchanged", 650)
    assert (await kept.by_code(code)).it.refunded == 650
    await everything(order["id"])


async def test_what_is_worth_more_is_waived_or_asked_for_and_then_paid(mo: AsyncClient) -> None:
    waived, order = await _wished()
    await replacing.exchange(order["merchant"], waived, await bought.same_again(waived, unit_price=5_000), by="member:1")
    made = await _made(waived)
    assert (made["total"], made["payment"], made["discount"], made["stage"]) == (0, "paid", 5_000, "preparing")
    code, order = await _wished(external_id="1002")
    what = await bought.same_again(code, unit_price=5_000)
    await replacing.exchange(order["merchant"], code, Sending(items=what.items, ask=True), by="member:1")
    made = await _made(code)
    assert (made["total"], made["payment"], made["discount"]) == (200, "unpaid", 4_800)
    assert "The customer is asked to pay €2.00." in (await mo.get(f"{DESK}/{code}")).text
    assert (await mo.post(f"{DESK}/{code}/exchange/payment")).status_code == 303
    assert ((await _made(code))["payment"], (await _made(code))["stage"]) == ("paid", "preparing")
    assert (await mo.post(f"{DESK}/{code}/exchange/payment")).status_code == 409
    assert await _given(order) == 0


async def test_what_was_never_paid_does_not_come_back_as_a_difference() -> None:
    code, order = await _wished(payment="unpaid", payments=[])
    await replacing.exchange(order["merchant"], code, await bought.same_again(code, unit_price=1_000), by="member:1")
    assert (await bought.state(code), await _given(order)) == ("exchanged", 0)
    await everything(order["id"])


async def test_a_price_that_no_quantity_divides_makes_no_difference() -> None:
    code, order = await _wished(3, lines=[builders.line("1", quantity=3, unit_price=3_333, total=10_000)])
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    made = await _made(code)
    assert (made["total"], made["payment"], await _given(order)) == (0, "paid", 0)


async def test_a_claim_is_replaced_whatever_was_wished_and_its_customer_pays_nothing() -> None:
    code, order = await _claimed(wish="refund")
    what = await bought.same_again(code, unit_price=9_000)
    assert [(item.title, item.sku) for item in what.items] == [("Teapot “Brume”", "TEA-1")]
    await replacing.exchange(order["merchant"], code, Sending(items=what.items, ask=True), by="member:1")
    made = await _made(code)
    assert (await bought.state(code), made["total"], made["payment"]) == ("resolved", 0, "paid")
    assert await _headline(code) == "A replacement is being prepared"
    (line,) = (await kept.by_code(code)).lines
    assert (line.wish, line.held) == ("replacement", 0)
    with pytest.raises(Refused):
        await replacing.exchange(order["merchant"], code, what, by="member:2")


async def test_of_a_claim_nothing_came_back_that_a_replacement_could_be_worth_less_than(mo: AsyncClient) -> None:
    code, _order = await _claimed(wish="replacement")
    (line,) = (await kept.by_code(code)).lines
    data = {f"title-{line.id}": "Small teapot", f"quantity-{line.id}": "1", f"price-{line.id}": "1,50"}
    text = (await mo.post(f"{DESK}/{code}/exchange", data=data)).text
    assert "less than what it replaces" in text
    assert "what came back" not in text


async def test_no_more_than_a_claim_has_left_comes_back_as_a_difference() -> None:
    code, order = await _claimed(wish="replacement")
    await settling.refund(order["merchant"], code, amount=4_000, last=False, by="member:1")
    await replacing.exchange(order["merchant"], code, await bought.same_again(code, unit_price=1_000), by="member:1")
    assert await _given(order) == 4_800
    await everything(order["id"])


async def test_nothing_is_invented_and_nothing_of_others_is_sent() -> None:
    code, order = await _wished()
    (line,) = (await kept.by_code(code)).lines
    item = Item(line=line.id, title="Small", quantity=1, unit_price=0)
    for items, field in (
        ([], f"title-{line.id}"),
        ([item, item], "items"),
        ([Item(line=line.id + 1, title="Small", quantity=1, unit_price=0)], "items"),
        ([Item(line=line.id, title="Small", quantity=0, unit_price=0)], f"quantity-{line.id}"),
        ([Item(line=line.id, title="Small", quantity=1, unit_price=-1)], f"price-{line.id}"),
        ([Item(line=line.id, title="a\x00b", quantity=1, unit_price=0)], f"title-{line.id}"),
    ):
        with pytest.raises(Invalid) as refused:
            await replacing.exchange(order["merchant"], code, Sending(items=items), by="member:1")
        assert field in refused.value.fields
    assert await db.rows("SELECT id FROM orders WHERE source = 'exchange'") == []


async def test_of_an_exchange_one_mail_tells_that_it_is_prepared_and_what_is_to_be_paid() -> None:
    code, order = await _wished()
    what = await bought.same_again(code, unit_price=5_000)
    await replacing.exchange(order["merchant"], code, Sending(items=what.items, ask=True), by="member:1")
    told = {row["kind"]: msgspec.json.decode(row["data"]) for row in await db.rows("SELECT kind, data FROM events ORDER BY id")}
    urgencies = {kind: kind_of(kind, told[kind]) for kind in ("order_placed", "return_exchanged")}
    assert [found.urgency for found in urgencies.values() if found] == ["app", "rest"]
    news = News(
        id=1,
        topic="returns_and_refunds",
        kind="return_exchanged",
        order=1,
        url="",
        data=told["return_exchanged"],
        at=clock.now(),
    )  # fmt: skip
    said = wording_returns.said(news, Voice("en", "UTC"))
    assert said.title.startswith("A replacement is being prepared")
    assert "The difference of €2.00 is to be paid." in said.body


async def test_an_order_with_the_longest_number_is_exchanged() -> None:
    order = await bought.delivered(number="N" * 100)
    what = bought.asked((await bought.line_ids(order))[0], reason="wrong_size", wish="exchange", wanted="Small")
    code = await asking.ask(order["customer"], what, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    made = await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    (row,) = await db.rows("SELECT number FROM orders WHERE id = {}", made)
    assert row["number"] == f"{'N' * 90}-{code[-4:]}"


async def _sent_first() -> tuple[str, Mapping[str, Any], int]:
    """A teapot to be exchanged and a cup to be paid back, agreed to; the exchange is made before anything is back."""
    order = await bought.delivered()
    pot, cup = await bought.line_ids(order)
    lines = [AskedLine(pot, 1, "wrong_size", "exchange", "The small one"), AskedLine(cup, 1, "changed_mind")]
    code = await asking.ask(order["customer"], Asked("return", lines), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    made = await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    return code, order, made


async def test_what_is_exchanged_before_it_is_back_stays_awaited_and_nobody_lets_go_of_it() -> None:
    code, order, _made = await _sent_first()
    state = await bought.state(code)
    assert state in ("approved", "label_issued")
    with pytest.raises(Refused, match="sent already"):
        await deciding.cancel(order["customer"], code, by="customer:1")
    await db.execute("UPDATE returns SET send_by = {} WHERE code = {}", clock.now() - timedelta(days=60), code)
    for _again in range(2):
        await ageing.age()
    it = await kept.by_code(code)
    assert (it.it.state, it.it.waiting_on, [line.held for line in it.lines]) == (state, "seller", [1, 1])
    assert (await bought.told(code)).count("return_goods_missing") == 1
    await everything(order["id"])


async def test_it_is_settled_once_it_is_counted_and_all_of_it_is_paid() -> None:
    code, order, _made = await _sent_first()
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await bought.state(code) == "received"  # the cup is to be paid back
    await settling.refund(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "refunded"
    await everything(order["id"])


@pytest.mark.parametrize("who", ["desk", "shop"])
async def test_money_for_the_rest_does_not_let_go_of_what_was_exchanged_and_is_not_back(who: str) -> None:
    code, order, _made = await _sent_first()
    state = await bought.state(code)
    if who == "desk":
        await settling.refund(order["merchant"], code, by="member:1")
    else:
        given = Refund(id="w1", amount=1_250, at=clock.now())
        known = (await kept_orders.snapshots([order["id"]]))[order["id"]]
        await ingest.record_all([msgspec.structs.replace(known, refunds=[given])], history=False)
        await source_refunds.paid_for(order["merchant"], code, ["w1"], by="source:woocommerce")
    it = (await kept.by_code(code)).it
    assert (it.state, it.refunded, it.waiting_on) == (state, 1_250, "buyer")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await bought.state(code) == "refunded"
    await everything(order["id"])


async def test_a_seller_who_needs_nothing_back_settles_it_without_a_payment() -> None:
    code, order, _made = await _sent_first()
    assert [await settling.refund(order["merchant"], code, by="member:1") for _step in range(2)] == [1_250, 0]
    assert await bought.state(code) == "refunded"


async def test_with_nothing_to_be_paid_it_is_exchanged_by_being_counted(mo: AsyncClient) -> None:
    order = await bought.delivered()
    what = bought.asked((await bought.line_ids(order))[0], reason="wrong_size", wish="exchange", wanted="Small")
    code = await asking.ask(order["customer"], what, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    here = f"/desk/{builders.MO}/returns/{code}/exchange"
    assert "Nothing has come back yet" in (await mo.get(here)).text
    (item,) = (await bought.same_again(code)).items
    said = {f"{name}-{item.line}": text for name, text in (("title", item.title), ("quantity", "1"), ("price", "48.00"))}
    refused = await mo.post(here, data=said)
    assert (refused.status_code, 'id="early-error"' in refused.text, f'value="{item.title}"' in refused.text) == (
        422,
        True,
        True,
    )
    assert (await mo.post(here, data=said | {"early": "yes"})).status_code == 303
    assert await bought.state(code) in ("approved", "label_issued")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert await bought.state(code) == "exchanged"
    await everything(order["id"])


async def test_a_parcel_is_noted_in_the_order_in_which_everybody_locks() -> None:
    """Another customer has a parcel of that number: who holds one row and waits for the other may wait for ever."""
    alice = await bought.delivered("2000")  # parcel 8R1
    bob = await bought.delivered("1001", customer=Person(email=builders.BOB, name="Bob"))
    what = bought.asked((await bought.line_ids(bob))[0], reason="wrong_size", wish="exchange", wanted="Small")
    code = await asking.ask(bob["customer"], what, by="customer:1")
    await receiving.receive(bob["merchant"], code, {}, rest="sound", by="member:1")
    await replacing.exchange(bob["merchant"], code, await bought.same_again(code), by="member:1")
    low, high = alice["customer"], bob["customer"]
    assert low < high
    held = asyncio.Event()

    async def other() -> None:
        async with db.transaction():
            await customers.lock(low)
            held.set()
            await asyncio.sleep(0.3)  # in which ours comes as far as it can
            await customers.lock(high)

    async def ours() -> None:
        await held.wait()
        await replacing.sent(bob["merchant"], code, carrier="Colissimo", number="8R1", by="member:1")

    assert await asyncio.gather(other(), ours(), return_exceptions=True) == [None, None]


@pytest.mark.parametrize("role", ["agent", "manager"])
async def test_only_a_manager_waives_a_difference(client: AsyncClient, role: str) -> None:
    await builders.member("kim@example.com", builders.MO, role)
    client.cookies.update(await builders.session("kim@example.com", factor=True))
    order = await bought.delivered()
    what = bought.asked((await bought.line_ids(order))[0], reason="wrong_size", wish="exchange", wanted="Small")
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    (item,) = (await bought.same_again(code)).items
    here = f"/desk/{builders.MO}/returns/{code}/exchange"
    said = {f"{name}-{item.line}": text for name, text in (("title", item.title), ("quantity", "1"), ("price", "60.00"))}
    text = (await client.post(here, data=said)).text
    assert ("We waive it" in text, "Managers and owners waive" in text) == (role == "manager", role == "agent")
    silent = await client.post(here, data=said | {"difference": "1200"})
    assert silent.status_code == (422 if role == "manager" else 403), "nobody gives it away by not looking"
    assert ("Choose one of the two." in silent.text) == (role == "manager")
    answer = await client.post(here, data=said | {"difference": "1200", "ask": "no"})
    assert answer.status_code == (303 if role == "manager" else 403)
    assert await bought.state(code) == ("exchanged" if role == "manager" else "received")


async def test_what_is_to_be_paid_beside_a_cheaper_exchange_is_still_owed_once_that_is_made() -> None:
    """A teapot for one of 30.00, which gives 18.00 back; a cup of 12.50 that is given back as money."""
    order = await bought.delivered()
    teapot, cup = await bought.line_ids(order)
    lines = [AskedLine(teapot, 1, "wrong_size", "exchange", "The small one"), AskedLine(cup, 1, "wrong_size")]
    code = await asking.ask(order["customer"], Asked("return", lines), by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await replacing.exchange(order["merchant"], code, await bought.same_again(code, unit_price=3_000), by="member:1")
    assert await bought.state(code) == "received"
    assert await settling.refund(order["merchant"], code, by="member:1") == 1_250
    it = (await kept.by_code(code)).it
    assert (it.state, it.refunded, it.expected) == ("refunded", 3_050, 3_050)
    await everything(order["id"])
