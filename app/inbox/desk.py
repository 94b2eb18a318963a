"""The desk that answers: its queue, a thread with what its customer has ordered and sent back, and what is done there."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, ngettext, voice
from app.inbox import (
    desk_cards,
    desk_queue,
    flag_queue,
    goals,
    kept,
    labels,
    mail_quarantine,
    messages,
    posting,
    saved_replies,
    searching,
    stepping_in,
    tending,
)
from app.inbox import door as one
from app.inbox import forms as picture_forms
from app.inbox.posting import Said
from app.inbox.words import for_desk
from app.merchants import door
from app.shelves import LARGEST_BODY
from app.typed import number as numbered
from app.web import access, private
from app.web.pages import redirect

INBOX, ONE, NOTHING = one.INBOX, one.ONE, one.NOTHING


class To(Struct):
    """`member`: to whom; empty for nobody."""

    member: str = ""


@get(INBOX, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    desk, asked, said = request.auth, desk_queue.asked_for(request.query_params), voice()
    found, more = await desk_queue.page_of(desk.merchant, desk.member, asked, request.query_params.get("after", ""))
    numbers = [it.id for it in found]
    hits = await searching.hits(numbers, for_desk(desk.merchant), asked.q)
    on, hours = await labels.on(numbers), await goals.of(desk.merchant)
    there = await labels.of_merchant(desk.merchant)
    count = await desk_queue.waiting(desk.merchant, desk.member)
    here, query = f"{desk.url}/inbox", asked.query()
    return door.shown(
        request,
        "inbox/desk/queue",
        rows=[desk_queue.row(it, said, asked.q, hits.get(it.id, ""), on.get(it.id, ()), hours) for it in found],
        asked=asked,
        count=ngettext("%(num)d waits for an answer", "%(num)d wait for an answer", count.n) % {"num": count.n},
        late=ngettext("%(num)d is late", "%(num)d are late", count.late) % {"num": count.late} if count.late else "",
        missed=_missed(await goals.count_missed(desk.merchant, hours)),
        shows=_shows(here, asked, count),
        by_label=[(it.name, f"{here}{asked.query(label=_other(it.id, asked))}", str(it.id) == asked.label) for it in there],
        labels=there,
        people=await desk_cards.people(desk.merchant),
        escalated=await stepping_in.at_desk(desk.merchant),
        reported=await flag_queue.count(desk.merchant),
        mails=_mails(await mail_quarantine.count(desk.merchant)),
        more=f"{here}{query}{'&' if query else '?'}after={more}" if more else "",
    )


def _other(label: int, asked: desk_queue.Filter) -> str:
    """The chosen one again takes it off."""
    return "" if str(label) == asked.label else str(label)


def _mails(count: int) -> str:
    said = ngettext("%(num)d mail of an unknown sender", "%(num)d mails of unknown senders", count)
    return said % {"num": count} if count else ""


def _missed(count: int) -> str:
    return ngettext("%(num)d over your goal", "%(num)d over your goal", count) % {"num": count} if count else ""


def _shows(here: str, asked: desk_queue.Filter, count: desk_queue.Count) -> list[tuple[str, str, bool]]:
    """Label, with how many wait there, address, whether it is the one chosen."""
    waits = ((_("Waiting"), count.n), (_("Mine"), count.mine), (_("Nobody’s"), count.nobodys))
    names = (*(f"{name} ({n})" if n else name for name, n in waits), _("Answered"), _("Closed"), _("All"))
    shows = zip(desk_queue.SHOWS, names, strict=True)
    return [(name, f"{here}{asked.query(show=show, q='')}", asked.show == show and not asked.q) for show, name in shows]


@get(ONE, access=access.DESK)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    if (now := (await kept.at_desk(request.auth.merchant, code)).code) != code:
        return redirect(f"{request.auth.url}/inbox/{now}")
    return await one.shown(request, code)


@post(f"{ONE}/messages", access=access.DESK, status_code=200, request_max_body_size=LARGEST_BODY)
async def answer(request: Request, code: FromPath[str]) -> Response[Any]:
    """`as_note`: it stays at the desk. `then`: “close” with it, “next” goes on to the next that waits."""
    desk, typed = request.auth, NOTHING
    await kept.at_desk(desk.merchant, code)
    try:
        async with picture_forms.sent(request) as (typed, pictures):
            side: posting.Side = "note" if typed.get("as_note") else "seller"
            text = typed.get("text", "")
            since = numbered(typed.get("newest", ""))
            said = Said(
                side=side, text=text, author=request.user.id, name=request.user.name, files=pictures, until=since or 0
            )  # fmt: skip
            if side == "seller":
                saved_replies.check(text)
            await posting.answer(desk.merchant, code, said, since=since)
    except (Invalid, Refused) as error:
        return await one.shown(request, code, error, typed or dict(await forms.sent(request)))
    then = typed.get("then", "")
    if then == "close":
        await tending.close(desk.merchant, code, by=one.member(request))
    following = await desk_queue.next_one(desk.merchant, code) if then else code
    where = f"{desk.url}/inbox/{following}#newest" if following else f"{desk.url}/inbox"
    return door.changed(where, _("The note is kept.") if side == "note" else _("Sent."))


@get(f"{ONE}/files/{{number:int}}", access=access.DESK)
async def file(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    return private.shown(*await messages.file(it.id, number, notes=True))


@post(f"{ONE}/reading", access=access.DESK)
async def read(request: Request, code: FromPath[str]) -> Response[Any]:
    until = messages.place(dict(await forms.sent(request)).get("until", ""))
    await tending.seen(request.auth.merchant, code, until=until)
    return redirect(f"{request.auth.url}/inbox/{code}")


@post(f"{ONE}/assignment", access=access.DESK)
async def assign(request: Request, code: FromPath[str], data: URLEncodedBody[To]) -> Response[Any]:
    number = numbered(data.member)
    await tending.assign(request.auth.merchant, code, number, by=one.member(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Assigned.") if number else _("It is nobody’s now."))


@post(f"{ONE}/closing", access=access.DESK)
async def close(request: Request, code: FromPath[str]) -> Response[Any]:
    await tending.close(request.auth.merchant, code, by=one.member(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Closed. Whoever writes on opens it again."))


@post(f"{ONE}/opening", access=access.DESK)
async def reopen(request: Request, code: FromPath[str]) -> Response[Any]:
    await tending.reopen(request.auth.merchant, code, by=one.member(request))
    return door.changed(f"{request.auth.url}/inbox/{code}", _("Open again."))


MEMBERS = [waiting, show, answer, file, read, assign, close, reopen]
