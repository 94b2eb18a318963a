"""The photos of a form, taken out of it and made anew before anything else is done."""

from litestar import Request
from msgspec import Struct

from app.errors import Invalid, Refused
from app.returns import files
from app.returns.files import NewFile
from app.web import uploads

FIELD = "photos"


class Taken(Struct, frozen=True):
    """The files that are kept by now and named by no row, or why they are not."""

    made: list[NewFile] = []
    refusal: Invalid | Refused | None = None

    @property
    def any(self) -> bool:
        return bool(self.made or self.refusal)


async def beforehand(request: Request) -> None:
    """For `Once`: it takes seconds, which no transaction is to last."""
    await taken(request)


async def taken(request: Request) -> Taken:
    if "photos" not in request.scope:
        try:
            found = Taken(await files.keep(uploads.sent(request, FIELD, files.MOST_BYTES)))
        except (Invalid, Refused) as error:
            found = Taken(refusal=error)
        request.scope["photos"] = found  # type: ignore[typeddict-unknown-key]
    return request.scope["photos"]  # type: ignore[typeddict-item]
