"""The goods of a claim: wanted by the seller, sent at its cost with a label, counted when they come; and the claim goes on."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Refused
from app.i18n import Voice
from app.ingest.snapshot import Refund
from app.returns import (
    ageing,
    asking,
    claimed,
    coming,
    deciding,
    kept,
    queue,
    receiving,
    repairing,
    sending,
    settling,
    source_refunds,
    suggesting,
)
from app.returns.deadlines import NEVER_SENT
from app.returns.receiving import Counted
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking.taking import take
from tests import builders
from tests.returns import bought

DESK = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _claim(refunds: Sequence[Refund] = (), **about: Any) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered(refunds=list(refunds))
    line = (await bought.line_ids(order))[0]
    what = bought.asked(line, quantity=2, kind="claim", **about)
    return await asking.ask(order["customer"], what, by="customer:1"), order


async def _turn(code: str) -> tuple[str, str]:
    it = (await kept.by_code(code)).it
    return it.state, it.waiting_on


async def test_they_are_wanted_sent_and_counted_while_the_claim_is_the_sellers_to_settle() -> None:
    code, order = await _claim(wish="refund")
    await claimed.grant(order["merchant"], code, by="member:1", answer="Sorry")
    assert await _turn(code) == ("approved", "buyer")
    await sending.sent(order["customer"], code, carrier="La Poste", number="", by="customer:1")
    await sending.sent(order["customer"], code, carrier="DHL", number="2", by="customer:1")  # said twice, the first counts
    assert await _turn(code) == ("approved", "carrier")
    (line,) = (await kept.by_code(code)).lines
    with pytest.raises(Invalid):
        await receiving.receive(order["merchant"], code, {line.id: Counted(sound=1)}, by="member:1")
    await receiving.receive(order["merchant"], code, {line.id: Counted(damaged=2)}, by="member:1")
    assert await _turn(code) == ("approved", "seller")
    it = await kept.by_code(code)
    assert it.it.due_at is not None
    assert (it.it.sent_at, it.it.received_at) != (None, None)
    assert it.lines[0].damaged == 2
    with pytest.raises(Refused):
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:2")
    with pytest.raises(Refused):
        await claimed.want(order["merchant"], code, by="member:2")
    await settling.refund(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "resolved"
    assert await bought.told(code) == [
        "claim_opened", "claim_approved", "claim_goods_awaited", "claim_goods_sent", "claim_goods_received", "claim_resolved",
    ]  # fmt: skip


@pytest.mark.parametrize("agreed", [True, False])
async def test_one_that_the_shop_pays_back_by_itself_is_settled_with_the_last_of_it(agreed: bool) -> None:
    """Two teapots for 48.00 each."""
    code, order = await _claim([Refund(id="r1", amount=1_000), Refund(id="r2", amount=8_600)])
    if agreed:
        await deciding.approve(order["merchant"], code, by="member:1")
    for _twice in range(2):
        await source_refunds.paid_for(order["merchant"], code, ["r1"], by="source:test")
    assert await bought.state(code) == ("approved" if agreed else "open")
    await source_refunds.paid_for(order["merchant"], code, ["r1", "r2"], by="source:test")
    assert await bought.state(code) == "resolved"
    steps = ["claim_approved", "claim_part_refunded"] if agreed else ["claim_part_refunded", "claim_approved"]
    assert await bought.told(code) == ["claim_opened", *steps, "claim_resolved"]
    assert (await kept.by_code(code)).it.refunded == 9_600


async def test_what_is_claimed_and_comes_to_be_looked_at_is_no_return_of_the_order() -> None:
    code, order = await _claim(wish="repair")
    await claimed.grant(order["merchant"], code, by="member:1")
    (line,) = (await kept.by_code(code)).lines
    with pytest.raises(Invalid) as refused:
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert list(refused.value.fields) == [f"sound-{line.id}"]
    await receiving.receive(order["merchant"], code, {line.id: Counted(sound=2)}, by="member:1")  # it came without a word
    (line,) = (await kept.by_code(code)).lines
    assert line.sound == 2
    (row,) = await db.rows("SELECT returned_quantity FROM order_lines WHERE id = {}", line.line)
    assert row["returned_quantity"] == 0
    await repairing.repaired(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "resolved"


async def test_the_first_scan_of_its_parcel_says_that_they_are_on_their_way_and_the_last_one_that_they_are_there(
    alice: AsyncClient,
) -> None:
    """As with a label whose number is known before anybody says that it was sent."""
    code, order = await _claim(wish="refund")
    await claimed.grant(order["merchant"], code, by="member:1")
    async with db.transaction():
        await customers.lock(order["customer"])
        await coming.expect(await kept.by_code(code), "Colissimo", "6A99988877766")
    scan = ScanSnapshot(at=clock.now(), status="in_transit", words="Trié")
    news = TrackingSnapshot(source="test", tracking_number="6A99988877766", scans=[scan])
    await take(order["merchant"], news)
    assert await _turn(code) == ("approved", "carrier")
    there = [scan, ScanSnapshot(at=clock.now(), status="delivered", words="Livré")]
    await take(order["merchant"], TrackingSnapshot(source="test", tracking_number="6A99988877766", scans=there))
    assert await _turn(code) == ("approved", "seller")  # what is in it is the desk's to say
    assert (await bought.told(code))[-2:] == ["claim_goods_sent", "claim_arrived"]
    (waits,) = (await queue.page_of(order["merchant"], queue.Filter()))[0]
    assert (waits.code, queue.card(waits, Voice("en")).tag) == (code, "Arrived")
    it = await kept.by_code(code)
    assert (suggesting.suggested(it, Voice("en")).text, claimed.wantable(it)) == ("It is there: count what came", False)
    assert "At Atelier Mo, being checked" in (await alice.get(f"/returns/{code}")).text
    assert "At Atelier Mo, being checked" in (await alice.get("/returns")).text
    await sending.sent(order["customer"], code, carrier="DHL", number="", by="customer:1")
    await receiving.receive(order["merchant"], code, {it.lines[0].id: Counted(damaged=2)}, by="member:1")
    assert await _turn(code) == ("approved", "seller")
    assert "has accepted your claim" in (await alice.get("/returns")).text
    with pytest.raises(Refused):
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:2")


async def test_goods_that_are_never_sent_leave_the_claim_to_its_seller_who_may_ask_again() -> None:
    code, order = await _claim(wish="refund")
    await claimed.grant(order["merchant"], code, by="member:1")
    await ageing.age()
    assert await _turn(code) == ("approved", "buyer")
    await db.execute("UPDATE returns SET send_by = {}", clock.now() - timedelta(days=NEVER_SENT + 1))
    await asyncio.gather(ageing.age(), ageing.age())
    assert await _turn(code) == ("approved", "seller")
    assert (await bought.told(code))[-1:] == ["claim_goods_missing"]
    assert (await kept.by_code(code)).it.due_at
    await claimed.want(order["merchant"], code, by="member:1")
    assert await _turn(code) == ("approved", "buyer")
    await settling.refund(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "resolved"


@pytest.mark.parametrize("scanned", [True, False])
async def test_goods_that_come_after_they_were_given_up_are_taken_in(scanned: bool, mo: AsyncClient) -> None:
    code, order = await _claim(wish="refund")
    await claimed.grant(order["merchant"], code, by="member:1")
    async with db.transaction():
        await customers.lock(order["customer"])
        await coming.expect(await kept.by_code(code), "Colissimo", "6A99988877766")
    await db.execute("UPDATE returns SET send_by = {}", clock.now() - timedelta(days=NEVER_SENT + 1))
    await ageing.age()
    assert (await bought.told(code))[-1] == "claim_goods_missing"
    if scanned:
        scans = [ScanSnapshot(at=clock.now(), status=status, words=status) for status in ("in_transit", "delivered")]
        await take(order["merchant"], TrackingSnapshot(source="test", tracking_number="6A99988877766", scans=scans))
        assert (await bought.told(code))[-2:] == ["claim_goods_sent", "claim_arrived"]
        assert suggesting.suggested(await kept.by_code(code), Voice("en")).text == "It is there: count what came"
    text, (line,) = (await mo.get(f"{DESK}/{code}")).text, (await kept.by_code(code)).lines
    assert "It has arrived" in text
    assert (await mo.post(f"{DESK}/{code}/receiving", data={f"damaged-{line.id}": "2"})).status_code == 303
    assert await _turn(code) == ("approved", "seller")
    assert "It has arrived" not in (await mo.get(f"{DESK}/{code}")).text


async def test_the_desk_is_asked_in_which_condition_it_came_and_begins_with_what_was_claimed(mo: AsyncClient) -> None:
    code, order = await _claim(wish="refund")
    await claimed.grant(order["merchant"], code, by="member:1")
    text, (line,) = (await mo.get(f"{DESK}/{code}")).text, (await kept.by_code(code)).lines
    assert "In which condition did it come?" in text
    fields = {name: text.partition(f'name="{name}-{line.id}"')[2].partition(">")[0] for name in receiving.AS}
    assert ['value="2"' in fields[name] for name in receiving.AS] == [False, True, False, False]
    refused = await mo.post(f"{DESK}/{code}/receiving")
    assert (refused.status_code, "Say in which condition it came." in refused.text) == (422, True)


@pytest.mark.parametrize(("wish", "first"), [("replacement", "exchange"), ("refund", "refund"), ("repair", "repair")])
async def test_what_the_customer_wishes_is_offered_first_and_the_rest_behind_it(mo: AsyncClient, wish: str, first: str) -> None:
    code, order = await _claim(wish=wish)
    await deciding.approve(order["merchant"], code, by="member:1")
    here = f"{DESK}/{code}"
    await db.execute("UPDATE returns SET received_at = {}", clock.now())  # nothing more has to come
    decide = (await mo.get(here)).text.partition('id="decide"')[2].partition("</section>")[0]
    ways = {
        "exchange": f'href="{here}/exchange">Send a replacement</a>', "refund": f'href="{here}/refund">Pay back €96.00</a>',
        "repair": ">It is repaired</button>",
    }  # fmt: skip
    assert all(way in decide for way in ways.values())
    assert decide.count("button first wide") == 1
    assert ways[first] in decide.partition("button first wide")[2].partition("\n")[0]


async def test_what_is_to_be_repaired_is_first_asked_for(mo: AsyncClient) -> None:
    code, order = await _claim(wish="repair")
    await deciding.approve(order["merchant"], code, by="member:1")
    decide = (await mo.get(f"{DESK}/{code}")).text.partition('id="decide"')[2]
    assert "Have it sent back to us first" in decide.partition("button first wide")[2].partition("\n")[0]


async def test_what_never_came_and_what_is_not_granted_is_not_wanted_back() -> None:
    code, order = await _claim(wish="refund")
    for verb in (claimed.want, receiving.receive):
        with pytest.raises(Refused):
            await verb(order["merchant"], code, *([{}] if verb is receiving.receive else []), by="member:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    with pytest.raises(Refused):
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    with pytest.raises(Refused):
        await sending.sent(order["customer"], code, carrier="La Poste", number="", by="customer:1")


async def test_a_claim_of_what_never_came_is_granted_and_nothing_is_to_be_sent(mo: AsyncClient) -> None:
    code, order = await _claim(wish="refund", reason="not_delivered")
    refused = await mo.post(f"{DESK}/{code}/approval", data={"goods": "yes"})
    assert (refused.status_code, "need not be sent back" in refused.text) == (409, True)
    assert await _turn(code) == ("open", "seller")
    await deciding.approve(order["merchant"], code, by="member:1")
    assert f"{code}/goods" not in (await mo.get(f"{DESK}/{code}")).text


async def test_the_desk_says_so_as_it_agrees_or_later_and_the_customer_has_a_code_and_a_label(mo: AsyncClient) -> None:
    code, _order = await _claim(wish="replacement")
    here = f"{DESK}/{code}"
    assert "It has to come back to us, at our cost" in (await mo.get(here)).text
    assert (await mo.post(f"{here}/approval")).status_code == 303
    text = (await mo.get(here)).text
    assert "Make it good" in text
    assert "It has arrived" not in text
    assert (await mo.post(f"{here}/goods")).status_code == 303
    assert "It has arrived" in (await mo.get(here)).text
    alice = mo
    alice.cookies.clear()
    alice.cookies.update(await builders.session("alice@example.com"))
    page = (await alice.get(f"/returns/{code}")).text
    assert "Send it back by" in page
    assert f"/returns/{code}/sending" in page
    page = (await alice.get(f"/returns/{code}/sending")).text
    assert "It costs you nothing: Atelier Mo pays for the way" in page
    assert "<svg" in page.partition('class="qr-frame"')[2][:300]
    assert (await alice.get(f"/returns/{code}/label.pdf")).content.startswith(b"%PDF-")
    sent = await alice.post(f"/returns/{code}/sending", data={"carrier": "La Poste"})
    assert sent.status_code == 303
    assert "On its way back" in (await alice.get(f"/returns/{code}")).text
    assert (await alice.get(f"/returns/{code}/label.pdf")).status_code == 409
    assert await _turn(code) == ("approved", "carrier")
