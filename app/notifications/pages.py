"""What a customer was told: to read, to put aside as read."""

import re
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import db
from app.i18n import _, ngettext, voice
from app.notifications import actions, bounces, cards, lists
from app.web import access
from app.web.flash import Flash
from app.web.pages import came_from, page, redirect, wants_fragment

SEEN = re.compile(r"[0-9]{1,9}")


@get("/notifications", access=access.CUSTOMER)
async def index(request: Request) -> Response[Any]:
    """Not kept by the browser: on which ways each has gone out changes without the customer's revision."""
    asked, said = lists.read_query(request.query_params), voice()
    found, more = await lists.page_of(request.user.id, asked)
    appending = asked.day is not None and wants_fragment(request)
    last = found[-1] if found else None
    return page(
        request, "notifications/index.html", keep=False, appending=appending,
        choices=cards.choices(asked, said, works=bool(request.user.desks)),
        days=cards.days(found, await lists.gone_out(found), said, asked.day if appending else None),
        older=asked.url(f"{last.id}_{said.local(last.created_at).date()}") if last and more else "",
        newest=asked.url() if asked.day else "", filtered=bool(asked.topic or asked.unread),
        unreachable=await bounces.shown(request.user.id, request.user.email),
        until=await lists.newest(request.user.id) if request.user.unread else 0,
    )  # fmt: skip


@post("/notifications/{number:int}/reading", access=access.OWNER)
async def read(request: Request, number: FromPath[int]) -> Response[Any]:
    """Leads on to what it is about."""
    return redirect(await actions.read(request.user.id, number))


class Seen(Struct):
    """`until` is the newest that there was when the page was made: it may have been kept for a while."""

    until: str = ""


@post("/notifications/reading", access=access.CUSTOMER)
async def read_all(request: Request, data: URLEncodedBody[Seen]) -> Response[Any]:
    until = int(data.until) if SEEN.fullmatch(data.until) else db.MOST_ID
    count = await actions.read_all(request.user.id, until=until)
    text = ngettext("%(num)d marked as read.", "%(num)d marked as read.", count) % {"num": count}
    said = Flash(text, "good") if count else Flash(_("Everything was read already."))
    return redirect(came_from(request, lists.PATH), flash=said)


CUSTOMER = [index]
OFFLINE_TOO = [read, read_all]
