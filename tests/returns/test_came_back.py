"""What has come back shows in the order's own state: in part or whole, in the list's filter, and undone by a better count."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Invalid, Refused
from app.ingest import actions as ingest
from app.ingest.snapshot import LineQuantity, Shipment
from app.returns import asking, deciding, kept, receiving, settling
from app.returns.receiving import Counted
from tests import builders
from tests.returns import bought


async def _agreed(order: Mapping[str, Any], *quantities: int) -> str:
    """A return of so many of each line."""
    code = ""
    for line, quantity in zip(await bought.line_ids(order), quantities, strict=False):
        code = await asking.ask(order["customer"], bought.asked(line, quantity), by="customer:1")
        await deciding.approve(order["merchant"], code, by="member:1")
    return code


async def _now(order: Mapping[str, Any]) -> tuple[str, str]:
    (row,) = await db.rows("SELECT fulfilment, stage FROM orders WHERE id = {}", order["id"])
    return row["fulfilment"], row["stage"]


async def test_an_order_is_returned_in_part_and_then_whole(alice: AsyncClient) -> None:
    order = await bought.delivered()
    assert await _now(order) == ("delivered", "delivered")
    first = await _agreed(order, 2)
    assert await _now(order) == ("delivered", "delivered")
    before = (await alice.get("/orders?state=returned")).text
    await receiving.receive(order["merchant"], first, {}, rest="sound", by="member:1")
    assert await _now(order) == ("partly_returned", "returned")
    text = (await alice.get("/orders?state=returned")).text
    assert order["address"] not in before
    assert order["address"] in text
    assert "Partly returned" in text
    cup = (await bought.line_ids(order))[1]
    second = await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
    await receiving.receive(order["merchant"], second, {}, rest="sound", by="member:1")
    assert await _now(order) == ("returned", "returned")
    assert ">Returned<" in (await alice.get(f"/orders/{order['address']}")).text


@pytest.mark.parametrize(
    ("counted", "fulfilment"),
    [
        (Counted(sound=2), "partly_returned"),
        (Counted(damaged=1, missing=1), "partly_returned"),
        (Counted(missing=2), "delivered"),
        (Counted(wrong_item=2), "delivered"),  # what was bought is still with them
    ],
)
async def test_only_what_was_bought_has_come_back(counted: Counted, fulfilment: str) -> None:
    order = await bought.delivered()
    code = await _agreed(order, 2)
    (line,) = (await kept.by_code(code)).lines
    await receiving.receive(order["merchant"], code, {line.id: counted}, by="member:1")
    assert (await _now(order))[0] == fulfilment


async def test_counted_again_the_order_is_what_it_was(alice: AsyncClient) -> None:
    order = await bought.delivered()
    code = await _agreed(order, 2)
    (line,) = (await kept.by_code(code)).lines
    with pytest.raises(Refused):
        await receiving.recount(order["merchant"], code, {}, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    again = {line.id: Counted(missing=2)}
    with pytest.raises(Invalid):
        await receiving.recount(order["merchant"], code, {line.id: Counted(sound=3)}, by="member:1")
    await receiving.recount(order["merchant"], code, again, note="Only paper in it", by="member:2")
    await receiving.recount(order["merchant"], code, again, by="member:2")
    assert await _now(order) == ("delivered", "delivered")
    assert (await bought.told(code))[-2:] == ["return_received", "return_recounted"]
    text = (await alice.get(f"/returns/{code}")).text
    assert "2 not in the parcel" in text
    assert "Only paper in it" in text
    await settling.refund(order["merchant"], code, by="member:1")
    with pytest.raises(Refused):
        await receiving.recount(order["merchant"], code, {}, by="member:1")


async def test_the_source_speaking_again_takes_nothing_back() -> None:
    order = await bought.delivered()
    code = await _agreed(order, 2)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    about = await _same(order)
    (outcome,) = await ingest.record_all([builders.snapshot("1001", note="Ring twice", **about)], history=False)
    assert outcome.result == "updated"
    assert await _now(order) == ("partly_returned", "returned")


async def _same(order: Mapping[str, Any]) -> dict[str, Any]:
    """As `bought.delivered` had it taken in."""
    (parcel,) = await db.rows('SELECT * FROM shipments WHERE "order" = {}', order["id"])
    lines = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]
    said = {"status": "delivered", "carrier": "Colissimo", "tracking_number": "8R1"}
    when = {name: parcel[name] for name in ("shipped_at", "delivered_at")}
    contents = [LineQuantity(line=line.id, quantity=line.quantity) for line in lines]
    return {"placed_at": order["placed_at"], "lines": lines, "shipments": [Shipment(id="p1", lines=contents, **said, **when)]}
