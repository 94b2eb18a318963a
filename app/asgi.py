"""The application: its start and end, its error map, its middleware and its routes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.types import ASGIApp

from app import db
from app.accounts import factor_resets, retention
from app.mail import letters
from app.mail.posting import Posting
from app.merchants import guard as programs
from app.routes import ROUTES
from app.shipments import overdue, transit
from app.web import errors
from app.web.security import SafeRequests

log = logging.getLogger(__name__)
# What is due, letters that were left when a process ended, or could not be sent at first; what is to be forgotten.
CHORES = (factor_resets.carry_out, programs.write_uses, letters.post, retention.forget, transit.learn, overdue.look)
CHORES_EVERY = 15  # seconds
LARGEST_BODY = 4 * 1024 * 1024  # bytes; an order of 2,000 lines is about 1 MB


@asynccontextmanager
async def lifespan(_app: Litestar) -> AsyncIterator[None]:
    await db.open_pool()
    chores = asyncio.create_task(_do_chores())
    try:
        yield
    finally:
        chores.cancel()
        await asyncio.wait([chores])
        await db.close_pool()


async def _do_chores() -> None:
    while True:
        for chore in CHORES:
            try:
                await chore()
            except Exception:
                log.exception("%s.%s could not be done", chore.__module__, chore.__name__)
        await asyncio.sleep(CHORES_EVERY)


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
