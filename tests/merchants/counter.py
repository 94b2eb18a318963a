"""The API on its own, as a program meets it: real guards, real limits, real error answers."""

from typing import Any

import httpx
from litestar import Litestar, Router

from app.inbox import api as threads
from app.ingest import api, api_docs
from app.merchants import actions as merchants
from app.merchants import guard
from app.returns import api as returns
from app.tracking import parcels_api as parcels
from app.web import errors, public
from app.web.security import SafeRequests
from tests import builders

LARGEST_BODY = 4 * 1024 * 1024
HOST = "http://localhost:8000"
ORDER = "/api/v1/orders/1001"


def counter() -> SafeRequests:
    handlers = [*api.HANDLERS, *parcels.HANDLERS, *returns.HANDLERS, *threads.HANDLERS]
    programs = Router("/", route_handlers=handlers, guards=[guard.api_key])
    readers = Router("/", route_handlers=[*api_docs.HANDLERS, public.static_file])
    return SafeRequests(
        Litestar(
            [programs, readers], exception_handlers=errors.HANDLERS, openapi_config=None,
            request_max_body_size=LARGEST_BODY, logging_config=None,
        )
    )  # fmt: skip


async def key(merchant: str = builders.MO, name: str = "Atelier Mo") -> str:
    await builders.merchant(merchant, name)
    return await merchants.make_key(merchant, "tests")


async def program(merchant: str = builders.MO, **options: Any) -> httpx.AsyncClient:
    """A client that carries a fresh key of that merchant. A refused error of ours is an answer, any other one is raised."""
    headers = {"Authorization": f"Bearer {await key(merchant)}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url=HOST, headers=headers, **options)


APP = counter()


async def ask(authorization: str | bytes | None) -> httpx.Response:
    """An order, with that header or none."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url=HOST) as client:
        return await client.get(ORDER, headers={"Authorization": authorization} if authorization is not None else {})
