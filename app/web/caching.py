"""A customer's pages change only when their `revision` does: the ETag is known after one query, before any page is made."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from litestar import Request, Response

from app import i18n
from app.settings import Settings, settings
from app.web import flash, offers
from app.web.assets import ROOT
from app.web.templating import assets

VARY = "HX-Request-Type, Accept-Encoding, Cookie, Accept-Language"
BUILD = assets.build


def sources(root: Path = ROOT) -> Iterable[Path]:
    """What pages are made by, besides the static files: templates, the program, its catalogues."""
    return sorted((*root.glob("templates/**/*.*"), *root.glob("app/**/*.py"), *root.glob("app/locale/**/*.po")))


def made_by(paths: Iterable[Path], said: Settings) -> str:
    """Changes when a page may be made in another way: by a file of these, an asset, or how the shop presents itself."""
    shop = (BUILD, said.name, said.logo, said.accent, said.locales, said.base_url, said.offline, said.withdrawal)
    digest = hashlib.blake2b(repr(shop).encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


MADE_BY = made_by(sources(), settings)


async def unchanged(request: Request) -> Response[Any] | None:
    """304 when the browser has this very page: `before_request` of pages that are there for everybody who is signed in.

    Where a page may be missing, or be no longer the person's, its handler asks this when it has found it.
    A coroutine though it awaits nothing: Litestar would run a plain function in a thread, at every request.
    """
    known = request.headers.get("if-none-match")
    if known is None or request.method != "GET" or flash.COOKIE in request.cookies:
        return None
    tag = etag(request)
    if tag not in known:
        return None
    return Response(b"", status_code=304, headers={"ETag": tag, "Vary": VARY, "Cache-Control": "private, no-cache"})


def etag(request: Request) -> str:
    """For whom, at which revision, in which words and zone, on which day (“tomorrow” is said), in which shape, what ends by
    itself, and what merchants offer."""
    viewer, voice = request.scope["user"], i18n.voice()
    shape = request.headers.get("hx-request-type", "full")
    shown = f"{voice.locale} {voice.zone} {voice.today()} {shape == 'partial'} {viewer.passkey_hint} {viewer.unread}"
    shown += f" {offers.withdrawal()}"
    said = f"{viewer.id} {viewer.revision} {shown} {MADE_BY}"
    return f'W/"{hashlib.blake2b(said.encode(), digest_size=12).hexdigest()}"'


def headers(request: Request, status: int, *, keep: bool) -> dict[str, str]:
    """A signed-in person's page may be kept by their browser and asked for again; everything else is not kept."""
    viewer = request.scope.get("user")
    made = {"Vary": VARY, "X-Build": BUILD}
    if viewer is not None:
        made["X-Viewer"] = viewer.public_id  # whose page it is, for the service worker
    if viewer is None or status != 200 or not keep or request.method != "GET":
        return made | {"Cache-Control": "no-store"}
    return made | {"Cache-Control": "private, no-cache", "ETag": etag(request)}
