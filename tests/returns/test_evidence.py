"""Goods that are said to be sent: what counts as evidence of it, and a tracking number that is put right afterwards."""

from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.returns import asking, deciding, evidence, kept, receiving, sending, suggesting, withdrawals
from app.shipments import back
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking.taking import take
from tests import builders
from tests.returns import bought
from tests.returns.asking_steps import said

DESK = f"/desk/{builders.MO}/returns"


async def _sent(number: str = "", kind: str = "withdrawal", carrier: str = "My neighbour") -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    if kind == "withdrawal":
        code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    else:
        code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
        await deciding.approve(order["merchant"], code, by="member:1")
    await sending.sent(order["customer"], code, carrier=carrier, number=number, by="customer:1")
    return code, order


async def _desk(client: AsyncClient, code: str) -> str:
    await builders.member("mo@example.com", builders.MO, "owner")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return said((await client.get(f"{DESK}/{code}")).text)


async def _scanned(merchant: int, number: str) -> None:
    scan = ScanSnapshot(at=clock.now() - timedelta(hours=1), status="in_transit", id=number)
    await take(merchant, TrackingSnapshot(source="test", tracking_number=number, scans=[scan]))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("", "The customer says that it was sent, and gives no number"),
        ("6A12345678901", "The customer says that it was sent: its number is not scanned yet"),
    ],
)
async def test_a_word_or_an_unscanned_number_is_not_said_to_be_proof(alice: AsyncClient, number: str, text: str) -> None:
    code, order = await _sent(number)
    customers = said((await alice.get(f"/returns/{code}")).text)
    assert "Your proof is the carrier’s scan, or its receipt: add a photo of that." in customers
    desk = await _desk(alice, code)
    assert text in desk
    assert f"Said to be sent with: My neighbour {number}".strip() in desk
    assert "proven to be sent" not in desk
    if number:
        await _scanned(order["merchant"], number)
        assert "the goods are proven to be sent" in said((await alice.get(f"{DESK}/{code}")).text)


async def test_a_photo_that_is_added_afterwards_is_to_be_looked_at(alice: AsyncClient) -> None:
    code, _order = await _sent()
    (row,) = await db.rows("SELECT id FROM returns")
    file = {"line": None, "name": "x.jpg", "title": "Receipt", "media_type": "image/jpeg", "size": 1, "by_whom": "customer:1"}
    await db.insert("return_files", [{"of_return": row["id"], "at": clock.now() + timedelta(seconds=1), **file}])
    it = await kept.by_code(code)
    found = suggesting.suggested(it, Voice("en", "UTC"), await evidence.of(it))
    assert (found.decision, "a carrier’s receipt is evidence" in found.text) == ("look", True)
    assert "add a photo of that" not in said((await alice.get(f"/returns/{code}")).text)


@pytest.mark.parametrize(("kind", "locale"), [("withdrawal", "en"), ("return", "fr")])
async def test_a_mistyped_number_is_put_right_and_the_right_one_is_followed(alice: AsyncClient, kind: str, locale: str) -> None:
    code, order = await _sent("8R00000000001", kind)
    await db.execute("UPDATE customers SET locale = {} WHERE id = {}", locale, order["customer"])
    here = f"/returns/{code}/number"
    button = {"en": "Correct the tracking number", "fr": "Corriger le numéro de suivi"}[locale]
    page = (await alice.get(f"/returns/{code}")).text
    assert (button in page, f'href="{here}"' in page) == (True, True)
    form = (await alice.get(here)).text
    assert ('value="8R00000000001"' in form, 'value="My neighbour"' in form) == (True, True)
    assert (await alice.post(here, data={"carrier": "Colissimo", "number": " "})).status_code == 422
    done = await alice.post(here, data={"carrier": "Colissimo", "number": "8R00000000002"})
    assert (done.status_code, done.headers["location"]) == (303, f"/returns/{code}")
    it = await kept.by_code(code)
    parcel = await back.way(it.it.id)
    assert parcel is not None
    assert (parcel.carrier, parcel.tracking_number) == ("Colissimo", "8R00000000002")
    shown = unescape((await alice.get(f"/returns/{code}")).text)
    assert "Colissimo 8R00000000002" in shown
    assert {"en": "Tracking number corrected", "fr": "Numéro de suivi corrigé"}[locale] in shown


async def test_a_forgotten_number_is_added_until_it_is_there_and_by_nobody_else(alice: AsyncClient) -> None:
    code, order = await _sent(kind="return")
    here = f"/returns/{code}/number"
    assert "Add the tracking number" in (await alice.get(f"/returns/{code}")).text
    own = dict(alice.cookies)
    await builders.customer(builders.BOB, "Bob")
    alice.cookies.update(await builders.session(builders.BOB))
    assert [(await alice.get(here)).status_code, (await alice.post(here, data={"number": "8R1"})).status_code] == [404, 404]
    alice.cookies.update(own)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert here not in (await alice.get(f"/returns/{code}")).text
    assert (await alice.post(here, data={"carrier": "x", "number": "8R1"})).status_code == 409
