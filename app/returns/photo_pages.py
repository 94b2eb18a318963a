"""The photos of a return: to add some, and to look at each, for nobody but its customer."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts.forms import shown
from app.errors import Invalid, Refused
from app.i18n import _, ngettext, voice
from app.returns import files, forms, kept, photos
from app.web import access, private
from app.web.flash import Flash
from app.web.pages import page, redirect

PHOTOS = "/returns/{code:str}/photos"


@get(PHOTOS, access=access.OWNER)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code)


@post(PHOTOS, access=access.OWNER, request_max_body_size=files.LARGEST_BODY)
async def add(request: Request, code: FromPath[str]) -> Response[Any]:
    await kept.owned_by(request.user.id, code)
    taken = await forms.taken(request)
    try:
        if taken.refusal is not None:
            raise taken.refusal
        async with photos.or_let_go(made := taken.made):
            await photos.add(request.user.id, code, made, by=f"customer:{request.user.id}")
    except (Invalid, Refused) as error:
        return await _page(request, code, error)
    said = ngettext("%(num)d photo added.", "%(num)d photos added.", len(made)) % {"num": len(made)}
    return redirect(f"/returns/{code}/photos", flash=Flash(said, "good"))


@get("/returns/{code:str}/photos/{number:int}", access=access.OWNER)
async def photo(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return private.shown(*await photos.owned(request.user.id, code, number))


async def _page(request: Request, code: str, refusal: Invalid | Refused | None = None) -> Response[Any]:
    it, said = await kept.owned_by(request.user.id, code), voice()
    return page(
        request,
        "returns/photos.html",
        refusal=refusal,
        keep=False,
        code=it.it.code,
        title=_("Photos"),
        photos=[(file.id, file.title or _("Photo"), said.moment(file.at)) for file in it.files],
        wanted=photos.wanted(it),
        most=files.MOST_FILES - len(it.files),
        accept=files.ACCEPT,
        form=shown(refusal),
    )


CUSTOMER = [show, add, photo]
