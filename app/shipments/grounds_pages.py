"""`/maps/…`: the land behind parcels' ways."""

import brotli
from litestar import Request, Response, get
from litestar.params import FromPath

from app.shipments import grounds
from app.web import access
from app.web.public import FOR_EVER


@get("/maps/{name:str}", include_in_schema=False, access=access.ANYBODY)
async def ground(request: Request, name: FromPath[str]) -> Response[bytes]:
    """Its address says what is in it: a browser never asks twice."""
    body = grounds.drawn(name)
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding", "Content-Security-Policy": "default-src 'none'; sandbox"}
    if "br" in request.headers.get("accept-encoding", ""):
        body = brotli.compress(body, quality=5)
        headers["Content-Encoding"] = "br"
    return Response(body, media_type="image/svg+xml", headers=headers)


HANDLERS = [ground]
