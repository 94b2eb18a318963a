"""What a server's no is about: an address that is refused for good is not asked again, the operator's own faults are."""

import pytest

from app.i18n import Voice
from app.mail import outbox, refusals
from tests.builders import ALICE

pytestmark = pytest.mark.without_database

SAID = {"mail_code": "K7QM-2XRD", "phrase": "", "url": "http://localhost:8000", "email": ALICE}


@pytest.mark.parametrize(
    ("answer", "of"),
    [
        ("550 5.1.1 No such user here", "mailbox"),
        ("550 No such user here", "mailbox"),
        ("551 User not local", "mailbox"),
        ("553 5.1.3 Bad address", "mailbox"),
        ("550 5.2.1 Mailbox disabled", "mailbox"),
        ("556 5.1.10 Recipient address has null MX", "mailbox"),
        ("552 5.2.2 Mailbox full", "now"),
        ("550 5.7.1 Relaying denied", "now"),
        ("554 5.7.1 Client host is listed", "now"),
        ("530 5.7.0 Authentication required", "now"),
        ("550 Blocked: client 5.1.1.7 is listed", "mailbox"),
        ("554 Blocked: client 5.1.1.7 is listed", "now"),
        ("450 4.2.0 Greylisted, try again in 5 minutes", "now"),
        ("421 4.3.2 Going down", "now"),
    ],
)
async def test_what_is_said_of_a_recipient(office, set_up, answer: str, of: str) -> None:
    office.answer_to_recipient = answer
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    with pytest.raises(refusals.Unsent) as caught:
        await outbox.send(ALICE, "no_account", Voice("en"), **SAID)
    assert caught.value.of == of
    assert str(caught.value).startswith(answer[:3])
    assert office.envelopes == []


@pytest.mark.parametrize(
    ("answer", "of"),
    [
        ("554 5.7.1 Looks like spam", "mail"),
        ("552 Too large", "mail"),
        ("550 5.1.1 Unknown after all", "mailbox"),
        ("451 4.3.0 Try again", "now"),
    ],
)
async def test_what_is_said_of_a_mail(office, set_up, answer: str, of: str) -> None:
    office.answer = answer
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    with pytest.raises(refusals.Unsent) as caught:
        await outbox.send(ALICE, "no_account", Voice("en"), **SAID)
    assert caught.value.of == of


@pytest.mark.parametrize(
    ("status", "of"), [("5.1.1", "mailbox"), ("5.2.2", "mail"), ("4.1.1", "now"), ("2.0.0", "now"), ("", "now"), ("5.1", "now")]
)
def test_a_reports_status_is_read_alike(status: str, of: str) -> None:
    assert refusals.status_of(status) == of


def test_what_a_server_says_stays_one_short_line() -> None:
    said = str(refusals.unsent(550, "5.1.1 no\r\nBcc: x " + "y" * 2000, to_recipient=True))
    assert "\n" not in said
    assert len(said) <= 400
