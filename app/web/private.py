"""Files for nobody but whom a page shows them: photos, signatures, papers."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

# The file may do nothing but be seen, as what we say it is, and nothing between us and the person may keep it.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
}


def shown(body: bytes, media_type: str, called: str = "") -> Response[Any]:
    """A picture on the page; what somebody else made, as a download."""
    if media_type.startswith("image/"):
        return Response(body, media_type=media_type, headers=HEADERS)
    return Response(body, media_type=media_type, headers={**HEADERS, **download(called or "file")})


def download(name: str) -> dict[str, str]:
    """Under any name (RFC 6266), and under a plain one for who cannot read that."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_. ") else "_" for sign in name)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}


def pdf(body: bytes, name: str) -> Response[Any]:
    """Shown in the browser under a sensible name; it may not run anything there."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; object-src 'self'; frame-ancestors 'none'",
    }
    return Response(body, media_type="application/pdf", headers=headers)


def streamed(parts: AsyncIterator[bytes], media_type: str, name: str) -> Stream:
    """A file of one's own to take away, sent while it is made."""
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff", **download(name)}
    return Stream(parts, media_type=media_type, headers=headers)
