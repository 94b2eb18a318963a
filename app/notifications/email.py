"""News by mail: to the account's address, in their language, until that mailbox refuses us for good."""

from email.message import EmailMessage

from app.accounts.email_changes import NOWHERE
from app.mail import letters, outbox
from app.mail.refusals import Unsent
from app.notifications import bounces, email_about, unsubscribing, wording
from app.notifications.channels import Due, Never, NotNow, Person
from app.settings import settings

KIND = "news"  # a folder of templates/emails; how the code in it is known
ITSELF = [""]  # the account's own address


async def targets(person: Person, _topic: str) -> list[str]:
    if not person.email or person.email.endswith(NOWHERE):
        return []
    return [] if await bounces.of(person.id, person.email) else ITSELF


async def send(due: Due) -> None:
    """Raises Never for a mailbox that is closed (and keeps that, see `bounces.py`) and for a mail that is refused."""
    person = due.person
    if await bounces.of(person.id, person.email):
        raise Never("this mailbox has refused our mails before")
    message = await composed(due)
    try:
        await outbox.deliver(message, person.email)
    except Unsent as error:
        if error.of == "mailbox":
            await bounces.mark(person.id, person.email, str(error))
        raise (NotNow(str(error)) if error.of == "now" else Never(str(error))) from error
    except OSError as error:
        raise NotNow(f"the mail server cannot be asked: {type(error).__name__}: {error}") from error


async def composed(due: Due) -> EmailMessage:
    """The same code and the same ids at every attempt."""
    person, news = due.person, due.news
    order = await email_about.order_of(person.id, news.order)
    stop = unsubscribing.address(person.id, person.email, news.topic, "email")
    return outbox.compose(
        person.email, KIND, person.voice, headers=email_about.headers(due, stop),
        said=wording.said(news, person.voice), why=wording.why(news.topic, person.voice), stop=stop,
        topic=dict(wording.topics(person.voice)).get(news.topic, news.topic), page=f"{settings.base_url}{news.url}",
        shop_of_order=order.shop if order else "", facts=email_about.facts(news, order, person.voice),
        markup=email_about.markup(news, order), phrase=person.phrase, url=settings.base_url,
        mail_code=await letters.vouch(KIND, due.message_id),
    )  # fmt: skip
