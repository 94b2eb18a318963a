"""A forgotten password: a link by mail, and the new password that its holder chooses.

The same answer and the same work whether there is an account or not. The link proves what a mailed code proves: whoever has
the mailbox comes in, past the second factor where there is one, and that unlocks a locked account. A link that was asked for
before the account was locked, or before the password was changed, is worth nothing.
"""

from app import i18n
from app.accounts import customers, email_address, entering, new_passwords, password_links, sessions, sign_ins, throttle
from app.accounts.entering import Entered
from app.accounts.password_links import Owner
from app.accounts.password_strength import Strength
from app.accounts.sessions import Browser
from app.db import transaction
from app.errors import Missing
from app.events.actions import record
from app.mail import letters
from app.settings import settings

WAY = "mailed_link"  # at most twelve characters: `sessions.way`


async def send_link(email: str, browser: Browser) -> str:
    """The address as it is written here. One without an account gets a mail as well: it says so. Raises Invalid, Refused
    (429)."""
    email = email_address.normal(email)
    await throttle.password_link_asked(email, browser.network)
    customer = await customers.at_the_door("email", email)
    kind, voice = ("password_link", customers.voice_of(customer)) if customer else ("no_account", i18n.voice())
    async with transaction():
        token = await password_links.make(email)
        context = {
            "email": email, "link": f"{settings.base_url}/sign-in/password/new/{token}" if customer else "",
            "minutes": password_links.LIFETIME.seconds // 60, "url": f"{settings.base_url}/sign-in",
        }  # fmt: skip
        await letters.write(email, kind, voice, phrase=customer["phrase"] if customer else "", **context)
        whose = customer["id"] if customer else None
        await record("password_link_asked", customer=whose, **browser.about)
    return email


async def strength(token: str, typed: str) -> Strength:
    """Raises Missing, Refused (429)."""
    whose = await _owner(token)
    return await new_passwords.strength(whose.id, typed, whose.email, whose.name)


async def choose_password(token: str, new: str, browser: Browser) -> Entered:
    """Signed out everywhere, and in here; where a second factor is asked for, both only when it is shown. Raises Missing,
    Invalid(new_password=…), Refused (429; 403 when the operator has locked the account: the password stays as it was)."""
    whose = await _owner(token)
    made = await new_passwords.made_good(whose.id, new, whose.email, whose.name)
    async with transaction():
        await customers.lock(whose.id)
        if not await password_links.spend(token):
            raise Missing
        row = await customers.at_the_door("id", whose.id)
        if row is None:
            raise Missing
        entered = await entering.let_in(row, browser, WAY)
        if entered.half:
            await sign_ins.choose_password(entered.token, made)
        else:
            session = await sessions.number(entered.token)
            await new_passwords.replace(whose.id, made, but=session, by=WAY)
        return entered


async def _owner(token: str) -> Owner:
    """Raises Missing when the link was used, is too old or is not ours."""
    found = await password_links.owner(token)
    if found is None:
        raise Missing
    return found
