"""A merchant's API keys at its desk: the same verbs as `python -m app key`. A key is shown once, in the answer itself."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import db
from app.accounts.forms import shown
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import actions, door, forms
from app.web import access


class Key(Struct, frozen=True):
    """`made`, `used` and `revoked` in words; `revoked` is empty while it is in use."""

    name: str
    prefix: str
    made: str
    used: str
    revoked: str
    revocation_url: str


@get("/desk/{merchant:str}/keys", access=access.DESK)
async def keys(request: Request) -> Response[Any]:
    found = [_key(request, row) for row in await actions.keys_of(request.auth.merchant)]
    in_use, revoked = [key for key in found if not key.revoked], [key for key in found if key.revoked]
    return door.shown(request, "keys", keys=in_use, revoked=revoked)


@get("/desk/{merchant:str}/keys/new", access=access.DESK_CHANGE)
async def new_key(request: Request) -> Response[Any]:
    return door.shown(request, "key_new", form=shown(name=""))


@post("/desk/{merchant:str}/keys/new", access=access.DESK_CHANGE)
async def make_key(request: Request, data: URLEncodedBody[forms.NewKey]) -> Response[Any]:
    try:
        key = await actions.make_key(request.auth.slug, data.name, by=request.user)
    except (Invalid, Refused) as error:
        return door.shown(request, "key_new", refusal=error, form=shown(error, name=data.name))
    return door.shown(request, "key_made", key=key, called=" ".join(data.name.split()))


@post("/desk/{merchant:str}/keys/{number:int}/revocation", access=access.DESK_CHANGE)
async def revoke_key(request: Request, number: FromPath[int]) -> Response[Any]:
    await actions.revoke_key_of(request.auth.merchant, number, by=request.user)
    return door.changed(f"{request.auth.url}/keys", _("The key is revoked. Programs that still use it are refused."))


def _key(request: Request, row: db.Row) -> Key:
    said = voice()
    used = _("last used on %(day)s") % {"day": said.day(row["used_at"])} if row["used_at"] else _("not used yet")
    revoked = _("revoked on %(day)s") % {"day": said.day(row["revoked_at"])} if row["revoked_at"] else ""
    made = _("made on %(day)s") % {"day": said.day(row["created_at"])}
    return Key(row["name"], row["prefix"], made, used, revoked, f"{request.auth.url}/keys/{row['id']}/revocation")


MEMBERS = [keys]
OWNERS = [new_key, make_key, revoke_key]
