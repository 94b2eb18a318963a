"""What a setting may be: a text from the environment in, a value out; else Misconfigured, which names the variable."""

import re
import tomllib
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import msgspec
from babel import Locale, UnknownLocaleError
from msgspec import Struct
from msgspec.structs import replace

PREFIX = "COMPTOIR_"
LONGEST_CARRIER = 80  # characters of its name
SHORTEST_SECRET = 16  # characters; `check` wants more
CATALOGUES = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
PLACES_END = 128 * 1024  # bytes at the end of a .mmdb file that hold what it is (MaxMind DB format 2.0)
PLACES_MARK = b"\xab\xcd\xefMaxMind.com"


class Carrier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A carrier that is asked about parcels: a section `[NAME]` of the file of carriers. `connector` is Karrio's name of it,
    `credentials` what that wants; `names` are what shops write for the carrier; no `merchants` means all of them."""

    connector: str
    name: str = ""
    names: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    credentials: dict[str, str | bool | dict[str, str]] = {}


class Misconfigured(Exception):
    """A setting cannot be used; the message names the variable."""


def wrong(name: str, why: str) -> Misconfigured:
    return Misconfigured(f"{PREFIX}{name}: {why}")


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise wrong("PORT", f"“{text}” is not a port number (1 to 65535)")
    return int(text)


def parsed(text: str) -> SplitResult:
    """Its parts; an empty one, of no scheme, when it cannot be taken apart or its port is none."""
    try:
        url = urlsplit(text)
        url.port  # noqa: B018 - read only now, by urllib
    except ValueError:
        return urlsplit("")
    return url


def base_url(text: str) -> str:
    url = parsed(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.path not in ("", "/") or url.query:
        raise wrong("BASE_URL", f"“{text}” is not an address such as https://orders.example.com")
    return text.rstrip("/")


def database_url(text: str) -> str:
    url = parsed(text)
    sqlite = url.scheme == "sqlite" and not url.netloc and url.path.strip("/")
    if not sqlite and (url.scheme not in ("postgresql", "postgres") or not f"{url.netloc}{url.path}".strip("/")):
        raise wrong("DATABASE_URL", "expected sqlite:///path/file.db or postgresql://user:password@host:port/database")
    return text


def proxies(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        try:
            ip_network(name)
        except ValueError as error:
            raise wrong("PROXIES", f"“{name}” is not an address or a network such as 10.0.0.0/8") from error
    if not names:
        raise wrong("PROXIES", "expected a list such as 127.0.0.1,10.0.0.0/8")
    return names


def smtp_url(text: str) -> str:
    url = parsed(text)
    if text and (url.scheme not in ("smtp", "smtps", "smtp+starttls") or not url.hostname):
        raise wrong("SMTP_URL", "expected smtp://user:password@host:port, smtps://… or smtp+starttls://…")
    return text


def mail_from(text: str) -> str:
    name, address = parseaddr(text)
    try:
        sender = Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):
        sender = Address()
    if text and not (sender.username and sender.domain):
        raise wrong("MAIL_FROM", f"“{text}” is not an address such as orders@example.com or Shop <orders@example.com>")
    return text


def sms_url(text: str) -> str:
    """It holds the gateway's password: it is not repeated."""
    if text and (not re.match(r"[a-z][a-z0-9+.-]*://.", text, re.I) or text.count("{phone}") != 1):
        raise wrong("SMS_URL", "expected an address of Apprise's with {phone} where the number goes: json://host/{phone}")
    return text


def secret_key(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise wrong("SECRET_KEY", f"fewer than {SHORTEST_SECRET} characters can be guessed")
    return text


def locales(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        try:
            Locale.parse(name)
        except (ValueError, UnknownLocaleError) as error:
            raise wrong("LOCALES", f"“{name}” is not a locale") from error
        if name.split("_")[0] != SOURCE_LANGUAGE and catalogue(name) is None:
            raise wrong("LOCALES", f"“{name}” has no catalogue in {CATALOGUES.parent.name}/{CATALOGUES.name}")
    if not names:
        raise wrong("LOCALES", "expected a list such as en,fr")
    return names


def catalogue(locale: str) -> Path | None:
    """The words of a locale, or of its language (“fr” for “fr_CH”)."""
    for name in (locale, locale.split("_")[0]):
        if (path := CATALOGUES / name / "LC_MESSAGES" / "messages.po").exists():
            return path
    return None


def logo(text: str) -> str:
    if text and (not Path(text).is_file() or Path(text).suffix not in (".svg", ".png", ".webp", ".jpg")):
        raise wrong("LOGO", f"“{text}” is not an SVG, PNG, WebP or JPEG file")
    return text


def places(text: str) -> str:
    """A file that knows countries, perhaps cities: others of that format tell of networks' owners and the like."""
    if not text:
        return text
    try:
        with Path(text).open("rb") as file:
            file.seek(max(0, Path(text).stat().st_size - PLACES_END))
            _before, mark, about = file.read().rpartition(PLACES_MARK)
    except OSError as error:
        raise wrong("PLACES", f"“{text}” cannot be read: {error.strerror}") from error
    if not mark or not re.search(rb"database_type.{1,3}?[A-Za-z0-9 -]*(City|Country|Enterprise)", about, re.S):
        raise wrong("PLACES", f"“{text}” is not a .mmdb file of cities or countries, such as GeoLite2-City.mmdb")
    return text


def carriers(text: str) -> tuple[Carrier, ...]:
    """Of a TOML file."""
    if not text:
        return ()
    try:
        sections = msgspec.convert(tomllib.loads(Path(text).read_text("utf-8")), dict[str, Carrier])
    except OSError as error:
        raise wrong("CARRIERS", f"“{text}” cannot be read: {error.strerror}") from error
    except ValueError as error:  # no UTF-8, no TOML, or a section that is none
        raise wrong("CARRIERS", f"“{text}”: {error}") from error
    if any(len(name) > LONGEST_CARRIER for name in sections):
        raise wrong("CARRIERS", f"“{text}”: a section's name has more than {LONGEST_CARRIER} characters")
    return tuple(replace(carrier, name=name) for name, carrier in sections.items())


def accent(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise wrong("ACCENT", f"“{text}” is not a colour such as #0b5fa5")
    return text


def on_or_off(name: str, text: str) -> bool:
    return one_of(name, text, "on, off") == "on"


def one_of(name: str, text: str, choices: str) -> str:
    if text not in choices.split(", "):
        raise wrong(name, f"“{text}” is none of {choices}")
    return text


def data_dir(text: str) -> Path:
    """Made for its owner alone, and so is all that will be in it: orders, invoices, mails."""
    path = Path(text).absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise wrong("DATA_DIR", f"“{path}” cannot be made: {error.strerror}") from error
    return path
