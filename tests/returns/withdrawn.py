"""What the tests of withdrawals have in common: what a guest types, and what is mailed to them."""

import re
from email.message import EmailMessage

from app.mail import letters
from app.returns import declared, guests
from app.returns.declared import Told
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE

HOME = "192.0.2.1"


async def guest(email: str = ALICE, contract: str = "1001", items: str = "", **said: str) -> str:
    """A declaration that waits for its link to be touched; the link's token."""
    told = Told(name=said.pop("name", "Alice Martin"), email=email, contract=contract, items=items, **said)
    await guests.declare(await declared.check(told), HOME)
    return await token(email)


async def token(email: str = ALICE) -> str:
    await letters.post()
    found = [re.search(r"/withdrawal/(\S{43})\s", text_of(mail)) for mail in sent_to(email)]
    return next(one[1] for one in reversed(found) if one)


def sent_to(email: str = ALICE) -> list[EmailMessage]:
    return [mail for mail in mails() if mail["To"] == email]
