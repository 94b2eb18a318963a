"""Conversations are taken away: one as JSON, PDF and on paper, all in a ZIP; notes by the desk alone."""

import io
import json
import time
import zipfile
from typing import Any

import pytest
from httpx import AsyncClient

from app import db, pdfs, press, reading
from app.i18n import Voice
from app.inbox import about, archive, documents, kept, posting, starting, whole
from app.inbox.posting import Said
from tests import builders
from tests.papers import sent_file

DESK = f"/desk/{builders.MO}/inbox"
NOTE = "She always writes twice"


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def code(client: AsyncClient, alice: int) -> str:
    """A question with a PDF, an answer, a note of the desk's; Alice is signed in."""
    client.cookies.update(await builders.session())
    said = Said(
        side="buyer", text="Où est-elle ? 🫖👩‍👩‍👧\nمرحبا <b>", author=alice, name="Alice Martin", files=[await sent_file()]
    )
    code = await starting.start(alice, await about.order(alice, (await builders.order())["address"]), said)
    merchant = (await kept.owned_by(alice, code)).merchant
    await posting.answer(merchant, code, Said(side="seller", text="On Tuesday", name="Mo"))
    await posting.answer(merchant, code, Said(side="note", text=NOTE, name="Mo"))
    return code


async def more(code: str, count: int) -> None:
    (row,) = await db.rows("SELECT id, last_at FROM threads WHERE code = {}", code)
    said = [
        {"thread": row["id"], "side": ("buyer", "seller")[n % 2], "author": None, "name": "N", "text": f"Number {n} of many",
         "via": "app", "event": "", "at": row["last_at"]}
        for n in range(count)
    ]  # fmt: skip
    await db.insert("messages", said)
    await db.execute("UPDATE threads SET message_count = message_count + {}", count)


async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com")
    client.cookies.clear()
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def test_one_is_taken_away_as_json_whole_and_without_notes(client: AsyncClient, code: str) -> None:
    await more(code, 450)
    got = await client.get(f"/inbox/{code}/conversation.json")
    assert got.headers["content-disposition"].startswith(f'attachment; filename="{code}.json"')
    found = json.loads(got.text)
    assert (found["format"], found["version"]) == ("comptoir-conversation", 1)
    assert found["conversation"]["code"] == code
    assert found["conversation"]["order_number"] == "1001"
    assert found["conversation"]["kept_until"]
    assert [len(found["messages"]), found["messages"][-1]["text"]] == [452, "Number 449 of many"]
    first = found["messages"][0]
    assert first["text"] == "Où est-elle ? 🫖👩‍👩‍👧\nمرحبا <b>"
    (file,) = first["files"]
    assert (await client.get(file["place"])).headers["content-type"] == "application/pdf"
    assert NOTE not in got.text


async def test_the_desk_takes_its_notes_along_and_no_address(client: AsyncClient, code: str) -> None:
    desk = await mo(client)
    got = await desk.get(f"{DESK}/{code}/conversation.json")
    assert NOTE in got.text
    assert builders.ALICE not in got.text
    assert json.loads(got.text)["conversation"]["customer"] == "Alice Martin"
    assert (await desk.get(f"{DESK}/{code}/conversation.pdf")).content.startswith(b"%PDF")
    page = (await desk.get(f"{DESK}/{code}/print")).text
    assert NOTE in page
    assert builders.ALICE not in page
    assert f"{DESK}/{code}/conversation.pdf" in (await desk.get(f"{DESK}/{code}")).text


async def test_who_gave_an_address_for_a_name_is_a_customer_to_the_desk_wherever_it_looks(
    client: AsyncClient, alice: int, code: str
) -> None:
    await db.execute("UPDATE customers SET name = {} WHERE id = {}", builders.ALICE, alice)
    await client.post(f"/inbox/{code}/messages", data={"text": "And the lid?"})
    assert "And the lid?" in (await client.get(f"/inbox/{code}")).text
    desk = await mo(client)
    for place in ("", f"/{code}", f"/{code}/print", f"/{code}/conversation.json"):
        page = await desk.get(f"{DESK}{place}")
        assert page.status_code == 200, place
        assert builders.ALICE not in page.text, place
    assert "A customer" in (await desk.get(f"{DESK}/{code}")).text


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_it_is_a_pdf_in_both_languages_with_any_letters(alice: int, code: str, locale: str) -> None:
    it, voice = await kept.owned_by(alice, code), Voice(locale)
    body = await documents.paper(it, voice)
    assert body.startswith(b"%PDF")
    pdfs.check(body)
    made = documents.document(it, await whole.all_of_it(it, notes=False), voice, "buyer")
    assert [said.side for said in made.messages] == ["mine", "theirs"]
    assert made.messages[0].text == ["Où est-elle ? 🫖👩‍👩‍👧", "مرحبا <b>"]
    assert made.messages[0].files == ["a.pdf (1 kB)"] if locale == "en" else made.messages[0].files == ["a.pdf (1 ko)"]
    assert NOTE not in str(made)


async def test_a_thousand_messages_are_a_paper_in_good_time(alice: int, code: str) -> None:
    await more(code, 1_000)
    before = time.monotonic()
    assert (await documents.paper(await kept.owned_by(alice, code), Voice("en"))).startswith(b"%PDF")
    assert time.monotonic() - before < 20


async def test_a_paper_that_would_be_endless_says_that_it_is_a_beginning(
    alice: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "MOST_SIGNS", 32)
    it = await kept.owned_by(alice, code)
    made = documents.document(it, await whole.all_of_it(it, notes=False), Voice("en"), "buyer")
    assert len(made.messages) == 1
    assert "This is its beginning" in made.cut
    press.pressed("conversation", made)


async def test_all_of_them_are_one_archive_that_can_be_opened(client: AsyncClient, alice: int, code: str) -> None:
    said = Said(side="buyer", text="And this one?", author=alice, name="Alice Martin")
    other = await starting.start(alice, await about.order(alice, (await builders.order("1002"))["address"]), said)
    got = await client.get("/inbox/conversations.zip")
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as found:
        assert found.testzip() is None
        names = found.namelist()
        assert {f"conversations/{one}.{kind}" for one in (code, other) for kind in ("json", "pdf")} <= set(names)
        (file,) = json.loads(found.read(f"conversations/{code}.json"))["messages"][0]["files"]
        assert file["place"] in names
        assert found.read(file["place"]).startswith(b"%PDF")
        assert len(names) == 5


async def test_no_more_of_a_long_one_is_read_than_goes_on_paper(alice: int, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await more(code, 30)
    read, real = list[int](), reading.texts

    async def counted(*args: Any, **named: Any) -> list[str]:
        found = await real(*args, **named)
        read.append(len(found))
        return found

    monkeypatch.setattr(whole, "MOST_SIGNS", 40)
    monkeypatch.setattr(whole, "BATCH", 5)
    monkeypatch.setattr(reading, "texts", counted)
    found = await whole.all_of_it(await kept.owned_by(alice, code), notes=False)
    assert (sum(len(one.text) for one in found.messages) <= 40, found.earlier) == (True, True)
    assert sum(read) < 15


async def test_all_of_it_again_and_again_is_refused_with_a_time_to_wait(client: AsyncClient, code: str) -> None:
    for _ in range(3):
        assert (await client.get("/inbox/conversations.zip")).status_code == 200
    refused = await client.get("/inbox/conversations.zip")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 60
    assert "You have just taken all of it away" in refused.text


async def test_no_name_of_a_file_leads_out_of_the_archive(alice: int, code: str) -> None:
    await db.execute("UPDATE message_files SET title = {}", "../../..\\etc/passwd")
    body = b"".join([part async for part in archive.as_zip(alice, Voice("en"))])
    with zipfile.ZipFile(io.BytesIO(body)) as found:
        (name,) = [name for name in found.namelist() if name.startswith("files/")]
    assert name.count("/") == 2
    assert "/.." not in name


async def test_the_page_for_paper_has_all_of_a_long_one(client: AsyncClient, code: str) -> None:
    await more(code, 1_000)
    page = (await client.get(f"/inbox/{code}/print")).text
    assert page.count('class="bubble ') == 1_002
    assert NOTE not in page
    assert "loading=" not in page.partition('class="bubbles"')[2], "a picture that waits to be seen is not on the paper"
    short = (await client.get(f"/inbox/{code}")).text
    assert f"All of it is at /inbox/{code}/print" in short
    assert f'href="/inbox/{code}/print"' in short


@pytest.mark.parametrize("what", ["conversation.json", "conversation.pdf", "print"])
async def test_a_strangers_conversation_does_not_exist(client: AsyncClient, code: str, what: str) -> None:
    assert (await client.get(f"/inbox/{code}/{what}")).status_code == 200
    client.cookies.clear()
    await builders.customer(builders.BOB)
    client.cookies.update(await builders.session(builders.BOB))
    assert (await client.get(f"/inbox/{code}/{what}")).status_code == 404
    with zipfile.ZipFile(io.BytesIO((await client.get("/inbox/conversations.zip")).content)) as found:
        assert found.namelist() == []
