"""The desk's queue of returns, one of them on one screen, and finding one by its code."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import forms
from app.errors import Missing, Refused
from app.i18n import _, ngettext, voice
from app.inbox import return_cards as talks
from app.merchants import door
from app.orders import refunds_waiting
from app.returns import deciding, failed_queue, files, kept, queue, scanned
from app.returns import door as one
from app.web import access, private
from app.web.flash import Flash
from app.web.pages import redirect

RETURNS = "/desk/{merchant:str}/returns"
MOST_AT_ONCE = 100
TO_DECIDE = "#decide"  # on a phone what was promised stands above it: whoever has the parcel in hand wants to say so


@get(RETURNS, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    """Who types a whole code into the search stands before its return at once, as a hand scanner does that types."""
    desk, asked, said = request.auth, queue.asked_for(request.query_params), voice()
    if code := await _there(desk.merchant, asked.q):
        return redirect(f"{desk.url}/returns/{code}{TO_DECIDE}")
    found, more = await queue.page_of(desk.merchant, asked, after := request.query_params.get("after", ""))
    count, late = await queue.waiting(desk.merchant)
    failed = await failed_queue.cards(desk.merchant, asked, said) if not asked.show and not after else []
    here, query = f"{desk.url}/returns", asked.query()
    return door.shown(
        request,
        "returns/desk/queue",
        cards=[*failed, *(queue.card(it, said) for it in found)],
        asked=asked,
        count=ngettext("%(num)d waits for you", "%(num)d wait for you", count) % {"num": count},
        failed=_of_failed(len(failed)),
        late=ngettext("%(num)d is late", "%(num)d are late", late) % {"num": late} if late else "",
        to_pay=await refunds_waiting.count(desk.merchant),
        shows=_shows(here, asked),
        kinds=_kinds(here, asked),
        more=f"{here}{query}{'&' if query else '?'}after={more}" if more else "",
        here=f"{here}{query}",
    )


def _of_failed(count: int) -> str:
    said = ngettext("%(num)d refund has failed", "%(num)d refunds have failed", count)
    return said % {"num": count} if count else ""


def _shows(here: str, asked: queue.Filter) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one chosen."""
    shows = [("", _("Waiting")), ("all", _("All of them"))]
    return [(label, f"{here}{asked.query(show=show, q='')}", asked.show == show) for show, label in shows]


def _kinds(here: str, asked: queue.Filter) -> list[tuple[str, str, bool]]:
    """As `_shows`."""
    kinds = [
        ("", _("All kinds")), ("return", _("Returns")), ("withdrawal", _("Withdrawals")), ("claim", _("Claims")),
        ("cancellation", _("Cancellations")),
    ]  # fmt: skip
    return [(label, f"{here}{asked.query(kind=kind)}", asked.kind == kind) for kind, label in kinds]


@get("/desk/{merchant:str}/returns/search", access=access.DESK)
async def by_code(request: Request) -> Response[Any]:
    """Where the code of a scanned label leads."""
    text = request.query_params.get("code", "")
    if code := await _there(request.auth.merchant, text):
        return redirect(f"{request.auth.url}/returns/{code}{TO_DECIDE}")
    said = _("There is no return %(code)s here.") % {"code": text.strip()[:40]}
    return redirect(f"{request.auth.url}/returns", flash=Flash(said, "bad"))


async def _there(merchant: int, text: str) -> str:
    """The code that was scanned or typed; an empty text where it is none of this merchant's."""
    try:
        return (await kept.at_desk(merchant, code)).it.code if (code := scanned.code(text)) else ""
    except Missing:
        return ""


@post("/desk/{merchant:str}/returns/approval", access=access.DESK_MANAGERS)
async def approve_many(request: Request) -> Response[Any]:
    """Those that were ticked; one that somebody else has decided meanwhile is left as it is, and said."""
    codes = [text for name, text in await forms.sent(request) if name == "code"][:MOST_AT_ONCE]
    done = 0
    for code in codes:
        try:
            await deciding.approve(request.auth.merchant, code, by=one.member(request), first=True)
            done += 1
        except (Refused, Missing):
            continue
    if not codes:
        return door.changed(f"{request.auth.url}/returns", _("Nothing was ticked."))
    said = ngettext("%(num)d approved", "%(num)d approved", done) % {"num": done}
    if done < len(codes):
        said = _("%(done)s; %(left)d had been decided meanwhile") % {"done": said, "left": len(codes) - done}
    return door.changed(f"{request.auth.url}/returns", said)


@get(one.ONE, access=access.DESK)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    desk, it = request.auth, (await kept.at_desk(request.auth.merchant, code)).it
    return await one.shown(request, code, talks=await talks.at_desk(desk.merchant, it.customer, it.id, desk.url, voice()))


@get(f"{one.ONE}/photos/{{number:int}}", access=access.DESK)
async def photo(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    name = next((file.name for file in it.files if file.id == number), "")
    if not name:
        raise Missing
    return private.shown(*files.read(name))


MEMBERS = [waiting, by_code, show, photo]
MANAGERS = [approve_many]
