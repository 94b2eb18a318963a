"""The application: its start and end, its error map, its middleware and its routes."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from litestar import Litestar
from litestar.types import ASGIApp

from app import db, worker
from app.live import watch
from app.mail.posting import Posting
from app.merchants import guard as programs
from app.notifications import ways
from app.returns import door as returns
from app.routes import ROUTES
from app.settings import settings
from app.web import errors
from app.web.security import SafeRequests

# What this process alone can do, or has to know: it keeps it. All other chores are the worker's.
CHORES = (programs.write_uses, returns.tell_pages)
LARGEST_BODY = 4 * 1024 * 1024  # bytes; an order of 2,000 lines is about 1 MB


@asynccontextmanager
async def lifespan(_app: Litestar) -> AsyncIterator[None]:
    await db.open_pool()
    chores = asyncio.create_task(worker.repeat(CHORES))
    try:
        async with watch.watching(), worker.Worker() if settings.worker else nullcontext():
            # What has come by now stays as long as the process: looked through at every full collection, it costs each answer
            # a tenth of its time.
            gc.collect()
            gc.freeze()
            yield
    finally:
        gc.unfreeze()
        chores.cancel()
        await asyncio.wait([chores])
        await ways.close()
        await db.close_pool()


def create_app() -> ASGIApp:
    """The security layer is outermost: also an address that leads nowhere is answered with its headers."""
    logging.getLogger("app").setLevel(logging.INFO)
    counter = Litestar(
        route_handlers=ROUTES,
        lifespan=[lifespan],
        exception_handlers=errors.HANDLERS,
        openapi_config=None,
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
    )
    return SafeRequests(Posting(counter))
