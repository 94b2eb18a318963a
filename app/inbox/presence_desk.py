"""Signs of life from a desk's open conversations, answered with who else has the same one open."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.i18n import voice
from app.inbox import door as inbox
from app.inbox import kept, presence
from app.inbox.kept import KeptThread
from app.merchants import shop
from app.web import access


class Life(Struct):
    """`writing`: somebody types an answer; `leaving`: the page is left."""

    writing: str = ""
    leaving: str = ""


@post(f"{inbox.ONE}/presence", access=access.DESK, status_code=200)
async def sign(request: Request, code: FromPath[str], data: URLEncodedBody[Life]) -> Response[Any]:
    return await _answer(request, await kept.at_desk(request.auth.merchant, code), data)


@post("/desk/{merchant:str}/escalated/{code:str}/presence", access=access.DESK, status_code=200)
async def sign_of_the_shop(request: Request, code: FromPath[str], data: URLEncodedBody[Life]) -> Response[Any]:
    await shop.at_desk(request.auth.merchant)
    return await _answer(request, await kept.escalated(code), data)


async def _answer(request: Request, it: KeptThread, data: Life) -> Response[Any]:
    desk = request.auth
    if data.leaving:
        await presence.leave(it.id, desk.member)
        return Response({"said": []}, headers={"Cache-Control": "no-store"})
    others = await presence.sign(it.id, desk.member, writing=bool(data.writing))
    return Response({"said": presence.said(others, desk.merchant, voice())}, headers={"Cache-Control": "no-store"})


MEMBERS = [sign, sign_of_the_shop]
