"""Problem documents (RFC 9457): what programs are answered when something is wrong, and pages' own scripts that ask for one."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response

PROBLEM = "application/problem+json"


def wanted(request: Request) -> bool:
    """A form's answer is then the refusal itself, not the form with its messages: whoever asks so will not show the page."""
    return PROBLEM in request.headers.get("accept", "")


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, fields: Mapping[str, str] | None = None
) -> Response[bytes]:
    """`errors` lists each bad field with a JSON pointer (RFC 6901), all of them at once; a form's are named, `/name`."""
    body: dict[str, Any] = {"type": "about:blank", "title": _title(status), "status": status, "detail": detail}
    if fields:
        body["errors"] = [{"pointer": pointer, "detail": text} for pointer, text in fields.items()]
    return Response(
        msgspec.json.encode(body), status_code=status, media_type=PROBLEM,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )  # fmt: skip


def of_form(fields: Mapping[str, str]) -> dict[str, str]:
    """Fields by their names → by their pointers."""
    return {name if name.startswith("/") else f"/{name}": text for name, text in fields.items()}


def _title(status: int) -> str:
    titles = {
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        409: "Conflict", 413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content",
        429: "Too Many Requests", 503: "Service Unavailable",
    }  # fmt: skip
    return titles.get(status, "Internal Server Error")
