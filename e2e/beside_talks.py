"""Conversations that stand as a page wants to be looked at, made beside the server by the verbs of every door."""

import secrets
from typing import Any

from app import db
from app.i18n import Voice
from app.inbox import about, blocking, flagging, kept, mail_kept, posting, starting
from app.inbox.posting import Said

SELLER = "atelier-nord"
EN = Voice("en", "UTC")


async def talk(email: str, subject: str = "The lid") -> dict[str, Any]:
    """Somebody asks Atelier Nord and is answered: the conversation's code, the ids of what they wrote and of what it did."""
    row = await db.one("SELECT id, name FROM customers WHERE email = {}", email)
    assert row
    asked = Said(side="buyer", text="Does the lid come separately?", author=row["id"], name=row["name"])
    code = await starting.start(row["id"], await about.merchant(SELLER), asked, subject=subject)
    it = await kept.by_code(code)
    his = await posting.answer(it.merchant, code, Said(side="seller", text="What a stupid question.", name="Mo Delattre"))
    return {"code": code, "hers": it.last_message, "his": his}


async def flagged(code: str, message: int) -> None:
    it = await kept.by_code(code)
    await flagging.by_customer(it.customer, code, message, why="insult", text="I asked politely.", voice=EN)


async def blocked(code: str) -> None:
    """By both sides."""
    it = await kept.by_code(code)
    await blocking.by_customer(it.customer, code, True)
    await blocking.by_desk(it.merchant, code, True, author=it.customer, reason="Threats, twice.", by="operator")


async def mail_waits(code: str) -> int | None:
    """From who is not known there."""
    what = mail_kept.What(
        state="waiting", sender="nina.private@elsewhere.example", sender_name="Nina Neuf", subject="Re: The lid",
        text="It is me, from my other address.\nThe lid is blue.", cut="> Does it come separately?", proof="none",
    )  # fmt: skip
    return await mail_kept.put(await kept.by_code(code), "buyer", secrets.token_hex(8), "", what)


TALKS = (talk, flagged, blocked, mail_waits)
