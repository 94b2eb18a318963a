"""Threads between Alice and Mo: beginning one, writing on, whose turn it is, and what nobody else gets to see."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from msgspec.structs import replace

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.inbox import about, kept, posting, putting, starting
from app.inbox.posting import Said
from tests import builders


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


def hers(text: str, alice: int) -> Said:
    return Said(side="buyer", text=text, author=alice, name="Alice Martin")


def his(text: str, **more: Any) -> Said:
    return Said(side="seller", text=text, name="Mo", **more)


async def thread(alice: int, text: str = "Where is it?", **about_it: Any) -> str:
    order = await builders.order(**about_it)
    return await starting.start(alice, await about.order(alice, order["address"]), hers(text, alice))


async def messages(code: str) -> list[tuple[str, str]]:
    sql = "SELECT m.side, m.text FROM messages m JOIN threads t ON t.id = m.thread WHERE t.code = {} ORDER BY m.id"
    return [(row["side"], row["text"]) for row in await db.rows(sql, code)]


async def test_a_thread_begins_at_an_order_and_waits_for_the_seller(alice: int) -> None:
    code = await thread(alice)
    it = await kept.owned_by(alice, code)
    assert (it.kind, it.order_number, it.waiting_on, it.unread, it.message_count) == ("order", "1001", "seller", 0, 1)
    assert it.titles == "Teapot “Brume”"
    assert it.due_at is not None
    assert it.waiting_since is not None
    assert await messages(code) == [("buyer", "Where is it?")]


async def test_whose_turn_it_is_goes_back_and_forth_and_the_first_question_counts(alice: int) -> None:
    code = await thread(alice)
    merchant = (await kept.owned_by(alice, code)).merchant
    since = (await kept.owned_by(alice, code)).waiting_since
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        await posting.reply(alice, code, hers("Hello?", alice))
        it = await kept.owned_by(alice, code)
        assert it.waiting_since == since, "a second message does not begin the time anew"
        await posting.answer(merchant, code, his("On Tuesday."))
    it = await kept.owned_by(alice, code)
    assert (it.waiting_on, it.unread, it.waiting_since, it.due_at) == ("buyer", 1, None, None)
    assert it.first_reply_at is not None
    assert it.last_side == "seller"
    await posting.reply(alice, code, replace(hers("Thanks. And the lid?", alice), until=it.last_message))
    it = await kept.owned_by(alice, code)
    assert (it.waiting_on, it.unread, it.message_count) == ("seller", 0, 4), "who answers has read what they answer"


async def test_each_message_is_an_event_that_tells_no_words(alice: int) -> None:
    code = await thread(alice, "My secret is 4711")
    row = (await db.rows("SELECT * FROM events WHERE kind = 'message_posted'"))[0]
    assert row["customer"] == alice
    assert code in row["data"]
    assert "4711" not in row["data"]


async def test_what_the_customer_sees_is_raised_with_each_message_and_never_with_a_note(alice: int) -> None:
    code = await thread(alice)
    before = await db.one("SELECT c.revision, t.revision AS own FROM customers c JOIN threads t ON t.customer = c.id")
    assert before is not None
    assert before["revision"] == before["own"]
    merchant = (await kept.owned_by(alice, code)).merchant
    await posting.answer(merchant, code, Said(side="note", text="She is nice", name="Mo"))
    after = await db.one("SELECT revision, unread FROM customers")
    it = await kept.owned_by(alice, code)
    assert after is not None
    assert after["revision"] == before["revision"]
    assert (it.waiting_on, it.message_count, it.unread) == ("seller", 1, 0)


async def test_a_form_is_worth_one_thread(alice: int) -> None:
    order = await builders.order()
    what = await about.order(alice, order["address"])
    codes = await asyncio.gather(*(starting.start(alice, what, hers("Twice", alice), key="form-1") for _ in range(4)))
    assert len(set(codes)) == 1
    assert len(await messages(codes[0])) == 1


@pytest.mark.parametrize("address", ["1001", "nobody-has-it", "10\0", "x" * 500])
async def test_nobody_begins_one_at_anothers_order(alice: int, address: str) -> None:
    await builders.order()
    bob = await builders.customer(builders.BOB, "Bob")
    with pytest.raises(Missing):
        await about.order(bob, address)


async def test_nobody_writes_or_changes_anything_in_anothers_thread(alice: int) -> None:
    code = await thread(alice)
    bob, nia = await builders.customer(builders.BOB, "Bob"), await builders.merchant(builders.NIA, "Nia Audio")
    with pytest.raises(Missing):
        await posting.reply(bob, code, hers("I am her", bob))
    with pytest.raises(Missing):
        await posting.answer(nia, code, his("I am Mo"))
    with pytest.raises(Missing):
        await putting.change(bob, [code], "archived", True)
    with pytest.raises(Missing):
        await putting.read(bob, code)
    assert len(await messages(code)) == 1


@pytest.mark.parametrize(("text", "said"), [("", "Write something"), (" \n ", "Write something"), ("a\0b", "a sign in it"),
                                             ("\ud800", "a sign in it"), ("x" * 100_001, "At most")])  # fmt: skip
async def test_what_cannot_be_kept_is_refused_at_its_field(alice: int, text: str, said: str) -> None:
    code = await thread(alice)
    with pytest.raises(Invalid) as refused:
        await posting.reply(alice, code, hers(text, alice))
    assert said in refused.value.fields["text"]
    assert len(await messages(code)) == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202eevil\u202c", "a\u200bb", "👩‍👩‍👧‍👦 ok", "x" * 100_000,
                                  "Subject: x\r\nBcc: all@example.com", "line\r\nline\rline"])  # fmt: skip
async def test_strange_texts_are_stored_whole(alice: int, text: str) -> None:
    code = await thread(alice)
    await posting.reply(alice, code, hers(text, alice))
    assert (await messages(code))[1][1] == text.replace("\r\n", "\n").replace("\r", "\n")


async def test_who_writes_on_and_on_waits_for_an_answer(alice: int) -> None:
    code = await thread(alice)
    for n in range(posting.MOST_IN_A_ROW - 1):
        await posting.reply(alice, code, hers(f"{n}", alice))
    with pytest.raises(Refused) as refused:
        await posting.reply(alice, code, hers("again", alice))
    assert refused.value.status == 429
    await posting.answer((await kept.owned_by(alice, code)).merchant, code, his("Here I am"))
    await posting.reply(alice, code, hers("At last", alice))


async def test_an_answer_fetches_the_thread_out_of_the_archive_but_not_a_muted_one(alice: int) -> None:
    code = await thread(alice)
    merchant = (await kept.owned_by(alice, code)).merchant
    assert await putting.change(alice, [code], "archived", True) == [code]
    assert await putting.change(alice, [code], "archived", True) == [], "it is there already: nothing to take back"
    await posting.answer(merchant, code, his("News"))
    assert not (await kept.owned_by(alice, code)).archived
    await putting.change(alice, [code], "muted", True)
    await putting.change(alice, [code], "archived", True)
    await posting.answer(merchant, code, his("More news"))
    it = await kept.owned_by(alice, code)
    assert it.archived
    assert it.unread == 2


async def test_reading_counts_once_and_unread_can_be_marked(alice: int) -> None:
    code = await thread(alice)
    await posting.answer((await kept.owned_by(alice, code)).merchant, code, his("News"))
    assert await putting.read(alice, code)
    assert not await putting.read(alice, code)
    it = await kept.owned_by(alice, code)
    assert (it.unread, it.seen) == (0, it.last_message)
    await putting.change(alice, [code], "unread", True)
    assert (await kept.owned_by(alice, code)).marked
    assert await putting.read(alice, code)
    assert not (await kept.owned_by(alice, code)).marked


async def test_both_sides_writing_at_once_lose_nothing(alice: int) -> None:
    code = await thread(alice)
    merchant = (await kept.owned_by(alice, code)).merchant
    await asyncio.gather(
        *(posting.answer(merchant, code, his(f"seller {n}")) for n in range(10)),
        *(posting.reply(alice, code, hers(f"buyer {n}", alice)) for n in range(10)),
    )
    said = await messages(code)
    it = await kept.owned_by(alice, code)
    assert len(said) == 21
    assert it.message_count == 21
    newest = "seller" if said[-1][0] == "buyer" else "buyer"
    assert (it.last_side, it.waiting_on) == (said[-1][0], newest)
