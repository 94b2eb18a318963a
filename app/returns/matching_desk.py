"""At the desk: the order that a declaration is about, looked for and attached by hand. One address for looking and for both
steps of it.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, _, voice
from app.merchants import door
from app.returns import cards, kept, matching
from app.returns import door as one
from app.returns.kept import Kept
from app.returns.matching import Candidate
from app.web import access

ORDER = f"{one.ONE}/order"


class Row(Struct, frozen=True):
    """`url` leads to its second step."""

    id: int
    number: str
    when: str
    who: str
    what: str
    url: str
    same: bool


class Beside(Struct, frozen=True):
    """The same thing as it was declared and as the order has it."""

    label: str
    declared: str
    order: str
    differs: bool


@get(ORDER, access=access.DESK)
async def look(request: Request, code: FromPath[str]) -> Response[Any]:
    """`q` is looked for; `order` (its id) is the one that was chosen, to be confirmed."""
    return await _page(request, code)


@post(ORDER, status_code=200, access=access.DESK)
async def attach(request: Request, code: FromPath[str]) -> Response[Any]:
    said = dict(await forms.sent(request))
    text = said.get("order", "")
    if not text:
        return await _page(request, code)
    try:
        meant = said.get("meant") == "yes"
        await matching.attach(request.auth.merchant, code, _number(text), by=one.member(request), meant=meant)
    except Invalid as error:
        return await _page(request, code, text, error)
    except Refused as error:
        return await one.shown(request, code, error)
    return door.changed(f"{request.auth.url}/returns/{code}", _("The order is attached. Its customer sees it now."))


async def _page(request: Request, code: str, order: str = "", refusal: Invalid | None = None) -> Response[Any]:
    merchant, query, said = request.auth.merchant, request.query_params, voice()
    it = await kept.at_desk(merchant, code)
    if not matching.attachable(it):
        raise Missing
    order = order or query.get("order", "")
    chosen = await matching.candidate(merchant, _number(order)) if order else None
    text = query.get("q", it.it.email if chosen is None else "")[: matching.LONGEST]
    here = f"{request.auth.url}/returns/{code}/order"
    rows = await matching.found(merchant, text) if chosen is None else []
    return door.shown(
        request,
        "returns/desk/order",
        it=cards.sheet(it, [], said),
        declared=it.it,
        here=here,
        q=text,
        rows=[_row(row, it.it.email, here, said) for row in rows],
        chosen=_row(chosen, it.it.email, here, said) if chosen else None,
        beside=_beside(it, chosen) if chosen else [],
        refusal=refusal,
        form=forms.shown(refusal),
    )


def _beside(it: Kept, order: Candidate) -> list[Beside]:
    """All of it side by side where anything differs; nothing else."""
    differs, declared = matching.differing(it, order), it.it
    both = {
        "number": (_("Number of the order"), declared.contract, order.number),
        "name": (_("Name"), declared.name, order.customer_name),
        "email": (_("E-mail address"), declared.email, order.email),
    }
    return [Beside(*texts, name in differs) for name, texts in both.items()] if differs else []


def _row(row: Candidate, email: str, here: str, said: Voice) -> Row:
    items = said.ngettext("%(num)d item", "%(num)d items", row.item_count) % {"num": row.item_count}
    who = f"{row.customer_name} · {row.email}" if row.customer_name else row.email
    what = f"{items} · {said.money(row.total, row.currency)}"
    return Row(row.id, row.number, said.day(row.placed_at), who, what, f"{here}?order={row.id}", row.email == email)


def _number(text: str) -> int:
    """Raises Missing."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise Missing
    return int(text)


MEMBERS = [look, attach]
