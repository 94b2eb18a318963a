"""The customer's inbox: the list, a thread, what they say in it, and what they do with it for themselves."""

from typing import Any
from urllib.parse import quote_plus, urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app import clock, db
from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, _, ngettext, voice
from app.inbox import (
    blocking,
    bubbles,
    cards,
    context_cards,
    escalation_cards,
    happened,
    keeping,
    kept,
    links,
    lists,
    messages,
    narrowing,
    posting,
    putting,
    searching,
)
from app.inbox import forms as picture_forms
from app.inbox.kept import KeptThread
from app.inbox.posting import Said
from app.inbox.words import for_customer
from app.shelves import LARGEST_BODY, PAPERS_TOO
from app.typed import number as numbered
from app.web import access, caching, private
from app.web.flash import Flash, Undo
from app.web.pages import came_from, page, redirect, wants_fragment

ONE = "/inbox/{code:str}"
LONGEST_BACK = 500  # of an address that goes into a cookie with all the rest


@get("/inbox", access=access.CUSTOMER)
async def index(request: Request) -> Response[bytes]:
    asked, before = lists.asked(request.query_params), request.query_params.get("before", "")
    found, older = await lists.page_of(request.user.id, asked, before, zone=request.user.time_zone)
    here = f"{url}&" if "?" in (url := asked.url()) else f"{url}?"
    said, hits = voice(), await searching.hits([it.id for it in found], for_customer(request.user.id), asked.q)
    return page(
        request,
        "inbox/index.html",
        cards=[cards.card(it, said, asked.q, hits.get(it.id, "")) for it in found],
        asked=asked,
        choices=narrowing.choices(asked),
        sellers=await narrowing.sellers(request.user.id),
        unread_first=asked.url(first="" if asked.first else "unread"),
        older=f"{here}before={older}" if older else "",
        newest=asked.url() if before else "",
        narrowed=asked != lists.Filter(first=asked.first),
        nothing="" if found else narrowing.nothing(asked),
        appending=bool(before) and wants_fragment(request),
    )


@get(ONE, access=access.OWNER)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    if it.code != code:
        return redirect(f"/inbox/{it.code}")
    if (same := await caching.unchanged(request)) is not None:
        return same
    return await _shown(request, it)


@post(
    f"{ONE}/messages", access=access.OWNER, status_code=200, request_max_body_size=LARGEST_BODY,
    beforehand=picture_forms.beforehand,
)  # fmt: skip
async def write(request: Request, code: FromPath[str]) -> Response[Any]:
    it, text = await kept.owned_by(request.user.id, code), ""
    try:
        async with picture_forms.sent(request) as (typed, pictures):
            text = typed.get("text", "")
            said = Said(
                side="buyer", text=text, author=request.user.id, name=request.user.name, files=pictures,
                until=numbered(typed.get("until", "")) or 0,
            )  # fmt: skip
            message = await posting.reply(request.user.id, code, said)
    except (Invalid, Refused) as error:
        return await _shown(request, it, error, text or await picture_forms.words(request))
    return redirect(f"/inbox/{it.code}#message-{message}")


@get(f"{ONE}/files/{{number:int}}", access=access.OWNER)
async def file(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    return private.shown(*await messages.file(it.id, number))


@post(f"{ONE}/reading", access=access.OWNER)
async def read(request: Request, code: FromPath[str]) -> Response[Any]:
    until = messages.place(dict(await forms.sent(request)).get("until", ""))
    await putting.read(request.user.id, code, until=until)
    return redirect(f"/inbox/{code}")


@post("/inbox/threads/{what:str}", access=access.CUSTOMER)
async def change(request: Request, what: FromPath[str]) -> Response[Any]:
    """`what` of `putting.CHANGES`, of the threads that `code` names, there or in the address: to “yes”, or back."""
    if what not in putting.CHANGES:
        raise Missing
    typed = [*request.query_params.multi_items(), *await forms.sent(request)]
    to, codes = dict(typed).get("to", "") == "yes", [text for name, text in typed if name == "code"]
    back = forms.own_path(dict(typed).get("back", "")) or came_from(request, "/inbox")
    if not codes:
        return redirect(back, flash=Flash(_("Choose at least one."), "bad"))
    if len(set(codes)) > putting.MOST:
        return redirect(back, flash=Flash(_("Choose at most %(num)d at once.") % {"num": putting.MOST}, "bad"))
    changed = await putting.change(request.user.id, codes, what, to)
    if not changed:
        return redirect(back, flash=Flash(_("It is so already.")))
    again = urlencode([*(("code", code) for code in changed), *([("back", back)] if len(back) <= LONGEST_BACK else [])])
    undo = Undo(f"/inbox/threads/{what}?{again}", "to", "no" if to else "yes", _("Undo"))
    return redirect(back, flash=Flash(_done(what, to, len(changed)), "good", undo=undo))


def _done(what: str, to: bool, count: int) -> str:
    said = {
        ("archived", True): ngettext("%(num)d archived.", "%(num)d archived.", count),
        ("archived", False): ngettext("%(num)d back in the inbox.", "%(num)d back in the inbox.", count),
        ("unread", True): ngettext("%(num)d marked as unread.", "%(num)d marked as unread.", count),
        ("unread", False): ngettext("%(num)d marked as read.", "%(num)d marked as read.", count),
        ("muted", True): ngettext("%(num)d muted: no more alerts.", "%(num)d muted: no more alerts.", count),
        ("muted", False): ngettext("%(num)d no longer muted.", "%(num)d no longer muted.", count),
        ("kept", True): ngettext("%(num)d kept for good.", "%(num)d kept for good.", count),
        ("kept", False): ngettext("%(num)d kept as long as usual.", "%(num)d kept as long as usual.", count),
    }
    return said[what, to] % {"num": count}


async def _shown(request: Request, it: KeptThread, refusal: Invalid | Refused | None = None, text: str = "") -> Response[Any]:
    said, query = voice(), request.query_params.get("q", "")[: lists.LONGEST_QUERY]
    before = messages.place(request.query_params.get("before", ""))
    most = messages.shown(request.query_params.get("shown", ""))
    found = await messages.page_of(it.id, before=before, whose=for_customer(it.customer), query=query, most=most)
    shown = found if query or before < db.MOST_ID else await happened.between(it, found, clock.now(), said)
    here = f"/inbox/{it.code}?q={quote_plus(query)}&" if query else f"/inbox/{it.code}?"
    return page(
        request,
        "inbox/thread.html",
        refusal=refusal,
        it=it,
        url=f"/inbox/{it.code}",
        bubbles=bubbles.of(it, shown, "buyer", said, query, trusted=await links.trusted(it, "buyer")),
        earlier=f"{here}before={found.messages[0].id}" if found.earlier else "",
        above=messages.above(found, before, most),
        newest=before < db.MOST_ID,
        until=found.newest,
        query=query,
        accept=PAPERS_TOO,
        zone=request.user.time_zone,
        form=forms.shown(refusal, text=text),
        **await _beside(it, said),
    )


async def _beside(it: KeptThread, said: Voice) -> dict[str, Any]:
    """What stands around the words."""
    return {
        "title": cards.heading(it, said),
        "state": cards.state(it, said),
        "context": await context_cards.of(it, said),
        "beside": await context_cards.beside(it, said),
        "step_in": await escalation_cards.of(it, said),
        "blocks": await blocking.between(it.customer, it.merchant),
        "keeping": keeping.said(it, said),
    }


CUSTOMER = [index, show, change, file]
OFFLINE_TOO = [write, read]
