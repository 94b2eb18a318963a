"""At a desk a customer's message is reported; at that which decides, each is seen in what it was said in, and judged."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.inbox import bubbles, cards, flag_cards, flag_queue, flagging, judging, kept, messages
from app.inbox import door as inbox
from app.merchants import door
from app.web import access, private

REPORT = f"{inbox.ONE}/messages/{{number:int}}/report"
REPORTED = "/desk/{merchant:str}/inbox/reported"
ONE = f"{REPORTED}/{{number:int}}"
Refusal = Invalid | Refused | None


class Report(Struct):
    why: str = ""
    text: str = ""


class Verdict(Struct):
    """`did`: one of `judging.VERDICTS`."""

    did: str = ""
    why: str = ""
    text: str = ""


@get(REPORT, access=access.DESK)
async def ask_why(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _asked(request, code, number)


@post(REPORT, access=access.DESK, status_code=200)
async def report(request: Request, code: FromPath[str], number: FromPath[int], data: URLEncodedBody[Report]) -> Response[Any]:
    desk, by = request.auth, request.user.id
    try:
        await flagging.by_desk(desk.merchant, code, number, author=by, why=data.why, text=data.text, voice=voice())
    except (Invalid, Refused) as error:
        return await _asked(request, code, number, error, data)
    return door.changed(f"{desk.url}/inbox/{code}", _("Reported. Somebody looks at it, and you are told what comes of it."))


async def _asked(
    request: Request, code: str, number: int, refusal: Refusal = None, typed: Report | None = None
) -> Response[Any]:
    desk, said = request.auth, voice()
    it = await kept.at_desk(desk.merchant, code)
    await flagging.possible(it, number, "seller")
    known = await flagging.before(number, request.user.id)
    found = await messages.page_of(it.id, before=number + 1, most=1)
    return door.shown(
        request,
        "inbox/desk/report_message",
        refusal=refusal,
        url=f"{desk.url}/inbox/{it.code}",
        who=cards.called(it.customer_name, said),
        bubbles=bubbles.of(it, found, "seller", said, start=desk.url),
        reported=said.day(known.at) if known else "",
        reasons=list(flagging.reasons(said).items()),
        most=flagging.LONGEST,
        form=forms.shown(refusal, why=typed.why if typed else "", text=typed.text if typed else ""),
    )


@get(REPORTED, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    """Raises Missing at a desk that decides of nothing."""
    desk, decided, said = request.auth, request.query_params.get("show") == "decided", voice()
    found, more = await flag_queue.page_of(desk.merchant, request.query_params.get("before", ""), decided=decided)
    here, query = f"{desk.url}/inbox/reported", "show=decided&" if decided else ""
    return door.shown(
        request,
        "inbox/desk/reported",
        rows=[flag_cards.row(it, said) for it in found],
        everybodys=await flag_queue.judged_at(desk.merchant) is None,
        decided=decided,
        more=f"{here}?{query}before={more}" if more else "",
    )


@get(ONE, access=access.DESK)
async def show(request: Request, number: FromPath[int]) -> Response[Any]:
    return await _shown(request, number)


@get(f"{ONE}/verdict", access=access.DESK_MANAGERS)
async def reload(request: Request, number: FromPath[int]) -> Response[Any]:
    """What a refused verdict was shown at."""
    return await _shown(request, number)


@post(f"{ONE}/verdict", access=access.DESK_MANAGERS, status_code=200)
async def decide(request: Request, number: FromPath[int], data: URLEncodedBody[Verdict]) -> Response[Any]:
    desk, who = request.auth, {"author": request.user.id, "member": request.auth.member, "voice": voice()}
    try:
        await judging.decide(desk.merchant, number, did=data.did, why=data.why, text=data.text, **who)
    except (Invalid, Refused) as error:
        return await _shown(request, number, error, data)
    return door.changed(f"{desk.url}/inbox/reported", _("Decided. Whoever it concerns is told."))


@get(f"{ONE}/files/{{file:int}}", access=access.DESK)
async def picture(request: Request, number: FromPath[int], file: FromPath[int]) -> Response[Any]:
    """With the message, or with one that is shown beside it."""
    it = await flag_queue.one(request.auth.merchant, number)
    _thread, page = await flag_queue.around(it)
    found = next((one for files in page.files.values() for one in files if one.id == file), None)
    if found is None:
        raise Missing
    return private.shown(*await messages.read(found))


async def _shown(request: Request, number: int, refusal: Refusal = None, typed: Verdict | None = None) -> Response[Any]:
    desk, said = request.auth, voice()
    it = await flag_queue.one(desk.merchant, number)
    thread, page = await flag_queue.around(it)
    typed = typed or Verdict()
    return door.shown(
        request,
        "inbox/desk/reported_one",
        refusal=refusal,
        it=flag_cards.row(it, said),
        bubbles=bubbles.of(thread, page, "shop", said, files=f"{desk.url}/inbox/reported/{number}/files"),
        facts=flag_cards.facts(it, thread, said),
        reports=flag_cards.reports(await flag_queue.reports(number), said),
        verdicts=flag_cards.choices(it, said),
        reasons=list(flagging.reasons(said).items()),
        most=flagging.LONGEST,
        form=forms.shown(refusal, did=typed.did, why=typed.why, text=typed.text),
    )


MEMBERS = [ask_why, report, waiting, show, picture]
MANAGERS = [reload, decide]
