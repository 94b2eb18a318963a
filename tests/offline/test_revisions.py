"""Every verb that changes what a customer sees of an order says so on the order: a phone asks for what changed since."""

import io
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from PIL import Image

from app import clock, db
from app.ingest import actions as ingest
from app.ingest.snapshot import Amendment, OrderSnapshot, Person, Refund
from app.orders import actions, invoices, refund_steps, refunding
from app.orders.refunding import Wanted
from app.shipments import adding, missing, overdue, proofs
from app.shipments.actions import take
from app.shipments.snapshot import Content, ScanSnapshot, TrackingSnapshot
from tests import builders
from tests.builders import BOB, MO
from tests.shipments.parcels import shipment

ADDRESS, NUMBER = "1001", "6A00000000001"
Verb = Callable[[], Awaitable[object]]


async def _row() -> db.Row:
    return (await db.rows("SELECT * FROM orders WHERE external_id = {}", ADDRESS))[0]


async def _parcel() -> int:
    return int((await db.rows("SELECT id FROM shipments WHERE tracking_number = {}", NUMBER))[0]["id"])


async def archived() -> None:
    await actions.put_away((await _row())["customer"], ADDRESS, archived=True)


async def invoiced() -> None:
    await invoices.keep((await _row())["id"], b"%PDF-1.7\n")


async def scanned() -> None:
    scan = ScanSnapshot(at=clock.now() - timedelta(hours=1), status="out_for_delivery", words="Out")
    await take(await builders.merchant(), TrackingSnapshot(source="test", tracking_number=NUMBER, scans=[scan]))


async def added() -> None:
    await adding.add(await builders.merchant(), ADDRESS, "6A00000000077", [Content(line="2", quantity=1)], "Colissimo")


async def proved() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    await proofs.keep(await builders.merchant(), NUMBER, "photo", picture.getvalue())


async def reported() -> None:
    await missing.report((await _row())["customer"], ADDRESS, await _parcel(), what="delivered_not_here", note="")


async def marked() -> None:
    await db.execute("UPDATE shipments SET delivered_at = NULL, status = 'in_transit'")
    await overdue.mark(await _parcel(), "silent", told=False)


async def replaced() -> None:
    await ingest.record(snapshot(note="Leave it at the door, please"))


async def amended() -> None:
    await ingest.record_all([Amendment(source="test", merchant=MO, external_id=ADDRESS, refunds=[Refund(id="r1", amount=500)])])


def snapshot(**about: Any) -> OrderSnapshot:
    lines = [builders.line(), builders.line("2", title="Cup", quantity=2)]
    sent = shipment(status="delivered", delivered_at=clock.now() - timedelta(days=1))
    return builders.snapshot(ADDRESS, lines=lines, shipments=[sent], placed_at=clock.now() - timedelta(days=4), **about)


async def paid_back() -> None:
    (made,) = await refunding.request((await _row())["id"], Wanted(amount=500), by="member:1", approved=True)
    await refund_steps.record_reference(made, "SEPA 1", by="member:1")


VERBS: list[Verb] = [archived, invoiced, scanned, added, proved, reported, marked, replaced, amended, paid_back]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
async def test_what_changes_an_orders_page_raises_its_revision(alice: AsyncClient, verb: Verb) -> None:
    """Its own, to its customer's new one; that of no other order of theirs."""
    await builders.order("1002")
    await ingest.record(snapshot())
    page, before = (await alice.get("/orders/1001")).text, await _row()
    other = await db.one("SELECT revision FROM orders WHERE external_id = '1002'")
    await verb()
    after = await _row()
    assert (await alice.get("/orders/1001")).text != page
    whose = await db.one("SELECT revision FROM customers WHERE id = {}", after["customer"])
    assert whose is not None
    assert after["revision"] > before["revision"]
    assert after["revision"] <= whose["revision"]
    assert await db.one("SELECT revision FROM orders WHERE external_id = '1002'") == other


async def test_a_new_order_is_newer_than_what_was_there() -> None:
    first, second = await builders.order("1"), await builders.order("2")
    assert 0 < first["revision"] < second["revision"]


async def test_an_order_that_goes_to_somebody_else_is_new_to_them() -> None:
    await builders.customer(BOB, revision=40)
    await builders.order(ADDRESS)
    await builders.order(ADDRESS, customer=Person(email=BOB, name="Bob"))
    assert (await _row())["revision"] == 41


async def test_news_of_one_number_in_two_orders_is_news_of_both() -> None:
    for n in ("1001", "1002"):
        await builders.order(n, shipments=[shipment()], placed_at=clock.now() - timedelta(days=3))
    before = {row["id"]: row["revision"] for row in await db.rows("SELECT id, revision FROM orders")}
    await scanned()
    after = {row["id"]: row["revision"] for row in await db.rows("SELECT id, revision FROM orders")}
    assert all(after[number] > revision for number, revision in before.items())


WRITES = ("UPDATE orders SET", "UPDATE shipments SET", 'insert("shipments"', 'insert("scans"', 'insert("orders"')
# Written inside of verbs that are tried above, or not to be seen.
INSIDE = {
    "ingest/update.py", "shipments/order_summaries.py", "shipments/scans.py", "orders/revisions.py", "ingest/batch.py",
    "orders/refunded.py", "shipments/back.py", "returns/cancelling.py",
}  # fmt: skip


def test_no_other_module_writes_what_an_order_shows() -> None:
    """Whoever does belongs among the verbs above, and says so on the order."""
    app = Path(__file__).parents[2] / "app"
    found = {path.relative_to(app).as_posix() for path in app.rglob("*.py") if any(it in path.read_text() for it in WRITES)}
    say = {name for name in found if "revisions.changed(" in (app / name).read_text()}
    assert found == say | INSIDE
