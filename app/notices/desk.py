"""Notices at the desk: everybody there reads them; managers write, look at whom they reach, send, schedule and stop."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import forms as shown_forms
from app.accounts import zones
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door
from app.notices import actions, cards, forms, kept, reach, segments
from app.notices.actions import Draft, Writer
from app.notices.kept import KeptNotice
from app.notices.segments import Segment
from app.typed import number as numbered
from app.web import access
from app.web.flash import Flash
from app.web.pages import redirect

NOTICES = "/desk/{merchant:str}/notices"
ONE = f"{NOTICES}/{{number:int}}"


@get(NOTICES, access=access.DESK)
async def index(request: Request) -> Response[Any]:
    before, said = numbered(request.query_params.get("before", "")), voice()
    found, older = await kept.page_of(request.auth.merchant, before)
    rows = [cards.row(it, said) for it in found]
    more = f"{request.auth.url}/notices?before={older}" if older else ""
    return door.shown(request, "notices/desk/index", rows=rows, more=more, newest=before is None)


@get(f"{NOTICES}/new", access=access.DESK_MANAGERS)
async def new(request: Request) -> Response[Any]:
    return _form(request, Draft(kind="account", words={}, segment=Segment()))


@post(f"{NOTICES}/new", access=access.DESK_MANAGERS, status_code=200)
async def write(request: Request) -> Response[Any]:
    draft = forms.draft(await shown_forms.sent(request), voice())
    try:
        number = await actions.write(request.auth.merchant, draft, _writer(request))
    except Invalid as error:
        return _form(request, draft, error)
    return redirect(f"{request.auth.url}/notices/{number}/sending")


@get(ONE, access=access.DESK)
async def show(request: Request, number: FromPath[int]) -> Response[Any]:
    return await _shown(request, number, "one")


@get(f"{ONE}/words", access=access.DESK_MANAGERS)
async def words(request: Request, number: FromPath[int]) -> Response[Any]:
    it = await kept.one(request.auth.merchant, number)
    return _form(request, forms.of(it), number=number) if it.state == "draft" else redirect(_url(request, number))


@post(f"{ONE}/words", access=access.DESK_MANAGERS, status_code=200)
async def change(request: Request, number: FromPath[int]) -> Response[Any]:
    await kept.one(request.auth.merchant, number)
    draft = forms.draft(await shown_forms.sent(request), voice())
    try:
        await actions.change(request.auth.merchant, number, draft, _writer(request))
    except (Invalid, Refused) as error:
        return _form(request, draft, error, number)
    return redirect(f"{_url(request, number)}/sending")


@get(f"{ONE}/sending", access=access.DESK_MANAGERS)
async def look(request: Request, number: FromPath[int]) -> Response[Any]:
    """The second step: what it says and whom it reaches, before anything goes."""
    return await _shown(request, number, "sending")


@post(f"{ONE}/sending", access=access.DESK_MANAGERS, status_code=200)
async def send(request: Request, number: FromPath[int]) -> Response[Any]:
    await kept.one(request.auth.merchant, number)
    typed = dict(await shown_forms.sent(request))
    try:
        at, seen = forms.moment(typed, voice()), numbered(typed.get("revision", ""))
        await actions.schedule(request.auth.merchant, number, at, revision=seen, by=_by(request))
    except (Invalid, Refused) as error:
        return await _shown(request, number, "sending", error, typed)
    return door.changed(_url(request, number), _("It is scheduled.") if at else _("It is on its way."))


@post(f"{ONE}/stopping", access=access.DESK_MANAGERS)
async def stop(request: Request, number: FromPath[int]) -> Response[Any]:
    await kept.one(request.auth.merchant, number)
    try:
        it = await actions.stop(request.auth.merchant, number, by=_by(request))
    except Refused as error:
        return redirect(_url(request, number), flash=Flash(error.message, "bad"))
    said = cards.told(it, voice()) if it.started_at else _("Nobody was told.")
    return door.changed(_url(request, number), _("Stopped. %(said)s") % {"said": said})


@post(f"{ONE}/copies", access=access.DESK_MANAGERS)
async def copy(request: Request, number: FromPath[int]) -> Response[Any]:
    made = await actions.copy(request.auth.merchant, number, _writer(request))
    return door.changed(f"{_url(request, made)}/words", _("A draft that says the same. The first one stays as it is."))


@post(f"{ONE}/removal", access=access.DESK_MANAGERS)
async def remove(request: Request, number: FromPath[int]) -> Response[Any]:
    await actions.remove(request.auth.merchant, number, by=_by(request))
    return door.changed(f"{request.auth.url}/notices", _("The draft is removed."))


def _form(
    request: Request, it: Draft, refusal: Invalid | Refused | None = None, number: int = 0
) -> Response[Any]:  # fmt: skip
    return door.shown(
        request,
        "notices/desk/form",
        refusal=refusal,
        it=it,
        number=number,
        longest=segments.LONGEST,
        form=shown_forms.shown(refusal),
        **forms.choices(voice()),
    )


async def _shown(
    request: Request, number: int, step: str, refusal: Invalid | Refused | None = None, typed: dict[str, str] | None = None
) -> Response[Any]:
    """`step`: “one”, or “sending” for who may send it, as long as it is a draft."""
    said, sent, usual = voice(), typed or {}, {"when": "now", "day": "", "time": "09:00"}
    it = await kept.one(request.auth.merchant, number)
    if step == "sending" and it.state != "draft":
        return redirect(_url(request, number))
    return door.shown(
        request,
        f"notices/desk/{step}",
        refusal=refusal,
        it=it,
        card=cards.row(it, said),
        soon=cards.soon(it),
        told=cards.told(it, said),
        left_out=cards.left_out(it, said),
        when=cards.when(it.scheduled_at, said) if it.scheduled_at else "",
        ended=cards.when(it.ended_at, said) if it.ended_at else "",
        clock=zones.named(said.zone, said.locale) if said.zone else "UTC",
        url=_url(request, number),
        form=shown_forms.shown(refusal, **{name: sent.get(name, text) for name, text in usual.items()}),
        **await _reached(it, request.auth.name),
    )


async def _reached(it: KeptNotice, shop: str) -> dict[str, Any]:
    """What it says and to whom. How many they are is counted anew each time, until it begins."""
    said, found = voice(), None
    if it.state in ("draft", "scheduled"):
        found = await reach.of(it.merchant, it.segment, offer=it.kind == "offer")
    return {
        "shown": cards.shown(it, shop, found, said), "facts": cards.facts(it.segment, said),
        "reach": cards.reach(it, found, said) if found else None,
    }  # fmt: skip


def _writer(request: Request) -> Writer:
    return Writer(request.user.id, request.user.name, _by(request))


def _by(request: Request) -> str:
    return f"member:{request.auth.member}"


def _url(request: Request, number: int) -> str:
    return f"{request.auth.url}/notices/{number}"


MEMBERS = [index, show]
MANAGERS = [new, write, words, change, look, send, stop, copy, remove]
