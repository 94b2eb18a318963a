"""The desk that answers: its queue, a thread with what its customer has ordered and sent back, and what is done there."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import clock, db
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, ngettext, voice
from app.inbox import cards, desk_cards, desk_queue, happened, kept, meanwhile, messages, posting, searching, tending
from app.inbox import forms as picture_forms
from app.inbox.posting import Said
from app.inbox.words import for_desk
from app.merchants import door
from app.shelves import ACCEPT, LARGEST_BODY
from app.web import access, private
from app.web.pages import redirect

INBOX = "/desk/{merchant:str}/inbox"
ONE = f"{INBOX}/{{code:str}}"
NOTHING: Mapping[str, str] = {}


class To(Struct):
    """`member`: to whom; empty for nobody."""

    member: str = ""


@get(INBOX, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    desk, asked, said = request.auth, desk_queue.asked_for(request.query_params), voice()
    found, more = await desk_queue.page_of(desk.merchant, desk.member, asked, request.query_params.get("after", ""))
    hits = await searching.hits([it.id for it in found], for_desk(desk.merchant), asked.q)
    count, late = await desk_queue.waiting(desk.merchant)
    here, query = f"{desk.url}/inbox", asked.query()
    return door.shown(
        request,
        "inbox/desk/queue",
        rows=[desk_queue.row(it, said, asked.q, hits.get(it.id, "")) for it in found],
        asked=asked,
        count=ngettext("%(num)d waits for an answer", "%(num)d wait for an answer", count) % {"num": count},
        late=ngettext("%(num)d is late", "%(num)d are late", late) % {"num": late} if late else "",
        shows=_shows(here, asked),
        more=f"{here}{query}{'&' if query else '?'}after={more}" if more else "",
    )


def _shows(here: str, asked: desk_queue.Filter) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one chosen."""
    names = (_("Waiting"), _("Mine"), _("Nobody’s"), _("Answered"), _("Closed"))
    shows = zip(desk_queue.SHOWS, names, strict=True)
    return [(name, f"{here}{asked.query(show=show, q='')}", asked.show == show and not asked.q) for show, name in shows]


@get(ONE, access=access.DESK)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _shown(request, code)


@post(f"{ONE}/messages", access=access.DESK, status_code=200, request_max_body_size=LARGEST_BODY)
async def answer(request: Request, code: FromPath[str]) -> Response[Any]:
    """`as_note`: it stays at the desk. `then`: “close” with it, “next” goes on to the next that waits."""
    desk, typed = request.auth, NOTHING
    await kept.at_desk(desk.merchant, code)
    try:
        async with picture_forms.sent(request) as (typed, pictures):
            side: posting.Side = "note" if typed.get("as_note") else "seller"
            text = typed.get("text", "")
            said = Said(side=side, text=text, author=request.user.id, name=request.user.name, files=pictures)
            await posting.answer(desk.merchant, code, said, since=_number(typed.get("newest", "")))
    except (Invalid, Refused) as error:
        return await _shown(request, code, error, typed or dict(await forms.sent(request)))
    then = typed.get("then", "")
    if then == "close":
        await tending.close(desk.merchant, code, by=_by(request))
    following = await desk_queue.next_one(desk.merchant, code) if then else code
    where = f"{desk.url}/inbox/{following}#newest" if following else f"{desk.url}/inbox"
    return door.changed(where, _("The note is kept.") if side == "note" else _("Sent."))


@get(f"{ONE}/files/{{number:int}}", access=access.DESK)
async def file(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    return private.shown(*await messages.file(it.id, number, notes=True))


@post(f"{ONE}/reading", access=access.DESK)
async def read(request: Request, code: FromPath[str]) -> Response[Any]:
    await tending.seen(request.auth.merchant, code)
    return redirect(f"{request.auth.url}/inbox/{code}")


@post(f"{ONE}/assignment", access=access.DESK)
async def assign(request: Request, code: FromPath[str], data: URLEncodedBody[To]) -> Response[Any]:
    number = _number(data.member)
    await tending.assign(request.auth.merchant, code, number, by=_by(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Assigned.") if number else _("It is nobody’s now."))


@post(f"{ONE}/closing", access=access.DESK)
async def close(request: Request, code: FromPath[str]) -> Response[Any]:
    await tending.close(request.auth.merchant, code, by=_by(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Closed. Whoever writes on opens it again."))


@post(f"{ONE}/opening", access=access.DESK)
async def reopen(request: Request, code: FromPath[str]) -> Response[Any]:
    await tending.reopen(request.auth.merchant, code, by=_by(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Open again."))


async def _shown(
    request: Request, code: str, refusal: Invalid | Refused | None = None, typed: Mapping[str, str] = NOTHING
) -> Response[Any]:
    desk, said = request.auth, voice()
    it = await kept.at_desk(desk.merchant, code)
    place = db.MOST_ID if (before := _number(request.query_params.get("before", ""))) is None else before
    found = await messages.page_of(it.id, before=place, notes=True)
    shown = found if place < db.MOST_ID else await happened.between(it, found, clock.now(), said)
    url = f"{desk.url}/inbox/{it.code}"
    return door.shown(
        request,
        "inbox/desk/thread",
        refusal=refusal,
        it=it,
        url=url,
        title=cards.heading(it, said),
        who=cards.called(it.customer_name, said),
        state=desk_queue.state(it.waiting_on, it.due_at, it.closed_at, said),
        bubbles=cards.bubbles(it, shown, "seller", said, start=desk.url),
        earlier=f"{url}?before={found.messages[0].id}" if found.earlier else "",
        newest=place < db.MOST_ID,
        beside=await desk_cards.beside(it, desk.url, said),
        people=await desk_cards.people(desk.merchant),
        unseen=it.desk_seen < it.last_message,
        accept=ACCEPT,
        crossed=isinstance(refusal, meanwhile.Answered),
        form=forms.shown(refusal, text=typed.get("text", ""), as_note=typed.get("as_note", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _by(request: Request) -> str:
    return f"member:{request.auth.member}"


MEMBERS = [waiting, show, answer, file, read, assign, close, reopen]
