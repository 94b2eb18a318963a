"""A mail server on a free port of this machine, in the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from app.mail import outbox
from tests.accounts.conftest import laptop, laptops  # noqa: F401


class PostOffice:
    """What came in; `logins` are the names and passwords that were given. It answers as told."""

    def __init__(self) -> None:
        self.envelopes: list[Any] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.answer = "250 OK"
        self.answer_to_recipient = ""
        self.port = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.answer_to_recipient:
            return self.answer_to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.envelopes.append(envelope)
        return self.answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"s3cret/@:", handled=False)

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(it.content, _class=EmailMessage, policy=default) for it in self.envelopes]


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    made = PostOffice()
    protocols: list[SMTP] = []

    def protocol() -> SMTP:
        protocols.append(SMTP(made, hostname="office", auth_require_tls=False, authenticator=made.authenticate))
        return protocols[-1]

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    for it in protocols:
        if it.transport is not None:
            it.transport.close()
    await server.wait_closed()


@pytest.fixture
def set_up(monkeypatch):
    """`set_up(smtp_url=…)`: the outbox under other settings."""

    def change(**values: Any) -> None:
        monkeypatch.setattr(outbox, "settings", msgspec.structs.replace(outbox.settings, **values))

    return change
