"""The receipt of a withdrawal: what it says, and that whoever has the certificate can prove that nothing of it was changed."""

import io
import multiprocessing
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from msgspec.structs import replace
from pyhanko.keys.pemder import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from app.returns import signing
from app.setting_values import Misconfigured
from app.settings import read, settings
from tests.returns import papers
from tests.returns.papers import RECIPIENT, acknowledgement

pytestmark = pytest.mark.without_database


@pytest.fixture(autouse=True)
def remembered_anew() -> Iterator[None]:
    yield
    signing._held.cache_clear()
    signing._signer.cache_clear()


def ranges(pdf: bytes) -> list[int]:
    (found,) = re.findall(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) ?\]", pdf)
    return [int(number) for number in found]


def signature(pdf: bytes) -> bytes:
    """CMS in DER, which zeros follow: its bytes 2 and 3 say how long it is."""
    _start, first, second, _last = ranges(pdf)
    held = bytes.fromhex(pdf[first + 1 : second - 1].decode())
    return held[: 4 + int.from_bytes(held[2:4])]


def openssl(pdf: bytes, place: Path, certificate: str = "") -> subprocess.CompletedProcess[str]:
    """`openssl cms -verify` over the bytes that the signature names, trusting the published certificate alone."""
    start, first, second, last = ranges(pdf)
    (place / "signed").write_bytes(pdf[start : start + first] + pdf[second : second + last])
    (place / "signature.der").write_bytes(signature(pdf))
    (place / "certificate.pem").write_text(certificate or signing.certificate())
    command = "openssl cms -verify -binary -inform DER -in signature.der -content signed -CAfile certificate.pem -out content"
    return subprocess.run(command.split(), cwd=place, capture_output=True, text=True, check=False)


def pdfsig(path: Path) -> str:
    return subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout


async def valid(pdf: bytes) -> bool:
    """What pyHanko's own validation says. A paper that it cannot even read is not."""
    trusted = list(load_certs_from_pemder_data(signing.certificate().encode()))
    try:
        (found,) = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
        status = await async_validate_pdf_signature(found, ValidationContext(trust_roots=trusted, allow_fetching=False))
    except (PdfError, SignatureValidationError, ValueError, TypeError):
        return False
    return bool(status.bottom_line)


async def test_it_verifies_with_openssl_and_with_pyhanko(tmp_path: Path) -> None:
    pdf = await acknowledgement()
    checked = openssl(pdf, tmp_path)
    assert (checked.returncode, checked.stderr.strip()) == (0, "CMS Verification successful")
    assert (tmp_path / "content").read_bytes() == (tmp_path / "signed").read_bytes()
    assert await valid(pdf)


async def test_every_byte_but_the_signature_itself_is_signed() -> None:
    pdf = await acknowledgement()
    start, first, second, last = ranges(pdf)
    assert (start, second + last) == (0, len(pdf))
    assert re.fullmatch(rb"<[0-9a-fA-F]+>", pdf[first:second])


@pytest.mark.parametrize("part", [0.0, 0.1, 0.35, 0.6, 0.9, 0.999, 1.01])
async def test_one_changed_byte_is_seen(part: float, tmp_path: Path) -> None:
    """`part`: how far in what stands before the signature; the last one is behind it."""
    pdf = await acknowledgement()
    _start, first, second, last = ranges(pdf)
    where = second + last // 2 if part > 1 else int(part * (first - 9)) + 8
    changed = pdf[:where] + bytes([pdf[where] ^ 1]) + pdf[where + 1 :]
    assert openssl(changed, tmp_path).returncode != 0
    assert not await valid(changed)


async def test_a_changed_signature_is_seen(tmp_path: Path) -> None:
    pdf = await acknowledgement()
    where = ranges(pdf)[1] + 1 + 2 * (len(signature(pdf)) - 100)  # its last 384 bytes are RSA's
    changed = pdf[:where] + (b"1" if pdf[where : where + 1] == b"0" else b"0") + pdf[where + 1 :]
    assert openssl(changed, tmp_path).returncode != 0
    assert not await valid(changed)


async def test_what_is_added_behind_the_signature_is_seen() -> None:
    """An incremental update, the usual way to show something else under an old signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(await acknowledgement()), strict=False)
    writer.root["/Lang"] = generic.pdf_string("de")
    writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    assert not await valid(made.getvalue())


async def test_another_counters_certificate_does_not_verify_it(tmp_path: Path) -> None:
    pdf = await acknowledgement()
    _path, other = own_key(tmp_path)
    assert openssl(pdf, tmp_path, other).returncode != 0


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig of poppler-utils is not there")
async def test_pdfsig_says_that_it_is_valid_and_that_all_of_it_is_signed(tmp_path: Path) -> None:
    (tmp_path / "receipt.pdf").write_bytes(await acknowledgement())
    said = pdfsig(tmp_path / "receipt.pdf")
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    changed = bytearray((tmp_path / "receipt.pdf").read_bytes())
    changed[2_000] ^= 1
    (tmp_path / "receipt.pdf").write_bytes(changed)
    said = pdfsig(tmp_path / "receipt.pdf")
    assert "Signature is Valid" not in said


async def test_the_key_is_the_owners_alone_and_its_certificate_names_the_counter_for_ten_years() -> None:
    (certificate,) = x509.load_pem_x509_certificates(signing.certificate().encode())
    kept = settings.data_dir / signing.FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "PRIVATE" not in signing.certificate()
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == settings.name
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc >= timedelta(days=3652)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    assert certificate.fingerprint(SHA256()).hex().upper() == signing.fingerprint().replace(" ", "")


def _made_in(folder: str) -> str:
    signing.settings = replace(settings, data_dir=Path(folder))
    return signing.certificate()


def test_processes_that_make_the_key_at_once_end_with_one(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert len(set(pool.map(_made_in, [str(tmp_path)] * 3, chunksize=1))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [signing.FILE]


def own_key(place: Path) -> tuple[Path, str]:
    """An operator's: another kind of key, under an authority of their own."""
    above, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    authority, shop = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Trust & Co", "Shop"))
    now = datetime.now(UTC)

    def made(subject: x509.Name, public: object, ca: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder(authority, subject, public, x509.random_serial_number(), now, now + timedelta(9))  # type: ignore[arg-type]
        basic = x509.BasicConstraints(ca=ca, path_length=None)
        return builder.add_extension(basic, critical=True).sign(above, SHA256())

    certificates = [made(authority, above.public_key(), True), made(shop, key.public_key(), False)]
    pem = "".join(one.public_bytes(Encoding.PEM).decode() for one in certificates)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    (place / "own.pem").write_text(pem + private)
    return place / "own.pem", pem


async def test_an_operators_own_key_signs_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, chain = own_key(tmp_path)
    monkeypatch.setattr(signing, "settings", replace(settings, signing_key=str(path)))
    signing._held.cache_clear()
    signing._signer.cache_clear()
    pdf = await acknowledgement()
    checked = openssl(pdf, tmp_path, chain)
    assert (checked.returncode, checked.stderr.strip()) == (0, "CMS Verification successful")
    published = x509.load_pem_x509_certificates(signing.certificate().encode())
    assert [one.subject.rfc4514_string() for one in published] == ["CN=Shop", "CN=Trust & Co"]


def test_a_key_without_its_certificate_stops_the_start_or_the_first_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, chain = own_key(tmp_path)
    environment = {"COMPTOIR_DATA_DIR": str(tmp_path / "data"), "COMPTOIR_SIGNING_KEY": str(tmp_path / "half.pem")}
    for text in (chain, path.read_text().replace(chain, ""), "", "é"):
        (tmp_path / "half.pem").write_text(text)
        with pytest.raises(Misconfigured, match="COMPTOIR_SIGNING_KEY"):
            read(environment)
    for name in ("nowhere.pem", ""):
        with pytest.raises(Misconfigured, match="COMPTOIR_SIGNING_KEY"):
            read({**environment, "COMPTOIR_SIGNING_KEY": str(tmp_path / name)})
    (tmp_path / "other").mkdir()
    _path, strange = own_key(tmp_path / "other")
    (tmp_path / "half.pem").write_text(path.read_text().replace(chain, "") + strange)
    monkeypatch.setattr(signing, "settings", read(environment))
    signing._held.cache_clear()
    with pytest.raises(ValueError, match="no certificate of its key"):
        signing.certificate()


async def test_it_says_what_was_declared_when_and_what_happens_next() -> None:
    said = papers.flat(await acknowledgement(order="A-10482", ordered_on=date(2026, 11, 2), url="https://x.example/returns/1"))
    for words in (
        "Acknowledgement of withdrawal", "Alice Martin has withdrawn from the contract with Atelier Mo for the items below",
        "27 November 2026, 15:42:07 (Europe/Paris, UTC+01:00)", "A-10482", "2 November 2026", "alice@example.com", "R-7K3F9QXM",
        "Linen shirt", "White · M", "Send the goods back within 14 days of this declaration.",
        "standard delivery included if it is about all of the order, within 14 days", " ".join(RECIPIENT), "https://x.example/returns/1",
        f"{settings.base_url}/withdrawal/certificate.pem", signing.fingerprint(),
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (True, "You get your money, standard delivery included, within 14 days"),
        (False, "You get your money for these items, within"),
    ],
)
async def test_what_the_delivery_cost_is_promised_with_all_of_the_order_only(delivery: bool, words: str) -> None:
    """Directive 2011/83/EU, Art. 13(1): of the contract that is withdrawn from; see `amounts.py`."""
    assert words in papers.flat(await acknowledgement(delivery=delivery))


async def test_it_says_the_same_in_french_with_the_days_that_are_known() -> None:
    about = {"send_by": date(2026, 12, 11), "refund_by": date(2026, 12, 14)}
    said = papers.flat(await acknowledgement("fr", **about)).replace("\u202f", " ")
    for words in ("Accusé de réception de la rétractation", "Alice Martin a exercé son droit de rétractation",
                  "27 novembre 2026 à 15:42:07 (Europe/Paris, UTC+01:00)", "au plus tard le 11 décembre 2026",
                  "au plus tard le 14 décembre 2026"):  # fmt: skip
        assert words in said


async def test_the_whole_contract_and_goods_that_are_kept() -> None:
    said = papers.flat(await acknowledgement(items=[], keeps_goods=True))
    assert "withdrawn from the whole contract" in said
    assert "There is nothing to send back." in said
    assert "Retours, quai 3" not in said


async def test_the_time_is_told_by_the_clock_of_who_declared_it_and_says_which() -> None:
    summer = datetime(2026, 7, 1, 23, 30, 5, tzinfo=UTC)
    assert "2 July 2026, 01:30:05 (Europe/Paris, UTC+02:00)" in papers.flat(await acknowledgement(declared_at=summer))


@pytest.mark.parametrize("odd", ["#eval(1)", "日本語", "العربية", "a\x07\u202eb", "", "W" * 3000, "many words " * 400])
async def test_whatever_was_declared_is_acknowledged(odd: str, tmp_path: Path) -> None:
    item = replace(papers.WITHDRAWN, title=odd, about=odd)
    pdf = await acknowledgement(
        name=odd, order=odd, email=odd, message=odd, merchant=odd, merchant_lines=[odd], items=[item] * 40
    )
    assert openssl(pdf, tmp_path).returncode == 0
    assert "\u202e" not in papers.text(pdf)
