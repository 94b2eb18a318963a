"""An authenticator in software: makes and uses passkeys as a browser would send them, and misbehaves when told to.

Made from the standard alone (WebAuthn level 3, 6 and 7), so that it does not share its reading with py_webauthn.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN, RELYING_PARTY = "http://localhost:8000", "localhost"
PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Passkey:
    """One credential. `count` is its signature counter; None never counts, as synced passkeys do."""

    def __init__(self, *, synced: bool = False, count: int | None = 0, transports: tuple[str, ...] = ("internal",)) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.synced, self.count, self.transports = synced, count, transports
        self.user_handle: bytes | None = None

    def create(self, options: dict[str, Any], **wrong: Any) -> str:
        """The answer to `navigator.credentials.create`, as JSON."""
        self.user_handle = raw(options["user"]["id"])
        client_data = self._client_data("webauthn.create", options["challenge"], **wrong)
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._cose()
        data = self._data(ATTESTED, **wrong) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": base64url(client_data), "attestationObject": base64url(attestation),
            "transports": list(self.transports),
        }  # fmt: skip
        return self._sent(response)

    def get(self, options: dict[str, Any], **wrong: Any) -> str:
        """The answer to `navigator.credentials.get`, as JSON."""
        if self.count is not None:
            self.count += 1
        client_data = self._client_data("webauthn.get", options["challenge"], **wrong)
        data = self._data(0, **wrong)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        if wrong.get("bogus_signature"):
            signature = ec.generate_private_key(ec.SECP256R1()).sign(b"else", ec.ECDSA(hashes.SHA256()))
        handle = wrong.get("user_handle", self.user_handle)
        response = {
            "clientDataJSON": base64url(client_data), "authenticatorData": base64url(data), "signature": base64url(signature),
            "userHandle": base64url(handle) if handle else None,
        }  # fmt: skip
        return self._sent(response)

    def _client_data(self, kind: str, challenge: str, *, origin: str = ORIGIN, **_: Any) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _data(self, more: int, *, relying_party: str = RELYING_PARTY, verified: bool = True, **_: Any) -> bytes:
        flags = more | PRESENT | (VERIFIED if verified else 0) | (ELIGIBLE | BACKED_UP if self.synced else 0)
        return hashlib.sha256(relying_party.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _sent(self, response: dict[str, Any]) -> str:
        number = base64url(self.id)
        about = {"id": number, "rawId": number, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps({**about, "authenticatorAttachment": "platform", "response": response})
