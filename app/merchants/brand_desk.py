"""A merchant's brand at its desk: everybody there sees it, owners change it. Shown as the head of a mail, light and dark."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import pictures
from app.accounts.forms import shown
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.mail import looks
from app.merchants import brands, door, forms, logos
from app.settings import settings
from app.web import access, brand, uploads
from app.web.templating import shop

BRAND, COLOUR, LOGO = "/desk/{merchant:str}/brand", "/desk/{merchant:str}/brand/colour", "/desk/{merchant:str}/brand/logo"
LARGEST_BODY = 4 * logos.MOST_BYTES  # bytes; a file that is too large is to be refused at its field, not by a closed door
FOR_EVER = "private, max-age=31536000, immutable"
Refusal = Invalid | Refused | None


class Preview(Struct, frozen=True):
    """A mail's head: `sheet` is the address of its colours, `logo` that of the picture (else the name is shown), which is
    `height` pixels high there. `colour`: the one it is made with. `own`: the merchant's, not the counter's."""

    sheet: str
    logo: str
    height: int
    colour: str
    own: bool


@get(BRAND, access=access.DESK)
async def first_page(request: Request) -> Response[Any]:
    kept = await brands.of(request.auth.merchant)
    return door.shown(request, "brand", brand=kept, preview=_preview(request, kept))


@get(COLOUR, access=access.DESK_CHANGE)
async def colour(request: Request) -> Response[Any]:
    kept = await brands.of(request.auth.merchant)
    return await _colour_page(request, kept.accent)


@post(COLOUR, access=access.DESK_CHANGE)
async def change_colour(request: Request, data: URLEncodedBody[forms.Colour]) -> Response[Any]:
    """Kept, or shown to be looked at."""
    try:
        accent = brands.colour(data.accent)
        if data.look:
            return await _colour_page(request, accent, accent=accent)
        await brands.paint(request.auth.merchant, data.accent, by=request.user)
    except (Invalid, Refused) as error:
        return await _colour_page(request, data.accent, error)
    return door.changed(f"{request.auth.url}/brand", _("Saved."))


@get(LOGO, access=access.DESK_CHANGE)
async def logo(request: Request) -> Response[Any]:
    return await _logo_page(request)


@post(LOGO, access=access.DESK_CHANGE, request_max_body_size=LARGEST_BODY)
async def change_logo(request: Request) -> Response[Any]:
    try:
        body = await uploads.first_sent(request, "logo", logos.MOST_BYTES)
        await brands.keep_logo(request.auth.merchant, body, by=request.user)
    except (Invalid, Refused) as error:
        return await _logo_page(request, error)
    return door.changed(f"{request.auth.url}/brand", _("Saved."))


@post(f"{LOGO}/removal", access=access.DESK_CHANGE)
async def remove_logo(request: Request) -> Response[Any]:
    await brands.remove_logo(request.auth.merchant, by=request.user)
    return door.changed(f"{request.auth.url}/brand", _("The logo is removed. Your name stands in its place."))


@get("/desk/{merchant:str}/brand/looks/{colour:str}", access=access.DESK)
async def sheet(request: Request, colour: FromPath[str]) -> Response[bytes]:
    """The colours of a preview: pages hold no styles of their own. `colour` is “2f5f86”. Raises Missing."""
    try:
        made = brand.accent(brands.colour(colour) or settings.accent)
    except Invalid as error:
        raise Missing from error
    grounds = {"light": (made.light, made.button_light, made.on_light), "dark": (made.dark, made.button_dark, made.on_dark)}
    rules = "".join(f".mail-look .{name}{{--tint:{a};--call:{b};--on-call:{c}}}" for name, (a, b, c) in grounds.items())
    return Response(rules.encode(), media_type="text/css", headers={"Cache-Control": FOR_EVER})


async def _colour_page(request: Request, typed: str, refusal: Refusal = None, *, accent: str | None = None) -> Response[Any]:
    """`accent`: the one that is looked at, else the one that is kept."""
    kept = await brands.of(request.auth.merchant)
    looked_at = kept if accent is None else brands.Brand(accent, kept.logo)
    form = shown(refusal, accent=typed[:40])
    return door.shown(
        request, "brand_colour", refusal=refusal, form=form, preview=_preview(request, looked_at), unsaved=looked_at != kept
    )


async def _logo_page(request: Request, refusal: Refusal = None) -> Response[Any]:
    kept = await brands.of(request.auth.merchant)
    return door.shown(request, "brand_logo", refusal=refusal, form=shown(refusal), brand=kept, preview=_preview(request, kept))


def _preview(request: Request, kept: brands.Brand) -> Preview:
    head = looks.of_shop(request.auth.name, kept.accent, kept.logo)
    shown_head, accent = head or looks.own(), kept.accent or settings.accent
    logo = "" if not shown_head.logo else pictures.url(kept.logo) if head else shop.logo
    return Preview(f"{request.auth.url}/brand/looks/{accent[1:]}", logo, shown_head.height, accent, head is not None)


MEMBERS = [first_page, sheet]
OWNERS = [colour, change_colour, logo, change_logo, remove_logo]
