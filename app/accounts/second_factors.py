"""The second factor: a passkey, a code from an app, or one of the recovery codes; which of them a customer has."""

from msgspec import Struct

from app import db
from app.accounts import authenticators, devices, passkeys, recovery_codes, throttle
from app.accounts.challenges import Purpose
from app.accounts.sessions import Browser
from app.errors import Invalid
from app.i18n import _


class Offered(Struct, frozen=True):
    """What a customer can show."""

    passkey: bool
    authenticator: bool
    recovery_code: bool

    @property
    def any(self) -> bool:
        """Recovery codes stand in for a factor; alone they are none."""
        return self.passkey or self.authenticator


async def offered(customer: int) -> Offered:
    found = await db.one(
        "SELECT EXISTS (SELECT 1 FROM passkeys WHERE customer = {} AND cloned_at IS NULL) AS passkey, "
        "EXISTS (SELECT 1 FROM authenticators WHERE customer = {} AND confirmed) AS authenticator, "
        "EXISTS (SELECT 1 FROM recovery_codes WHERE customer = {} AND used_at IS NULL) AS recovery_code",
        customer, customer, customer,
    )  # fmt: skip
    assert found is not None  # noqa: S101 - a SELECT without FROM has one row
    return Offered(*(bool(found[name]) for name in ("passkey", "authenticator", "recovery_code")))


async def settle(customer: int) -> bool:
    """Writes on the customer's row whether a factor is asked for from now on; without one there is nothing to recover.

    In the transaction that has added or taken away one. A passkey that was blocked still counts: whoever copies one must not
    switch the second factor off by it; its owner comes in with a recovery code.
    """
    blocked = await db.one("SELECT 1 AS one FROM passkeys WHERE customer = {} LIMIT 1", customer)
    wanted = (await offered(customer)).any or blocked is not None
    await db.execute("UPDATE customers SET second_factor = {}, revision = revision + 1 WHERE id = {}", wanted, customer)
    if not wanted:
        await recovery_codes.remove(customer)
    return wanted


async def show(customer: int, kind: str, value: str, *, purpose: Purpose, browser: Browser) -> str:
    """The kind that was shown. Raises Invalid(passkey=… or code=…), Cloned, Refused (429)."""
    known = await devices.known(customer, browser.device)
    tries = await throttle.factor_tried(customer, browser.network, device=browser.device if known else "")
    shown = await _shown(customer, kind, value, purpose)
    await throttle.take_back(tries)
    return shown


async def _shown(customer: int, kind: str, value: str, purpose: Purpose) -> str:
    if kind == "passkey":
        await passkeys.use(value, purpose, customer)
        return kind
    if await authenticators.spend(customer, value):
        return "authenticator"
    if await recovery_codes.spend(customer, value):
        return "recovery_code"
    raise Invalid(code=_("That is not the code, or it was used already."))
