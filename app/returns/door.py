"""The screen of one return at a desk: whole, and with what was typed where it was refused. And what pages are told."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from litestar import Request, Response

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import Voice, voice
from app.merchants import door
from app.orders import refunds_waiting
from app.returns import (
    cards,
    coming,
    desk_cards,
    evidence,
    exchange_cards,
    failed_queue,
    given_beside,
    given_cards,
    happened,
    kept,
    label_cards,
    objection_cards,
    order_beside,
    owed,
    proposal_cards,
    queue,
    refusals,
    sellers,
    suggesting,
)
from app.returns.kept import Kept
from app.web import offers

ONE = "/desk/{merchant:str}/returns/{code:str}"
Refusal = Invalid | Refused | None
Talks = Sequence[tuple[str, str]]
NOTHING: Mapping[str, str] = {}
BLANK = dict.fromkeys(
    ("answer", "amount", "clause", "question", "note", "objection", "goods", "carrier", "tracking_number", "again", "double"),
    "",
)


async def shown(
    request: Request, code: str, refusal: Refusal = None, typed: Mapping[str, str] = NOTHING, *, talks: Talks = ()
) -> Response[Any]:
    """The whole screen, with what was typed where it was refused. `talks`: text and address of the conversations about it."""
    it, said = await kept.at_desk(request.auth.merchant, code), voice()
    orders, others = await order_beside.shown(it, said)
    waiting = await refunds_waiting.of_return(request.auth.merchant, it.it.id, said)
    following = await queue.next_one(request.auth.merchant, code)
    return door.shown(
        request,
        "returns/desk/return",
        refusal=refusal,
        it=cards.sheet(it, [], said, desk=True),
        desk_it=await desk_cards.desk_sheet(it, request.auth.url, said),
        orders=orders,
        others=others,
        following=queue.card(following, said) if following else None,
        suggestion=failed_queue.suggestion(suggesting.suggested(it, said, await evidence.of(it)), waiting),
        label=await label_cards.card(it, said),
        parcel=await coming.shown(it, said),
        happened=await happened.told(it, said, desk=True),
        clauses=[(clause, refusals.clauses(said)[clause]) for clause in refusals.fitting(it)],
        proposal=await proposal_cards.shown(it, said),
        talks=talks,
        objection=await objection_cards.shown(it, said),
        waiting={one.card.number: one for one in waiting},
        **await _money(it, said),
        form=forms.shown(refusal, **{**BLANK, **typed}),
    )


async def _money(it: Kept, said: Voice) -> dict[str, Any]:
    """What was given back, what the shop has given beside it, and what is left."""
    return {
        "refunds": await exchange_cards.refunds(it, said), "left": _left(it, await owed.left(it)),
        "beside": await given_cards.shown(it, said), "warning": await given_beside.warning(it, goods=True),
    }  # fmt: skip


async def done(request: Request, code: str, verb: Awaitable[object], flash: str, said: Mapping[str, str]) -> Response[Any]:
    try:
        await verb
    except (Invalid, Refused) as error:
        return await shown(request, code, error, said)
    return door.changed(f"{request.auth.url}/returns/{code}", flash)


async def tell_pages() -> None:
    """A chore of each process: whether there is anybody whose contracts can be withdrawn from."""
    offers.told["withdrawal"] = bool(await sellers.offering())


def _left(it: Kept, shares: list[owed.Share]) -> str:
    total = sum(share.total for share in shares)
    return voice().money(total, it.it.currency) if total else ""


def member(request: Request) -> str:
    return f"member:{request.auth.member}"
