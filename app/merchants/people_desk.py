"""Who works at a desk: everybody there sees it, owners change it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import db
from app.accounts.forms import shown
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door, forms, members, roles
from app.web import access


class Person(Struct, frozen=True):
    """`seen`: when they were here last, in words."""

    name: str
    email: str
    role: str
    role_name: str
    seen: str
    own: bool
    role_url: str
    removal_url: str


@get("/desk/{merchant:str}/people", access=access.DESK)
async def people(request: Request) -> Response[Any]:
    found = [_person(request, row) for row in await members.of(request.auth.merchant)]
    owners = sum(person.role == "owner" for person in found)
    return door.shown(request, "people", people=found, roles=roles.words().items(), last_owner=owners == 1)


@get("/desk/{merchant:str}/people/new", access=access.DESK_CHANGE)
async def new_person(request: Request) -> Response[Any]:
    return door.shown(request, "person_new", form=shown(email="", role="agent"), roles=roles.words().items())


@post("/desk/{merchant:str}/people/new", access=access.DESK_CHANGE)
async def add_person(request: Request, data: URLEncodedBody[forms.NewMember]) -> Response[Any]:
    desk = request.auth
    try:
        await members.add(desk.merchant, data.email, data.role, by=request.user)
    except (Invalid, Refused) as error:
        form = shown(error, email=data.email, role=data.role)
        return door.shown(request, "person_new", refusal=error, form=form, roles=roles.words().items())
    return door.changed(f"{desk.url}/people", _("They work here from now on, and get a mail that says so."))


@post("/desk/{merchant:str}/people/{number:int}/role", access=access.DESK_CHANGE)
async def change_role(request: Request, number: FromPath[int], data: URLEncodedBody[forms.Role]) -> Response[Any]:
    await members.change_role(request.auth.merchant, number, data.role, by=request.user)
    return door.changed(f"{request.auth.url}/people", _("Saved."))


@post("/desk/{merchant:str}/people/{number:int}/removal", access=access.DESK_CHANGE)
async def remove_person(request: Request, number: FromPath[int]) -> Response[Any]:
    """Whoever removes themselves is sent to where they still belong."""
    await members.remove(request.auth.merchant, number, by=request.user)
    own = number == request.auth.member
    return door.changed("/account" if own else f"{request.auth.url}/people", _("They do not work here any more."))


def _person(request: Request, row: db.Row) -> Person:
    seen = _("last here on %(day)s") % {"day": voice().day(row["seen_at"])} if row["seen_at"] else _("has not been here yet")
    url = f"{request.auth.url}/people/{row['id']}"
    return Person(
        members.called(row), row["email"], row["role"], roles.words()[row["role"]], seen, row["id"] == request.auth.member,
        f"{url}/role", f"{url}/removal",
    )  # fmt: skip


MEMBERS = [people]
OWNERS = [new_person, add_person, change_role, remove_person]
