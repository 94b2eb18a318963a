"""Conversations go when their time is up, with all that was in them; what is still waited for or kept for good stays."""

import time
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db, i18n
from app.errors import Missing
from app.inbox import about, escalating, kept, merging, posting, purging, putting, searching, starting, tending
from app.inbox.files import SHELF
from app.inbox.posting import Said
from app.inbox.words import for_customer
from app.mail import outbox
from app.notifications import purging as everywhere
from app.returns import asking
from app.settings import settings
from app.worker import CHORES, notice
from tests import builders
from tests.papers import sent_file
from tests.returns import bought

LATER = timedelta(days=1_100)


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def thread(alice: int, number: str = "1001", *, answered: bool = True, **more: Any) -> str:
    said = Said(side="buyer", text="My secret teapot", author=alice, name="Alice Martin", **more)
    code = await starting.start(alice, await about.order(alice, (await builders.order(number))["address"]), said)
    if answered:
        merchant = (await kept.owned_by(alice, code)).merchant
        await posting.answer(merchant, code, Said(side="seller", text="It is in blue", name="Mo"))
    return code


async def purge_later(age: timedelta = LATER) -> int:
    with time_machine.travel(clock.now() + age):
        return await everywhere.bite()


async def count(table: str) -> int:
    return int((await db.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def test_all_that_was_in_it_goes_and_what_remains_says_no_word(alice: int) -> None:
    code = await thread(alice, files=[await sent_file()])
    await notice()
    await outbox.send(
        builders.ALICE, "no_account", i18n.voice(), mail_code="", phrase="", email=code, code="", minutes=1, url=""
    )
    assert await count("notifications WHERE kind = 'message_posted'") == 1
    before = (await db.rows("SELECT revision FROM customers WHERE id = {}", alice))[0]["revision"]
    assert await purge_later() == 1
    for table in ("threads", "messages", "message_files", "message_words", "notifications WHERE kind = 'message_posted'"):
        assert await count(table) == 0, table
    assert list(SHELF.folder().iterdir()) == []
    assert list(outbox.folder().glob("*.eml")) == []
    (row,) = await db.rows("SELECT * FROM events WHERE kind = 'thread_purged'")
    data = msgspec.json.decode(row["data"])
    assert (data["code"], data["of"], data["messages"], row["customer"]) == (code, "order", 2, alice)
    assert "teapot" not in row["data"]
    (after,) = await db.rows("SELECT revision, unread_threads FROM customers WHERE id = {}", alice)
    assert after["revision"] > before
    assert after["unread_threads"] == 0, "what is gone is not unread"


async def test_what_came_by_mail_goes_with_it_and_so_does_what_waited(alice: int) -> None:
    code = await thread(alice)
    it = await kept.owned_by(alice, code)
    row = {"key": "k", "state": "waiting", "thread": it.id, "merchant": it.merchant, "side": "buyer", "text": "secret"}
    mail = (await db.insert("mails_in", [row], "id"))[0]["id"]
    file = await sent_file()
    await db.insert("mail_in_files", [{"mail": mail, "name": file.name, "title": "", "media_type": "x", "size": 1}])
    assert await purge_later() == 1
    assert [await count(table) for table in ("mails_in", "mail_in_files")] == [0, 0]
    assert list(SHELF.folder().iterdir()) == []


@pytest.mark.parametrize("twice", [False, True])
async def test_a_claim_about_one_that_became_part_of_it_is_waited_for_too_and_leads_there(
    client: AsyncClient, alice: int, twice: bool
) -> None:
    order = await bought.delivered()
    said = Said(side="buyer", text="It is broken", author=alice, name="Alice")
    broken = await starting.start(alice, await about.order(alice, order["address"]), said)
    (line, _other) = await bought.line_ids(order)
    await asking.ask(alice, bought.asked(line, kind="claim"), by=f"customer:{alice}")
    stays = await thread(alice, "2001")
    await merging.merge(order["merchant"], stays, broken, by="member:1", member=1)
    if twice:
        gone, stays = stays, await thread(alice, "2002")
        await merging.merge(order["merchant"], stays, gone, by="member:1", member=1)
    await posting.answer(order["merchant"], stays, Said(side="seller", text="Let me see", name="Mo"))
    client.cookies.update(await builders.session())
    assert f'href="/orders/{order["address"]}"' in (await client.get(f"/inbox/{stays}")).text
    assert f'href="/inbox/{stays}#newest"' in (await client.get(f"/orders/{order['address']}")).text
    assert await purge_later() == 0
    await db.execute("UPDATE returns SET state = 'closed'")
    assert await purge_later() == 1
    assert await count("thread_about") == 0


async def test_who_wants_to_keep_one_while_it_goes_keeps_all_of_it_or_finds_that_it_is_gone(
    client: AsyncClient, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await thread(alice, files=[await sent_file()])
    merchant = (await kept.owned_by(alice, code)).merchant
    for n in range(5):
        await posting.answer(merchant, code, Said(side="seller", text=f"{n}", name="Mo"))
    monkeypatch.setattr(purging, "BITE", 2)
    bite, seen = purging._bite, []

    async def between(number: int) -> tuple[list[str], bool]:
        found = await bite(number)
        if not seen:
            raise ConnectionError("killed in between")
        return found

    monkeypatch.setattr(purging, "_bite", between)
    with pytest.raises(ConnectionError):
        await purge_later()
    with time_machine.travel(clock.now() + LATER):
        client.cookies.update(await builders.session())
        keep = await client.post("/inbox/threads/kept", data={"code": code, "to": "yes"})
        pages = [await client.get(path) for path in (f"/inbox/{code}", "/inbox", "/orders/1001")]
    assert (keep.status_code, pages[0].status_code) == (404, 404)
    assert all(code not in page.text for page in pages[1:])
    seen.append(True)
    assert await purge_later() == 0, "it was counted before"
    assert [await count(table) for table in ("threads", "messages", "message_files", "message_words")] == [0] * 4
    assert list(SHELF.folder().iterdir()) == []


async def test_what_was_told_of_one_that_became_part_of_it_goes_too(alice: int) -> None:
    first, second = await thread(alice), await thread(alice, "1002")
    await notice()
    await merging.merge((await kept.owned_by(alice, second)).merchant, second, first, by="member:1", member=1)
    assert await count("notifications WHERE kind = 'message_posted'") == 2
    await outbox.send(
        builders.ALICE, "no_account", i18n.voice(), mail_code="", phrase="", email=first, code="", minutes=1, url=""
    )
    assert await purge_later() == 1
    assert list(outbox.folder().glob("*.eml")) == [], "its mails bear the old code"
    assert await count("notifications WHERE kind = 'message_posted'") == 0


async def test_what_the_desk_and_the_shop_were_told_of_it_goes_too(alice: int) -> None:
    """Also by the code that one had before it became part of another."""
    mo, ops = await builders.member("mo@example.com", role="manager"), await builders.member("ops@example.com", builders.NIA)
    await db.execute("UPDATE merchants SET is_shop = TRUE WHERE slug = {}", builders.NIA)
    await builders.order("1001")
    said = Said(side="buyer", text="How is it?", author=alice, name="Alice Martin")
    codes = [
        await starting.start(alice, await about.merchant(builders.MO), said, subject=f"My secret illness {n}") for n in (1, 2)
    ]
    await notice()
    await db.execute("UPDATE members SET seen_at = {}", clock.now() + timedelta(seconds=1))
    with time_machine.travel(clock.now() + timedelta(days=10)):
        for code in codes:
            await escalating.escalate(alice, code)
        await notice()
    it = await kept.owned_by(alice, codes[0])
    await merging.merge(it.merchant, codes[0], codes[1], by="member:1", member=1)
    await db.execute("UPDATE threads SET closed_at = {}, waiting_on = 'buyer'", clock.now())
    told = {row["customer"]: row["unread"] for row in await db.rows("SELECT id AS customer, unread FROM customers")}
    assert (told[mo], told[ops]) == (2, 1)
    assert await purge_later(LATER + timedelta(days=10)) == 1
    assert await db.rows("SELECT kind, data FROM notifications WHERE data LIKE '%illness%'") == []
    assert [row["unread"] for row in await db.rows("SELECT unread FROM customers WHERE id IN ({}, {})", mo, ops)] == [0, 0]


async def test_copies_of_mails_go_also_where_a_later_one_fails(alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await thread(alice)
    await thread(alice, "1002")
    await outbox.send(
        builders.ALICE, "no_account", i18n.voice(), mail_code="", phrase="", email=first, code="", minutes=1, url=""
    )
    end, ended = purging._end, []

    async def once(row: db.Row) -> None:
        ended.append(row["code"])
        if len(ended) > 1:
            raise OSError("the database is gone for a moment")
        await end(row)

    monkeypatch.setattr(purging, "_end", once)
    with pytest.raises(OSError, match="gone"):
        await purge_later()
    assert ended[0] == first
    assert await count("threads") == 1
    assert list(outbox.folder().glob("*.eml")) == []


async def test_it_goes_when_its_own_time_is_up_and_not_a_day_before(alice: int) -> None:
    await thread(alice)
    assert await purge_later(timedelta(days=1_094)) == 0
    assert await purge_later(timedelta(days=1_096)) == 1


async def test_what_is_waited_for_stays(alice: int) -> None:
    asked = await thread(alice, "1001", answered=False)
    assert await purge_later() == 0
    await tending.close((await kept.owned_by(alice, asked)).merchant, asked, by="member:1")
    assert await purge_later() == 1


async def test_what_the_shop_was_asked_for_stays_until_it_is_closed(alice: int) -> None:
    code = await thread(alice)
    await db.execute("UPDATE threads SET escalated_at = {}", clock.now())
    assert await purge_later() == 0
    await tending.close((await kept.owned_by(alice, code)).merchant, code, by="member:1")
    assert await purge_later() == 1


async def test_what_a_return_that_is_not_over_is_about_stays(alice: int) -> None:
    order = await bought.delivered()
    said = Said(side="buyer", text="It is broken", author=alice, name="Alice")
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    (line, _other) = await bought.line_ids(order)
    await asking.ask(alice, bought.asked(line, kind="claim"), by=f"customer:{alice}")
    await posting.answer(order["merchant"], code, Said(side="seller", text="Let me see", name="Mo"))
    assert await purge_later() == 0
    await db.execute("UPDATE returns SET state = 'closed'")
    assert await purge_later() == 1


async def test_what_its_customer_keeps_stays_for_good(alice: int) -> None:
    code = await thread(alice)
    await putting.change(alice, [code], "kept", to=True)
    assert await purge_later(timedelta(days=36_000)) == 0


async def test_for_ever_is_for_ever(alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    await thread(alice)
    for_ever = msgspec.structs.replace(purging.settings, inbox_kept={**purging.settings.inbox_kept, "order": 0})
    monkeypatch.setattr(purging, "settings", for_ever)
    assert await purge_later(timedelta(days=36_000)) == 0
    assert {one.kind: one.days for one in await purging.due()}["order"] == 0


async def test_a_long_one_that_is_killed_in_between_is_taken_up_again(alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BITE", 2)
    code = await thread(alice, files=[await sent_file()])
    merchant = (await kept.owned_by(alice, code)).merchant
    for text in ("Three", "Four", "Five"):
        await posting.answer(merchant, code, Said(side="seller", text=text, name="Mo"))

    def killed(_names: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(purging.SHELF.__class__, "drop", lambda _shelf, names: killed(names))
        with pytest.raises(KeyboardInterrupt):
            await purge_later()
    assert await count("messages") == 3, "what was done stays done"
    with pytest.raises(Missing):
        await kept.owned_by(alice, code)
    assert await purge_later() == 0, "it was counted before"
    assert await count("messages") == await count("threads") == 0
    (row,) = await db.rows("SELECT data FROM events WHERE kind = 'thread_purged'")
    assert msgspec.json.decode(row["data"])["messages"] == 5, "all are counted, once"
    assert len(list(SHELF.folder().iterdir())) == 1, "its row is gone: the shelf's own chore drops it"


async def test_who_writes_meanwhile_keeps_what_is_left(alice: int) -> None:
    code = await thread(alice)
    with time_machine.travel(clock.now() + LATER):
        await posting.reply(alice, code, Said(side="buyer", text="Once more", author=alice))
        assert await everywhere.bite() == 0


async def test_it_is_found_no_more_and_others_are(alice: int) -> None:
    await thread(alice, "1001")
    with time_machine.travel(clock.now() + LATER):
        young = await thread(alice, "1002")
        await everywhere.bite()
        sql, args = searching.condition(for_customer(alice), "secret")
        assert [row["code"] for row in await db.rows(f"SELECT t.code FROM threads t WHERE TRUE{sql}", *args)] == [young]


async def test_the_chore_looks_once_an_hour_and_is_one_of_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    async def nothing() -> int:
        looks.append(1)
        return 0

    monkeypatch.setattr(everywhere, "bite", nothing)
    monkeypatch.setattr(everywhere, "_due", 0.0)
    await everywhere.purge()
    await everywhere.purge()
    assert len(looks) == 1
    assert everywhere._due > time.monotonic()
    assert everywhere.purge in CHORES


@pytest.mark.skipif(not db.ON_SQLITE, reason="PostgreSQL's vacuum does it")
async def test_a_word_that_was_purged_is_not_in_the_database_any_more(alice: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_due", 0.0), ("_words_due", 0.0), ("_gone", False)):
        monkeypatch.setattr(everywhere, name, value)
    code = await thread(alice)
    await posting.answer(
        (await kept.owned_by(alice, code)).merchant, code, Said(side="seller", text="Xylophonists " * 400, name="Mo")
    )
    assert _in_the_file(b"xylophonists")
    with time_machine.travel(clock.now() + LATER):
        await everywhere.purge()
        await thread(alice, "1002")
        await everywhere.purge()
    await db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not _in_the_file(b"xylophonists")
    sql, args = searching.condition(for_customer(alice), "teapot")
    assert len(await db.rows(f"SELECT t.code FROM threads t WHERE TRUE{sql}", *args)) == 1, "others are found as before"


def _in_the_file(word: bytes) -> bool:
    files = (settings.data_dir / "comptoir.db", settings.data_dir / "comptoir.db-wal")
    return any(word in file.read_bytes().lower() for file in files)


async def test_customers_are_told_until_when_and_keep_one_with_a_way_back(client: AsyncClient, alice: int) -> None:
    client.cookies.update(await builders.session())
    with time_machine.travel("2026-11-28T12:00:00Z", tick=False):
        code = await thread(alice)
    assert "Kept until" not in (await client.get("/inbox")).text, "it would be the same in every row"
    with time_machine.travel("2029-10-20T12:00:00Z", tick=False):
        client.cookies.update(await builders.session())
        assert "Kept until 27 Nov 2029" in (await client.get("/inbox")).text
    client.cookies.update(await builders.session())
    page = (await client.get(f"/inbox/{code}")).text
    assert "Kept until 27 Nov 2029" in page
    assert "Keep this one" in page
    await client.post("/inbox/threads/kept", data={"code": code, "to": "yes", "back": f"/inbox/{code}"})
    page = (await client.get(f"/inbox/{code}")).text
    assert "Kept for good" in page
    assert "Undo" in page
    assert "Kept until" not in page


async def test_what_is_past_its_time_and_still_open_says_so(client: AsyncClient, alice: int) -> None:
    code = await thread(alice, answered=False)
    await db.execute("UPDATE threads SET last_at = {}", clock.now() - LATER)
    client.cookies.update(await builders.session())
    assert "Kept until it is settled" in (await client.get(f"/inbox/{code}")).text
