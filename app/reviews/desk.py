"""Reviews at a seller's desk: read, answered; and those that were reported, where they are judged."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.merchants import door
from app.reviews import answering, cards, hiding, kept
from app.reviews.kept import KeptReview
from app.web import access

REVIEWS = "/desk/{merchant:str}/reviews"
ONE = f"{REVIEWS}/{{number:int}}"
Refusal = Invalid | Refused | None


class Answer(Struct):
    text: str = ""


class Judged(Struct):
    """`do`: “hide”, or “leave” it as it stands."""

    do: str = ""
    why: str = ""


@get(REVIEWS, access=access.DESK)
async def index(request: Request) -> Response[Any]:
    """Reported ones at the desk that judges them: at that of the shop itself those of all sellers."""
    desk, show = request.auth, request.query_params.get("show", "")
    show = show if show in kept.SHOWS else ""
    judges = await _judges(desk.merchant)
    whose = None if show == "reported" and judges == "all" else desk.merchant
    found, older = await kept.page_of(whose, request.query_params.get("before", ""), show=show)
    here, query = f"{desk.url}/reviews", {"show": show} if show else {}
    names = {"": _("All"), "unanswered": _("Unanswered"), **({"reported": _("Reported")} if judges else {})}
    return door.shown(
        request,
        "reviews/desk/index",
        cards=[cards.card(it, voice(), whole=True) for it in found],
        overview=cards.overview(await kept.stars(desk.merchant), voice()),
        shows=[(label, f"{here}?show={name}" if name else here, name == show) for name, label in names.items()],
        everybodys=whose is None,
        older=f"{here}?{urlencode({**query, 'before': older})}" if older else "",
    )


@get(ONE, access=access.DESK)
async def show(request: Request, number: FromPath[int]) -> Response[Any]:
    return await _page(request, number)


@post(ONE, access=access.DESK, status_code=200)
async def answer(request: Request, number: FromPath[int], data: URLEncodedBody[Answer]) -> Response[Any]:
    try:
        await answering.answer(request.auth.merchant, number, text=data.text, by=f"member:{request.auth.member}")
    except Invalid as error:
        return await _page(request, number, error, data.text)
    said = _("Sent. It stands below the review.") if data.text.strip() else _("The answer is taken away.")
    return door.changed(f"{request.auth.url}/reviews", said)


@post(f"{ONE}/judgement", access=access.DESK_MANAGERS, status_code=200)
async def judge(request: Request, number: FromPath[int], data: URLEncodedBody[Judged]) -> Response[Any]:
    desk, by = request.auth, f"member:{request.auth.member}"
    await _there(desk.merchant, number)
    try:
        if data.do == "leave":
            await hiding.leave(desk.merchant, number, by=by)
        else:
            await hiding.hide(desk.merchant, number, why=data.why, by=by, voice=voice())
    except (Invalid, Refused) as error:
        return await _page(request, number, error)
    said = _("It stands.") if data.do == "leave" else _("Hidden. The page says so, and who wrote it is told why.")
    return door.changed(f"{desk.url}/reviews?show=reported", said)


async def _judges(merchant: int) -> str:
    """“all” sellers' reviews, one's “own”, or empty."""
    try:
        return "all" if await hiding.judged_at(merchant) is None else "own"
    except Missing:
        return ""


async def _there(merchant: int, number: int) -> KeptReview:
    """Its own, or one of all where they are judged. Raises Missing."""
    return await kept.one(number, None if await _judges(merchant) == "all" else merchant)


async def _page(request: Request, number: int, refusal: Refusal = None, text: str | None = None) -> Response[Any]:
    desk, said = request.auth, voice()
    it, names = await _there(desk.merchant, number), hiding.reasons(said)
    judges = desk.manager and bool(await _judges(desk.merchant))
    return door.shown(
        request,
        "reviews/desk/one",
        refusal=refusal,
        review=cards.card(it, said, whole=True),
        own=it.merchant == desk.merchant,
        judges=judges and (it.reports > 0 or it.hidden_at is not None),
        can_hide=it.reports > 0,
        reports=[(names.get(row["why"], ""), row["text"], said.day(row["at"])) for row in await hiding.reports(number)],
        reasons=list(names.items()),
        form=forms.shown(refusal, text=it.answer if text is None else text),
    )


MEMBERS = [index, show, answer]
MANAGERS = [judge]
