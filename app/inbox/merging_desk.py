"""Making one conversation of two: the others of its customer to choose from, then both side by side, then it is done."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import forms
from app.errors import Missing, Refused
from app.i18n import Voice, _, voice
from app.inbox import cards, kept, merging
from app.inbox import door as one
from app.inbox.kept import KeptThread
from app.merchants import door
from app.web import access

MERGING = f"{one.ONE}/merging"


@get(MERGING, access=access.DESK)
async def choose(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _shown(request, code, request.query_params.get("with", ""))


@post(MERGING, access=access.DESK)
async def merge(request: Request, code: FromPath[str]) -> Response[Any]:
    desk, other = request.auth, dict(await forms.sent(request)).get("with", "")
    if not other:
        return await _shown(request, code, "", Refused(_("Choose at least one.")))
    try:
        await merging.merge(desk.merchant, code, other, by=one.member(request), member=desk.member)
    except Refused as error:
        return await _shown(request, code, "", error)
    return door.changed(f"{desk.url}/inbox/{code}", _("They are one conversation now."))


async def _shown(request: Request, code: str, other: str, refusal: Refused | None = None) -> Response[Any]:
    desk, said = request.auth, voice()
    it = await kept.at_desk(desk.merchant, code)
    found = [_card(other_one, said) for other_one in await merging.others(it)]
    chosen = next((card for card in found if card["code"] == other), None)
    if other and chosen is None:
        raise Missing
    return door.shown(
        request,
        "inbox/desk/merging",
        refusal=refusal,
        form=forms.shown(refusal),
        url=f"{desk.url}/inbox/{it.code}",
        who=cards.called(it.customer_name, said),
        here=_this(it, said),
        others=found,
        chosen=chosen,
    )


def _card(it: merging.Other, said: Voice) -> dict[str, str]:
    name = it.subject or cards.titles(it.titles, said) or _("Order %(number)s") % {"number": it.order_number}
    return {"code": it.code, "name": name, "gist": it.last_text, "when": cards.when(it.last_at, said)}


def _this(it: KeptThread, said: Voice) -> dict[str, str]:
    return {"code": it.code, "name": cards.heading(it, said), "gist": "", "when": cards.when(it.last_at, said)}


MEMBERS = [choose, merge]
