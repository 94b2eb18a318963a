"""Alice and Mo write to each other by mail: the thread, the mails that went out, and the settings that let answers in."""

from email.message import EmailMessage
from typing import Any

import pytest
from msgspec.structs import replace

from app import clock, db
from app.inbox import about, kept, masked, posting, starting
from app.inbox.posting import Said
from app.notifications import email, sending, ways
from tests import builders
from tests.accounts.steps import mails
from tests.builders import ALICE
from tests.notifications.steps import told

MO_MAIL, LEA = "mo@example.com", "lea@example.com"
DOMAIN = "reply.example.com"


def let_in(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    """Answers by mail are taken."""
    monkeypatch.setattr(masked, "settings", replace(masked.settings, mail_in=DOMAIN, **values))
    monkeypatch.setattr(ways, "CHANNELS", {"email": email})


async def thread(text: str = "Where is it?", **about_it: Any) -> str:
    """Alice has asked Mo; the code."""
    alice = await builders.customer()
    order = await builders.order(placed_at=clock.now(), **about_it)
    await told()
    await db.execute("DELETE FROM deliveries")
    said = Said(side="buyer", text=text, author=alice, name="Alice Martin")
    return await starting.start(alice, await about.order(alice, order["address"]), said)


async def answered(code: str, text: str = "On Tuesday.", **more: Any) -> int:
    it = await owned(code)
    return await posting.answer(it.merchant, code, Said(side="seller", text=text, name="Mo", **more))


async def asked(code: str, text: str = "And the lid?", **more: Any) -> int:
    it = await owned(code)
    return await posting.reply(
        it.customer, code, Said(side="buyer", text=text, author=it.customer, name="Alice Martin", **more)
    )


async def owned(code: str) -> kept.KeptThread:
    (row,) = await db.rows("SELECT id FROM customers WHERE email = {}", ALICE)
    return await kept.owned_by(row["id"], code)


async def gone_out() -> list[EmailMessage]:
    """The mails of all that has happened since the last time."""
    before = len(mails())
    await told()
    for due in await sending.claim("email", 100):
        await sending.send(email, due)
    return list(mails())[before:]


async def said(code: str) -> list[tuple[str, str, str]]:
    """Side, text and way of each message, the first one first."""
    sql = "SELECT m.side, m.text, m.via FROM messages m JOIN threads t ON t.id = m.thread WHERE t.code = {} ORDER BY m.id"
    return [(row["side"], row["text"], row["via"]) for row in await db.rows(sql, code)]
