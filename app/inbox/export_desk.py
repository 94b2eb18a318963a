"""A desk takes a conversation along, its notes too: as JSON, as PDF, on paper. Its customer's address is in none of them."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from app import clock
from app.i18n import voice
from app.inbox import bubbles, cards, documents, export, happened, kept, messages, whole
from app.merchants import door
from app.settings import settings
from app.web import access, private

ONE = "/desk/{merchant:str}/inbox/{code:str}"
MOST_ON_A_PAGE = 3_000  # messages


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
    it, said = await kept.at_desk(request.auth.merchant, code), voice()
    found = await whole.all_of_it(it, notes=True, most=MOST_ON_A_PAGE)
    all_of_it = await happened.between(it, messages.Page(found.messages, found.files, earlier=False), clock.now(), said)
    return door.shown(
        request,
        "inbox/desk/print",
        title=cards.heading(it, said),
        about=documents.about(it, said),
        merchant=cards.called(it.customer_name, said),
        bubbles=bubbles.of(it, all_of_it, "seller", said, start=request.auth.url),
        cut=found.earlier,
        back=f"{request.auth.url}/inbox/{code}",
    )


MEMBERS = [as_json, as_pdf, printed]
