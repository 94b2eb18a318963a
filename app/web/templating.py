"""The one Jinja environment, and what every template can count on."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from jinja2.runtime import Macro
from msgspec import Struct

from app import i18n, setting_icons
from app.settings import settings
from app.web import brand
from app.web.assets import ROOT, Assets


class Shop(Struct, frozen=True):
    """How the counter presents itself."""

    name: str
    logo: str
    light: str = brand.LIGHT_GROUND
    dark: str = brand.DARK_GROUND


def _environment() -> Environment:
    # Texts of mails are not HTML.
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(["html"]),
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made


def _branded() -> tuple[Assets, Shop]:
    found = Assets()
    found.add("brand.css", brand.stylesheet(settings.accent))
    logo = ""
    if settings.logo:
        logo = found.add(f"brand/{Path(settings.logo).name}", Path(settings.logo).read_bytes())
    for path in setting_icons.files(settings.icons):
        found.add(f"icons/{path.name}", path.read_bytes())
    return found, Shop(settings.name, logo)


def drawn(macro: Macro, *arguments: Any) -> str:
    """In pages drawn once and kept (see `compiled.drawn`)."""
    return macro(*arguments)


assets, shop = _branded()
environment = _environment()
environment.globals.update(
    asset=assets.url,
    drawn=drawn,
    shop=shop,
    build=assets.build,
    locales=[(locale, i18n.own_name(locale)) for locale in settings.locales],
    base_url=settings.base_url,
    offline=settings.offline,
    dev_mail=settings.local and not settings.smtp_url,
)


@lru_cache(256)
def accent(text: str) -> brand.Accent:
    """For a mail: each merchant may have its own."""
    return brand.accent(text)


def template(name: str) -> Template:
    return environment.get_template(name)


def render(name: str, context: Mapping[str, Any]) -> str:
    """A text on its own: a mail, a document."""
    return template(name).render(context)
