"""Alice and Mo write to each other by mail: the thread, the mails that went out, and the settings that let answers in."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app import clock, db
from app.inbox import about, kept, mail_api, masked, posting, starting
from app.inbox.mail_in import proofs
from app.inbox.posting import Said
from app.notifications import email, sending, ways
from app.tokens import new_token
from tests import builders
from tests.accounts.steps import mails
from tests.builders import ALICE
from tests.notifications.steps import told

MO_MAIL, LEA = "mo@example.com", "lea@example.com"
DOMAIN = "reply.example.com"


def let_in(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    """Answers by mail are taken."""
    changed = replace(masked.settings, mail_in=DOMAIN, **values)
    for module in (masked, mail_api, proofs):
        monkeypatch.setattr(module, "settings", changed)
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


SHAPES = Path(__file__).parent / "mail_in"


def shape(name: str, code: str, side: masked.Side = "buyer") -> bytes:
    """A mail of the corpus, to that side of the thread."""
    return (SHAPES / f"{name}.eml").read_bytes().replace(b"{to}", masked.address(code, side).encode())


def written(code: str, text: str = "Thank you.", *, side: masked.Side = "buyer", sender: str = ALICE, **headers: str) -> bytes:
    """A plain mail; `headers` with “_” for “-”."""
    about = {
        "From": sender, "To": masked.address(code, side), "Subject": "Re: Teapot",
        "Message-ID": f"<{new_token()}@mail.example>",
        "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }  # fmt: skip
    return "".join(f"{name}: {value}\n" for name, value in about.items()).encode() + b"\n" + text.encode()


async def taken_in() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows("SELECT * FROM mails_in ORDER BY id")]


async def pictures(code: str) -> list[str]:
    sql = """SELECT f.title FROM message_files f JOIN messages m ON m.id = f.message JOIN threads t ON t.id = m.thread
    WHERE t.code = {} ORDER BY f.id"""
    return [row["title"] for row in await db.rows(sql, code)]
