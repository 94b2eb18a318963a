"""Everything an operator can set, read once from `COMPTOIR_…` in the environment. Nonsense stops the start."""

import os
import re
import secrets
from collections.abc import Mapping
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from babel import Locale, UnknownLocaleError
from msgspec import Struct

PREFIX = "COMPTOIR_"
SHORTEST_SECRET = 16  # characters; `check` wants more
CATALOGUES = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"


class Misconfigured(Exception):
    """A setting cannot be used; the message names the variable."""


class Settings(Struct, frozen=True, kw_only=True):
    """One field a variable: `data_dir` is COMPTOIR_DATA_DIR."""

    data_dir: Path
    database_url: str
    port: int
    base_url: str
    proxies: tuple[str, ...]  # addresses and networks that may say for whom they ask
    smtp_url: str
    mail_from: str
    secret_key: str
    locales: tuple[str, ...]
    name: str
    logo: str
    accent: str

    @property
    def local(self) -> bool:
        """Whether this is somebody's own machine: mail is then readable in the browser."""
        return urlsplit(self.base_url).hostname in ("localhost", "127.0.0.1", "::1")

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment; raises Misconfigured for unknown names and unusable values."""
    given = {name.removeprefix(PREFIX): value.strip() for name, value in environment.items() if name.startswith(PREFIX)}
    unknown = sorted(given.keys() - {name.upper() for name in Settings.__struct_fields__})
    if unknown:
        raise Misconfigured(f"{PREFIX}{unknown[0]}: there is no such setting")
    data_dir = _data_dir(given.get("DATA_DIR") or "var")
    port = _port(given.get("PORT") or "8000")
    base_url = _base_url(given.get("BASE_URL") or f"http://localhost:{port}")
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(given.get("DATABASE_URL") or f"sqlite:///{data_dir / 'comptoir.db'}"),
        port=port,
        base_url=base_url,
        proxies=_proxies(given.get("PROXIES") or "127.0.0.1"),
        smtp_url=_smtp_url(given.get("SMTP_URL", "")),
        mail_from=_mail_from(given.get("MAIL_FROM", "")) or f"no-reply@{urlsplit(base_url).hostname}",
        secret_key=_secret_key(given.get("SECRET_KEY", "")) or _kept_secret(data_dir),
        locales=_locales(given.get("LOCALES") or "en,fr"),
        name=given.get("NAME") or "Comptoir",
        logo=_logo(given.get("LOGO", "")),
        accent=_accent(given.get("ACCENT") or "#0b5fa5"),
    )


def _wrong(name: str, why: str) -> Misconfigured:
    return Misconfigured(f"{PREFIX}{name}: {why}")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise _wrong("PORT", f"“{text}” is not a port number (1 to 65535)")
    return int(text)


def _url(text: str) -> SplitResult:
    """Its parts; an empty one, of no scheme, when it cannot be taken apart or its port is none."""
    try:
        url = urlsplit(text)
        url.port  # noqa: B018 - read only now, by urllib
    except ValueError:
        return urlsplit("")
    return url


def _base_url(text: str) -> str:
    url = _url(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.path not in ("", "/") or url.query:
        raise _wrong("BASE_URL", f"“{text}” is not an address such as https://orders.example.com")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    url = _url(text)
    sqlite = url.scheme == "sqlite" and not url.netloc and url.path.strip("/")
    if not sqlite and (url.scheme not in ("postgresql", "postgres") or not f"{url.netloc}{url.path}".strip("/")):
        raise _wrong("DATABASE_URL", "expected sqlite:///path/file.db or postgresql://user:password@host:port/database")
    return text


def _proxies(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        try:
            ip_network(name)
        except ValueError as error:
            raise _wrong("PROXIES", f"“{name}” is not an address or a network such as 10.0.0.0/8") from error
    if not names:
        raise _wrong("PROXIES", "expected a list such as 127.0.0.1,10.0.0.0/8")
    return names


def _smtp_url(text: str) -> str:
    url = _url(text)
    if text and (url.scheme not in ("smtp", "smtps", "smtp+starttls") or not url.hostname):
        raise _wrong("SMTP_URL", "expected smtp://user:password@host:port, smtps://… or smtp+starttls://…")
    return text


def _mail_from(text: str) -> str:
    name, address = parseaddr(text)
    try:
        sender = Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        sender = Address()
    if text and not (sender.username and sender.domain):
        raise _wrong("MAIL_FROM", f"“{text}” is not an address such as orders@example.com or Shop <orders@example.com>")
    return text


def _secret_key(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise _wrong("SECRET_KEY", f"fewer than {SHORTEST_SECRET} characters can be guessed")
    return text


def _locales(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        try:
            Locale.parse(name)
        except (ValueError, UnknownLocaleError) as error:
            raise _wrong("LOCALES", f"“{name}” is not a locale") from error
        if name.split("_")[0] != SOURCE_LANGUAGE and catalogue(name) is None:
            raise _wrong("LOCALES", f"“{name}” has no catalogue in {CATALOGUES.parent.name}/{CATALOGUES.name}")
    if not names:
        raise _wrong("LOCALES", "expected a list such as en,fr")
    return names


def catalogue(locale: str) -> Path | None:
    """The words of a locale, or of its language (“fr” for “fr_CH”)."""
    for name in (locale, locale.split("_")[0]):
        if (path := CATALOGUES / name / "LC_MESSAGES" / "messages.po").exists():
            return path
    return None


def _logo(text: str) -> str:
    if text and (not Path(text).is_file() or Path(text).suffix not in (".svg", ".png", ".webp", ".jpg")):
        raise _wrong("LOGO", f"“{text}” is not an SVG, PNG, WebP or JPEG file")
    return text


def _accent(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise _wrong("ACCENT", f"“{text}” is not a colour such as #0b5fa5")
    return text


def _data_dir(text: str) -> Path:
    """Made for its owner alone, and so is all that will be in it: orders, invoices, mails."""
    path = Path(text).absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong("DATA_DIR", f"“{path}” cannot be made: {error.strerror}") from error
    return path


def _kept_secret(data_dir: Path) -> str:
    """The key made on the first start, readable by its owner only; several processes may start at once."""
    path = data_dir / "secret_key"
    try:
        made = data_dir / f"secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise _wrong("DATA_DIR", f"“{data_dir}” cannot be written: {error.strerror}") from error


settings = read(os.environ)
