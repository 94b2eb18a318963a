"""The desk of the shop itself: conversations with sellers in which it was asked to step in, and its answers there."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app import clock, db
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, ngettext, voice
from app.inbox import (
    bubbles,
    cards,
    context_cards,
    desk_queue,
    escalating,
    happened,
    kept,
    messages,
    presence,
    saved_replies,
    stepping_in,
    tending,
)
from app.inbox import forms as picture_forms
from app.inbox.posting import Said
from app.merchants import door, shop
from app.shelves import LARGEST_BODY, PAPERS_TOO
from app.typed import number as numbered
from app.web import access, private

ESCALATED = "/desk/{merchant:str}/escalated"
ONE = f"{ESCALATED}/{{code:str}}"


@get(ESCALATED, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    """Raises Missing at a desk that is not the shop's."""
    await shop.at_desk(request.auth.merchant)
    every, said = request.query_params.get("show") == "all", voice()
    found, more = await stepping_in.page_of(request.query_params.get("after", ""), every=every)
    here, count = f"{request.auth.url}/escalated", await stepping_in.count()
    query = "show=all&" if every else ""
    return door.shown(
        request,
        "inbox/desk/escalated",
        rows=[stepping_in.row(it, said) for it in found],
        count=ngettext("%(num)d waits for an answer", "%(num)d wait for an answer", count) % {"num": count},
        every=every,
        more=f"{here}?{query}after={more}" if more else "",
    )


@get(ONE, access=access.DESK)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _shown(request, code)


@post(f"{ONE}/messages", access=access.DESK, status_code=200, request_max_body_size=LARGEST_BODY)
async def answer(request: Request, code: FromPath[str]) -> Response[Any]:
    text, ours = "", await shop.at_desk(request.auth.merchant)
    await kept.escalated(code)
    try:
        async with picture_forms.sent(request) as (typed, pictures):
            text = typed.get("text", "")
            saved_replies.check(text)
            said = Said(side="shop", text=text, author=request.user.id, name=ours.name, files=pictures)
            await escalating.answer(ours.id, code, said)
    except (Invalid, Refused) as error:
        return await _shown(request, code, error, text or dict(await forms.sent(request)).get("text", ""))
    return door.changed(f"{request.auth.url}/escalated/{code}#newest", _("Sent. The customer and the seller see it."))


@post(f"{ONE}/saved", access=access.DESK, status_code=200)
async def put_in(request: Request, code: FromPath[str]) -> Response[Any]:
    """A saved reply of the shop's, behind what is typed already; nothing is sent by it."""
    ours, typed = await shop.at_desk(request.auth.merchant), dict(await forms.sent(request))
    it, parts = await kept.escalated(code), [typed.get("text", "").strip()]
    if (number := numbered(typed.get("saved", ""))) is not None:
        reply = await saved_replies.one(ours.id, number)
        parts.append(await saved_replies.filled(it, reply, request.user.name, ours.name))
    return await _shown(request, code, text="\n\n".join(part for part in parts if part))


@post(f"{ONE}/closing", access=access.DESK)
async def close(request: Request, code: FromPath[str]) -> Response[Any]:
    await shop.at_desk(request.auth.merchant)
    await tending.close((await kept.escalated(code)).merchant, code, by=f"member:{request.auth.member}")
    return door.changed(f"{request.auth.url}/escalated/{code}", _("Closed. Whoever writes on opens it again."))


@get(f"{ONE}/files/{{number:int}}", access=access.DESK)
async def file(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    await shop.at_desk(request.auth.merchant)
    return private.shown(*await messages.file((await kept.escalated(code)).id, number))


async def _shown(request: Request, code: str, refusal: Invalid | Refused | None = None, text: str = "") -> Response[Any]:
    await shop.at_desk(request.auth.merchant)
    it, said, place = await kept.escalated(code), voice(), messages.place(request.query_params.get("before", ""))
    found = await messages.page_of(it.id, before=place)
    shown = found if place < db.MOST_ID else await happened.between(it, found, clock.now(), said)
    url = f"{request.auth.url}/escalated/{it.code}"
    return door.shown(
        request,
        "inbox/desk/stepping_in",
        refusal=refusal,
        it=it,
        url=url,
        title=cards.heading(it, said),
        who=cards.called(it.customer_name, said),
        state=desk_queue.state(it.waiting_on, it.due_at, it.closed_at, said),
        bubbles=bubbles.of(it, shown, "shop", said, files=f"{url}/files"),
        context=await context_cards.of(it, said),
        beside=await context_cards.beside(it, said),
        facts=stepping_in.facts(it, said),
        earlier=f"{url}?before={found.messages[0].id}" if found.earlier else "",
        newest=place < db.MOST_ID,
        company_said=presence.said(await presence.others_in(it.id, request.auth.member), request.auth.merchant, said),
        accept=PAPERS_TOO,
        replies=await saved_replies.of_merchant(request.auth.merchant),
        form=forms.shown(refusal, text=text),
    )


MEMBERS = [waiting, show, answer, put_in, close, file]
