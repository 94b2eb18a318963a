"""What was to ship in exchange is cancelled: it is not sent and not paid any more, each page says what goes back for it, and a
claim that was to be made good with it is its seller's again."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app import clock, db
from app.errors import Invalid, Refused
from app.i18n import Voice
from app.ingest import actions as ingest
from app.ingest import kept as kept_orders
from app.ingest.snapshot import LineQuantity, OrderSnapshot, Refund
from app.notifications import wording_returns
from app.notifications.channels import News
from app.orders import refund_steps
from app.returns import (
    ageing,
    asking,
    deciding,
    kept,
    payers,
    receiving,
    replacing,
    sentences,
    settling,
    source_refunds,
    withdrawals,
)
from app.returns.asked import Asked, AskedLine
from app.returns.exchanging import Sending
from tests import builders
from tests.returns import bought
from tests.returns.right import everything

DESK = f"/desk/{builders.MO}/returns"
PACKED = 'SELECT l.position, c.quantity FROM shipment_lines c JOIN order_lines l ON l.id = c.line WHERE l."order" = {}'
Row = Mapping[str, Any]


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _made(code: str) -> Row:
    (row,) = await db.rows("SELECT o.* FROM orders o JOIN returns r ON r.exchange = o.id WHERE r.code = {}", code)
    return row


async def _exchange(*prices: int, ask: bool = False) -> tuple[str, Row]:
    """Of a teapot of 48.00, or of it and a cup of 12.50, for what costs as much, or these prices."""
    order = await bought.delivered()
    lines = (await bought.line_ids(order))[: len(prices) or 1]
    what = Asked("return", [AskedLine(line, 1, "wrong_size", "exchange", "The small one") for line in lines])
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    items = (await bought.same_again(code)).items
    priced = [replace(item, unit_price=price) for item, price in zip(items, prices, strict=True)] if prices else items
    await replacing.exchange(order["merchant"], code, Sending(items=priced, ask=ask), by="member:1")
    return code, order


async def _claim(quantity: int = 1) -> tuple[str, Row]:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    asked = bought.asked(line, quantity, kind="claim", wish="replacement")
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    return code, order


async def _cancel(made: Row, *which: int, agreed: bool = True) -> str:
    """Its customer asks for it, and the desk agrees."""
    lines = await bought.line_ids(made)
    wanted = [AskedLine(lines[n], 1) for n in which or range(len(lines))]
    code = await asking.ask(made["customer"], Asked("cancellation", wanted), by="customer:1")
    if agreed:
        await deciding.approve(made["merchant"], code, by="member:1")
    return code


async def _told(code: str) -> tuple[str, str, str]:
    said = sentences.told((await kept.by_code(code)).it, Voice("en", "UTC"))
    return said.headline, said.detail, said.tag


async def _all_right(order: Row, made: Row) -> None:
    for number in (order["id"], made["id"]):
        await everything(number)


async def _mailed(kind: str) -> str:
    (row,) = await db.rows('SELECT "order", data FROM events WHERE kind = {}', kind)
    data = msgspec.json.decode(row["data"])
    news = News(id=1, topic="returns_and_refunds", kind=kind, order=row["order"], url="", data=data, at=clock.now())
    return wording_returns.said(news, Voice("en", "UTC")).body


def _today() -> str:
    return Voice("en", "UTC").weekday(clock.now())


async def test_a_cancelled_exchange_is_neither_sent_nor_paid_and_says_what_goes_back(mo: AsyncClient) -> None:
    code, order = await _exchange(6_250, ask=True)
    made = await _made(code)
    cancellation = await _cancel(made)
    for verb in (
        replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1"),
        replacing.difference_paid(order["merchant"], code, by="member:1"),
    ):
        with pytest.raises(Refused, match="This exchange was cancelled"):
            await verb
    page = (await mo.get(f"{DESK}/{code}")).text
    assert f"The exchange was cancelled on {_today()}" in page
    assert "€48.00 is going back" in page
    assert f'href="{DESK.removesuffix("/returns")}/returns/{cancellation}"' in page
    assert "Its parcel has gone out" not in page
    assert "The difference is paid" not in page
    for action in ("parcel", "payment"):
        sent = await mo.post(f"{DESK}/{code}/exchange/{action}", data={"tracking_number": "6A1", "carrier": ""})
        assert sent.status_code == 409
    assert await _told(code) == (f"The exchange was cancelled on {_today()}", "€48.00 is going back", "Refund approved")
    assert await bought.state(code) == "refunded"
    assert (await bought.told(code))[-1] == "return_exchange_cancelled"
    made = await _made(code)
    assert (made["state"], made["stage"], made["total"]) == ("cancelled", "cancelled", 0)
    await _all_right(order, made)


async def test_both_sides_see_the_money_of_a_cancelled_exchange_on_its_way(client: AsyncClient) -> None:
    code, order = await _exchange()
    made, voice = await _made(code), Voice("en", "UTC")
    cancellation = await _cancel(made)
    assert await settling.refund(order["merchant"], cancellation, by="member:1") == 4_800
    client.cookies.update(await builders.session("alice@example.com"))
    page = (await client.get(f"/returns/{code}")).text
    assert "€48.00 is going back" in page
    assert f'href="/returns/{cancellation}"' in page
    assert 'aria-labelledby="money"' in page
    new = (await client.get(f"/orders/{made['address']}")).text
    assert f"Cancelled on {voice.day(clock.now())}" in new
    assert f"Return {code} · €48.00 is going back" in new
    assert "Waiting for your payment" not in new
    (refund,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.record_reference(refund["id"], "SEPA 7", by="member:1")
    assert await _told(code) == (f"The exchange was cancelled on {_today()}", "€48.00 was sent back", "Refunded")
    await _all_right(order, made)


async def test_a_return_is_not_over_before_what_goes_back_for_its_exchange_is_paid() -> None:
    code, order = await _exchange()
    cancellation = await _cancel(await _made(code))
    long_ago = clock.now() - timedelta(days=60)
    await db.execute("UPDATE returns SET settled_at = {} WHERE code = {}", long_ago, code)
    await ageing.age()
    assert await bought.state(code) == "refunded"
    await settling.refund(order["merchant"], cancellation, by="member:1")
    await ageing.age()
    assert await bought.state(code) == "refunded"
    for row in await db.rows("SELECT id FROM refunds"):
        await refund_steps.record_reference(row["id"], "SEPA 7", by="member:1")
    await ageing.age()
    assert await bought.state(code) == "closed"


async def test_one_of_two_is_cancelled_and_the_other_still_goes_out(mo: AsyncClient) -> None:
    code, order = await _exchange(6_250, 3_000, ask=True)
    made = await _made(code)
    assert made["total"] == 3_200
    cancellation = await _cancel(made, 1)
    promised = (await kept.by_code(cancellation)).it.expected
    assert promised == 3_000 - 1_038  # of 32.00 that are not paid, its share by the price
    made = await _made(code)
    assert (made["state"], made["total"], made["stage"]) == ("open", 3_200 - 1_038, "needs_you")
    assert "The customer is asked to pay €21.62." in (await mo.get(f"{DESK}/{code}")).text
    assert await settling.refund(order["merchant"], cancellation, by="member:1") == promised
    await replacing.difference_paid(order["merchant"], code, by="member:1")
    await replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1")
    made = await _made(code)
    assert (made["fulfilment"], made["stage"]) == ("shipped", "on_the_way")
    packed = await db.rows(PACKED, made["id"])
    assert [tuple(row.values()) for row in packed] == [(0, 1)]
    assert (await _told(code))[0] == "The exchange is on its way"
    assert "return_exchange_reduced" in await bought.told(code)
    await _all_right(order, made)
    rest = (await bought.line_ids(made))[0]
    await db.execute("UPDATE shipments SET status = 'delivered', delivered_at = shipped_at WHERE \"order\" = {}", made["id"])
    back = await withdrawals.declare(made["customer"], {rest: 1}, by="customer:1", key="1")
    assert (await kept.by_code(back)).it.expected == 6_250
    assert await payers.possible(made["id"], 99_999) == 6_250
    await _all_right(order, made)


async def test_of_what_was_not_sent_yet_a_withdrawal_ends_the_exchange_too() -> None:
    code, order = await _exchange()
    made = await _made(code)
    line = (await bought.line_ids(made))[0]
    back = await withdrawals.declare(made["customer"], {line: 1}, by="customer:1", key="1")
    assert await bought.state(back) == "acknowledged"
    assert (await _told(code))[1] == "€48.00 is going back"
    with pytest.raises(Refused):
        await replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1")
    assert await settling.refund(order["merchant"], back, by="member:1") == 4_800
    await _all_right(order, made)


async def test_a_claim_whose_replacement_is_cancelled_is_its_sellers_again_and_is_made_good_once(mo: AsyncClient) -> None:
    code, order = await _claim()
    made = await _made(code)
    cancellation = await _cancel(made)
    assert await bought.state(cancellation) == "closed"  # there is no money in it
    assert "Your money comes back" not in await _mailed("cancellation_approved")
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on, it.due_at is None, it.settled_at) == ("approved", "seller", False, None)
    assert await _told(code) == (
        f"The replacement was cancelled on {_today()}",
        "Atelier Mo makes it good in another way",
        "Approved",
    )
    page = (await mo.get(f"{DESK}/{code}")).text
    assert f'<a class="button first wide" href="{DESK}/{code}/exchange">Send a replacement</a>' in page
    assert (await bought.told(code))[-1] == "claim_exchange_cancelled"
    await _all_right(order, made)
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    again = await _made(code)
    assert (again["id"] != made["id"], again["external_id"], again["number"]) == (
        True, f"exchange-{code}-2", f"{made['number']}-2",
    )  # fmt: skip
    await replacing.sent(order["merchant"], code, carrier="", number="6A2", by="member:1")
    assert await _told(code) == ("The replacement is on its way", "", "Replaced")
    await _all_right(order, again)


async def test_a_claim_of_which_one_thing_is_not_replaced_is_paid_back_for_that_one() -> None:
    order = await bought.delivered()
    lines = (await bought.line_ids(order))[:2]
    asked = Asked("claim", [AskedLine(line, 1, "damaged", "replacement") for line in lines])
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    made = await _made(code)
    await _cancel(made, 1)
    assert await bought.state(code) == "approved"
    await replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1")
    assert await settling.refund(order["merchant"], code, by="member:1") == 1_250
    assert await bought.state(code) == "resolved"
    await _all_right(order, made)


async def _snapshot(made: Row, **other: Any) -> OrderSnapshot:
    found = (await kept_orders.snapshots([made["id"]]))[made["id"]]
    return replace(found, source="api", **other)


async def test_the_shop_cancels_it_itself_and_what_is_owed_waits_at_its_desk() -> None:
    code, order = await _exchange(6_250, ask=True)
    made = await _made(code)
    told = await _snapshot(made, cancelled_at=clock.now())
    (outcome,) = await ingest.record_all([told], history=False)
    assert outcome.result == "updated"
    assert await _told(code) == (f"The exchange was cancelled on {_today()}", "€48.00 is going back", "Refund approved")
    (row,) = await db.rows("SELECT code, state, waiting_on, expected FROM returns WHERE kind = 'cancellation'")
    assert (row["state"], row["waiting_on"], row["expected"]) == ("approved", "seller", 4_800)
    assert await settling.refund(order["merchant"], row["code"], by="member:1") == 4_800
    kinds = [one["kind"] for one in await db.rows('SELECT kind FROM events WHERE "order" = {}', made["id"])]
    assert kinds.count("order_cancelled") == 1
    await _all_right(order, made)


async def test_what_its_customer_had_asked_for_already_is_agreed_to_when_the_shop_cancels_it() -> None:
    code, order = await _exchange()
    made = await _made(code)
    asked = await _cancel(made, agreed=False)
    await ingest.record_all([await _snapshot(made, cancelled_at=clock.now())], history=False)
    assert [row["code"] for row in await db.rows("SELECT code FROM returns WHERE kind = 'cancellation'")] == [asked]
    assert await bought.state(asked) == "approved"
    assert await payers.possible(made["id"], 99_999) == 4_800
    await _all_right(order, made)


async def _named() -> tuple[str, Row, Row]:
    """A return that is exchanged for an order of the shop's own."""
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    what = bought.asked(line, reason="wrong_size", wish="exchange", wanted="The small one")
    code = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    other = await builders.order("1002", placed_at=clock.now())
    await replacing.exchange(order["merchant"], code, Sending(number=other["number"]), by="member:1")
    return code, order, other


async def test_an_order_of_the_shops_own_that_it_cancels_makes_the_return_its_to_pay() -> None:
    code, order, other = await _named()
    await ingest.record_all([builders.snapshot("1002", cancelled_at=clock.now())], history=False)
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on, it.expected) == ("received", "seller", 4_800)
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800
    assert await bought.state(code) == "refunded"
    with pytest.raises(Invalid, match="cancelled"):
        await _send_named(order, other["number"])
    await everything(order["id"])


async def test_what_the_shop_gives_back_with_its_own_order_is_not_owed_twice() -> None:
    code, order, _other = await _named()
    given = Refund(id="s1", amount=4_800, at=clock.now(), kind="card")
    again = builders.snapshot("1002", cancelled_at=clock.now(), refunds=[given])
    await ingest.record_all([again], history=False)
    assert await _told(code) == (f"The exchange was cancelled on {_today()}", "€48.00 was sent back", "Refunded")
    assert (await kept.by_code(code)).it.expected == 0
    await everything(order["id"])


async def test_a_program_that_has_not_heard_of_it_does_not_bring_a_cancelled_exchange_back() -> None:
    code, order = await _exchange()
    made = await _made(code)
    old = await _snapshot(made, note="Gift")
    await _cancel(made)
    await ingest.record_all([old], history=False)
    made = await _made(code)
    assert (made["state"], made["note"]) == ("cancelled", "Gift")
    with pytest.raises(Refused):
        await replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1")
    await _all_right(order, made)


async def test_who_withdraws_while_its_parcel_goes_out_has_it_to_send_back_or_never_gets_it() -> None:
    for n in range(4):
        order = await bought.delivered(f"30{n:02d}")
        line = (await bought.line_ids(order))[0]
        code = await asking.ask(order["customer"], bought.asked(line, wish="exchange", wanted="Small"), by="customer:1")
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
        await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
        made = await _made(code)
        (new,) = await bought.line_ids(made)
        _sent, back = await asyncio.gather(
            replacing.sent(order["merchant"], code, carrier="", number=f"7A{n}", by="member:1"),
            withdrawals.declare(made["customer"], {new: 1}, by="customer:1", key=f"w{n}"),
            return_exceptions=True,
        )
        assert isinstance(back, str), back
        made = await _made(code)
        assert (await bought.state(back), made["state"]) in (("acknowledged", "cancelled"), ("goods_due", "open"))
        await _all_right(order, made)


async def _send_named(order: Row, number: str) -> None:
    line = (await bought.line_ids(order))[0]
    code = await asking.ask(order["customer"], bought.asked(line, wish="exchange", wanted="Small"), by="customer:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await replacing.exchange(order["merchant"], code, Sending(number=number), by="member:1")


async def test_who_cancels_while_its_parcel_goes_out_gets_one_of_the_two() -> None:
    for n in range(4):
        order = await bought.delivered(f"20{n:02d}")
        line = (await bought.line_ids(order))[0]
        code = await asking.ask(order["customer"], bought.asked(line, wish="exchange", wanted="Small"), by="customer:1")
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
        await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
        made = await _made(code)
        cancellation = await _cancel(made, agreed=False)
        answers = await asyncio.gather(
            replacing.sent(order["merchant"], code, carrier="", number=f"6A{n}", by="member:1"),
            deciding.approve(order["merchant"], cancellation, by="member:2"),
            replacing.sent(order["merchant"], code, carrier="", number=f"6A{n}", by="member:3"),
            return_exceptions=True,
        )
        assert all(it is None or isinstance(it, Refused) for it in answers), answers
        made = await _made(code)
        assert (made["state"] == "cancelled") != (made["fulfilment"] == "shipped")
        assert (await bought.state(code) == "refunded") == (made["state"] == "cancelled")
        await _all_right(order, made)


async def test_what_a_replacement_was_worth_less_stays_given_when_another_one_is_not_sent() -> None:
    """Two teapots are replaced by one for 23.00, a cup by one for 3.00 that is not sent after all: that much more goes back."""
    order = await bought.delivered()
    pots, cup = await bought.line_ids(order)
    wanted = [AskedLine(line, count, "damaged", "replacement") for line, count in ((pots, 2), (cup, 1))]
    code = await asking.ask(order["customer"], Asked("claim", wanted), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    dearer, cheaper = 2_300, 300
    items = (await bought.same_again(code)).items
    priced = [replace(one, unit_price=each, quantity=1) for one, each in zip(items, (dearer, cheaper), strict=True)]
    await replacing.exchange(order["merchant"], code, Sending(items=priced), by="member:1")
    given = 2 * 4_800 - dearer + 1_250 - cheaper
    assert (await kept.by_code(code)).it.refunded == given
    made = await _made(code)
    await withdrawals.declare(order["customer"], {(await bought.line_ids(made))[1]: 1}, by="customer:1")
    await _all_right(order, made)
    assert await settling.refund(order["merchant"], code, by="member:1") == cheaper
    await _all_right(order, made)


async def test_what_the_shop_gives_back_later_for_its_own_order_is_counted_or_meant_before_more_is_given() -> None:
    code, order, _other = await _named()
    await ingest.record_all([builders.snapshot("1002", cancelled_at=clock.now())], history=False)
    given = Refund(id="s1", amount=4_000, at=clock.now(), kind="card")
    await ingest.record_all([builders.snapshot("1002", cancelled_at=clock.now(), refunds=[given])], history=False)
    with pytest.raises(Invalid, match="may have been for the same"):
        await settling.refund(order["merchant"], code, by="member:1")
    await source_refunds.was_for(order["merchant"], code, "s1", by="member:1")
    assert (await kept.by_code(code)).it.refunded == 4_000
    assert await settling.refund(order["merchant"], code, by="member:1") == 800
    await everything(order["id"])


async def test_a_program_that_has_not_heard_of_it_asks_for_no_more_than_what_is_still_sent() -> None:
    """A teapot for 62.50 and a cup for 19.99 in place of 48.00 and 12.50: 21.99 to be paid, 5.33 without the teapot."""
    code, _order = await _exchange(6_250, 1_999, ask=True)
    made = await _made(code)
    old = await _snapshot(made, note="Gift")
    await _cancel(made, 0)
    for news in (old, replace(old, payment="paid")):
        await ingest.record_all([news], history=False)
        now = await _made(code)
        assert (now["total"], now["discount"], now["payment"]) == (533, 6_050, news.payment)
    lines = await db.rows('SELECT total, cancelled_quantity FROM order_lines WHERE "order" = {} ORDER BY position', made["id"])
    assert [tuple(line.values()) for line in lines] == [(4_584, 1), (1_999, 0)]


async def test_news_of_an_exchange_that_is_paid_and_given_back_at_once_are_taken() -> None:
    """Something of it is coming back here already: what was promised for that stays."""
    code, order = await _exchange(6_250, ask=True)
    await replacing.sent(order["merchant"], code, carrier="", number="6A1", by="member:1")
    made = await _made(code)
    await db.execute("UPDATE shipments SET status = 'delivered', delivered_at = shipped_at WHERE \"order\" = {}", made["id"])
    back = await asking.ask(made["customer"], bought.asked((await bought.line_ids(made))[0]), by="customer:1")
    given = Refund(id="z1", amount=1_450, at=clock.now(), lines=[LineQuantity(line="0", quantity=1)])
    outcomes = await ingest.record_all([await _snapshot(made, payment="refunded", refunds=[given])], history=False)
    assert [one.result for one in outcomes] == ["updated"]
    assert (await kept.by_code(back)).it.expected == 4_800


async def test_a_difference_that_goes_back_with_the_shops_own_order_is_not_what_came_back() -> None:
    """A teapot for 62.50, of which 48.00 were taken off for what came back: 14.50 were paid, and go back."""
    code, order, _other = await _named()
    teapot = builders.line("1", quantity=1, unit_price=6_250, total=6_250)
    about: dict[str, Any] = {"lines": [teapot], "shipping": 0, "discount": 4_800, "total": 1_450}
    await ingest.record_all([builders.snapshot("1002", **about)], history=False)
    given = Refund(id="s1", amount=1_450, at=clock.now(), kind="card")
    await ingest.record_all([builders.snapshot("1002", **about, cancelled_at=clock.now(), refunds=[given])], history=False)
    assert (await kept.by_code(code)).it.expected == 4_800
    assert await settling.refund(order["merchant"], code, again=True, by="member:1") == 4_800
    await everything(order["id"])


async def test_money_for_an_exchange_that_the_shop_sends_after_all_is_meant() -> None:
    code, order, _other = await _named()
    for cancelled_at in (clock.now(), None):
        await ingest.record_all([builders.snapshot("1002", cancelled_at=cancelled_at)], history=False)
    with pytest.raises(Invalid, match="not cancelled any more"):
        await settling.refund(order["merchant"], code, by="member:1")
    assert await settling.refund(order["merchant"], code, again=True, by="member:1") == 4_800
