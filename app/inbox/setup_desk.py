"""How a desk works on its conversations: saved replies, labels, and its goal. Everybody there reads it, managers change it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import forms
from app.errors import Invalid
from app.i18n import _
from app.inbox import goals, labels, masked, saved_replies
from app.inbox.saved_replies import Reply
from app.merchants import desk_guard, door
from app.web import access

SETUP = "/desk/{merchant:str}/inbox/setup"
REPLIES = f"{SETUP}/replies"
ONE = f"{REPLIES}/{{number:int}}"


@get(SETUP, access=access.DESK)
async def setup(request: Request) -> Response[Any]:
    return await _shown(request)


@post(SETUP, access=access.DESK_MANAGERS, guards=[desk_guard.manager_at_desk])  # the path is one of `routes.DESK` by its GET
async def change(request: Request) -> Response[Any]:
    """`do`: “goal” sets it, else a label is made."""
    typed = dict(await forms.sent(request))
    try:
        if typed.get("do") == "goal":
            await goals.change(request.auth.merchant, typed.get("hours", ""))
        else:
            await labels.add(request.auth.merchant, typed.get("name", ""), typed.get("colour", ""))
    except Invalid as error:
        return await _shown(request, error, typed)
    return door.changed(f"{request.auth.url}/inbox/setup", _("Saved."))


@post(f"{SETUP}/labels/{{number:int}}/removal", access=access.DESK_MANAGERS)
async def remove_label(request: Request, number: FromPath[int]) -> Response[Any]:
    await labels.remove(request.auth.merchant, number)
    return door.changed(f"{request.auth.url}/inbox/setup", _("The label is removed from every conversation."))


@get(f"{REPLIES}/new", access=access.DESK_MANAGERS)
async def new_reply(request: Request) -> Response[Any]:
    return _form(request, Reply())


@post(f"{REPLIES}/new", access=access.DESK_MANAGERS)
async def add_reply(request: Request) -> Response[Any]:
    return await _save(request, 0)


@get(ONE, access=access.DESK_MANAGERS)
async def reply(request: Request, number: FromPath[int]) -> Response[Any]:
    return _form(request, await saved_replies.one(request.auth.merchant, number))


@post(ONE, access=access.DESK_MANAGERS)
async def change_reply(request: Request, number: FromPath[int]) -> Response[Any]:
    await saved_replies.one(request.auth.merchant, number)
    return await _save(request, number)


@post(f"{ONE}/removal", access=access.DESK_MANAGERS)
async def remove_reply(request: Request, number: FromPath[int]) -> Response[Any]:
    await saved_replies.remove(request.auth.merchant, number)
    return door.changed(f"{request.auth.url}/inbox/setup", _("The saved reply is removed."))


async def _save(request: Request, number: int) -> Response[Any]:
    typed = dict(await forms.sent(request))
    it = Reply(id=number, **{name: typed.get(name, "") for name in ("title", "english", "french")})
    try:
        await saved_replies.save(request.auth.merchant, it)
    except Invalid as error:
        return _form(request, it, error)
    return door.changed(f"{request.auth.url}/inbox/setup", _("Saved."))


def _form(request: Request, it: Reply, refusal: Invalid | None = None) -> Response[Any]:
    form = forms.shown(refusal, title=it.title, english=it.english, french=it.french)
    names = [f"{{{name}}}" for name in saved_replies.NAMES]
    return door.shown(request, "inbox/desk/saved_reply", refusal=refusal, form=form, number=it.id, names=names)


async def _shown(request: Request, refusal: Invalid | None = None, typed: dict[str, str] | None = None) -> Response[Any]:
    merchant, said = request.auth.merchant, typed or {}
    hours = await goals.of(merchant)
    return door.shown(
        request,
        "inbox/desk/setup",
        refusal=refusal,
        replies=await saved_replies.of_merchant(merchant),
        labels=await labels.of_merchant(merchant),
        hours=hours,
        by_mail=masked.on(),
        colours=[("plain", _("Grey")), ("good", _("Green")), ("wait", _("Amber")), ("bad", _("Red"))],
        form=forms.shown(
            refusal, name=said.get("name", ""), colour=said.get("colour", ""), hours=said.get("hours", str(hours or ""))
        ),
    )


MEMBERS = [setup, change]
MANAGERS = [remove_label, new_reply, add_reply, reply, change_reply, remove_reply]
