"""A fresh proof of who is signed in, before a change of who gets in: a factor, or the password, or a mailed code.

Good for a quarter of an hour. Whoever has a second factor shows that one: what a thief of the session may know is not enough.
"""

from msgspec import Struct

from app import db
from app.accounts import (
    authenticators,
    one_time_codes,
    passkeys,
    passwords,
    profiles,
    recovery_codes,
    second_factors,
    sessions,
    throttle,
)
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid
from app.i18n import _, voice
from app.mail import letters
from app.settings import settings


class Proof(Struct, frozen=True):
    """What the page asks for. `then` is the change that goes on afterwards with its `fields`, `next` the page to go to;
    `code_sent` says that a code is on its way; `factor` that only a second factor will do."""

    passkey: bool
    authenticator: bool
    password: bool
    code: bool
    then: str = ""
    fields: list[tuple[str, str]] = []
    next: str = ""
    code_sent: bool = False
    error: str = ""
    factor: bool = False


async def asked(viewer: Viewer, **about: object) -> Proof:
    """Whoever has a second factor shows that one; a recovery code where the only one left is blocked."""
    factor, none = await second_factors.offered(viewer.id), not viewer.second_factor
    code = factor.authenticator or (factor.recovery_code and not factor.any)
    return Proof(
        factor.passkey,
        code,
        none and viewer.has_password,
        none and not viewer.has_password,
        **about,  # type: ignore[arg-type]
    )


async def send_code(viewer: Viewer, network: str) -> int:
    """The code's id, for the browser. Raises Refused (429)."""
    await throttle.code_asked(viewer.email, network)
    async with transaction():
        code_id, code = await one_time_codes.issue(viewer.email, "proof code")
        minutes = one_time_codes.LIFETIME.seconds // 60
        said = {"code": code, "minutes": minutes, "url": f"{settings.base_url}/account"}
        await letters.write(viewer.email, "proof_code", voice(), phrase=await profiles.phrase(viewer.id), **said)
    return code_id


async def prove(viewer: Viewer, kind: str, value: str, *, code_id: int, network: str) -> None:
    """`kind` is passkey, authenticator, password or code. Raises Invalid(proof=…), Cloned, Refused (429).

    Whoever has a factor shows that one; so where only a factor will do, nothing else is to be looked at here.
    """
    tries = await throttle.proof_tried(viewer.id, viewer.session_id, network)
    ways = await asked(viewer)
    right = False
    match kind:
        case "passkey" if ways.passkey:
            await passkeys.use(value, "proof", viewer.id)
            right = True
        case "authenticator" if ways.authenticator:
            right = await authenticators.spend(viewer.id, value) or await recovery_codes.spend(viewer.id, value)
        case "password" if ways.password:
            right = await _password_is(viewer.id, value)
        case "code" if ways.code:
            right = await one_time_codes.spend(viewer.email, one_time_codes.digits(value), code_id, "proof code")
    if not right:
        raise Invalid(proof=_("That was not right. Try again."))
    await throttle.take_back(tries)
    await sessions.proved(viewer, factor=kind in ("passkey", "authenticator"))


async def _password_is(customer: int, password: str) -> bool:
    found = await db.one("SELECT password_hash FROM customers WHERE id = {}", customer)
    return await passwords.matches(found["password_hash"] if found else "", password)
