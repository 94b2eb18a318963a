"""Secrets that go out (only their hash is kept) and texts that come back signed."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from app.settings import settings


def new_token() -> str:
    """256 random bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token: it has full entropy, so a plain SHA-256 (hex) is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_secret(text: str, purpose: str) -> str:
    """A keyed hash (hex) for what could be guessed: a six-digit code, an e-mail address, a network."""
    return hmac.new(settings.secret_key.encode(), f"{purpose}\0{text}".encode(), "sha256").hexdigest()


def sign(text: str, purpose: str) -> str:
    """`text` with a signature bound to its purpose, for cookies."""
    return f"{_signature(text, purpose)}.{text}"


def unsign(signed: str, purpose: str) -> str | None:
    """The text, or None when we have not signed it. Compared as bytes: of texts, only ASCII can be."""
    signature, _, text = signed.partition(".")
    return text if hmac.compare_digest(signature.encode(), _signature(text, purpose).encode()) else None


def _signature(text: str, purpose: str) -> str:
    digest = hmac.new(settings.secret_key.encode(), f"{purpose}\0{text}".encode(), "sha256").digest()
    return urlsafe_b64encode(digest[:18]).decode()
