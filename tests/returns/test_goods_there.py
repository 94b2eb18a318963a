"""Who withdraws before the goods have come is not told to send them back: nothing is there yet. The days begin when it is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient

from app import clock
from app.i18n import Voice
from app.ingest.snapshot import LineQuantity, Shipment
from app.mail import letters
from app.notifications import wording
from app.notifications.channels import News
from app.returns import acknowledging, goods_come, guests, kept, withdrawals
from tests import builders
from tests.accounts.steps import text_of
from tests.builders import ALICE
from tests.returns import bought, withdrawn
from tests.returns.asking_steps import said

UNSENT = "Nothing has been sent to you yet: there is nothing to send back. If a parcel comes all the same, you need not"
COMING = "The goods have not come to you yet: send them back within 14 days of the day they do."
LINES = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]


@pytest.fixture
async def alice(client: AsyncClient) -> AsyncClient:
    client.cookies.update(await builders.session(ALICE))
    return client


def _parcel(*lines: str, days: float = 1, **about: Any) -> Shipment:
    at = clock.now() - timedelta(days=days)
    said = {"carrier": "DHL", "tracking_number": "X1", "status": "in_transit", "shipped_at": at} | about
    return Shipment(id="p1", lines=[LineQuantity(line=line, quantity=1) for line in lines], **said)


async def _withdrawn(*shipments: Shipment, line: int = 0, **about: Any) -> tuple[str, Mapping[str, Any]]:
    order = await builders.order(lines=LINES, shipments=list(shipments), **about)
    code = await withdrawals.declare(order["customer"], {(await bought.line_ids(order))[line]: 1}, by="customer:1")
    return code, order


async def _comes(*lines: str) -> None:
    """The carrier says so, today."""
    await builders.order(lines=LINES, shipments=[_parcel(*lines, status="delivered", delivered_at=clock.now())])
    await goods_come.come()


async def _mailed(email: str = ALICE) -> str:
    await letters.post()
    return " ".join(text_of(withdrawn.sent_to(email)[-1]).split())


async def test_of_what_was_never_sent_nothing_goes_back(alice: AsyncClient) -> None:
    order = await builders.order(lines=LINES)
    address, (line, *_cup) = f"/orders/{order['address']}/withdrawal", await bought.line_ids(order)
    nothing = "Nothing has been sent to you yet: there is nothing to send back."
    assert nothing in said((await alice.get(address)).text)
    second = said((await alice.post(address, data={"line": str(line), f"quantity-{line}": "1"})).text)
    assert (UNSENT in second, "The seller may wait for the goods" in second) == (True, False)
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    mail = await _mailed()
    assert (UNSENT in mail, "Send the goods back" in mail, "Where to" in mail) == (True, False, False)
    page = said((await alice.get(f"/returns/{code}")).text)
    assert ("There is nothing to send back unless it still comes" in page, "How to send it back" in page) == (True, False)
    it = await kept.by_code(code)
    assert it.it.send_by is None
    assert UNSENT in (await acknowledging.shown(it, Voice("en", "UTC"))).steps[0]


async def test_a_guest_whose_words_say_which_goods_is_told_the_same(client: AsyncClient) -> None:
    await builders.order(lines=LINES)
    token = await withdrawn.guest(contract="1001", items="Only the cup, please")
    await guests.confirm(token)
    mail = await _mailed()
    assert (UNSENT in mail, "Send the goods back" in mail) == (True, False)
    page = said((await client.get(f"/withdrawal/{token}")).text)
    assert (UNSENT in page, "Where it goes" in page) == (True, False)


async def test_of_a_parcel_with_other_things_nothing_goes_back() -> None:
    code, _order = await _withdrawn(_parcel("2", status="delivered", delivered_at=clock.now()))
    assert await bought.state(code) == "acknowledged"
    assert UNSENT in await _mailed()


async def test_what_is_on_its_way_is_sent_back_once_it_has_come(alice: AsyncClient) -> None:
    code, _order = await _withdrawn(_parcel("1", "2"))
    mail = await _mailed()
    assert (COMING in mail, "You may also refuse the parcel." in mail) == (True, True)
    for path in ("/returns", f"/returns/{code}"):
        page = said((await alice.get(path)).text)
        assert "Send it back once it has come" in page
        assert "It has not come to you yet: you have 14 days from the day it does" in page
        assert "Send it back by" not in page
    it = (await kept.by_code(code)).it
    assert (it.send_by, it.due_at, it.waiting_on) == (None, None, "carrier")
    await goods_come.come()
    assert (await kept.by_code(code)).it.send_by is None


async def test_the_days_to_send_it_back_begin_when_it_comes(alice: AsyncClient) -> None:
    code, _order = await _withdrawn(_parcel("1", "2"))
    with time_machine.travel(clock.now() + timedelta(days=6), tick=False):
        await _comes("1", "2")
        await goods_come.come()
        it = (await kept.by_code(code)).it
        assert it.send_by is not None
        assert it.send_by > clock.now() + timedelta(days=14)
        assert (it.due_at, it.waiting_on) == (it.send_by, "buyer")
        alice.cookies.update(await builders.session(ALICE))
        assert "Send it back by" in said((await alice.get(f"/returns/{code}")).text)
    assert await bought.told(code) == ["withdrawal_acknowledged", "withdrawal_goods_awaited", "withdrawal_goods_came"]


async def test_what_was_sent_all_the_same_is_to_go_back_once_it_is_there() -> None:
    code, _order = await _withdrawn()
    assert await bought.state(code) == "acknowledged"
    await _comes("1", "2")
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on) == ("goods_due", "buyer")
    assert it.send_by is not None


async def test_a_parcel_of_which_nobody_hears_is_there_after_a_month() -> None:
    code, _order = await _withdrawn(_parcel("1", "2", days=20))
    with time_machine.travel(clock.now() + timedelta(days=11), tick=False):
        await goods_come.come()
        assert (await kept.by_code(code)).it.waiting_on == "buyer"


async def test_what_has_come_goes_back_by_a_day_as_ever() -> None:
    code, _order = await _withdrawn(_parcel("1", "2", status="delivered", delivered_at=clock.now()))
    assert (await kept.by_code(code)).it.send_by is not None
    assert "Send the goods back by" in await _mailed()


@pytest.mark.parametrize(("coming", "title"), [(True, "Send it back once it has come: Cup"), (False, "To be sent back: Cup")])
def test_the_news_says_which_of_the_two_it_is(coming: bool, title: str) -> None:
    data = {"of": {"title": "Cup"}, **({"coming": True} if coming else {})}
    news = News(id=1, topic="returns_and_refunds", kind="withdrawal_goods_awaited", order=1, url="/", data=data, at=clock.now())
    told = wording.said(news, Voice("en", "Europe/Paris"))
    assert told.title == title
    assert ("It has not come to you yet" in told.body) is coming
