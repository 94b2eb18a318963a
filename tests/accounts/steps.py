"""What a person does at the door, and where they look for their mail. The folder stands for their mailbox."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import httpx

from app.mail import outbox
from tests.builders import ALICE

PASSWORD = "a lamp, a teapot, a kite"
# Where a form is made to lead by somebody who means harm.
ELSEWHERE = [
    "https://evil.example", "//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "javascript:alert(1)", "evil.example", "orders", " /orders", "/orders\r\nSet-Cookie: a=b", "/é", "/" + "x" * 3000,
]  # fmt: skip


def mails() -> list[EmailMessage]:
    """Oldest first."""
    paths = sorted(outbox.folder().glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)  # their names: a test may hold time
    return [message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default) for path in paths]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def mailed_code() -> str:
    found = [code[1] for mail in mails() if (code := re.search(r"^ +(\d{6})$", text_of(mail), re.MULTILINE))]
    assert found, "no mail holds a code"
    return found[-1]


async def ask_for_code(laptop: httpx.AsyncClient, email: str = ALICE, **more: str) -> httpx.Response:
    return await laptop.post("/sign-in", data={"email": email, **more})


async def enter_code(laptop: httpx.AsyncClient, code: str, **more: str) -> httpx.Response:
    return await laptop.post("/sign-in/code", data={"code": code, **more})


async def enter_password(
    laptop: httpx.AsyncClient, password: str = PASSWORD, email: str = ALICE, **more: str
) -> httpx.Response:
    return await laptop.post("/sign-in/password", data={"email": email, "password": password, **more})


async def sign_in(laptop: httpx.AsyncClient, email: str = ALICE, **more: str) -> httpx.Response:
    """By code; answers what the last step answered."""
    assert (await ask_for_code(laptop, email)).status_code == 303
    answer = await enter_code(laptop, mailed_code(), **more)
    assert answer.status_code == 303, answer.text
    return answer


async def is_in(laptop: httpx.AsyncClient) -> bool:
    status = (await laptop.get("/account")).status_code
    assert status in (200, 303), status
    return status == 200


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
