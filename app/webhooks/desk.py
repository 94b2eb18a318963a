"""Webhooks at a merchant's desk: addresses that are told of events, the log of what was sent there, once more by hand."""

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts.forms import shown
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door
from app.web import access
from app.webhooks import actions, cards, kinds


@dataclass
class NewEndpoint:
    """Beside the address a box for each of `kinds.GROUPS`."""

    url: str = ""
    orders: str = ""
    parcels: str = ""
    refunds: str = ""
    returns: str = ""
    messages: str = ""
    notes: str = ""

    @property
    def about(self) -> list[str]:
        return [name for name in kinds.GROUPS if getattr(self, name)]


@dataclass
class Switch:
    on: str = ""


@get("/desk/{merchant:str}/webhooks", access=access.DESK)
async def endpoints(request: Request) -> Response[Any]:
    found = [cards.endpoint(row, request.auth.url, voice()) for row in await actions.of(request.auth.merchant)]
    return door.shown(request, "webhooks", endpoints=found)


@get("/desk/{merchant:str}/webhooks/new", access=access.DESK_CHANGE)
async def new(request: Request) -> Response[Any]:
    return _form(request, NewEndpoint(**{name: "yes" for name in kinds.GROUPS if name not in kinds.BY_NAME}))


@post("/desk/{merchant:str}/webhooks/new", access=access.DESK_CHANGE)
async def add(request: Request, data: URLEncodedBody[NewEndpoint]) -> Response[Any]:
    try:
        secret = await actions.add(request.auth.merchant, data.url, data.about, by=request.user)
    except (Invalid, Refused) as error:
        return _form(request, data, error)
    return door.shown(request, "webhook_added", secret=secret, url=data.url.strip())


@get("/desk/{merchant:str}/webhooks/{number:int}", access=access.DESK)
async def one(request: Request, number: FromPath[int]) -> Response[Any]:
    endpoint = cards.endpoint(await actions.one(request.auth.merchant, number), request.auth.url, voice())
    return door.shown(request, "webhook", endpoint=endpoint, log=await cards.log(number, endpoint.path, voice()))


@post("/desk/{merchant:str}/webhooks/{number:int}/deliveries/{delivery:int}/sending", access=access.DESK)
async def send_again(request: Request, number: FromPath[int], delivery: FromPath[int]) -> Response[Any]:
    await actions.resend(request.auth.merchant, number, delivery, by=request.user)
    return door.changed(f"{request.auth.url}/webhooks/{number}", _("It is sent once more."))


@post("/desk/{merchant:str}/webhooks/{number:int}/switch", access=access.DESK_CHANGE)
async def switch(request: Request, number: FromPath[int], data: URLEncodedBody[Switch]) -> Response[Any]:
    on = data.on == "yes"
    await actions.switch(request.auth.merchant, number, on=on, by=request.user)
    said = _("It is called again.") if on else _("It is called no more.")
    return door.changed(f"{request.auth.url}/webhooks/{number}", said)


@post("/desk/{merchant:str}/webhooks/{number:int}/removal", access=access.DESK_CHANGE)
async def remove(request: Request, number: FromPath[int]) -> Response[Any]:
    await actions.remove(request.auth.merchant, number, by=request.user)
    return door.changed(f"{request.auth.url}/webhooks", _("The address is removed, with its log."))


def _form(request: Request, data: NewEndpoint, error: Invalid | Refused | None = None) -> Response[Any]:
    groups = [(name, text, name in data.about) for name, text in cards.group_names()]
    return door.shown(request, "webhook_new", refusal=error, form=shown(error, url=data.url), groups=groups)


MEMBERS = [endpoints, one, send_again]
OWNERS = [new, add, switch, remove]
