"""News by mail: to the account's address, in their language, until that mailbox refuses us for good."""

import logging
from collections.abc import Collection
from email.message import EmailMessage

from app.accounts import throttle
from app.accounts.email_changes import NOWHERE
from app.errors import Refused
from app.i18n import _
from app.mail import letters, outbox
from app.mail.refusals import Unsent, without_addresses
from app.notifications import bounces, email_about, email_messages, unsubscribing, wording
from app.notifications.channels import Due, Never, NotNow, Person
from app.settings import settings
from app.tokens import new_token

log = logging.getLogger(__name__)
KIND, TEST = "news", "test"  # folders of templates/emails; how the codes in them are known
TESTS = throttle.Limit("mail_tests", 5, throttle.HOUR)
ITSELF = [""]  # the account's own address


async def targets(persons: Collection[Person]) -> dict[int, list[str]]:
    emails = {person.id: person.email for person in persons if person.email and not person.email.endswith(NOWHERE)}
    return dict.fromkeys(emails.keys() - await bounces.closed(emails), ITSELF)


async def send(due: Due) -> None:
    """Raises Never for a mailbox that is closed (and keeps that, see `bounces.py`) and for a mail that is refused."""
    if await bounces.of(due.person.id, due.person.email):
        raise Never("this mailbox has refused our mails before")
    await _out(await composed(due), due.person)


async def try_it(person: Person) -> None:
    """A mail that says that mails arrive, at once; when it is taken, the mailbox is open again.

    Raises Refused: 429 for one too many, 409 when it could not be sent; what is wrong on our side is for the log.
    """
    await throttle.count(TESTS, str(person.id))
    message = outbox.compose(
        person.email, TEST, person.voice, url=settings.base_url, page=f"{settings.base_url}/account/notifications",
        phrase=person.phrase, mail_code=await letters.vouch(TEST, new_token()),
    )  # fmt: skip
    try:
        await _out(message, person)
    except NotNow as error:
        log.error("a test mail could not be sent: %s", without_addresses(str(error)))
        raise Refused(_("The mail could not be sent. Try again in a moment.")) from error
    except Never as error:
        raise Refused(_("The mail could not be sent. The mail server says: %(said)s") % {"said": str(error)}) from error
    await bounces.clear(person.id)


async def _out(message: EmailMessage, person: Person) -> None:
    try:
        await outbox.deliver(message, person.email)
    except Unsent as error:
        if error.of == "mailbox":
            await bounces.mark(person.id, person.email, str(error))
        raise (NotNow(str(error)) if error.of == "now" else Never(str(error))) from error
    except OSError as error:
        raise NotNow(f"{type(error).__name__}: {error}") from error


async def composed(due: Due) -> EmailMessage:
    """The same code and the same ids at every attempt."""
    if (message := await email_messages.composed(due)) is not None:
        return message
    person, news = due.person, due.news
    order = await email_about.order_of(person.id, news.order)
    stop = unsubscribing.address(person.id, person.email, news.topic, "email")
    return outbox.compose(
        person.email, KIND, person.voice, headers=email_about.headers(due, order, stop),
        look=email_about.look(news.topic, order), said=wording.said(news, person.voice),
        why=wording.why(news.topic, person.voice), stop=stop,
        topic=wording.topics(person.voice).get(news.topic, news.topic), page=f"{settings.base_url}{news.url}",
        shop_of_order=order.shop if order else "", facts=email_about.facts(news, person.voice),
        markup=email_about.markup(news, order), phrase=person.phrase, url=settings.base_url,
        mail_code=await letters.vouch(KIND, due.message_id),
    )  # fmt: skip
