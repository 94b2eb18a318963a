"""What the counter needs beside its database: a folder it may write, a key nobody guesses, a mail server that
answers, a gateway for texts where one is set."""

import smtplib
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from app import clock
from app.settings import settings

TIMEOUT = 10  # seconds for the mail server
SHORTEST_KEY = 32  # characters


class Finding(Struct, frozen=True):
    """`detail` says what was seen, or what is wrong."""

    name: str
    ok: bool
    detail: str


def surroundings() -> list[Finding]:
    readable = Finding("settings", True, f"served at {settings.base_url}")
    return [
        readable,
        _tried("data folder", _data_folder),
        _tried("secret key", _secret_key),
        _tried("signing key", _signing_key),
        _tried("mail", _mail),
        _tried("texts", _texts),
    ]


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Finding(name, False, str(error) or type(error).__name__)


def _data_folder() -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings.data_dir) as file:
        file.write(b"a full disk takes no byte")
        file.flush()
    return f"{settings.data_dir} can be written"


def _secret_key() -> str:
    """Raises ValueError when it can be guessed, or read by others."""
    if len(settings.secret_key) < SHORTEST_KEY:
        raise ValueError(f"COMPTOIR_SECRET_KEY has fewer than {SHORTEST_KEY} characters")
    kept = settings.data_dir / "secret_key"
    if not kept.exists() or kept.read_text("utf-8").strip() != settings.secret_key:
        return "set by COMPTOIR_SECRET_KEY"
    if kept.stat().st_mode & 0o077:
        raise ValueError(f"{kept} can be read by others: chmod 600 {kept}")
    return f"kept in {kept}"


def _signing_key() -> str:
    """Nothing is made here. Raises ValueError when it cannot sign, or can be read by others."""
    kept = Path(settings.signing_key or settings.data_dir / "signing_key")
    if not kept.exists():
        return "is made with the first receipt"
    if kept.stat().st_mode & 0o077:
        raise ValueError(f"{kept} can be read by others: chmod 600 {kept}")
    from app.returns import signing  # here: it takes half a second

    if (last := signing.valid_until()) < clock.now():
        raise ValueError(f"the certificate in {kept} ended on {last:%Y-%m-%d}")
    return f"{kept}, valid until {last:%Y-%m-%d}"


def _mail() -> str:
    """Goes as far as signing in; nothing is sent."""
    if not settings.smtp_url:
        return f"COMPTOIR_SMTP_URL is not set: mails are written to {settings.data_dir / 'mail'}"
    from app.mail.outbox import PORTS  # here: with it come the templates and the compressed assets, seconds of work

    url = urlsplit(settings.smtp_url)
    port = url.port or PORTS[url.scheme]
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(url.hostname or "", port, timeout=TIMEOUT) as server:
            if url.scheme == "smtp+starttls":
                server.starttls()
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise ValueError(f"COMPTOIR_SMTP_URL: {url.hostname}:{port} does not let us in: {error}") from error
    return f"{url.hostname}:{port} answers"


def _texts() -> str:
    """Nothing is asked of the gateway: each of its answers may cost money."""
    if not settings.sms_url:
        return "COMPTOIR_SMS_URL is not set: no text messages"
    from app.mail.gateway import known

    return f"through {known()}"
