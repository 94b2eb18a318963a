"""A desk takes a conversation along, its notes too: as JSON, as PDF, on paper. Its customer's address is in none of them."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from app.i18n import voice
from app.inbox import cards, documents, export, kept
from app.merchants import door
from app.settings import settings
from app.web import access, private

ONE = "/desk/{merchant:str}/inbox/{code:str}"


@get(f"{ONE}/conversation.json", access=access.DESK)
async def as_json(request: Request, code: FromPath[str]) -> Stream:
    it, there = await kept.at_desk(request.auth.merchant, code), f"{settings.base_url}{request.auth.url}/inbox/{code}/files"
    return private.streamed(
        export.as_json(it, lambda file: f"{there}/{file.id}", notes=True), "application/json", f"{code}.json"
    )


@get(f"{ONE}/conversation.pdf", access=access.DESK)
async def as_pdf(request: Request, code: FromPath[str]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    return private.pdf(await documents.paper(it, voice(), mine="seller", notes=True), f"{code}.pdf")


@get(f"{ONE}/print", access=access.DESK)
async def printed(request: Request, code: FromPath[str]) -> Response[Any]:
    it, start = await kept.at_desk(request.auth.merchant, code), request.auth.url
    on_it = await documents.on_a_page(it, voice(), mine="seller", notes=True, start=start)
    who = cards.called(it.customer_name, voice())
    return door.shown(request, "inbox/desk/print", merchant=who, back=f"{start}/inbox/{code}", **on_it)


MEMBERS = [as_json, as_pdf, printed]
