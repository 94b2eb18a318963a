"""The merchant's own invoice: put by a program, kept whole, read back for the customer."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from app import db, private_files
from app.errors import Missing
from app.orders import invoices
from tests import builders
from tests.builders import ALICE, NIA
from tests.merchants.counter import LARGEST_BODY, program

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
HEADERS = {"Content-Type": "application/pdf"}
INVOICE = "/api/v1/orders/1001/invoice"


@pytest.fixture
async def mo() -> AsyncIterator[httpx.AsyncClient]:
    shutil.rmtree(invoices.folder(), ignore_errors=True)
    async with await program() as client:
        yield client


async def put(client: httpx.AsyncClient, pdf: bytes = PDF, address: str = INVOICE) -> httpx.Response:
    return await client.put(address, content=pdf, headers=HEADERS)


async def row() -> db.Row:
    return (await db.rows("SELECT id, invoice_file FROM orders"))[0]


async def events() -> list[db.Row]:
    return list(await db.rows("SELECT * FROM events WHERE kind = 'invoice_added'"))


async def revision() -> int:
    return (await db.rows("SELECT revision FROM customers WHERE email = {}", ALICE))[0]["revision"]


async def test_an_invoice_is_kept_and_read_back(mo: httpx.AsyncClient) -> None:
    order = await builders.order()
    before = await revision()
    answer = await put(mo)
    assert (answer.status_code, answer.content) == (204, b"")
    assert invoices.read((await row())["invoice_file"]) == PDF
    assert (await row())["invoice_file"].startswith(f"{order['id']}-")
    assert await revision() == before + 1
    told = await events()
    assert [(event["order"], event["customer"], event["merchant"]) for event in told] == [
        (order["id"], order["customer"], order["merchant"])
    ]
    back = await mo.get(INVOICE)
    assert (back.content, back.headers["content-type"]) == (PDF, "application/pdf")


async def test_the_same_invoice_again_changes_nothing(mo: httpx.AsyncClient) -> None:
    await builders.order()
    await put(mo)
    before = await revision()
    assert (await put(mo)).status_code == 204
    assert (await revision(), len(await events())) == (before, 1)


async def test_no_transaction_waits_for_the_disk(mo: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    order, write, seen = await builders.order(), private_files.write, []

    def watched(folder: Path, name: str, body: bytes) -> None:  # in a thread, with the context of who asked for it
        seen.append(db.ENGINE.current_transaction.get())
        write(folder, name, body)

    monkeypatch.setattr(private_files, "write", watched)
    await invoices.keep(order["id"], PDF)
    assert (seen, invoices.read((await row())["invoice_file"])) == ([None], PDF)


async def test_a_corrected_invoice_takes_its_place_and_the_former_one_stays_on_file(mo: httpx.AsyncClient) -> None:
    await builders.order()
    await put(mo)
    await put(mo, PDF + b"corrected")
    assert invoices.read((await row())["invoice_file"]) == PDF + b"corrected"
    assert len(await events()) == 2
    assert {path.read_bytes() for path in invoices.folder().iterdir()} == {PDF, PDF + b"corrected"}


async def test_an_update_of_the_order_keeps_its_invoice(mo: httpx.AsyncClient) -> None:
    await builders.order()
    await put(mo)
    await builders.order(note="changed")
    assert invoices.read((await row())["invoice_file"]) == PDF


async def test_ten_at_once_are_told_once(mo: httpx.AsyncClient) -> None:
    await builders.order()
    answers = await asyncio.gather(*(put(mo) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {204}
    assert len(await events()) == 1
    assert [path.read_bytes() for path in invoices.folder().iterdir()] == [PDF]


@pytest.mark.parametrize("body", [b"", b"%PDF", b" %PDF-1.7", b"PK\x03\x04", b"<html>%PDF-"])
async def test_what_is_no_pdf_is_refused(mo: httpx.AsyncClient, body: bytes) -> None:
    await builders.order()
    answer = await put(mo, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "")
    assert ((await row())["invoice_file"], invoices.folder().exists()) == ("", False)


async def test_another_media_type_and_a_larger_file_are_refused(mo: httpx.AsyncClient) -> None:
    await builders.order()
    typed = await mo.put(INVOICE, content=PDF, headers={"Content-Type": "application/json"})
    assert typed.status_code == 415
    assert (await put(mo, PDF.ljust(LARGEST_BODY))).status_code == 204
    assert (await put(mo, PDF.ljust(LARGEST_BODY + 1))).status_code == 413


async def test_an_order_that_is_not_there_or_anothers_takes_none(mo: httpx.AsyncClient) -> None:
    await builders.order()
    async with await program(NIA) as nia:
        foreign, never = await put(nia), await put(nia, address="/api/v1/orders/never/invoice")
        assert (foreign.status_code, foreign.content) == (404, never.content)
        assert (await nia.get(INVOICE)).status_code == 404
    assert (await row())["invoice_file"] == ""


async def test_an_order_without_one_has_none_to_read(mo: httpx.AsyncClient) -> None:
    await builders.order()
    assert (await mo.get(INVOICE)).status_code == 404
    with pytest.raises(Missing):
        invoices.read((await row())["invoice_file"])


@pytest.mark.parametrize("name", ["../secret_key", "1-../../x.pdf", "/etc/passwd", "1-" + "a" * 32 + ".pdf"])
async def test_only_names_of_our_own_are_read(name: str) -> None:
    with pytest.raises(Missing):
        invoices.read(name)


async def test_ids_with_a_slash_have_invoices_too(mo: httpx.AsyncClient) -> None:
    await builders.order("A/1")
    assert (await put(mo, address="/api/v1/orders/A%2F1/invoice")).status_code == 204
    assert (await mo.get("/api/v1/orders/A%2F1/invoice")).content == PDF


async def test_invoice_and_order_put_at_once_do_not_lock_each_other_out(mo: httpx.AsyncClient) -> None:
    await builders.order()
    puts = []
    for n in range(10):
        order = builders.snapshot(note=str(n))
        puts.append(
            mo.put("/api/v1/orders/1001", content=msgspec.json.encode(order), headers={"Content-Type": "application/json"})
        )
        puts.append(put(mo, PDF + str(n).encode()))
    answers = await asyncio.gather(*puts)
    assert {answer.status_code for answer in answers} == {200, 204}
    assert len(await events()) == 10
