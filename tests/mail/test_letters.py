"""Letters: sent once, tried again with growing waits, kept sealed, and known by their code afterwards."""

import asyncio
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
