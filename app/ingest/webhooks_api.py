"""The door for webhooks of shops, beside that of the senders who only tell of parcels (`tracking/api.py`)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from app.ingest.shopify import webhooks as shopifys
from app.ingest.woocommerce import webhooks as woocommerces
from app.tracking.fields import Unusable
from app.tracking.messages import Sent
from app.tracking.received import Receipt
from app.web import access
from app.web.problems import problem

LARGEST = 4 * 1024 * 1024  # bytes; an order of 2,000 lines is about 1 MB, Shopify's own JSON some four times ours
AT_ONCE = asyncio.Semaphore(2)  # as in `api.py`: orders of one merchant wait for each other, and hold a connection
JSON = "application/json"


@post("/webhooks/shopify/{merchant:str}", status_code=200, access=access.SIGNED, request_max_body_size=LARGEST)
async def shopify(request: Request[Any, Any, Any], merchant: FromPath[str]) -> Response[bytes]:
    return await _received(request, merchant, shopifys.receive)


@post("/webhooks/woocommerce/{merchant:str}", status_code=200, access=access.SIGNED, request_max_body_size=LARGEST)
async def woocommerce(request: Request[Any, Any, Any], merchant: FromPath[str]) -> Response[bytes]:
    return await _received(request, merchant, woocommerces.receive)


async def _received(
    request: Request[Any, Any, Any], merchant: str, receive: Callable[[str, Sent], Awaitable[Receipt]]
) -> Response[bytes]:  # fmt: skip
    headers = {name.lower(): value for name, value in request.headers.items()}
    sent = Sent(body=await request.body(), headers=headers, path=request.scope["path"])
    try:
        async with AT_ONCE:
            receipt = await receive(merchant, sent)
    except Unusable as error:
        return problem(400, f"No news can be made of this: {error}")
    return Response(msgspec.json.encode(receipt), media_type=JSON, headers={"Cache-Control": "no-store"})


HANDLERS = [shopify, woocommerce]
