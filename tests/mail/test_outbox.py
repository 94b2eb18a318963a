import asyncio
import logging
import stat
from email.policy import default

import pytest

from app import i18n
from app.i18n import Voice
from app.mail import letters, outbox
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE

ENGLISH = Voice("en", "Europe/Paris")
SAID = {"code": "042137", "minutes": 10, "url": "http://localhost:8000/sign-in", "phrase": ""}
CODE = {**SAID, "email": ALICE, "mail_code": "K7QM-2XRD"}


async def mailed() -> None:
    """Written down, and sent as after every change."""
    await letters.write(ALICE, "sign_in_code", ENGLISH, **SAID)
    await letters.post()


@pytest.mark.without_database
async def test_without_a_server_a_mail_is_a_file_for_the_owner_only():
    await outbox.send(ALICE, "sign_in_code", ENGLISH, **CODE)
    (path,) = outbox.folder().iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(outbox.folder().stat().st_mode) == 0o700


@pytest.mark.without_database
async def test_the_names_of_the_files_sort_by_time():
    for code in ("000001", "000002", "000003"):
        await outbox.send(ALICE, "sign_in_code", ENGLISH, **{**CODE, "code": code})
    assert [mail["Subject"].split()[0] for mail in mails()] == ["000001", "000002", "000003"]


@pytest.mark.without_database
async def test_a_mail_says_the_same_as_text_and_as_html_and_asks_for_no_reply():
    await outbox.send(ALICE, "sign_in_code", ENGLISH, **CODE)
    (mail,) = mails()
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    for part in mail.iter_parts():
        assert "042137" in part.get_content()
    assert mail["To"] == ALICE
    assert mail["From"] == "Comptoir <no-reply@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@localhost>")
    assert mail["Date"].datetime.utcoffset().total_seconds() == 0


@pytest.mark.without_database
@pytest.mark.parametrize("kind", ["sign_in_code", "no_account"])
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_mail_can_be_made_in_every_language(kind, locale):
    mail = outbox.compose(ALICE, kind, Voice(locale), **CODE)
    assert mail["Subject"]
    assert f'<html lang="{locale}">' in mail.get_body(("html",)).get_content()


@pytest.mark.without_database
async def test_a_mail_speaks_its_own_language_and_the_request_goes_on_in_the_other():
    i18n.current.set(Voice("fr"))
    await outbox.send(ALICE, "sign_in_code", ENGLISH, **CODE)
    assert "is your code for" in mails()[0]["Subject"]
    assert i18n.voice() == Voice("fr")


@pytest.mark.without_database
@pytest.mark.parametrize(
    "name", ["Shop\r\nBcc: bob@example.com", "Shop\nX-Evil: 1", "Shop\r\n\r\n<h1>hi</h1>", "Shop\x0bX: 1\u2028Y: 2"]
)
def test_nothing_in_a_name_becomes_a_header(name, monkeypatch):
    monkeypatch.setattr(outbox, "render", lambda template, context: f"042137 is your code for {name}\n")
    mail = outbox.compose(ALICE, "sign_in_code", ENGLISH, **CODE)
    head = mail.as_bytes().partition(b"\r\n\r\n")[0].decode().split("\r\n")
    names = [line.partition(":")[0] for line in head if not line.startswith((" ", "\t"))]
    assert names == ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    assert "\n" not in mail["Subject"]


@pytest.mark.without_database
def test_the_shops_name_may_be_any_text_and_the_sender_may_bring_a_name(set_up):
    set_up(name='Les "Étoiles", S.A.')
    sender = default.header_factory("From", outbox.compose(ALICE, "no_account", ENGLISH, **CODE)["From"])
    (address,) = sender.addresses
    assert (address.display_name, address.addr_spec) == ('Les "Étoiles", S.A.', "no-reply@localhost")
    set_up(mail_from="Nord <hello@nord.example>")
    assert outbox.compose(ALICE, "no_account", ENGLISH, **CODE)["From"] == "Nord <hello@nord.example>"


@pytest.mark.without_database
def test_what_stands_in_an_address_is_shown_as_text():
    mail = outbox.compose(ALICE, "no_account", ENGLISH, **{**CODE, "email": "<b>x</b>@example.com"})
    html = mail.get_body(("html",)).get_content()
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;@example.com" in html
    assert "<b>x</b>@example.com" in text_of(mail)


@pytest.mark.without_database
async def test_a_mail_goes_over_smtp_with_name_and_password(office, set_up):
    set_up(smtp_url=f"smtp://counter:s3cret%2F%40%3A@127.0.0.1:{office.port}")
    await outbox.send(ALICE, "sign_in_code", ENGLISH, **CODE)
    assert office.logins == [(b"counter", b"s3cret/@:")]
    (envelope,) = office.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@localhost", [ALICE])
    (letter,) = office.letters
    assert letter["To"] == ALICE
    assert "042137" in text_of(letter)
    assert not outbox.folder().exists(), "not in the folder as well"


@pytest.mark.without_database
async def test_a_mail_goes_over_smtp_without_a_name(office, set_up):
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    await outbox.send(ALICE, "no_account", ENGLISH, **CODE)
    assert len(office.letters) == 1
    assert office.logins == []


async def test_a_mail_that_is_turned_away_is_logged_without_what_it_says(office, set_up, caplog):
    office.answer = "554 no"
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    await mailed()
    (entry,) = [entry for entry in caplog.records if entry.name == "app.mail.letters"]
    assert entry.levelno == logging.ERROR
    assert "554" in entry.getMessage()
    assert "042137" not in entry.getMessage()


async def test_a_wrong_password_is_logged_and_nothing_is_sent(office, set_up, caplog):
    set_up(smtp_url=f"smtp://counter:wrong@127.0.0.1:{office.port}")
    await mailed()
    assert set(office.logins) == {(b"counter", b"wrong")}
    assert office.envelopes == []
    assert [entry.levelname for entry in caplog.records if entry.name == "app.mail.letters"] == ["ERROR"]


async def test_a_server_that_says_nothing_or_is_not_there_is_logged(set_up, caplog, monkeypatch):
    monkeypatch.setattr(outbox, "TIMEOUT", 0.1)
    callers: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _reader, writer: callers.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    set_up(smtp_url=f"smtp://127.0.0.1:{port}")
    await mailed()
    silent.close()
    for writer in callers:
        writer.close()
    await silent.wait_closed()
    assert len(callers) == 1
    await mailed()  # nobody listens there any more
    assert [entry.levelname for entry in caplog.records if entry.name == "app.mail.letters"] == ["ERROR", "ERROR"]


async def test_starttls_is_never_skipped(office, set_up, caplog):
    """A server (or somebody between) that does not offer it gets nothing, least of all the password."""
    set_up(smtp_url=f"smtp+starttls://counter:s3cret@127.0.0.1:{office.port}")
    await mailed()
    assert office.envelopes == []
    assert office.logins == []
    assert [entry.levelname for entry in caplog.records if entry.name == "app.mail.letters"] == ["ERROR"]


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://mail.example", 465, True, False),
        ("smtp+starttls://mail.example", 587, False, True),
        ("smtps://mail.example:4650", 4650, True, False),
    ],
)
async def test_the_address_of_the_server_says_how_to_speak_to_it(url, port, tls, starttls, set_up, monkeypatch):
    given = {}

    async def send(_message, **options):
        given.update(options)

    monkeypatch.setattr("aiosmtplib.send", send)
    set_up(smtp_url=url)
    await mailed()
    assert (given["hostname"], given["port"], given["use_tls"], given["start_tls"]) == ("mail.example", port, tls, starttls)
    assert given["timeout"] == 15


async def test_a_folder_that_cannot_be_written_is_logged(set_up, tmp_path, caplog):
    (tmp_path / "mail").write_text("not a folder")
    set_up(data_dir=tmp_path)
    await mailed()
    assert [entry.levelname for entry in caplog.records if entry.name == "app.mail.letters"] == ["ERROR"]
