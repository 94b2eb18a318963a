"""What a customer was told: to read, to put aside as read."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.i18n import _, ngettext, voice
from app.notifications import actions, bounces, cards, lists
from app.web import access
from app.web.flash import Flash
from app.web.pages import came_from, page, redirect, wants_fragment


@get("/notifications", access=access.CUSTOMER)
async def index(request: Request) -> Response[Any]:
    """Not kept by the browser: on which ways each has gone out changes without the customer's revision."""
    asked, said = lists.read_query(request.query_params), voice()
    found, more = await lists.page_of(request.user.id, asked)
    appending = asked.day is not None and wants_fragment(request)
    last = found[-1] if found else None
    return page(
        request, "notifications/index.html", keep=False, appending=appending, choices=cards.choices(asked, said),
        days=cards.days(found, await lists.gone_out(found), said, asked.day if appending else None),
        older=asked.url(f"{last.id}_{said.local(last.created_at).date()}") if last and more else "",
        newest=asked.url() if asked.day else "", filtered=bool(asked.topic or asked.unread),
        unreachable=await bounces.shown(request.user.id, request.user.email),
    )  # fmt: skip


@post("/notifications/{number:int}/reading", access=access.OWNER)
async def read(request: Request, number: FromPath[int]) -> Response[Any]:
    """Leads on to what it is about."""
    return redirect(await actions.read(request.user.id, number))


@post("/notifications/reading", access=access.CUSTOMER)
async def read_all(request: Request) -> Response[Any]:
    count = await actions.read_all(request.user.id)
    text = ngettext("%(num)d marked as read.", "%(num)d marked as read.", count) % {"num": count}
    said = Flash(text, "good") if count else Flash(_("Everything was read already."))
    return redirect(came_from(request, lists.PATH), flash=said)


CUSTOMER = [index, read, read_all]
