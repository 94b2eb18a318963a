"""A mail that was taken and came back later: it counts for the mailbox it was sent to, and for no other."""

import pytest

from app import db
from app.mail import reports
from app.notifications import bounces, email, people
from tests.accounts.steps import mails
from tests.builders import ALICE, BOB
from tests.mail.reported import report
from tests.notifications.letters import parcel, turn
from tests.notifications.steps import deliveries, targets


@pytest.fixture
async def customer() -> int:
    """A mail to Alice is out."""
    found = await parcel()
    await turn()
    return found


async def returned(**about: str) -> str:
    (row,) = await deliveries()
    (found,) = reports.read(report(row["message_id"], **about))  # type: ignore[arg-type]
    return await bounces.returned(found)


async def closed(customer: int) -> bool:
    return await targets(email, (await people.named([customer]))[customer]) == []


async def test_it_is_found_by_the_id_that_the_mail_had(customer: int) -> None:
    (mail,) = mails()
    assert mail["Message-ID"] == f"<{(await deliveries())[0]['message_id']}@localhost>"


async def test_a_mailbox_that_does_not_exist_is_closed_and_the_delivery_has_failed(customer: int) -> None:
    assert not await closed(customer)
    assert await returned() == "closed"
    assert await closed(customer)
    (row,) = await deliveries()
    assert row["state"] == "failed"
    assert row["last_error"].startswith("550 5.1.1")
    found = await bounces.of(customer, ALICE)
    assert found
    assert await returned() == "closed", "the same report once more"
    again = await bounces.of(customer, ALICE)
    assert again
    assert again.since == found.since


async def test_a_full_mailbox_stays_open(customer: int) -> None:
    assert await returned(status="5.2.2") == "not delivered"
    assert not await closed(customer)
    assert (await deliveries())[0]["state"] == "failed"


@pytest.mark.parametrize(
    "about", [{"action": "delayed", "status": "4.4.1"}, {"action": "delivered", "status": "2.0.0"}, {"status": "4.4.7"}]
)
async def test_what_may_still_arrive_changes_nothing(customer: int, about: dict[str, str]) -> None:
    assert await returned(**about) == "may still arrive"
    assert not await closed(customer)
    assert (await deliveries())[0]["state"] == "sent"


async def test_a_forwarded_mail_counts_for_the_address_we_wrote_to(customer: int) -> None:
    assert await returned(final="alice@elsewhere.example") == "closed"


async def test_a_report_of_another_address_is_not_ours(customer: int) -> None:
    assert await returned(final=BOB, to=BOB) == "not ours"
    await db.execute("UPDATE customers SET email = 'alice@new.example' WHERE id = {}", customer)
    assert await returned() == "not ours"
    assert not await closed(customer)


async def test_an_id_that_nobody_has_is_not_ours(customer: int) -> None:
    (found,) = reports.read(report("0" * 32))
    assert await bounces.returned(found) == "not ours"
