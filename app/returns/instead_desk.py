"""At the desk: what cannot be exchanged is paid back instead; asked once more, for it stands then."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door
from app.returns import cards, exchanging, kept, replacing, settling, states
from app.returns import door as one
from app.returns.door import Refusal
from app.web import access

MONEY = f"{one.ONE}/money"


class Text(Struct):
    text: str = ""


@get(MONEY, access=access.DESK)
async def look(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code)


@post(MONEY, access=access.DESK)
async def pay_instead(request: Request, code: FromPath[str], data: URLEncodedBody[Text]) -> Response[Any]:
    try:
        await replacing.money_instead(request.auth.merchant, code, text=data.text, by=one.member(request))
    except (Invalid, Refused) as error:
        return await _page(request, code, error, data.text)
    return door.changed(f"{request.auth.url}/returns/{code}", _("It is to be paid back instead."))


async def _page(request: Request, code: str, refusal: Refusal = None, text: str = "") -> Response[Any]:
    it, said = await kept.at_desk(request.auth.merchant, code), voice()
    lines = exchanging.wished(it) if it.it.kind == "return" and it.it.state in settling.PAYABLE else []
    return door.shown(
        request,
        "returns/desk/instead",
        refusal=refusal,
        it=cards.sheet(it, [], said, desk=True),
        amount=said.money(sum(line.expected for line in lines), it.it.currency),
        lines=[(f"{line.quantity} × {line.title}", line.wanted) for line in lines],
        still_to_come=states.to_come(it.it),
        form=forms.shown(refusal, text=text),
    )


MEMBERS = [look, pay_instead]
