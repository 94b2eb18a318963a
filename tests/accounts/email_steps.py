"""Another e-mail address, from asking for it to the link in the new mailbox."""

import re
from email.message import EmailMessage

import httpx

from app import db
from tests.accounts.steps import mails, text_of

NEW = "alice.martin@example.net"


async def ask(laptop: httpx.AsyncClient, email: str = NEW, **more: str) -> httpx.Response:
    return await laptop.post("/account/email", data={"email": email}, headers=more)


def to(email: str) -> list[EmailMessage]:
    return [mail for mail in mails() if mail["To"] == email]


def link_to(email: str = NEW) -> str:
    found = re.search(r"http://localhost:8000(/new-email/\S+)", text_of(to(email)[-1]))
    assert found, text_of(to(email)[-1])
    return found[1]


async def change(laptop: httpx.AsyncClient, email: str = NEW) -> httpx.Response:
    """Asked for and confirmed; answers what the last step answered."""
    assert (await ask(laptop, email)).status_code == 303
    return await laptop.post(link_to(email))


async def email_of(customer: int) -> str:
    row = await db.one("SELECT email FROM customers WHERE id = {}", customer)
    assert row is not None
    return str(row["email"])
