"""The service worker, put together once at the start from `service_worker/`, with what it has to know of this counter."""

import hashlib
from functools import cache

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from app.i18n import Voice
from app.settings import settings
from app.web import caching
from app.web.assets import ROOT
from app.web.security import HEADERS
from app.web.templating import assets, shop

ADDRESS = "/service-worker.js"  # whose folder is what it may look after: all of it
FOLDER = ROOT / "service_worker"
WITHDRAWN = ["memory.js", "withdrawn.js"]  # in its place, when COMPTOIR_OFFLINE is off
# It asks nobody but us, and loads no further scripts.
POLICY = (
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; "
    "require-trusted-types-for 'script'"
)


# What every page of the app is made with.
SHELL = (
    "css/app.css", "brand.css", "js/app.js", "pictures/scenes.svg", "icons/icon.svg", "icons/favicon.ico",
    "icons/push.png", "icons/badge.png",
)  # fmt: skip
OFFLINE, WAITING, HEALTH = "/offline", "/offline/waiting", "/app-health"
PAGES = {"offline": OFFLINE, "waiting": WAITING, "health": HEALTH}  # that are kept with the app itself, in each language


@cache
def made(queued: tuple[str, ...] = ()) -> bytes:
    """A classic script: module workers are younger than the browsers we serve. Another version for every change, also of the
    pages' own files: browsers compare it byte by byte. `queued`: see `kept_unsent`."""
    names = (FOLDER / "ORDER").read_text().split() if settings.offline else WITHDRAWN
    code = b"\n".join((FOLDER / name).read_bytes() for name in names)
    version = hashlib.sha256(code + caching.MADE_BY.encode()).hexdigest()[:12]
    pages = {
        name: {locale: f"{path}?locale={locale}&release={version}" for locale in settings.locales}
        for name, path in PAGES.items()
    }
    about = {
        "version": version, "build": caching.BUILD, "name": settings.name,
        "icon": assets.url("icons/push.png"), "badge": assets.url("icons/badge.png"),
        "shell": [
            *(assets.url(name) for name in SHELL), *([shop.logo] if shop.logo else []),
            *(address for spoken in pages.values() for address in spoken.values()),
        ],
        **pages, "queued": queued, "headers": {name.decode(): value.decode() for name, value in HEADERS},
        "words": {locale: _words(Voice(locale)) for locale in settings.locales},
    }  # fmt: skip
    return b"'use strict';\nconst COUNTER = " + msgspec.json.encode(about) + b";\n" + code


def kept_unsent(app: Litestar) -> tuple[str, ...]:
    """Paths of the changes that the worker may keep while there is no network, as regular expressions: those of the router
    that says `offline_too`."""
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    return tuple(
        _pattern(route) for route in routes
        if any("POST" in handler.http_methods and handler.opt.get("offline_too") for handler in route.route_handlers)
    )  # fmt: skip


def _pattern(route: HTTPRoute) -> str:
    parts = route.path_components
    return "".join(f"/{part}" if isinstance(part, str) else "/[0-9]+" if part.type is int else "/[^/]+" for part in parts)


def _words(voice: Voice) -> dict[str, str]:
    """What the worker itself has to say on a page, without a network to ask; its age comes in as “5 minutes ago”."""
    _ = voice.gettext
    return {
        "kept": _("Offline copy, kept {age}."),
        "just_kept": _("Offline copy, kept just now."),
        "again": _("Try again"),
        "news": _("There is news"),
        "sign_in": _("Sign in to read it."),
        "fault": _("For a day we have tried, and each time something broke on our side or on the way."),
    }
