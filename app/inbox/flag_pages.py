"""A customer reports a message of the other side."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.inbox import bubbles, flagging, kept, messages
from app.inbox.bubbles import Bubble
from app.inbox.kept import KeptThread
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

REPORT = "/inbox/{code:str}/messages/{number:int}/report"
Refusal = Invalid | Refused | None


class Report(Struct):
    why: str = ""
    text: str = ""


@get(REPORT, access=access.OWNER)
async def ask_why(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _page(request, code, number)


@post(REPORT, access=access.OWNER, status_code=200)
async def report(request: Request, code: FromPath[str], number: FromPath[int], data: URLEncodedBody[Report]) -> Response[Any]:
    try:
        await flagging.by_customer(request.user.id, code, number, why=data.why, text=data.text, voice=voice())
    except (Invalid, Refused) as error:
        return await _page(request, code, number, error, data)
    said = _("Reported. Somebody looks at it, and you are told what comes of it.")
    return redirect(f"/inbox/{code}#message-{number}", flash=Flash(said, "good"))


async def _page(
    request: Request, code: str, number: int, refusal: Refusal = None, typed: Report | None = None
) -> Response[Any]:
    it, said = await kept.owned_by(request.user.id, code), voice()
    await flagging.possible(it, number, "buyer")
    known = await flagging.before(number, request.user.id)
    return page(
        request,
        "inbox/report.html",
        refusal=refusal,
        keep=False,
        url=f"/inbox/{it.code}",
        seller=it.merchant_name,
        bubbles=await one(it, number, "buyer"),
        reported=said.day(known.at) if known else "",
        reasons=list(flagging.reasons(said).items()),
        most=flagging.LONGEST,
        form=forms.shown(refusal, why=typed.why if typed else "", text=typed.text if typed else ""),
    )


async def one(it: KeptThread, number: int, mine: str, start: str = "") -> list[Bubble]:
    """The message by itself."""
    found = await messages.page_of(it.id, before=number + 1, most=1)
    return bubbles.of(it, found, mine, voice(), start=start)


CUSTOMER = [ask_why, report]
