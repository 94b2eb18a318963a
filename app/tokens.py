"""Secrets that go out (only their hash is kept), texts that come back signed, and texts that are kept sealed."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.settings import settings

NONCE = 12  # bytes (NIST SP 800-38D, 8.2)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that is taken for another, nor for a digit
CODE = 8  # of these: 40 bits, nobody finds another's by trying


def new_code(letter: str) -> str:
    """What people say and papers carry: “R-7K3F9QXM”."""
    return f"{letter}-" + "".join(secrets.choice(CROCKFORD) for _ in range(CODE))


def code_of(letter: str, text: str, purpose: str) -> str:
    """Always the same for that text and purpose, and nobody else can know it."""
    number = int(hash_secret(text, purpose), 16)
    return f"{letter}-" + "".join(CROCKFORD[number >> 5 * place & 31] for place in range(CODE))


def new_token() -> str:
    """256 random bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token: it has full entropy, so a plain SHA-256 (hex) is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_secret(text: str, purpose: str) -> str:
    """A keyed hash (hex) for what could be guessed: a six-digit code, an e-mail address, a network."""
    return hmac.digest(settings.secret_key.encode(), f"{purpose}\0{text}".encode(), "sha256").hex()


def sign(text: str, purpose: str) -> str:
    """`text` with a signature bound to its purpose, for cookies."""
    return f"{_signature(text, purpose)}.{text}"


def unsign(signed: str, purpose: str) -> str | None:
    """The text, or None when we have not signed it. Compared as bytes: of texts, only ASCII can be."""
    signature, _, text = signed.partition(".")
    return text if hmac.compare_digest(signature.encode(), _signature(text, purpose).encode()) else None


def seal(text: str, purpose: str) -> str:
    """Encrypted with the counter's own key: a copy of the database alone does not tell it."""
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _cipher(purpose).encrypt(nonce, text.encode(), purpose.encode())).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Raises ValueError when it was sealed with another key or for another purpose."""
    try:
        raw = urlsafe_b64decode(sealed)
        return _cipher(purpose).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
    except InvalidTag as error:
        raise ValueError("sealed with another COMPTOIR_SECRET_KEY") from error


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(hashlib.sha256(f"{settings.secret_key}\0{purpose}".encode()).digest())


def _signature(text: str, purpose: str) -> str:
    digest = hmac.new(settings.secret_key.encode(), f"{purpose}\0{text}".encode(), "sha256").digest()
    return urlsafe_b64encode(digest[:18]).decode()
