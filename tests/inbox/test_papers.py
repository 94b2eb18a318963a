"""PDFs with messages: taken from both sides as they are, handed over as downloads, refused when they would do something."""

from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db, waiting_files
from app.inbox import about, kept, starting
from app.inbox.files import SHELF
from app.inbox.posting import Said
from app.settings import settings
from tests import builders
from tests.merchants.at_desk import OWNER, hidden, with_app
from tests.papers import paper


@pytest.fixture
async def code(client: AsyncClient) -> str:
    alice = await builders.customer()
    client.cookies.update(await builders.session())
    said = Said(side="buyer", text="Here it is", author=alice, name="Alice Martin")
    return await starting.start(alice, await about.order(alice, (await builders.order())["address"]), said)


def form(body: bytes, called: str = "invoice.pdf") -> dict[str, tuple[str, bytes, str]]:
    return {"pictures": (called, body, "image/jpeg")}


async def test_a_pdf_is_a_row_in_the_bubble_and_a_download(client: AsyncClient, code: str) -> None:
    sent = await client.post(f"/inbox/{code}/messages", data={"text": ""}, files=form(paper(), "../../C:\\Reçu “1”.pdf"))
    assert sent.status_code == 303
    page = (await client.get(f"/inbox/{code}")).text
    assert 'class="sent-file"' in page
    assert "Reçu “1”.pdf" in page
    assert "kB" in page
    (row,) = await db.rows("SELECT id FROM message_files")
    got = await client.get(f"/inbox/{code}/files/{row['id']}")
    assert got.content == paper()
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"Re_u _1_.pdf\"; filename*=UTF-8''Re%C3%A7u%20%E2%80%9C1%E2%80%9D.pdf"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (paper(b"/OpenAction<</S/JavaScript/JS(1)>>"), "holds a program"),
        (paper(trailer=b"/Encrypt 7 0 R"), "is locked"),
        (paper() + b"<html>", "cannot be read"),
        (paper() + bytes(10 * 1024 * 1024), "too large"),
    ],
)
async def test_a_refused_pdf_says_why_and_loses_no_word(client: AsyncClient, code: str, body: bytes, said: str) -> None:
    answer = await client.post(f"/inbox/{code}/messages", data={"text": "Look at this"}, files=form(body))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Look at this</textarea>" in answer.text
    assert not SHELF.folder().exists() or not list(SHELF.folder().iterdir())


async def test_the_desk_sends_one_too_and_nobody_else_opens_it(client: AsyncClient, code: str) -> None:
    client.cookies.clear()
    await builders.member("mo@example.com")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    sent = await client.post(f"/desk/{builders.MO}/inbox/{code}/messages", data={"text": "The bill"}, files=form(paper()))
    assert sent.status_code == 303
    (row,) = await db.rows("SELECT id FROM message_files")
    assert (await client.get(f"/desk/{builders.MO}/inbox/{code}/files/{row['id']}")).content == paper()
    client.cookies.clear()
    await builders.customer(builders.BOB)
    client.cookies.update(await builders.session(builders.BOB))
    assert (await client.get(f"/inbox/{code}/files/{row['id']}")).status_code == 404
    assert (await kept.owned_by((await kept_customer(code)), code)).unread == 1


async def kept_customer(code: str) -> int:
    (row,) = await db.rows("SELECT customer FROM threads WHERE code = {}", code)
    number: int = row["customer"]
    return number


async def test_what_was_attached_at_the_desk_goes_along_when_the_factor_is_asked_for_in_between(
    client: AsyncClient, code: str
) -> None:
    where, hers = f"/desk/{builders.MO}/inbox/{code}/messages", dict(client.cookies)
    app = await with_app(await builders.member(OWNER), OWNER)
    client.cookies.clear()
    client.cookies.update(mos := await builders.session(OWNER, factor=True))
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        asked = await client.post(where, data={"text": "The label"}, files=form(paper(), "Label “1”.pdf"))
        assert asked.status_code == 403
        body = {**hidden(asked.text), "proof_authenticator": app.at(clock.now())}
        for who, place, sent in ((hers, f"/inbox/{code}/messages", {**body, "text": "Mine"}), (mos, "/account/proof", body)):
            client.cookies.clear()
            client.cookies.update(who)
            on = await client.post(place, data=sent)
        assert (on.status_code, on.headers["location"]) == (307, where)
        await client.post(where, data=body)
        page = (await client.get(where.removesuffix("/messages"))).text
    assert "The label" in page
    assert "Mine" in page
    assert page.count("Label “1”.pdf") == 1, "nobody else can send it"
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        await waiting_files.forget()
    assert not list((settings.data_dir / waiting_files.FOLDER).iterdir())
