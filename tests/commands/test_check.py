"""The check finds what is wrong and says it; it is silent about nothing."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.commands.conftest import Shell, damage
from tests.conftest import SERVER

KEY = "k" * 40


@pytest.fixture
def mail_server() -> Iterator[str]:
    controller = Controller(Sink(), hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    yield f"127.0.0.1:{controller.port}"
    controller.stop()


def wrong(told: dict[str, object]) -> dict[str, str]:
    checks = told["checks"]
    assert isinstance(checks, list)
    assert told["ok"] == all(one["ok"] for one in checks)
    return {one["name"]: one["detail"] for one in checks if not one["ok"]}


def test_all_is_well_with_a_seeded_shop(shop: Shell) -> None:
    told = shop.json("check")
    assert wrong(told) == {}
    assert [one["name"] for one in told["checks"]] == [
        "settings", "data folder", "secret key", "signing key", "mail", "texts", "database", "tables", "content",
        "news", "mails",
    ]  # fmt: skip
    assert (told["counts"]["merchants"], told["counts"]["customers"], told["counts"]["orders"]) == (3, 5, 262)
    assert "WRONG" not in shop.works("check")


async def test_words_of_carriers_that_nobody_knows_are_told(shell: Shell) -> None:
    columns = "source, word, times, last_seen_at"
    await shell.change(
        f"INSERT INTO carrier_words ({columns}) VALUES ('easypost', 'lost_in_space', 7, '2026-11-03 08:00:00+00:00')"
    )
    assert "easypost: 'lost_in_space', 7 times" in shell.works("check")
    (told,) = shell.json("check")["unknown_words"]
    assert (told["source"], told["word"], told["times"], told["last_seen_at"][:10]) == (
        "easypost",
        "lost_in_space",
        7,
        "2026-11-03",
    )


async def test_sellers_that_nobody_can_tell_of_a_missing_parcel_are_told(shop: Shell) -> None:
    number = '(SELECT min(s.id) FROM shipments s JOIN orders o ON o.id = s."order" JOIN merchants m ON m.id = o.merchant '
    number += "WHERE m.slug = 'alpages')"
    await shop.change(f"UPDATE shipments SET missing_at = CURRENT_TIMESTAMP WHERE id = {number}")
    assert wrong(shop.json("check")) == {}, "it has an owner and an address"
    await shop.change("UPDATE merchants SET email = '' WHERE slug = 'alpages'")
    await shop.change("UPDATE members SET role = 'manager' WHERE merchant = (SELECT id FROM merchants WHERE slug = 'alpages')")
    assert "(alpages: 1)" in wrong(shop.json("check"))["sellers"]


def test_tables_that_have_not_been_made_are_wrong(bare: Shell) -> None:
    done = bare("check")
    assert done.returncode == 1
    assert "WRONG  tables" in done.stdout
    assert "have not run: python -m app migrate" in done.stdout


def test_a_database_that_does_not_answer_is_wrong_and_the_rest_is_still_looked_at(shell: Shell) -> None:
    done = shell("check", COMPTOIR_DATABASE_URL="postgresql://me:s3cret@127.0.0.1:1/shop")
    assert done.returncode == 1
    assert "WRONG  database" in done.stdout
    assert "ok     data folder" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr


def test_a_mail_server_is_asked(shell: Shell, mail_server: str) -> None:
    done = shell("check", COMPTOIR_SMTP_URL=f"smtp://{mail_server}")
    assert done.returncode == 0
    assert f"{mail_server} answers" in done.stdout


@pytest.mark.parametrize("address", ["smtp://127.0.0.1:1", "smtp+starttls://{server}", "smtp://me:s3cret@{server}"])
def test_a_mail_server_that_does_not_let_us_in_is_wrong(shell: Shell, mail_server: str, address: str) -> None:
    done = shell("check", COMPTOIR_SMTP_URL=address.format(server=mail_server))
    assert done.returncode == 1
    assert "WRONG  mail" in done.stdout
    assert "COMPTOIR_SMTP_URL" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr


def test_a_key_that_can_be_guessed_or_read_by_others_is_wrong(shell: Shell) -> None:
    assert "WRONG  secret key" in shell("check", COMPTOIR_SECRET_KEY="twenty letters or so").stdout
    assert "set by COMPTOIR_SECRET_KEY" in shell("check", COMPTOIR_SECRET_KEY=KEY).stdout
    (shell.place / "secret_key").chmod(0o644)
    done = shell("check")
    assert done.returncode == 1
    assert "can be read by others" in done.stdout


def test_a_signing_key_that_cannot_sign_or_can_be_read_by_others_is_wrong(shell: Shell) -> None:
    kept = shell.place / "signing_key"
    assert "is made with the first receipt" in shell("check").stdout
    assert not kept.exists()
    for text, mode, said in (
        ("nonsense", 0o600, "WRONG  signing key"),
        (_signing_key(-1), 0o600, "ended on"),
        (_signing_key(9), 0o600, "valid until"),
        (_signing_key(9), 0o640, "can be read by others"),
    ):
        kept.write_text(text)
        kept.chmod(mode)
        assert said in shell("check").stdout


def _signing_key(days: int) -> str:
    """With a certificate that is valid until so many days from now."""
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Shop")])
    valid = (now - timedelta(30), now + timedelta(days))
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), *valid).sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + made.public_bytes(Encoding.PEM)).decode()


@pytest.mark.skipif(bool(SERVER), reason="a file of SQLite's is damaged here")
def test_a_damaged_database_is_wrong(shop: Shell) -> None:
    damage(shop.place / "comptoir.db")
    done = shop("check")
    assert done.returncode == 1
    assert "WRONG" in done.stdout
    assert "Traceback" not in done.stderr
