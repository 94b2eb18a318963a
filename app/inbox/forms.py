"""What a form of the inbox brings: its pictures and papers, looked through before anything else is done, and its words."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from litestar import Request

from app import shelves
from app.accounts import forms
from app.errors import Invalid, Refused
from app.inbox.files import SHELF
from app.shelves import NewFile
from app.web import uploads

FIELD = "pictures"


async def beforehand(request: Request) -> None:
    """For `Once`: it takes seconds, which no transaction is to last."""
    await _taken(request)


@asynccontextmanager
async def sent(request: Request) -> AsyncIterator[tuple[Mapping[str, str], list[NewFile]]]:
    """The texts by their names, and the pictures; whatever goes wrong inside, none of these stays. Raises Invalid(pictures=…),
    Refused."""
    taken = await _taken(request)
    if not isinstance(taken, list):
        raise taken
    try:
        yield dict(await forms.sent(request)), taken
    except BaseException:
        SHELF.drop([one.name for one in taken])
        raise


async def _taken(request: Request) -> list[NewFile] | Invalid | Refused:
    if FIELD not in request.scope:
        try:
            found: object = await SHELF.keep(uploads.sent(request, FIELD, shelves.MOST_BYTES), field=FIELD, papers=True)
        except (Invalid, Refused) as error:
            found = error
        request.scope[FIELD] = found  # type: ignore[literal-required]
    return request.scope[FIELD]  # type: ignore[literal-required]


async def words(request: Request) -> str:
    """What was written, where the pictures are refused: it is not lost."""
    return dict(await forms.sent(request)).get("text", "")
