"""A customer takes their conversations away: one as JSON, PDF or on paper, all of them in a ZIP."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from app import clock
from app.i18n import voice
from app.inbox import archive, bubbles, cards, documents, export, happened, kept, messages, whole
from app.settings import settings
from app.web import access, private
from app.web.pages import page

ONE = "/inbox/{code:str}"
MOST_ON_A_PAGE = 3_000  # messages
JSON, ZIP = "application/json", "application/zip"


@get(f"{ONE}/conversation.json", access=access.OWNER)
async def as_json(request: Request, code: FromPath[str]) -> Stream:
    it = await kept.owned_by(request.user.id, code)
    parts = export.as_json(it, lambda file: f"{settings.base_url}/inbox/{code}/files/{file.id}")
    return private.streamed(parts, JSON, f"{code}.json")


@get(f"{ONE}/conversation.pdf", access=access.OWNER)
async def as_pdf(request: Request, code: FromPath[str]) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    return private.pdf(await documents.paper(it, voice()), f"{code}.pdf")


@get(f"{ONE}/print", access=access.OWNER)
async def printed(request: Request, code: FromPath[str]) -> Response[Any]:
    """All of it on one page, for paper."""
    it, said = await kept.owned_by(request.user.id, code), voice()
    found = await whole.all_of_it(it, notes=False, most=MOST_ON_A_PAGE)
    all_of_it = await happened.between(it, messages.Page(found.messages, found.files, earlier=False), clock.now(), said)
    return page(
        request,
        "inbox/print.html",
        title=cards.heading(it, said),
        about=documents.about(it, said),
        merchant=it.merchant_name,
        bubbles=bubbles.of(it, all_of_it, "buyer", said),
        cut=found.earlier,
        back=f"/inbox/{code}",
    )


@get("/inbox/conversations.zip", access=access.CUSTOMER)
async def as_zip(request: Request) -> Stream:
    return private.streamed(archive.as_zip(request.user.id, voice()), ZIP, "conversations.zip")


CUSTOMER = [as_json, as_pdf, printed, as_zip]
