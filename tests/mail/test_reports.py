"""Reports of mail servers, as Postfix, Exim, Gmail and Exchange write them, and as nobody does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mail import reports
from tests.mail.reported import report

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_names_the_mail_its_recipient_and_why(returned: str) -> None:
    (found,) = reports.read(report("abc", returned=returned))
    assert found.message_id == "abc@localhost"
    assert found.recipients == {"alice@example.com"}
    assert (found.failed, found.status) == (True, "5.1.1")
    assert found.said == "550 5.1.1 <alice@example.com>: Recipient address rejected"


def test_a_forwarded_address_is_known_by_all_its_names() -> None:
    (found,) = reports.read(report("abc", final="alice@elsewhere.example", original="Alice@Example.com"))
    assert found.recipients == {"alice@elsewhere.example", "alice@example.com"}


def test_a_delay_is_no_failure() -> None:
    (found,) = reports.read(report("abc", action="delayed", status="4.4.1"))
    assert not found.failed


def test_each_recipient_is_told_of() -> None:
    raw = report("abc").replace(
        b"\nFinal-Recipient:", b"\nFinal-Recipient: rfc822; bob@example.com\nAction: failed\n\nFinal-Recipient:", 1
    )
    assert len(reports.read(raw)) == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"Subject: hello\n\nhello", b"\xff\xfe\x00", b"Content-Type: multipart/report; boundary=x\n\n--x",
        b"Content-Type: message/delivery-status\n\nAction: failed", report("abc").replace(b"Message-ID", b"X-ID"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_none(raw: bytes) -> None:
    assert reports.read(raw) == []


@settings(deadline=None)
@given(st.integers(0, 2000), st.binary(max_size=40))
def test_a_report_that_is_cut_or_scratched_breaks_nothing(place: int, scratch: bytes) -> None:
    whole = report("abc")
    assert len(reports.read(whole[:place])) <= 1
    reports.read(whole[:place] + scratch + whole[place + len(scratch) :])
