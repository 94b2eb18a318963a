"""Labels that were bought and that nobody uses go back to Karrio, once, whatever dies in between."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from app import clock, db
from app.i18n import Voice
from app.returns import buying, happened, kept, receiving, sending, settling
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking.taking import take
from tests.returns import bought, labels
from tests.returns.karrio_server import Karrio


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Karrio]:
    async with labels.server(monkeypatch) as counter:
        yield counter


async def _bought() -> str:
    code, _order = await labels.agreed()
    await buying.buy_due()
    assert await bought.state(code) == "label_issued"
    return code


async def _events(code: str, kind: str) -> list[dict[str, object]]:
    found = await db.rows("SELECT data, customer FROM events WHERE kind = {}", kind)
    assert [row["customer"] for row in found] == [None] * len(found), "it is no news of the customer's"
    return [json.loads(row["data"]) for row in found]


async def _merchant(code: str) -> int:
    return (await kept.by_code(code)).it.merchant


@pytest.mark.parametrize("lost", [True, False])
async def test_paid_back_without_the_goods_its_label_is_given_back_once(server: Karrio, lost: bool) -> None:
    code = await _bought()
    await settling.refund(await _merchant(code), code, by="member:1")
    assert (await labels.row(code))["state"] == "unused"
    server.failing |= {"cancel": "lost"} if lost else {}
    for _n in range(4):
        await labels.later()
    assert ((await labels.row(code))["state"], server.shipments["shp_1"]["status"]) == ("voided", "cancelled")
    (said,) = await _events(code, "return_label_voided")
    assert (said["code"], said["amount"], said["currency"], said["by"]) == (code, 420, "EUR", "system")
    desk = await happened.told(await kept.by_code(code), Voice("en"), desk=True)
    assert ("The unused label is given back to its carrier", "€4.20") in [(one.text, one.detail) for one in desk]


async def test_who_dies_after_giving_it_back_says_so_later_and_once(server: Karrio, monkeypatch: pytest.MonkeyPatch) -> None:
    code = await _bought()
    await settling.refund(await _merchant(code), code, by="member:1")

    async def killed(*_args: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(buying, "_over", killed)
        with pytest.raises(asyncio.CancelledError):
            await buying.buy_due()
    assert (server.shipments["shp_1"]["status"], (await labels.row(code))["state"]) == ("cancelled", "unused")
    for _n in range(3):
        await asyncio.gather(labels.later(), labels.later())
    assert (await labels.row(code))["state"] == "voided"
    assert len(await _events(code, "return_label_voided")) == 1


async def test_what_a_carrier_does_not_take_back_is_said_with_its_words(server: Karrio) -> None:
    code = await _bought()
    await settling.refund(await _merchant(code), code, by="member:1")
    server.failing["cancel"] = 424
    for _n in range(3):
        await labels.later()
    assert (await labels.row(code))["state"] == "spent"
    (said,) = await _events(code, "return_label_spent")
    assert said["note"] == "the carrier says no to cancel"


@pytest.mark.parametrize(
    ("carrier", "number", "state"),
    [("DHL", "JJD000390007882823456", "voided"), ("Colissimo", "6A12345678901", "voided"),
     ("UPS", "1Z0000000000000001", "bought"),  # perhaps a slip of the pen
     ("DHL", "", "bought"), ("Post office", "1Z 0000000000000000", "bought")],
)  # fmt: skip
async def test_sent_with_another_carrier_it_is_given_back(server: Karrio, carrier: str, number: str, state: str) -> None:
    code = await _bought()
    customer = (await kept.by_code(code)).it.customer
    assert customer is not None
    await sending.sent(customer, code, carrier=carrier, number=number, by="customer:1")
    for _n in range(2):
        await labels.later()
    assert ((await labels.row(code))["state"], await bought.state(code)) == (state, "in_transit")
    assert (server.shipments["shp_1"]["status"] == "cancelled") == (state == "voided")
    assert len(await _events(code, "return_label_voided")) == (state == "voided")


async def test_one_that_is_handed_over_after_all_is_not_given_back(server: Karrio) -> None:
    code = await _bought()
    await settling.refund(await _merchant(code), code, by="member:1")
    number = server.shipments["shp_1"]["tracking_number"]
    scan = ScanSnapshot(at=clock.now(), status="picked_up")
    await take(await _merchant(code), TrackingSnapshot(source="test", tracking_number=number, scans=[scan]))
    await labels.later()
    assert ((await labels.row(code))["state"], server.shipments["shp_1"]["status"]) == ("bought", "purchased")


async def test_with_the_goods_there_and_paid_for_it_was_used(server: Karrio) -> None:
    code = await _bought()
    await receiving.receive(await _merchant(code), code, {}, rest="sound", by="member:1")
    await settling.refund(await _merchant(code), code, by="member:1")
    await labels.later()
    assert ((await labels.row(code))["state"], server.shipments["shp_1"]["status"]) == ("bought", "purchased")
