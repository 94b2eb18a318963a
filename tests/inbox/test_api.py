"""Threads through the door for programs: a helpdesk reads, answers and tends its own merchant's, and nobody else's."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import time_machine
from PIL import Image

from app import clock, db
from app.inbox import about, kept, merging, posting, starting
from app.inbox.posting import Said
from app.merchants import members
from tests import builders
from tests.builders import MO, NIA
from tests.merchants.counter import program
from tests.papers import paper

THREADS = "/api/v1/threads"


@pytest.fixture
async def mo() -> AsyncIterator[httpx.AsyncClient]:
    async with await program(MO) as client:
        yield client


async def thread(number: str = "1001", text: str = "Where is it?") -> str:
    order = await builders.order(number)
    said = Said(side="buyer", text=text, author=order["customer"], name="Alice Martin")
    return await starting.start(order["customer"], await about.order(order["customer"], order["address"]), said)


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in answer.json().get("errors", [])}


async def said(mo: httpx.AsyncClient, code: str) -> list[tuple[str, str, str]]:
    found = (await mo.get(f"{THREADS}/{code}/messages")).json()["messages"]
    return [(one["side"], one["name"], one["text"]) for one in found]


def photo() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(body, "PNG")
    return body.getvalue()


async def test_a_thread_is_read_by_the_shops_own_order_id_and_tells_no_address_of_its_customer(mo: httpx.AsyncClient) -> None:
    code = await thread()
    answer = await mo.get(f"{THREADS}?waiting=seller&state=open&order=1001&kind=order")
    (one,) = answer.json()["threads"]
    assert (one["code"], one["order"], one["order_number"], one["waiting_on"]) == (code, "1001", "1001", "seller")
    assert (one["customer"], one["last_text"], one["closed_at"]) == ("Alice Martin", "Where is it?", None)
    assert (await mo.get(f"{THREADS}/{code}")).json() == one
    assert await said(mo, code) == [("buyer", "Alice Martin", "Where is it?")]
    assert builders.ALICE not in answer.text + (await mo.get(f"{THREADS}/{code}/messages")).text


async def test_who_gave_an_address_for_a_name_has_none_to_a_program(mo: httpx.AsyncClient) -> None:
    code = await thread()
    it = await kept.by_code(code)
    await db.execute("UPDATE customers SET name = {}", builders.ALICE)
    more = Said(side="buyer", text="And the lid?", author=it.customer, name=builders.ALICE)
    await posting.reply(it.customer, code, more)
    assert (await mo.get(f"{THREADS}/{code}")).json()["customer"] == ""
    assert (await said(mo, code))[-1] == ("buyer", "", "And the lid?")
    assert builders.ALICE not in (await mo.get(f"{THREADS}/{code}/messages")).text


async def test_the_list_goes_on_where_it_ended_and_begins_where_something_was_said_since(mo: httpx.AsyncClient) -> None:
    with time_machine.travel(clock.now() - timedelta(days=2), tick=False):
        codes = [await thread(str(n)) for n in range(1, 12)]
    with_page = {}
    for asked in ("waiting=buyer", "waiting=nobody", "state=closed", "order=nothing", "kind=question"):
        with_page[asked] = (await mo.get(f"{THREADS}?{asked}")).json()["threads"]
    assert set(map(len, with_page.values())) == {0}
    assert [one["code"] for one in (await mo.get(THREADS)).json()["threads"]] == codes
    two = (await mo.get(THREADS, params={"limit": "2"})).json()
    more = (await mo.get(THREADS, params={"limit": "9", "after": two["next"]})).json()
    assert [one["code"] for page in (two, more) for one in page["threads"]] == codes
    assert more["next"] == ""
    at = clock.now() - timedelta(days=1)
    await mo.post(f"{THREADS}/{codes[3]}/messages", json={"text": "Today"})
    answer = await mo.get(THREADS, params={"since": at.isoformat()})
    assert [one["code"] for one in answer.json()["threads"]] == [codes[3]]


async def test_what_was_said_in_the_minute_before_comes_again_as_it_may_have_been_kept_late(mo: httpx.AsyncClient) -> None:
    code = await thread()
    (one,) = (await mo.get(THREADS)).json()["threads"]
    at = datetime.fromisoformat(one["last_at"])
    for later, found in ((timedelta(seconds=59), [code]), (timedelta(seconds=61), [])):
        answer = await mo.get(THREADS, params={"since": (at + later).isoformat()})
        assert [one["code"] for one in answer.json()["threads"]] == found


@pytest.mark.skipif(db.ON_SQLITE, reason="there is one writer on SQLite")
async def test_a_program_that_reads_on_misses_nothing_that_was_written_at_the_same_time(mo: httpx.AsyncClient) -> None:
    slow = await thread("1001")
    bob = await builders.customer(builders.BOB, "Bob")
    about_mo, his = await about.merchant(MO), Said(side="buyer", text="Open on Sunday?", author=bob, name="Bob")
    alice, written, go = await builders.customer(), asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        async with db.transaction():
            await posting.reply(alice, slow, Said(side="buyer", text="Kept late", author=alice, name="Alice"))
            written.set()
            await go.wait()

    keeping = asyncio.create_task(slowly())
    await written.wait()
    await starting.start(bob, about_mo, his)
    since = max(one["last_at"] for one in (await mo.get(THREADS)).json()["threads"])
    go.set()
    await keeping
    found = (await mo.get(THREADS, params={"since": since})).json()["threads"]
    assert ("Kept late", slow) in [(one["last_text"], one["code"]) for one in found]


@pytest.mark.parametrize(
    "asked", ["kind=x", "waiting=x", "state=x", "since=yesterday", "after=x", "order=%00", "limit=0", "limit=51", "limit=x"]
)
async def test_nonsense_in_the_list_is_refused_by_name(mo: httpx.AsyncClient, asked: str) -> None:
    answer = await mo.get(f"{THREADS}?{asked}")
    assert (answer.status_code, list(errors(answer))) == (422, [f"/{asked.partition('=')[0]}"])


async def test_an_answer_reaches_its_customer_once_under_one_key(mo: httpx.AsyncClient) -> None:
    code = await thread()
    sent = {"text": "In blue", "name": "Jo", "close": True}
    first, again = [await mo.post(f"{THREADS}/{code}/messages", json=sent, headers={"Idempotency-Key": "k"}) for _ in "12"]
    assert (first.status_code, again.status_code, again.headers["idempotency-replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert first.json() | {"message": 0} == {"code": code, "waiting_on": "nobody", "closed": True, "message": 0}
    assert (await said(mo, code))[1:] == [("seller", "Jo", "In blue")]
    customer = await builders.customer()
    it = await kept.owned_by(customer, code)
    assert (it.unread, it.last_side) == (1, "seller")


async def test_the_code_of_a_thread_that_became_part_of_another_leads_a_program_on(mo: httpx.AsyncClient) -> None:
    gone, stays = await thread("1001", "One"), await thread("1002", "Two")
    await merging.merge(await builders.merchant(), stays, gone, by="member:1", member=1)
    assert (await mo.get(f"{THREADS}/{gone}")).json() == (await mo.get(f"{THREADS}/{stays}")).json()
    assert [text for _side, _name, text in await said(mo, gone) if text] == ["One", "Two"]


async def test_a_note_stays_at_the_desk(mo: httpx.AsyncClient) -> None:
    code = await thread()
    assert (await mo.post(f"{THREADS}/{code}/messages", json={"text": "A regular", "note": True})).status_code == 201
    assert (await said(mo, code))[1:] == [("note", "", "A regular")]
    it = await kept.owned_by(await builders.customer(), code)
    assert (it.unread, it.waiting_on) == (0, "seller")


async def test_it_is_closed_opened_again_seen_and_assigned_and_the_events_name_the_program(mo: httpx.AsyncClient) -> None:
    code = await thread()
    merchant, agent = await builders.merchant(), await builders.customer("jo@example.com")
    await members.add(merchant, "jo@example.com", "agent", by=None)
    assert (await mo.post(f"{THREADS}/{code}/closing", json={})).json()["closed"]
    assert not (await mo.post(f"{THREADS}/{code}/opening")).json()["closed"], "nothing needs to be said with it"
    assert (await mo.post(f"{THREADS}/{code}/reading", json={})).status_code == 200
    assert (await mo.post(f"{THREADS}/{code}/assignment", json={"agent": "Jo@example.com"})).status_code == 200
    one = (await mo.get(f"{THREADS}/{code}")).json()
    assert (one["assigned"], one["closed_at"]) == ("jo@example.com", None)
    it = await kept.owned_by(await builders.customer(), code)
    assert (it.desk_seen, agent > 0) == (it.last_message, True)
    asked = await posting.reply(it.customer, code, Said(side="buyer", text="And the lid?", author=it.customer, name="Alice"))
    assert (await mo.post(f"{THREADS}/{code}/reading", json={"until": it.last_message})).status_code == 200
    assert (await kept.owned_by(it.customer, code)).desk_seen == it.last_message < asked, "what the program had shown"
    answer = await mo.post(f"{THREADS}/{code}/assignment", json={"agent": "nia@example.com"})
    assert errors(answer) == {"/agent": "nobody of that address works at this desk"}
    told = await db.rows("SELECT kind, data FROM events WHERE kind LIKE 'thread_%' ORDER BY id")
    assert [row["kind"] for row in told] == ["thread_started", "thread_closed", "thread_opened", "thread_assigned"]
    assert all('"by":"program:' in row["data"].replace(" ", "") for row in told[1:])


async def test_papers_go_up_too_and_only_what_is_one(mo: httpx.AsyncClient) -> None:
    code = await thread()
    headers = {"Content-Type": "application/pdf"}
    sent = await mo.post(f"{THREADS}/{code}/uploads", params={"title": "terms.pdf"}, content=paper(), headers=headers)
    assert (sent.status_code, sent.json()["media_type"]) == (201, "application/pdf")
    acts = paper(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
    assert (await mo.post(f"{THREADS}/{code}/uploads", content=acts, headers=headers)).status_code == 422


async def test_pictures_go_up_with_a_message_and_come_down(mo: httpx.AsyncClient) -> None:
    code = await thread()
    sent = await mo.post(
        f"{THREADS}/{code}/uploads", params={"title": "lid.png"}, content=photo(), headers={"Content-Type": "image/png"}
    )
    assert (sent.status_code, sent.json()["title"]) == (201, "lid.png")
    upload = {"files": [sent.json()["upload"]]}
    assert (await mo.post(f"{THREADS}/{code}/messages", json=upload)).status_code == 201
    message = (await mo.get(f"{THREADS}/{code}/messages")).json()["messages"][1]
    (file,) = message["files"]
    found = await mo.get(file["url"])
    assert (found.headers["content-type"], found.content[8:12], found.headers["cache-control"]) == (
        "image/webp",
        b"WEBP",
        "private, no-store",
    )
    assert list(errors(await mo.post(f"{THREADS}/{code}/messages", json=upload))) == ["/files"], "it is with a message already"
    other = await thread("1002")
    assert list(errors(await mo.post(f"{THREADS}/{other}/messages", json=upload))) == ["/files"]
    broken = await mo.post(f"{THREADS}/{code}/uploads", content=b"<svg/>", headers={"Content-Type": "image/png"})
    assert broken.status_code == 422
    assert (await mo.post(f"{THREADS}/{code}/uploads", content=b"x", headers={"Content-Type": "text/html"})).status_code == 415


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [({}, "/text"), ({"text": "x" * 100_001}, "/text"), ({"text": "a\0"}, "/text"), ({"text": "a", "name": "x" * 81}, "/name"),
     ({"text": "a", "files": ["x"]}, "/files"), ({"text": "a", "html": "<b>"}, "/html")],
)  # fmt: skip
async def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_kept(
    mo: httpx.AsyncClient, sent: dict[str, Any], pointer: str
) -> None:
    code = await thread()
    answer = await mo.post(f"{THREADS}/{code}/messages", json=sent, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, list(errors(answer))) == (422, [pointer])
    assert len(await said(mo, code)) == 1
    assert (
        await mo.post(f"{THREADS}/{code}/messages", json={"text": "a"}, headers={"Idempotency-Key": "k"})
    ).status_code == 201


async def test_another_merchants_thread_does_not_exist(mo: httpx.AsyncClient) -> None:
    code = await thread()
    await builders.merchant(NIA)
    async with await program(NIA) as nia:
        for path in ("", "/messages", "/files/1"):
            assert (await nia.get(f"{THREADS}/{code}{path}")).status_code == 404
        for path in ("messages", "closing", "opening", "reading", "assignment", "uploads"):
            strangers = await nia.post(f"{THREADS}/{code}/{path}", json={"text": "a"})
            never = await nia.post(f"{THREADS}/T-00000000/{path}", json={"text": "a"})
            assert (strangers.status_code, strangers.content) == (404, never.content)
        assert (await nia.get(THREADS)).json() == {"threads": [], "next": ""}


async def test_long_threads_are_read_from_the_newest_back(mo: httpx.AsyncClient) -> None:
    code = await thread(text="0")
    merchant = await builders.merchant()
    for n in range(1, 35):
        await posting.answer(merchant, code, Said(side="seller", text=str(n)))
    newest = (await mo.get(f"{THREADS}/{code}/messages")).json()
    before = (await mo.get(f"{THREADS}/{code}/messages", params={"before": newest["before"]})).json()
    assert [one["text"] for one in [*before["messages"], *newest["messages"]]] == [str(n) for n in range(35)]
    assert before["before"] == 0
    late = (await mo.get(f"{THREADS}/{code}/messages", params={"before": db.MOST_ID})).json()
    assert late["messages"] == newest["messages"], "an id of ten digits is one, too"
    for nonsense in ("x", "9999999999", "²"):
        assert (await mo.get(f"{THREADS}/{code}/messages", params={"before": nonsense})).status_code == 422
