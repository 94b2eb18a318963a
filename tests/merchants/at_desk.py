"""Who comes to a desk, and what they show there."""

import json
import re
from datetime import timedelta
from html import unescape

import httpx
import pyotp

from app import clock, db
from app.accounts import authenticators, factors, passkeys
from app.accounts.viewer import Viewer
from tests import builders
from tests.accounts.authenticator import Passkey
from tests.builders import MO

OWNER, STAFF, ELSEWHERE = "mo@example.com", "sam@example.com", "nia@example.com"
DESK = f"/desk/{MO}"
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def viewer(customer: int, email: str = OWNER) -> Viewer:
    """Somebody to whom no session belongs."""
    return Viewer(customer, email, "Mo", "", "", 1, "", "", False, 0)


async def with_passkey(customer: int, email: str = OWNER) -> Passkey:
    phone = Passkey()
    options = json.loads(await passkeys.adding_options(customer, email, "Mo"))
    async with builders.signed_in(customer) as owner:
        await factors.add_passkey(owner, phone.create(options), "Phone")
    return phone


async def with_app(customer: int, email: str = OWNER) -> pyotp.TOTP:
    async with builders.signed_in(customer) as owner:
        app = pyotp.TOTP(await authenticators.begin(customer, owner.session_id))
        await factors.confirm_authenticator(owner, app.at(clock.now() - timedelta(seconds=30)))
    return app


async def come_in(laptop: httpx.AsyncClient, email: str = OWNER, *, factor: bool = True, proved: bool = True) -> None:
    """Signed in just now; `factor`: with a second one, which is theirs from now on."""
    laptop.cookies.update(await builders.session(email, proved=proved, factor=factor))
    if factor and not await db.rows(
        "SELECT a.id FROM authenticators a JOIN customers c ON c.id = a.customer WHERE c.email = {}", email
    ):
        await with_app(await builders.customer(email), email)


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the first form on a page that has a `proof_` field."""
    forms = (part.partition("</form>")[0] for part in html.split("<form")[1:])
    return {name: unescape(value) for name, value in FIELD.findall(next(form for form in forms if "proof_" in form))}


async def events(*kinds: str) -> list[dict[str, object]]:
    found = await db.rows("SELECT kind, customer, merchant, data FROM events ORDER BY id")
    return [
        {"kind": row["kind"], "customer": row["customer"], "merchant": row["merchant"], **json.loads(row["data"])}
        for row in found
        if row["kind"] in kinds
    ]
