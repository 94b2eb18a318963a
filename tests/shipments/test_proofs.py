"""Photos and signatures: kept privately, shown to nobody but the order's customer."""

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Invalid, Missing
from app.ingest.snapshot import Person, Shipment
from app.shipments import proofs
from tests import builders
from tests.builders import BOB

JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0 photo", b"\x89PNG\r\n\x1a\n ink", b"RIFF\x10\x00\x00\x00WEBP ink"


async def delivered(number: str = "1001", photo: bytes = JPEG, signature: bytes = PNG, **about: object) -> int:
    await builders.order(number, shipments=[Shipment(id="p", carrier="DHL", status="delivered")], **about)
    (row,) = await db.rows('SELECT p.id FROM shipments p JOIN orders o ON o.id = p."order" WHERE o.external_id = {}', number)
    names = proofs.keep(row["id"], "photo", photo), proofs.keep(row["id"], "signature", signature)
    await db.execute("UPDATE shipments SET proof_photo = {}, proof_signature = {} WHERE id = {}", *names, row["id"])
    return int(row["id"])


async def test_the_customer_sees_both_and_no_cache_keeps_them(alice: AsyncClient) -> None:
    parcel = await delivered()
    for kind, body, media_type in (("photo", JPEG, "image/jpeg"), ("signature", PNG, "image/png")):
        answer = await alice.get(f"/orders/1001/parcels/{parcel}/{kind}")
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, body, media_type)
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


async def _name(parcel: int) -> str:
    (row,) = await db.rows("SELECT proof_photo FROM shipments WHERE id = {}", parcel)
    return str(row["proof_photo"])


def test_what_is_kept_is_read_under_a_name_that_its_content_gives() -> None:
    assert proofs.keep(7, "photo", JPEG) == proofs.keep(7, "photo", JPEG) != proofs.keep(7, "photo", JPEG + b"!")
    assert proofs.read(proofs.keep(7, "signature", WEBP)) == (WEBP, "image/webp")
    assert (proofs.folder() / proofs.keep(7, "photo", JPEG)).stat().st_mode & 0o077 == 0
    assert list(proofs.folder().glob("*.part")) == []


@pytest.mark.parametrize("body", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"GIF89a", b"RIFF1234WAVE"])
def test_only_pictures_are_kept(body: bytes) -> None:
    with pytest.raises(Invalid):
        proofs.keep(1, "photo", body)


def test_no_picture_is_larger_than_it_need_be() -> None:
    with pytest.raises(Invalid):
        proofs.keep(1, "photo", JPEG + bytes(proofs.LARGEST))


@pytest.mark.parametrize("name", ["", "../secret_key", "1-photo-00.jpg", "1-photo-" + "0" * 32 + ".svg", "/etc/passwd"])
def test_no_other_file_is_read(name: str) -> None:
    with pytest.raises(Missing):
        proofs.read(name)
