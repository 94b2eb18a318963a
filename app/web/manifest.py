"""The web app manifest (W3C): what a browser must know to put the counter on a home screen, in the words of who asks."""

import hashlib
from functools import cache
from typing import Any

import msgspec
from babel import Locale
from litestar import Request, Response, get

from app import i18n
from app.i18n import Voice
from app.setting_icons import PIXELS
from app.setting_values import SOURCE_LANGUAGE
from app.settings import settings
from app.web import access, brand
from app.web.templating import assets

ADDRESS = "/manifest.webmanifest"
MEDIA_TYPE = "application/manifest+json"
SHORT = 12  # characters that fit under an icon
NARROW, WIDE = (780, 1688), (1280, 800)  # pixels of the pictures that e2e/screenshots.py makes

Member = dict[str, Any]


@get(ADDRESS, include_in_schema=False, access=access.ANYBODY)
async def manifest(request: Request) -> Response[bytes]:
    """Browsers ask for it without cookies: pages name their own locale in its address."""
    wanted = i18n.supported(request.query_params.get("locale", ""))
    cookie = request.cookies.get(i18n.LOCALE_COOKIE, "")
    body, tag = made(wanted or i18n.chosen(cookie, request.headers.get("accept-language", "")))
    headers = {"ETag": tag, "Vary": "Cookie, Accept-Language", "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


@cache
def made(locale: str) -> tuple[bytes, str]:
    """The manifest in a locale, and its ETag."""
    body = msgspec.json.encode(members(Voice(locale)))
    return body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def members(voice: Voice) -> Member:
    """`id` is for good: by it a browser knows that it has this app. Of `start_url` the server takes no notice of `src`: it
    leads on to the orders."""
    named: Member = {"name": settings.name, **({"short_name": settings.name} if len(settings.name) <= SHORT else {})}
    return named | {
        "description": voice.gettext("Your orders and parcels: what is coming and when, what it cost, and what to do next."),
        "id": "/", "start_url": "/?src=home", "scope": "/",
        "display": "standalone", "display_override": ["standalone", "minimal-ui"],
        "lang": voice.locale.replace("_", "-"), "dir": Locale.parse(voice.locale).text_direction,
        "theme_color": brand.accent(settings.accent).light, "background_color": brand.LIGHT_GROUND,
        "categories": ["shopping"],
        "icons": icons(), "screenshots": screenshots(voice), "shortcuts": shortcuts(voice),
        "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
        "prefer_related_applications": False,
    }  # fmt: skip


def icons() -> list[Member]:
    """A maskable one is cut to the system's shape, of a monochrome one only the shape is taken: never one for both."""
    kinds = {"any": ("push.png", "icon-512.png"), "maskable": ("maskable-192.png", "maskable-512.png"),
             "monochrome": ("badge.png",)}  # fmt: skip
    found = [_icon(name, PIXELS[name]) | {"purpose": kind} for kind, names in kinds.items() for name in names]
    drawing = {"src": assets.url("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    return [*found, drawing]


def shortcuts(voice: Voice) -> list[Member]:
    """Four at most are shown: what people come for most often goes first."""
    ways = (
        (voice.gettext("Orders"), "/orders", "orders"),
        (voice.gettext("Arrivals"), "/arrivals", "arrivals"),
        (voice.gettext("Notifications"), "/notifications", "notifications"),
    )
    return [{"name": name, "url": url, "icons": [_icon(f"shortcut-{picture}.png", 96)]} for name, url, picture in ways]


def screenshots(voice: Voice) -> list[Member]:
    """Chromium shows them before it installs: those of a phone on phones, the wide ones elsewhere."""
    locale = voice.locale if f"screenshots/orders-narrow-{voice.locale}.webp" in assets.urls else SOURCE_LANGUAGE
    shown = (
        ("orders", "narrow", NARROW, voice.gettext("Every order, with the sentence that matters first")),
        ("order", "narrow", NARROW, voice.gettext("A parcel on its way, with its map and its days")),
        ("orders", "wide", WIDE, voice.gettext("Orders with search, filters and money spent")),
    )
    return [
        {"src": assets.url(f"screenshots/{name}-{form}-{locale}.webp"), "sizes": f"{size[0]}x{size[1]}",
         "type": "image/webp", "form_factor": form, "label": label}
        for name, form, size, label in shown
    ]  # fmt: skip


def _icon(name: str, pixels: int) -> Member:
    return {"src": assets.url(f"icons/{name}"), "sizes": f"{pixels}x{pixels}", "type": "image/png"}


HANDLERS = [manifest]
