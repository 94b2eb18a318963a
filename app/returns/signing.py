"""The counter's signature under a paper (PAdES, ETSI EN 319 142-1). The one importer of pyHanko.

The key and its certificate are made when they are first needed and kept in the data folder, unless COMPTOIR_SIGNING_KEY names
others. Nobody vouches for a certificate of one's own making: it shows that a paper is the counter's, and unchanged, to whoever
has the certificate from the counter itself. The time in it is the counter's clock.
"""

import io
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import SimpleSigner, fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app import clock
from app.settings import kept, settings

FILE = "signing_key"
BITS = 3072  # RSA: every reader of PDFs knows it; 128 bits of strength, beyond 2030 (NIST SP 800-57, table 2)
VALID = timedelta(days=3653)
FIELD = "Signature"
ONE_AT_A_TIME = Lock()  # threads; processes settle it by the file


class Signer(SimpleSigner):
    """With a key that is in memory: to read it anew for each paper takes longer than all the rest."""

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        key = _held()[0]
        if isinstance(key, RSAPrivateKey):
            return key.sign(data, PKCS1v15(), SHA256())
        if isinstance(key, EllipticCurvePrivateKey):
            return key.sign(data, ECDSA(SHA256()))
        return bytes(super().sign_raw(data, digest_algorithm))


def signed(pdf: bytes) -> bytes:
    """The same paper, with a signature over every byte of it that allows no change. Blocking: some 50 ms."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=settings.name,
        location=settings.base_url,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    made = signers.sign_pdf(writer, about, _signer())
    return bytes(made.getvalue())


def certificate() -> str:
    """What shows that a paper is ours, as PEM; with those it depends on, where the operator's own has such. The very first time
    it takes some tenths of a second: a key is made."""
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in _held()[1:])


def fingerprint() -> str:
    """SHA-256 of the certificate, in hexadecimal and groups of four: `openssl x509 -fingerprint -sha256` says the same."""
    digest = _held()[1].fingerprint(SHA256()).hex().upper()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def valid_until() -> datetime:
    """Raises ValueError as whatever signs does."""
    return _held()[1].not_valid_after_utc


@cache
def _signer() -> Signer:
    key, *certificates = _held()
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    own, *others = (Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates)
    store = SimpleCertificateStore()
    store.register_multiple(others)
    return Signer(signing_cert=own, signing_key=PrivateKeyInfo.load(private), cert_registry=store)


@cache
def _held() -> tuple[Any, ...]:
    """The key, its certificate, those above that. Raises ValueError when the file holds no key, or no certificate of it."""
    with ONE_AT_A_TIME:
        pem = Path(settings.signing_key).read_bytes() if settings.signing_key else kept(settings.data_dir, FILE, _new).encode()
    key = load_pem_private_key(pem, None)
    certificates = x509.load_pem_x509_certificates(pem)
    own = [one for one in certificates if one.public_key() == key.public_key()]
    if not own:
        raise ValueError(f"{settings.signing_key or settings.data_dir / FILE} holds no certificate of its key")
    return key, own[0], *(one for one in certificates if one is not own[0])


def _new() -> str:
    """A key and the certificate that names this counter: for signatures, and for nothing else."""
    key = generate_private_key(65537, BITS)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, settings.name[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, settings.base_url[-64:]),
        ]
    )
    now = clock.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + made.public_bytes(Encoding.PEM)).decode()


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
