"""`/api/openapi.json`, which says what programs can do here (OpenAPI 3.1), and `/api/docs`, where people read it."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Response, get

from app.ingest import api_description, parcels_description, returns_description, returns_schemas, threads_description
from app.settings import settings
from app.web import access
from app.web.pages import HTML
from app.web.templating import render

ADDRESS = "/api/openapi.json"
DESCRIPTION = (
    "Orders and news of their parcels go in here, returns are decided, and customers are answered. Every request carries a "
    "merchant's API key: `Authorization: Bearer ck_…`; an owner makes one at the desk (`/desk/…/keys`), or the operator on the "
    "server, and it is shown once. Amounts are integers in minor units. What goes wrong is answered as "
    "`application/problem+json` (RFC 9457) with a JSON pointer to each bad field."
)
# The page of the reference alone: its user interface sets no styles from text and loads nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@lru_cache
def document() -> bytes:
    return msgspec.json.encode({
        "openapi": "3.1.0",
        "info": {"title": f"{settings.name} API", "version": "1", "description": DESCRIPTION},
        "security": [{"api_key": []}],
        "tags": [{"name": "Orders"}, {"name": "Invoices"}, {"name": "Parcels"}, {"name": "Returns"}, {"name": "Threads"}],
        "paths": api_description.PATHS | parcels_description.PATHS | returns_description.PATHS | threads_description.PATHS,
        "components": {
            "schemas": api_description.schemas() | parcels_description.schemas() | returns_schemas.schemas()
            | threads_description.schemas(),
            "securitySchemes": {
                "api_key": {"type": "http", "scheme": "bearer", "bearerFormat": "ck_…", "description": "A merchant's API key."}
            },
        },
    })  # fmt: skip


@get(ADDRESS, include_in_schema=False, access=access.ANYBODY)
async def openapi() -> Response[bytes]:
    return Response(document(), media_type="application/json", headers={"Cache-Control": "no-cache"})


@get("/api/docs", include_in_schema=False, access=access.ANYBODY)
async def docs() -> Response[bytes]:
    described: dict[str, Any] = msgspec.json.decode(document())
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return Response(render("api/docs.html", {"api": described, "source": ADDRESS}).encode(), media_type=HTML, headers=headers)


HANDLERS = [openapi, docs]
