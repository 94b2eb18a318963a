"""Letters: sent once, tried again with growing waits, kept sealed, and known by their code afterwards."""

import asyncio
import base64
import contextlib
import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import db
from app.i18n import Voice
from app.mail import letters, outbox
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE

ENGLISH = Voice("en", "Europe/Paris")
SAID = {"code": "042137", "minutes": 10, "url": "http://localhost:8000/sign-in", "phrase": ""}
START = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def write() -> None:
    await letters.write(ALICE, "sign_in_code", ENGLISH, **SAID)


async def test_a_letter_is_sent_once_however_many_post_at_once() -> None:
    await write()
    await asyncio.gather(*(letters.post() for _ in range(5)))
    await letters.post()
    assert len(mails()) == 1


async def test_what_it_says_is_sealed_and_gone_when_it_is_sent() -> None:
    await write()
    (before,) = await db.rows("SELECT * FROM letters")
    assert "042137" not in before["context"]
    await letters.post()
    (after,) = await db.rows("SELECT * FROM letters")
    assert (after["email"], after["context"]) == ("", "")
    assert after["sent_at"] is not None


async def test_what_is_rolled_back_is_never_sent() -> None:
    with contextlib.suppress(RuntimeError):
        async with db.transaction():
            await write()
            raise RuntimeError
    await letters.post()
    assert mails() == []


async def test_a_failure_is_kept_and_tried_again_with_growing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[datetime] = []

    async def broken(*_args: object, **_context: object) -> None:
        tries.append(letters.clock.now())
        raise OSError("nobody there")

    sent = outbox.send
    monkeypatch.setattr(outbox, "send", broken)
    with time_machine.travel(START, tick=False) as clock:
        await write()
        for _ in range(240):
            await letters.post()
            clock.shift(timedelta(seconds=15))
        waits = [later - earlier for earlier, later in itertools.pairwise(tries)]
        assert waits[:4] == [timedelta(seconds=wait) for wait in (30, 60, 120, 240)]
        (row,) = await db.rows("SELECT last_error, attempts FROM letters")
        assert row["last_error"] == "OSError: nobody there"
        monkeypatch.setattr(outbox, "send", sent)
        clock.shift(timedelta(hours=1))
        await letters.post()
    assert len(mails()) == 1


async def test_what_takes_long_is_not_sent_a_second_time_meanwhile(office, set_up, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as a mail server may take, the letter is its claim's."""
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    sent = outbox.send
    with time_machine.travel(START, tick=False) as clock:

        async def slow(*args: object, **context: object) -> None:
            clock.shift(timedelta(seconds=outbox.AT_LONGEST))
            await letters.post()
            await sent(*args, **context)

        monkeypatch.setattr(outbox, "send", slow)
        await write()
        await letters.post()
        await letters.post()
    assert len(office.envelopes) == 1


async def test_a_mail_server_that_never_ends_is_left(office, set_up, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    monkeypatch.setattr(outbox, "AT_LONGEST", 0.05)

    async def slow(*_: object) -> str:
        await asyncio.sleep(1)
        return "250 OK"

    monkeypatch.setattr(office, "handle_RCPT", slow)
    await write()
    await letters.post()
    (row,) = await db.rows("SELECT last_error, attempts, sent_at FROM letters")
    assert (row["last_error"], row["attempts"], row["sent_at"]) == ("TimeoutError: ", 1, None)


async def test_an_address_that_takes_no_mail_is_asked_once_and_stands_in_no_log(
    office, set_up, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    office.answer_to_recipient = f"550 5.1.1 <{ALICE}> is nobody here"
    with time_machine.travel(START, tick=False) as clock:
        await write()
        for _ in range(3):
            await letters.post()
            clock.shift(timedelta(hours=7))
        (row,) = await db.rows("SELECT last_error, attempts FROM letters")
        assert ALICE in row["last_error"]
        assert row["attempts"] == letters.REFUSED
        logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("app."))
        assert "is nobody here" in logged
        assert ALICE not in logged
        assert logged.count("could not be sent") == 1
        assert await letters.stuck() == (0, 0)


async def test_what_is_new_goes_before_what_could_not_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "AT_ONCE", 3)
    for _ in range(5):
        await write()
    await db.execute("UPDATE letters SET attempts = 2")
    await letters.write("new@example.com", "sign_in_code", ENGLISH, **SAID)
    await letters.post()
    assert [mail["To"] for mail in mails() if mail["To"] == "new@example.com"] == ["new@example.com"]


async def test_what_waits_for_long_and_what_was_given_up_is_counted() -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            await write()
        assert await letters.stuck() == (0, 0)
        await db.execute("UPDATE letters SET attempts = {}, next_try_at = {} WHERE id = (SELECT min(id) FROM letters)",
                         letters.MOST_ATTEMPTS, START)  # fmt: skip
        clock.shift(timedelta(minutes=11))
        assert await letters.stuck() == (2, 1)
        clock.shift(timedelta(days=8))
        assert await letters.stuck() == (2, 0)


async def test_a_letter_is_known_by_the_code_that_stands_in_it() -> None:
    await write()
    await letters.post()
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text_of(mails()[0]))
    assert found is not None
    for typed in (found[0], found[0].lower(), f" {found[0].replace('-', ' ')} "):
        known = await letters.known(typed)
        assert known is not None
        assert known["kind"] == "sign_in_code"
    for typed in ("", "K7QM", "2222-2222", "' OR 1=1 --"):
        assert await letters.known(typed) is None


async def test_a_file_comes_along_as_it_is_and_is_sealed_until_then() -> None:
    body = bytes(range(256)) * 300
    paper = outbox.Attachment("reçu-R-1.pdf", "application/pdf", body)
    await letters.write(ALICE, "sign_in_code", ENGLISH, **SAID, attachments=[paper])
    (waiting,) = await db.rows("SELECT context FROM letters")
    assert base64.b64encode(body).decode()[:100] not in waiting["context"]
    await letters.post()
    (mail,) = mails()
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == ("reçu-R-1.pdf", "application/pdf", body)
    assert "042137" in text_of(mail)
    (sent,) = await db.rows("SELECT context FROM letters")
    assert sent["context"] == ""
