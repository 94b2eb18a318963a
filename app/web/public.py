"""What anybody may fetch: static files, pictures, health, and what browsers and robots ask for by name."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app import db, pictures
from app.errors import Missing
from app.web import access, worker_script
from app.web.templating import assets

FOR_EVER = "public, max-age=31536000, immutable"


@get("/static/{path:path}", include_in_schema=False, access=access.ANYBODY)
async def static_file(request: Request, path: FromPath[str]) -> Response[bytes]:
    """The address holds a hash of the content: a browser never asks twice."""
    asset = assets.files.get("/static" + path)
    if asset is None:
        raise Missing
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    body = asset.body
    if asset.compressible and "br" in request.headers.get("accept-encoding", ""):
        body = asset.compressed
        headers["Content-Encoding"] = "br"
    return Response(body, media_type=asset.media_type, headers=headers)


@get("/pictures/{name:str}", include_in_schema=False, access=access.ANYBODY)
async def picture(name: FromPath[str]) -> Response[bytes]:
    """A product's picture as it was kept; a picture's own policy lets it do nothing but be seen."""
    body, media_type = pictures.read(name)
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return Response(body, media_type=media_type, headers={"Cache-Control": FOR_EVER, "Content-Security-Policy": policy})


@get("/up", include_in_schema=False, access=access.ANYBODY)
async def up() -> Response[bytes]:
    """For load balancers: 200 when the database answers."""
    await db.rows("SELECT 1 AS up")
    return Response(b"up", media_type="text/plain", headers={"Cache-Control": "no-store"})


@get("/robots.txt", include_in_schema=False, access=access.ANYBODY)
async def robots() -> Response[bytes]:
    return Response(b"User-agent: *\nDisallow: /\n", media_type="text/plain")


@get("/favicon.ico", include_in_schema=False, access=access.ANYBODY)
async def favicon() -> Response[Any]:
    asset = assets.files[assets.url("icons/favicon.ico")]
    return Response(asset.body, media_type=asset.media_type, headers={"Cache-Control": "public, max-age=86400"})


@get("/{path:path}", include_in_schema=False, access=access.NOWHERE)
async def nowhere() -> None:
    """Every address that leads nowhere, so that whoever is signed in stays so to the eye."""
    raise Missing


@get(worker_script.ADDRESS, include_in_schema=False, access=access.ANYBODY)
async def script_of_worker(request: Request) -> Response[bytes]:
    """Asked for anew each time the browser looks whether there is another one."""
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": worker_script.POLICY}
    script = worker_script.made(worker_script.kept_unsent(request.app))
    return Response(script, media_type="text/javascript", headers=headers)


HANDLERS = [static_file, picture, up, robots, favicon, script_of_worker]
