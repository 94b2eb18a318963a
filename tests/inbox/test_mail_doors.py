"""The two doors through which mails come in: the webhook, and the command that a mail server pipes them into."""

import io
import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx import AsyncClient, Response

from app import __main__ as program
from app.commands import mail_in
from app.inbox import mail_outcomes, mail_taking, masked
from app.inbox.mail_in.reading import LARGEST
from tests.builders import ALICE, BOB
from tests.inbox.mail_steps import let_in, said, shape, thread, written

SECRET = "a secret of the mail provider"
BEARER = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(monkeypatch, mail_in_secret=SECRET)


async def sent(client: AsyncClient, raw: bytes, headers: dict[str, str] = BEARER, query: str = "") -> Response:
    return await client.post(f"/webhooks/mail-in{query}", content=raw, headers=headers)


async def test_a_mail_that_is_brought_with_the_secret_lands(client: AsyncClient) -> None:
    code = await thread()
    answer = await sent(client, written(code, "Thank you."))
    assert (answer.status_code, answer.json()) == (200, {"state": "landed", "reason": ""})
    assert (await said(code))[-1] == ("buyer", "Thank you.", "mail")


async def test_the_secret_may_come_as_a_password_in_the_address(client: AsyncClient) -> None:
    code = await thread()
    basic = {"Authorization": f"Basic {b64encode(f'mail:{SECRET}'.encode()).decode()}"}
    assert (await sent(client, written(code), basic)).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer wrong", f"Basic {SECRET}", "Basic ####", "Basic /w==", f"Digest {SECRET}", f"Bearer {SECRET}x"],
)
async def test_without_the_secret_nothing_is_taken_and_the_answer_says_so(client: AsyncClient, header: str) -> None:
    code = await thread()
    answer = await sent(client, written(code), {"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(await said(code)) == 1


async def test_where_no_secret_is_set_the_empty_one_opens_nothing(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(monkeypatch, mail_in_secret="")
    code = await thread()
    for header in ("Bearer ", "Bearer", f"Basic {b64encode(b':').decode()}"):
        assert (await sent(client, written(code), {"Authorization": header})).status_code == 401


async def test_each_refusal_has_its_status_and_its_sentence(client: AsyncClient) -> None:
    code = await thread()
    too_large = written(code) + b"x" * LARGEST
    tried = {
        404: written(code, To="nobody@example.com"), 422: shape("only-a-quote", code), 413: too_large,
    }  # fmt: skip
    for status, raw in tried.items():
        answer = await sent(client, raw)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
    assert (await sent(client, b"x" * (LARGEST + 2 * 1024 * 1024))).status_code == 413
    assert (await sent(client, b"")).status_code in (404, 422)
    assert len(await said(code)) == 1


async def test_what_is_passed_over_or_waits_is_answered_so_that_nobody_sends_it_again(client: AsyncClient) -> None:
    code = await thread()
    auto = await sent(client, shape("out-of-office-gmail", code))
    assert (auto.status_code, auto.json()) == (200, {"state": "ignored", "reason": "automatic"})
    stranger = await sent(client, written(code, sender=BOB))
    assert stranger.json() == {"state": "waiting", "reason": "unknown_sender"}


LATIN = ("Merci, à mardi.", "text/plain; charset=iso-8859-1")


def as_mailgun(raw: bytes, to: str) -> tuple[bytes, str]:
    fields = {"recipient": to, "sender": ALICE, "subject": "Re: Teapot", "body-mime": raw}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def as_sendgrid(raw: bytes, to: str) -> tuple[bytes, str]:
    envelope = json.dumps({"to": [to], "from": ALICE}).encode()
    parts = {b"to": b"somebody@example.com", b"envelope": envelope, b"email": raw, b"subject": b"Re: Teapot"}
    shown = [b'--xYz\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part for part in parts.items()]
    return b"".join(shown) + b"--xYz--\r\n", "multipart/form-data; boundary=xYz"


def as_postmark(raw: bytes, to: str) -> tuple[bytes, str]:
    said = {"From": ALICE, "OriginalRecipient": to, "TextBody": "Taken apart", "RawEmail": raw.decode("latin-1")}
    return json.dumps(said).encode(), "application/json; charset=utf-8"


@pytest.mark.parametrize("provider", [as_mailgun, as_sendgrid, as_postmark])
async def test_a_mail_lands_in_whichever_shape_a_provider_posts_it_whole(
    client: AsyncClient, provider: Callable[[bytes, str], tuple[bytes, str]]
) -> None:
    code = await thread()
    text, kind = LATIN
    raw = written(code, text, Content_Type=kind, To="hidden@example.com").decode().encode("latin-1").replace(b"\n", b"\r\n")
    body, content_type = provider(raw, masked.address(code, "buyer"))
    headers = {**BEARER, "Content-Type": content_type}
    for _ in range(2):
        answer = await client.post("/webhooks/mail-in/mime", content=body, headers=headers)
        assert (answer.status_code, answer.json()["state"]) == (200, "landed")
    assert [one for one in await said(code) if one[2] == "mail"] == [("buyer", text, "mail")]
    assert (await sent(client, body, {"Content-Type": content_type})).status_code == 401


async def test_a_providers_own_mailbox_is_none_of_a_conversation_then_the_head_of_the_mail_says(client: AsyncClient) -> None:
    code = await thread()
    body, kind = as_postmark(written(code), "0a1b2c@inbound.postmarkapp.example")
    assert (await sent(client, body, {**BEARER, "Content-Type": kind})).json()["state"] == "landed"


async def test_a_bounce_is_one_in_a_form_too(client: AsyncClient) -> None:
    code = await thread()
    fields = {"recipient": masked.address(code, "buyer"), "sender": "", "body-mime": written(code)}
    answer = await sent(client, urlencode(fields).encode(), {**BEARER, "Content-Type": "application/x-www-form-urlencoded"})
    assert answer.json() == {"state": "ignored", "reason": "bounce"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"TextBody": "x"}', "application/json"),
        (b"{", "application/json"),
        (b"body-plain=x", "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
    ],
)
async def test_what_holds_no_whole_mail_says_what_is_to_be_changed(client: AsyncClient, body: bytes, kind: str) -> None:
    answer = await sent(client, body, {**BEARER, "Content-Type": kind})
    assert answer.status_code == 422
    assert "raw" in answer.json()["detail"]


async def test_a_mail_that_is_said_to_be_a_form_is_still_one(client: AsyncClient) -> None:
    """As `curl --data-binary` says where nobody says otherwise."""
    code = await thread()
    raw = written(code, "See https://shop.example/?a=b&email=x&body-mime=y&c=d")
    answer = await sent(client, raw, {**BEARER, "Content-Type": "application/x-www-form-urlencoded"})
    assert answer.json()["state"] == "landed"


async def test_too_many_at_once_are_to_be_brought_again(client: AsyncClient) -> None:
    code = await thread()
    for _ in range(10):
        await sent(client, written(code, sender=BOB))
    answer = await sent(client, written(code, sender=BOB))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1800")
    assert "again later" in answer.json()["detail"]


async def test_who_brings_it_may_say_to_whom_and_by_whom_it_was_sent(client: AsyncClient) -> None:
    code = await thread()
    to = masked.address(code, "buyer")
    assert (await sent(client, written(code, To="x@example.com"), query=f"?to={to}&from=alice@example.com")).status_code == 200
    assert (await sent(client, written(code), query="?from=")).json()["reason"] == "bounce"


async def test_where_none_are_taken_it_says_so(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked, "settings", mail_taking.settings)
    assert "COMPTOIR_MAIL_IN" in (await sent(client, b"x")).json()["detail"]


def piped(monkeypatch: pytest.MonkeyPatch, raw: bytes, *arguments: str) -> int:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    return program.main(["mail-in", *arguments])


OUTCOMES = {
    mail_outcomes.Outcome("landed"): 0,
    mail_outcomes.Outcome("waiting", "unknown_sender"): 0,
    mail_outcomes.Outcome("ignored", "automatic"): 0,
    mail_outcomes.Outcome("refused", "no_thread"): 67,
    mail_outcomes.Outcome("refused", "unreadable"): 65,
    mail_outcomes.Outcome("refused", "empty"): 65,
    mail_outcomes.Outcome("refused", "too_large"): 65,
    mail_outcomes.Outcome("refused", "empty", told=True): 0,
    mail_outcomes.Outcome("later", "too_many"): 75,
}


@pytest.mark.parametrize("outcome", OUTCOMES, ids=str)
def test_the_command_ends_so_that_a_mail_server_does_what_is_right(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outcome: mail_outcomes.Outcome
) -> None:
    got: list[Any] = []

    async def taken(raw: bytes, options: Any) -> mail_outcomes.Outcome:
        got.append((raw, options.recipients, options.sender))
        return outcome

    monkeypatch.setattr(mail_in, "_taken", taken)
    assert piped(monkeypatch, b"a mail", "--sender=", "one@reply.example.com") == OUTCOMES[outcome]
    assert got == [(b"a mail", ["one@reply.example.com"], "")]
    told = capsys.readouterr()
    assert (told.err if OUTCOMES[outcome] else told.out).strip()


def test_whatever_goes_wrong_the_mail_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_raw: bytes, _options: Any) -> mail_outcomes.Outcome:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(mail_in, "_taken", broken)
    assert piped(monkeypatch, b"a mail") == 75
    monkeypatch.setattr(masked, "settings", mail_taking.settings)
    assert piped(monkeypatch, b"a mail") == 75


@pytest.mark.parametrize("more", [{"COMPTOIR_PORT": "eighty"}, {"COMPTOIR_DATABASE_URL": "sqlite:////proc/nothing/x.db"}, {}])
def test_a_wrong_setting_sends_no_mail_back(tmp_path, more: dict[str, str]) -> None:
    """Nor does a database that is not up to date."""
    environment = {**os.environ, "COMPTOIR_DATA_DIR": str(tmp_path), "COMPTOIR_MAIL_IN": "reply.example.com"}
    environment.pop("COMPTOIR_DATABASE_URL", None)
    ended = subprocess.run(
        [sys.executable, "-m", "app", "mail-in"], input=b"x", env={**environment, **more}, capture_output=True, check=False
    )
    assert ended.returncode == 75, ended.stderr
    assert len(ended.stderr.splitlines()) == 1
