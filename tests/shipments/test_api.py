"""Programs bring news of parcels: what is right lands once, what is not is refused with every reason."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from PIL import Image

from app import clock, db
from app.accounts import customers
from app.ingest.snapshot import Person
from app.shipments import proofs
from tests import builders
from tests.conftest import PLACE
from tests.merchants.counter import program
from tests.shipments.steps import NUMBER, order, parcel, shipment, told

ADDRESS = f"/api/v1/shipments/{builders.MO}/{NUMBER}"
SCAN = {
    "at": "2026-11-04T09:12:00+01:00",
    "status": "out_for_delivery",
    "words": "En livraison",
    "place": "Lyon",
    "country": "FR",
}


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return {one["pointer"]: one["detail"] for one in answer.json().get("errors", [])}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


async def test_what_is_known_of_a_parcel_is_put_and_read_back() -> None:
    await parcel()
    body = {
        "scans": [SCAN, {"at": "2026-11-04T07:00:00", "status": "in_transit", "id": "a"}],
        "estimated_to": "2026-11-04T12:00:00Z",
    }
    async with await program() as mo:
        put = await mo.put(ADDRESS, json=body)
        assert (put.status_code, put.json()) == (200, {"tracking_number": NUMBER, "result": "updated", "scans": 2})
        assert (await mo.put(ADDRESS, json=body)).json()["result"] == "unchanged"
        (kept,) = (await mo.get(ADDRESS)).json()["parcels"]
    assert (kept["order"], kept["status"], kept["lines"]) == ("1001", "out_for_delivery", [{"line": "1", "quantity": 1}])
    assert [scan.get("id", "") for scan in kept["scans"]] == ["a", ""]
    assert kept["estimated_to"] == "2026-11-04T12:00:00Z"


async def test_scans_come_one_by_one_or_together() -> None:
    await parcel()
    async with await program() as mo:
        assert (await mo.post(f"{ADDRESS}/scans", json=SCAN)).json()["scans"] == 1
        later = SCAN | {"at": "2026-11-04T10:00:00Z", "status": "delivered"}
        assert (await mo.post(f"{ADDRESS}/scans", json=[later, SCAN, later])).json()["scans"] == 1
    assert (await order())["stage"] == "delivered"


async def test_every_bad_field_is_named() -> None:
    await parcel()
    bad = {
        "at": "yesterday", "status": "lost", "country": "Fr", "latitude": 91, "longitude": "x", "colour": 1, "code": "c" * 81,
    }  # fmt: skip
    async with await program() as mo:
        one = await mo.put(ADDRESS, json={"scans": [SCAN, bad], "pickup": {}, "lines": [{"line": "1", "quantity": 1}]})
        several = await mo.post(f"{ADDRESS}/scans", json=[SCAN, SCAN | {"at": "0001-01-01T00:00:00"}])
        alone = await mo.post(f"{ADDRESS}/scans", json=SCAN | {"words": "a\0"})
        broken = await mo.post(f"{ADDRESS}/scans", content=b'{"at"', headers={"Content-Type": "application/json"})
        text = await mo.put(ADDRESS, content=b"{}", headers={"Content-Type": "text/plain"})
    assert (one.status_code, broken.status_code, text.status_code) == (422, 400, 415)
    assert set(errors(one)) == {
        "/scans/1/at", "/scans/1/status", "/scans/1/country", "/scans/1/latitude", "/scans/1/longitude", "/scans/1/colour",
        "/scans/1/code", "/pickup/name", "/order",
    }  # fmt: skip
    assert (set(errors(several)), set(errors(alone)), set(errors(broken))) == ({"/1/at"}, {"/words"}, {""})
    assert (await shipment())["scanned_at"] is None


async def test_what_is_said_to_have_happened_in_the_future_is_refused() -> None:
    """But for a day: clocks are wrong, and zones are not said. It is kept as of now then."""
    await parcel()
    soon, never = clock.now() + timedelta(hours=20), "2090-01-01T00:00:00"
    async with await program() as mo:
        one = await mo.post(f"{ADDRESS}/scans", json=SCAN | {"at": never})
        put = await mo.put(ADDRESS, json={"scans": [SCAN | {"at": f"{never}Z"}], "said_at": never, "estimated_to": never})
        assert (await shipment())["scanned_at"] is None
        taken = await mo.post(f"{ADDRESS}/scans", json=SCAN | {"at": soon.isoformat()})
    assert (one.status_code, errors(one)) == (422, {"/at": "in the future"})
    assert (put.status_code, set(errors(put))) == (422, {"/scans/0/at", "/said_at"})
    assert taken.status_code == 200
    assert (await shipment())["scanned_at"] <= clock.now()


async def test_a_parcel_is_added_to_its_order() -> None:
    await builders.order(lines=[builders.line("1", quantity=3), builders.line("2")])
    body = {"order": "1001", "carrier": "UPS", "lines": [{"line": "1", "quantity": 2}], "scans": [SCAN]}
    async with await program() as mo:
        assert (await mo.put(ADDRESS, json=body)).status_code == 201
        assert (await mo.put(ADDRESS, json=body)).json()["result"] == "unchanged"
        more = await mo.put(
            f"{ADDRESS}9", json={"order": "1001", "lines": [{"line": "1", "quantity": 2}, {"line": "3", "quantity": 1}]}
        )
        assert (await mo.put(f"{ADDRESS}9", json={"order": "1001", "lines": [{"line": "1", "quantity": 1}]})).status_code == 201
        unknown = await mo.put(f"{ADDRESS}8", json={"scans": [SCAN]})
        nowhere = await mo.put(f"{ADDRESS}8", json={"order": "1002", "scans": [SCAN]})
    assert errors(more) == {"/lines/0/quantity": "more than are left to send: 1", "/lines/1/line": "there is no line “3”"}
    assert (unknown.status_code, nowhere.status_code) == (404, 404)
    assert (await order())["fulfilment"] == "partly_shipped"
    assert await told() == ["shipment_dispatched", "shipment_out_for_delivery", "shipment_dispatched"]


async def test_the_shops_next_word_does_not_call_off_what_a_program_added() -> None:
    made = builders.snapshot(note="before")
    await builders.order()
    async with await program() as mo:
        await mo.put(ADDRESS, json={"order": "1001", "scans": [SCAN]})
        again = msgspec.to_builtins(msgspec.structs.replace(made, note="after"))
        assert (await mo.put("/api/v1/orders/1001", json=again)).json()["result"] == "updated"
        assert ((await shipment())["state"], (await shipment())["status"]) == ("dispatched", "out_for_delivery")
        again["shipments"] = [{"id": "F1", "tracking_number": NUMBER.lower()}]
        await mo.put("/api/v1/orders/1001", json=again)
    states = {row["external_id"]: row["state"] for row in await db.rows("SELECT external_id, state FROM shipments")}
    assert states == {f"tracking:{NUMBER}": "cancelled", "F1": "dispatched"}


@pytest.mark.parametrize("method", ["put", "get"])
async def test_another_merchants_parcel_does_not_exist(method: str) -> None:
    await parcel()
    options = {} if method == "get" else {"json": {"scans": [SCAN]}}
    async with await program(builders.NIA) as nia:
        mine = await nia.request(method, ADDRESS, **options)
        theirs = await nia.request(method, ADDRESS.replace(builders.MO, builders.NIA), **options)
    assert (mine.status_code, theirs.status_code) == (404, 404)
    assert mine.content == theirs.content


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
async def test_a_proof_is_made_anew_and_kept_privately(kind: str, media_type: str) -> None:
    await parcel()
    about = Image.Exif()
    about[0x010E] = "at 45.76, 4.84"
    sent = picture(kind, (3000, 100), exif=about) + b"<script>"
    async with await program() as mo:
        for _ in range(2):
            put = await mo.put(f"{ADDRESS}/proof/photo", content=sent, headers={"Content-Type": media_type})
            assert put.status_code == 204
        assert (await mo.get(ADDRESS)).json()["parcels"][0]["photo"] is True
    kept = proofs.read((await shipment())["proof_photo"])
    assert b"45.76" not in kept
    assert b"script" not in kept
    with Image.open(io.BytesIO(kept)) as found:
        assert (found.format, found.size) == ("WEBP", (1600, 53))
    (file,) = (PLACE / "proofs").iterdir()
    assert file.stat().st_mode & 0o077 == 0


async def test_a_proof_that_is_replaced_is_gone() -> None:
    await parcel()
    async with await program() as mo:
        for size in ((10, 10), (20, 20)):
            await mo.put(f"{ADDRESS}/proof/signature", content=picture("PNG", size), headers={"Content-Type": "image/png"})
    names = [file.name for file in Path(proofs.folder()).iterdir() if file.name.startswith("signature-")]
    assert names == [(await shipment())["proof_signature"]]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"", "image/jpeg", 422), (b"GIF89a", "image/png", 422), (picture()[:300], "image/jpeg", 422),
        (picture("GIF"), "image/png", 422), (picture("PNG", (8000, 8000)), "image/png", 422), (picture(), "image/gif", 415),
    ],
)  # fmt: skip
async def test_what_is_no_picture_is_refused(body: bytes, media_type: str, status: int) -> None:
    await parcel()
    async with await program() as mo:
        answer = await mo.put(f"{ADDRESS}/proof/photo", content=body, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert (await shipment())["proof_photo"] == ""


async def test_a_proof_of_no_parcel_is_missing() -> None:
    async with await program() as mo:
        answer = await mo.put(f"{ADDRESS}/proof/photo", content=picture(), headers={"Content-Type": "image/jpeg"})
    assert answer.status_code == 404


async def test_all_whose_parcels_have_the_number_are_locked_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """As everybody does who locks several: else two would wait for each other."""
    hers = await parcel()
    his = await builders.order("1002", customer=Person(email=builders.BOB))
    locked: list[int] = []
    lock = customers.lock

    async def noted(customer: int, *, wait: bool = True) -> None:
        locked.append(customer)
        await lock(customer, wait=wait)

    monkeypatch.setattr(customers, "lock", noted)
    async with await program() as mo:
        assert (await mo.put(ADDRESS, json={"order": "1002", "scans": [SCAN]})).status_code == 201
    assert locked[:2] == sorted((hers["customer"], his["customer"]))
