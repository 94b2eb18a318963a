"""One thread at the desk, as more than one door there shows it: with its customer's orders and returns, and what is typed."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from app import clock, db
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import voice
from app.inbox import (
    blocking,
    bubbles,
    cards,
    desk_cards,
    desk_queue,
    happened,
    kept,
    labels,
    links,
    meanwhile,
    messages,
    presence,
    saved_replies,
)
from app.inbox.kept import KeptThread
from app.merchants import door
from app.merchants.desk_guard import Desk
from app.shelves import PAPERS_TOO

INBOX = "/desk/{merchant:str}/inbox"
ONE = f"{INBOX}/{{code:str}}"
NOTHING: Mapping[str, str] = {}


def member(request: Request) -> str:
    """Who does it, for its event."""
    return f"member:{request.auth.member}"


async def shown(
    request: Request, code: str, refusal: Invalid | Refused | None = None, typed: Mapping[str, str] = NOTHING
) -> Response[Any]:
    desk, said = request.auth, voice()
    it = await kept.at_desk(desk.merchant, code)
    place = messages.place(request.query_params.get("before", ""))
    found = await messages.page_of(it.id, before=place, notes=True)
    shown = found if place < db.MOST_ID else await happened.between(it, found, clock.now(), said)
    url = f"{desk.url}/inbox/{it.code}"
    state = desk_queue.state(it.waiting_on, it.due_at, it.closed_at, said)
    return door.shown(
        request,
        "inbox/desk/thread",
        refusal=refusal,
        it=it,
        url=url,
        title=cards.heading(it, said),
        who=cards.called(it.customer_name, said),
        state=state,
        bubbles=bubbles.of(it, shown, "seller", said, start=desk.url, trusted=await links.trusted(it, "seller")),
        earlier=f"{url}?before={found.messages[0].id}" if found.earlier else "",
        newest=place < db.MOST_ID,
        until=found.newest,
        crossed=isinstance(refusal, meanwhile.Answered),
        form=forms.shown(refusal, text=typed.get("text", ""), as_note=typed.get("as_note", "")),
        **await _beside(it, desk),
    )


async def _beside(it: KeptThread, desk: Desk) -> dict[str, Any]:
    """What stands around the words, and what can be chosen."""
    return {
        "beside": await desk_cards.beside(it, desk.url, voice()),
        "people": await desk_cards.people(it.merchant),
        "blocks": await blocking.between(it.customer, it.merchant),
        "labels": await labels.of_merchant(it.merchant),
        "on": {label.id for label in (await labels.on([it.id])).get(it.id, ())},
        "replies": await saved_replies.of_merchant(it.merchant),
        "company_said": presence.said(await presence.others_in(it.id, desk.member), it.merchant, voice()),
        "unseen": it.desk_seen < it.last_message,
        "accept": PAPERS_TOO,
    }
