"""How a customer gets in and out, and their password.

The three ways in answer alike, and do the same work, whether there is an account or not.
"""

from msgspec import Struct
from msgspec.structs import replace

from app import i18n
from app.accounts import (
    customers,
    devices,
    email_address,
    entering,
    factors,
    locking,
    new_passwords,
    one_time_codes,
    passkeys,
    passwords,
    second_factors,
    sessions,
    sign_in_links,
    sign_ins,
    throttle,
)
from app.accounts.entering import Entered, Shown
from app.accounts.passkey_answers import wrong
from app.accounts.sessions import Browser
from app.accounts.sign_ins import HalfIn
from app.db import transaction
from app.errors import Invalid, Missing
from app.i18n import _
from app.mail import letters
from app.settings import settings


class CodeSent(Struct, frozen=True):
    """`code_id` stays with the browser that asked."""

    email: str
    code_id: int


async def send_code(email: str, network: str) -> CodeSent:
    """An address without an account gets a mail as well: it says so. Raises Invalid, Refused (429)."""
    email = email_address.normal(email)
    await throttle.code_asked(email, network)
    customer = await customers.at_the_door("email", email)
    async with transaction():
        code_id, code = await one_time_codes.issue(email)
        minutes = one_time_codes.LIFETIME.seconds // 60
        context = {"email": email, "code": code, "minutes": minutes, "url": f"{settings.base_url}/sign-in"}
        kind, voice = ("sign_in_code", customers.voice_of(customer)) if customer else ("no_account", i18n.voice())
        await letters.write(email, kind, voice, phrase=customer["phrase"] if customer else "", **context)
    return CodeSent(email, code_id)


async def sign_in_with_code(email: str, code: str, code_id: int, browser: Browser) -> Entered:
    """Raises Invalid(code=…) for whatever is wrong, Refused (429)."""
    digits = one_time_codes.digits(code)
    if not digits:
        raise Invalid(code=_("The code has six digits."))
    await throttle.code_tried(browser.network)
    right = await one_time_codes.spend(email, digits, code_id)
    customer = await customers.at_the_door("email", email)
    if not right or customer is None:
        await entering.failed(customer, browser, "code")
        raise Invalid(code=_("That is not the code, or it is no longer good. Check it, or have another one sent."))
    return await entering.let_in(customer, browser, "code")


async def sign_in_with_password(email: str, password: str, browser: Browser) -> Entered:
    """Raises Invalid(email=… or password=…), Refused (429)."""
    email = email_address.normal(email)
    customer = await customers.at_the_door("email", email)
    known = await devices.known(customer["id"] if customer else 0, browser.device)
    await throttle.password_tried(email, browser.network, device=browser.device if known else "")
    kept = customer["password_hash"] if customer else ""
    if not await passwords.matches(kept, password) or customer is None or locking.by_owner(customer):
        await entering.failed(customer, browser, "password")
        raise Invalid(password=_("E-mail address and password do not belong together."))
    if passwords.outdated(kept):
        made = await passwords.hashed(password)
        await new_passwords.renew_hash(customer["id"], kept, made)
        customer = {**customer, "password_hash": made}
    return await entering.let_in(customer, browser, "password")


async def sign_in_with_passkey(credential: str, browser: Browser) -> Entered:
    """A passkey is two factors in one. Raises Invalid(passkey=…), Refused (429)."""
    await throttle.passkey_tried(browser.network)
    try:
        used = await passkeys.use(credential, "signing_in", None)
    except passkeys.Cloned as error:
        await factors.cloned(error.passkey)
        raise wrong() from error
    async with transaction():
        await customers.lock(used.customer)
        customer = await customers.at_the_door("id", used.customer)
        if customer is None or locking.by_owner(customer):
            raise wrong()
        return await entering.enter(used.customer, browser, Shown("passkey", "passkey"))


async def show_second_factor(half: HalfIn, kind: str, value: str, *, browser: Browser, trust: bool) -> Entered:
    """Raises Invalid(passkey=… or code=…), Refused (429), Missing when it was shown already."""
    try:
        factor = await second_factors.show(half.customer, kind, value, purpose="factor", browser=browser)
    except passkeys.Cloned as error:
        await factors.cloned(error.passkey)
        raise wrong() from error
    except Invalid:
        await entering.factor_failed(half.customer, browser, kind)
        raise
    browser = replace(browser, zone=half.zone or browser.zone)
    async with transaction():
        await customers.lock(half.customer)  # whoever changes what lets in does so, too, and ends the half way in
        if not await sign_ins.finish(half):
            raise Missing
        entered = await entering.enter(half.customer, browser, Shown(half.way, factor, trust))
        if half.new_password:
            session = await sessions.number(entered.token)
            await new_passwords.replace(half.customer, half.new_password, but=session, by=half.way)
        return entered


async def sign_in_with_link(token: str, browser: Browser) -> Entered:
    """Raises Missing when the link was used, is too old or is not ours."""
    number = await sign_in_links.owner(token)
    async with transaction():
        await customers.lock(number or 0)
        customer = await customers.at_the_door("id", number) if number and await sign_in_links.spend(token) else None
        if customer is None:
            raise Missing
        return await entering.let_in(customer, browser, "link")


async def make_link(email: str) -> str:
    """For the shell: the address that lets this customer in, once. Raises Missing, Invalid(email=…)."""
    return f"{settings.base_url}/sign-in/link/{await sign_in_links.make(await customers.number_of(email))}"
