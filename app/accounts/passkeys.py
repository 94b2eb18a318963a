"""Passkeys (WebAuthn level 3): the one importer of py_webauthn, values in, values out, and the rows of the credentials.

The person must have been verified by the authenticator (fingerprint, face, PIN): a passkey alone is then two factors, what
one has and what one is or knows. Every failure is the same to whoever tries: Invalid(passkey=…).
"""

from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import clock, db
from app.accounts import challenges
from app.accounts.challenges import Purpose
from app.accounts.passkey_answers import UNREADABLE, Answer, base64url, read, wrong
from app.errors import Invalid
from app.i18n import _
from app.settings import settings
from app.tokens import hash_secret

MOST = 20  # passkeys of one customer
VERIFIED = UserVerificationRequirement.REQUIRED
TIMEOUT = int(challenges.LIFETIME.total_seconds() * 1000)  # milliseconds


class Used(Struct, frozen=True):
    """Whose passkey has answered, and which."""

    id: int
    customer: int
    name: str


class Cloned(Exception):
    """The signature is right, but its count went back: two authenticators hold this key (WebAuthn level 3, 6.1.1)."""

    def __init__(self, passkey: Used) -> None:
        super().__init__(passkey.name)
        self.passkey = passkey


def relying_party() -> str:
    return urlsplit(settings.base_url).hostname or ""


def user_handle(customer: int) -> bytes:
    """What an authenticator keeps of the customer: it tells nothing (WebAuthn level 3, 14.6.1)."""
    return bytes.fromhex(hash_secret(str(customer), "passkey"))


async def of(customer: int) -> list[db.Row]:
    found = await db.rows("SELECT * FROM passkeys WHERE customer = {} ORDER BY id", customer)
    return list(found)


async def adding_options(customer: int, email: str, name: str) -> str:
    """JSON for `navigator.credentials.create`. An authenticator that holds one of theirs already is not to make another."""
    options = generate_registration_options(
        rp_id=relying_party(), rp_name=settings.name, user_id=user_handle(customer), user_name=email,
        user_display_name=name or email, challenge=base64url_to_bytes(await challenges.issue("adding", customer)),
        timeout=TIMEOUT, exclude_credentials=await _credentials(customer),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED
        ),
    )  # fmt: skip
    return options_to_json(options)


async def asking_options(purpose: Purpose, customer: int | None) -> str:
    """JSON for `navigator.credentials.get`; without a customer whoever holds a passkey of ours may answer."""
    options = generate_authentication_options(
        rp_id=relying_party(), challenge=base64url_to_bytes(await challenges.issue(purpose, customer)), timeout=TIMEOUT,
        allow_credentials=await _credentials(customer) if customer else [], user_verification=VERIFIED,
    )  # fmt: skip
    return options_to_json(options)


async def verified(customer: int, credential: str) -> dict[str, Any]:
    """The columns of a new passkey. Not inside a transaction: the challenge is used up whatever comes of it."""
    answer = read(credential)
    challenge = await _spent(answer, "adding", customer)
    try:
        made = verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=relying_party(),
            expected_origin=settings.base_url, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, *UNREADABLE) as error:
        raise wrong() from error
    return {
        "credential_id": bytes_to_base64url(made.credential_id), "sign_count": made.sign_count, "aaguid": made.aaguid,
        "public_key": bytes_to_base64url(made.credential_public_key), "transports": " ".join(answer.transports),
        "kind": kind(made.credential_device_type, answer.transports),
    }  # fmt: skip


async def keep(customer: int, made: dict[str, Any], name: str) -> int:
    """The new passkey's id. Raises Invalid(passkey=…) when somebody has registered it already."""
    row = {**made, "customer": customer, "name": name, "created_at": clock.now()}
    columns = ", ".join(row)
    found = await db.execute(
        f"INSERT INTO passkeys ({columns}) VALUES ({db.marks(len(row))}) ON CONFLICT (credential_id) DO NOTHING RETURNING id",  # noqa: S608
        *row.values(),
    )
    if not found:
        raise Invalid(passkey=_("This passkey is here already."))
    number: int = found[0]["id"]
    return number


async def use(credential: str, purpose: Purpose, customer: int | None) -> Used:
    """Whose passkey has answered. Raises Invalid(passkey=…), and Cloned when its count went back."""
    answer = read(credential)
    challenge = await _spent(answer, purpose, customer)
    kept = await db.one("SELECT * FROM passkeys WHERE credential_id = {} AND cloned_at IS NULL", answer.id)
    if kept is None or (customer is not None and kept["customer"] != customer):
        raise wrong()
    if answer.user_handle is not None and answer.user_handle != bytes_to_base64url(user_handle(kept["customer"])):
        raise wrong()
    try:
        # Its own comparison of counts raises what every other failure raises; a clone is more than a failure.
        proof = verify_authentication_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=relying_party(),
            expected_origin=settings.base_url, credential_public_key=base64url_to_bytes(kept["public_key"]),
            credential_current_sign_count=0, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, *UNREADABLE) as error:
        raise wrong() from error
    return await _counted(kept, proof.new_sign_count)


async def _counted(kept: db.Row, count: int) -> Used:
    """Authenticators that do not count say 0 for ever (WebAuthn level 3, 7.2, step 22)."""
    used = Used(kept["id"], kept["customer"], kept["name"])
    moved = await db.execute(
        f"UPDATE passkeys SET sign_count = {{}}, used_at = {{}} WHERE id = {{}} AND sign_count {'<' if count else '='} {{}} "  # noqa: S608
        "RETURNING id",
        count, clock.now(), kept["id"], count,
    )  # fmt: skip
    if not moved:
        await db.execute("UPDATE passkeys SET cloned_at = {} WHERE id = {}", clock.now(), kept["id"])
        raise Cloned(used)
    return used


def kind(device: CredentialDeviceType, transports: list[str]) -> str:
    if device == CredentialDeviceType.MULTI_DEVICE:
        return "synced"
    return "this_device" if "internal" in transports else "security_key"


async def _credentials(customer: int) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(row["credential_id"]))
        for row in await of(customer)
        if row["cloned_at"] is None
    ]


async def _spent(answer: Answer, purpose: Purpose, customer: int | None) -> bytes:
    """The challenge that was signed, when it is one of ours for this and was not answered before."""
    try:
        challenge = base64url(msgspec.json.decode(base64url_to_bytes(answer.client_data))["challenge"])
    except UNREADABLE as error:
        raise wrong() from error
    if not await challenges.spend(challenge, purpose, customer):
        raise wrong()
    return base64url_to_bytes(challenge)
