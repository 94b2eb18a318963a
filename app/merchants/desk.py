"""The way to a desk, and its first page."""

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from app.errors import Missing
from app.i18n import _, ngettext, voice
from app.merchants import actions, cards, door, members
from app.reviews import desk_cards as review_cards
from app.web import access
from app.web.pages import page, redirect

SHOWN = 5  # people on the first page


class Overview(Struct, frozen=True):
    """In words: how many people and keys, and when one of these was used last. `more` than the `names` work here."""

    people: str
    names: list[str]
    more: bool
    keys: str
    used: str


@get("/desk", access=access.DESKS)
async def desks(request: Request) -> Response[Any]:
    """Raises Missing for who works nowhere."""
    found = await cards.desks(request.user.id)
    if not found:
        raise Missing
    return redirect(found[0].url) if len(found) == 1 else page(request, "merchants/desks.html", desks=found)


@get("/desk/{merchant:str}", access=access.DESK)
async def first_page(request: Request) -> Response[Any]:
    people, keys = await members.of(request.auth.merchant), await actions.keys_of(request.auth.merchant)
    in_use = [key for key in keys if key["revoked_at"] is None]
    uses = [key["used_at"] for key in in_use if key["used_at"]]
    shown = Overview(
        ngettext("%(num)d person works here", "%(num)d people work here", len(people)) % {"num": len(people)},
        [members.called(person) for person in people[:SHOWN]],
        len(people) > SHOWN,
        ngettext("%(num)d key is in use", "%(num)d keys are in use", len(in_use)) % {"num": len(in_use)} if in_use
        else _("No key is in use"),
        _("last used on %(day)s") % {"day": voice().day(max(uses))} if uses else "",
    )  # fmt: skip
    others = [it for it in await cards.desks(request.user.id) if it.url != request.auth.url]
    reviews = await review_cards.told(request.auth.merchant, voice())
    return door.shown(request, "first", overview=shown, others=others, reviews=reviews)


SIGNED_IN = [desks]
MEMBERS = [first_page]
