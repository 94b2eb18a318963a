"""What the tests of withdrawals have in common: what a guest types, and what is mailed to them."""

import re
from email.message import EmailMessage

from app import db
from app.accounts.viewer import Viewer
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


async def confirmed(email: str, contract: str, items: str) -> str:
    """Declared by who is signed in with that address, so that no mail is needed; the code."""
    (row,) = await db.rows("SELECT id FROM customers WHERE email = {}", email)
    told = await declared.check(Told(name="Alice Martin", email=email, contract=contract, items=items))
    viewer = Viewer(row["id"], email, "Alice", "en", "UTC", 0, "", "", "", False, 0)
    return await guests.declare_as(viewer, told)


async def token(email: str = ALICE) -> str:
    await letters.post()
    found = [re.search(r"/withdrawal/(\S{43})\s", text_of(mail)) for mail in sent_to(email)]
    return next(one[1] for one in reversed(found) if one)


def sent_to(email: str = ALICE) -> list[EmailMessage]:
    return [mail for mail in mails() if mail["To"] == email]
