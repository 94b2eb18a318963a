"""Factors that are set up, and the sign-in that stops half the way to ask for one."""

import json
from datetime import timedelta

import pyotp
from httpx import AsyncClient

from app import clock
from app.accounts import authenticators, factors, passkeys
from tests import builders
from tests.accounts.authenticator import Passkey
from tests.accounts.steps import ask_for_code, enter_code, mailed_code
from tests.builders import ALICE

FACTOR = "/sign-in/second-factor"


async def with_app(customer: int) -> tuple[pyotp.TOTP, list[str]]:
    """An app that is set up, and the recovery codes that came with it."""
    async with builders.signed_in(customer) as owner:
        app = pyotp.TOTP(await authenticators.begin(customer, owner.session_id))
        return app, await factors.confirm_authenticator(owner, app.at(clock.now() - timedelta(seconds=30)))


async def with_passkey(customer: int) -> Passkey:
    phone = Passkey()
    options = json.loads(await passkeys.adding_options(customer, ALICE, "Alice"))
    async with builders.signed_in(customer) as owner:
        await factors.add_passkey(owner, phone.create(options), "Phone")
    return phone


async def half_in(laptop: AsyncClient) -> None:
    await ask_for_code(laptop)
    answer = await enter_code(laptop, mailed_code())
    assert (answer.status_code, answer.headers["location"]) == (303, FACTOR)
