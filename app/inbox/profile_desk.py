"""A seller's own page, as its managers write it: who it is by law, and its policies in each language."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, own_name
from app.inbox import profiles
from app.inbox.profiles import Identity, Policy
from app.merchants import door
from app.settings import settings
from app.web import access

PROFILE = "/desk/{merchant:str}/profile"


@get(PROFILE, access=access.DESK_MANAGERS)
async def present(request: Request) -> Response[Any]:
    it, said = await profiles.identity(request.auth.merchant), await profiles.policies(request.auth.merchant)
    return await _page(request, it, said)


@post(PROFILE, access=access.DESK_MANAGERS, status_code=200)
async def change(request: Request) -> Response[Any]:
    typed = {name: text.replace("\r\n", "\n").strip() for name, text in await forms.sent(request)}
    it = Identity(
        **{field: typed.get(field, "") for field in profiles.LONGEST},
        complies=typed.get("complies") == "yes",
    )
    said = {
        locale: Policy(locale, typed.get(f"shipping-{locale}", ""), typed.get(f"returns-{locale}", ""))
        for locale in settings.locales
    }
    try:
        await profiles.save(request.auth.merchant, it, said, by=f"member:{request.auth.member}")
    except (Invalid, Refused) as error:
        return await _page(request, it, said, error)
    return door.changed(f"{request.auth.url}/profile", _("Saved. Your page says so now."))


async def _page(
    request: Request, it: Identity, said: Mapping[str, Policy], refusal: Invalid | Refused | None = None
) -> Response[Any]:
    names = {
        "name": _("Legal name"), "address": _("Address"), "email": _("E-mail"), "phone": _("Phone"),
        "register": _("Register and number"),
    }  # fmt: skip
    return door.shown(
        request,
        "inbox/desk/profile",
        refusal=refusal,
        it=it,
        missing=", ".join(names[field] for field in it.missing),
        policies=[(locale, own_name(locale), said.get(locale, Policy())) for locale in settings.locales],
        form=forms.shown(refusal),
    )


MANAGERS = [present, change]
