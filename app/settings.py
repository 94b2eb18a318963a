"""Everything an operator can set, read once from `COMPTOIR_…` in the environment. Nonsense stops the start."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from app import setting_values as values
from app.setting_hosts import KNOWN, push_hosts
from app.setting_icons import icons
from app.setting_inbox import inbox_kept
from app.setting_karrio import karrio
from app.setting_keys import signing_key
from app.setting_mail import mail
from app.setting_money import Keys, stripe
from app.setting_values import PREFIX, Misconfigured

SWITCHES = ("OFFLINE", "WORKER")


class Settings(Struct, frozen=True, kw_only=True):
    """One field a variable: `data_dir` is COMPTOIR_DATA_DIR."""

    data_dir: Path
    database_url: str
    port: int
    base_url: str
    proxies: tuple[str, ...]  # addresses and networks that may say for whom they ask
    smtp_url: str
    mail_from: str
    mail_in: str  # the domain, or the mailbox, to which messages are answered by mail; empty: they are not
    mail_in_secret: str  # by which who brings mails to the webhook is known
    mail_authserv: str  # under which name our own mail server says whether a mail is signed
    sms_url: str
    secret_key: str
    signing_key: str  # a file
    places: str
    carriers: tuple[values.Carrier, ...]
    locales: tuple[str, ...]
    name: str
    logo: str
    icons: str  # a folder
    accent: str
    push_hosts: tuple[str, ...]  # of the push services that browsers may name
    withdrawal: str  # for whom there is one where a merchant's rules say nothing: on, off, eu
    offline: bool  # whether browsers keep pages: off takes a broken release of the service worker away from them
    stripe_key: Keys
    stripe_secret: Keys  # by which its webhooks are known
    stripe_url: str
    karrio_url: str  # of the server that sells return labels
    karrio_key: Keys
    karrio_weight: float  # kilograms that a parcel is announced with
    karrio_services: tuple[str, ...]  # of which the cheapest is bought; empty: of all
    inbox_kept: Mapping[str, int]  # days, by kind of conversation; 0 is for ever
    worker: bool  # whether the web processes do the background work, too

    @property
    def local(self) -> bool:
        """Whether this is somebody's own machine: mail is then readable in the browser."""
        return urlsplit(self.base_url).hostname in ("localhost", "127.0.0.1", "::1")

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment; raises Misconfigured for unknown names and unusable values."""
    given = _given(environment)
    data_dir = values.data_dir(given.get("DATA_DIR") or "var")
    port = values.port(given.get("PORT") or "8000")
    base_url = values.base_url(given.get("BASE_URL") or f"http://localhost:{port}")
    return Settings(
        data_dir=data_dir,
        database_url=values.database_url(given.get("DATABASE_URL") or f"sqlite:///{data_dir / 'comptoir.db'}"),
        port=port,
        base_url=base_url,
        proxies=values.proxies(given.get("PROXIES") or "127.0.0.1"),
        **mail(given, urlsplit(base_url).hostname),
        **_keys(given, data_dir),
        sms_url=values.sms_url(given.get("SMS_URL", "")),
        places=values.places(given.get("PLACES", "")),
        carriers=values.carriers(given.get("CARRIERS", "")),
        locales=values.locales(given.get("LOCALES") or "en,fr"),
        **_brand(given),
        push_hosts=push_hosts(given.get("PUSH_HOSTS") or KNOWN),
        withdrawal=values.one_of("WITHDRAWAL", given.get("WITHDRAWAL") or "eu", "on, off, eu"),
        **stripe(given),
        **karrio(given),
        inbox_kept=inbox_kept(given.get("INBOX_KEPT", "")),
        **_switches(given),
    )


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """By the names of the fields, in capitals."""
    given = {name.removeprefix(PREFIX): value.strip() for name, value in environment.items() if name.startswith(PREFIX)}
    unknown = sorted(given.keys() - {name.upper() for name in Settings.__struct_fields__})
    if unknown:
        raise Misconfigured(f"{PREFIX}{unknown[0]}: there is no such setting")
    return given


def _keys(given: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    secret_key = values.secret_key(given.get("SECRET_KEY", ""))
    return {
        "secret_key": secret_key or kept(data_dir, "secret_key", lambda: secrets.token_urlsafe(48)),
        "signing_key": signing_key(given.get("SIGNING_KEY", "")),
    }


def _brand(given: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": given.get("NAME") or "Comptoir",
        "logo": values.logo(given.get("LOGO", "")),
        "icons": icons(given.get("ICONS", "")),
        "accent": values.accent(given.get("ACCENT") or "#0b5fa5"),
    }


def _switches(given: Mapping[str, str]) -> dict[str, Any]:
    return {name.lower(): values.on_or_off(name, given.get(name) or "on") for name in SWITCHES}


def kept(data_dir: Path, name: str, make: Callable[[], str]) -> str:
    """A secret made on the first start, readable by its owner only; several processes may start at once."""
    path = data_dir / name
    try:
        if not path.exists():
            _make(path, make())
        return path.read_text().strip()
    except OSError as error:
        raise values.wrong("DATA_DIR", f"“{data_dir}” cannot be written: {error.strerror}") from error


def _make(path: Path, text: str) -> None:
    """All at once: whoever comes second reads what the first has written."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.touch(mode=0o600)
    made.write_text(text)
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()


settings = read(os.environ)
