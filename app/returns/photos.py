"""Photos that a customer puts to a return, with it or later, until it is settled. Rows only: the files are kept by `files`."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from app import clock, db
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.returns import files, kept, moving
from app.returns.files import NewFile
from app.returns.kept import Kept
from app.returns.under_way import DONE


async def add(customer: int, code: str, made: Sequence[NewFile], *, by: str) -> None:
    """Raises Missing, Invalid(photos=…), Refused (409) when it is settled."""
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if not wanted(it):
            raise Refused(_("It is settled: no photos can be added any more."))
        if not made:
            raise Invalid(photos=_("Choose at least one photo."))
        await put(it, made, by=by)


async def put(it: Kept, made: Sequence[NewFile], *, by: str) -> None:
    """In the caller's transaction, with the customer's row locked. Raises Invalid(photos=…)."""
    if len(it.files) + len(made) > files.MOST_FILES:
        raise Invalid(photos=_("At most %(num)d photos.") % {"num": files.MOST_FILES})
    at = clock.now()
    rows = [
        {
            "of_return": it.it.id, "line": None, "name": one.name, "title": one.title, "media_type": one.media_type,
            "size": one.size, "by_whom": by, "at": at,
        } for one in made
    ]  # fmt: skip
    await db.insert("return_files", rows)
    await moving.tell(it, "return_photo_added", by=by, photos=len(made))


def wanted(it: Kept) -> bool:
    return it.it.settled_at is None and it.it.state not in DONE


async def owned(customer: int, code: str, number: int) -> tuple[bytes, str]:
    """One photo and its media type. Raises Missing."""
    it = await kept.owned_by(customer, code)
    found = next((file for file in it.files if file.id == number), None)
    if found is None:
        raise Missing
    return await asyncio.to_thread(files.read, found.name)


@asynccontextmanager
async def or_let_go(made: Sequence[NewFile]) -> AsyncIterator[None]:
    """Whatever goes wrong inside, files that no row names are gone."""
    try:
        yield
    except BaseException:
        await let_go(made)
        raise


async def let_go(made: Sequence[NewFile]) -> None:
    if made:
        await asyncio.to_thread(files.drop, [one.name for one in made])
