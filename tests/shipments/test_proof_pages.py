"""Photos and signatures: kept privately, shown to nobody but the order's customer."""

import os
import time
from typing import Any

import pytest
from httpx import AsyncClient

from app import db, private_files
from app.ingest.snapshot import Person, Shipment
from app.shipments import proofs
from tests import builders
from tests.builders import BOB


async def delivered(number: str = "1001", **about: Any) -> int:
    await builders.order(number, shipments=[Shipment(id="p", carrier="DHL", status="delivered")], **about)
    (row,) = await db.rows('SELECT p.id FROM shipments p JOIN orders o ON o.id = p."order" WHERE o.external_id = {}', number)
    parcel = int(row["id"])
    for kind in ("photo", "signature"):
        private_files.write(proofs.folder(), f"{kind}-{parcel:032x}.webp", kind.encode())
        await db.execute(f"UPDATE shipments SET proof_{kind} = {{}} WHERE id = {{}}", f"{kind}-{parcel:032x}.webp", parcel)
    return parcel


async def test_the_customer_sees_both_and_no_cache_keeps_them(alice: AsyncClient) -> None:
    parcel = await delivered()
    for kind, body in (("photo", b"photo"), ("signature", b"signature")):
        answer = await alice.get(f"/orders/1001/parcels/{parcel}/{kind}")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, body, "image/webp")
        assert answer.headers["cache-control"] == "private, no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_strangers_photo_is_as_missing_as_one_that_never_was(alice: AsyncClient) -> None:
    his, hers = await delivered("B-1", customer=Person(email=BOB)), await delivered()
    nothing = await alice.get("/orders/B-2/parcels/1/photo")
    for path in (f"/orders/B-1/parcels/{his}/photo", f"/orders/1001/parcels/{his}/photo", f"/orders/B-1/parcels/{hers}/photo"):
        answer = await alice.get(path)
        assert answer.status_code == nothing.status_code == 404
        assert answer.content == nothing.content


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "2147483648", "x", "1.5", "%00"])
async def test_no_number_breaks_anything(alice: AsyncClient, number: str) -> None:
    await delivered()
    assert (await alice.get(f"/orders/1001/parcels/{number}/photo")).status_code == 404


async def test_a_parcel_without_a_photo_or_without_its_file_has_none(alice: AsyncClient) -> None:
    parcel = await delivered()
    (proofs.folder() / (await _name(parcel))).unlink()
    assert (await alice.get(f"/orders/1001/parcels/{parcel}/photo")).status_code == 404
    await db.execute("UPDATE shipments SET proof_photo = ''")
    assert (await alice.get(f"/orders/1001/parcels/{parcel}/photo")).status_code == 404


async def test_pictures_that_no_parcel_names_any_more_are_deleted_in_time(
    alice: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = await delivered()
    left, fresh = f"photo-{'a' * 32}.webp", f"photo-{'b' * 32}.webp"
    for name in (left, fresh):
        private_files.write(proofs.folder(), name, b"somebody's door")
    for name in (left, await _name(parcel)):
        os.utime(proofs.folder() / name, (time.time() - proofs.LEFT_ALONE - 60,) * 2)
    monkeypatch.setattr(proofs, "_due", 0.0)
    await proofs.forget()
    assert not (proofs.folder() / left).exists()
    assert (proofs.folder() / fresh).exists()
    assert (await alice.get(f"/orders/1001/parcels/{parcel}/photo")).status_code == 200


async def _name(parcel: int) -> str:
    (row,) = await db.rows("SELECT proof_photo FROM shipments WHERE id = {}", parcel)
    return str(row["proof_photo"])
