"""The key pair by which push services know this counter (VAPID, RFC 8292): made on the first start, kept in the data folder.

Browsers bind their subscriptions to it: another key would make all of them void.
"""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.settings import kept, settings

FILE = "push_key"


@cache
def private_key() -> EllipticCurvePrivateKey:
    """Raises ValueError when the file holds something else."""
    found = load_pem_private_key(kept(settings.data_dir, FILE, _new).encode(), None)
    if not isinstance(found, EllipticCurvePrivateKey) or found.curve.name != SECP256R1.name:
        raise ValueError(f"{settings.data_dir / FILE} is not a P-256 key")
    return found


@cache
def public_key() -> str:
    """What pages offer to browsers: the uncompressed point, base64url."""
    point = private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")


def _new() -> str:
    made = generate_private_key(SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
