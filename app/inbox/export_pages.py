"""A customer takes their conversations away: one as JSON, PDF or on paper, all of them in a ZIP."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from app.errors import Refused
from app.i18n import _, voice
from app.inbox import archive, documents, export, kept
from app.settings import settings
from app.web import access, private
from app.web.limits import Buckets
from app.web.pages import page

ONE = "/inbox/{code:str}"
BUCKETS = Buckets(rate=1 / 600, burst=3)  # ZIPs of one customer, in each worker
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
    it = await kept.owned_by(request.user.id, code)
    on_it = await documents.on_a_page(it, voice())
    return page(request, "inbox/print.html", merchant=it.merchant_name, back=f"/inbox/{code}", **on_it)


@get("/inbox/conversations.zip", access=access.CUSTOMER)
async def as_zip(request: Request) -> Stream:
    """Every paper in it is set anew, one after the other for everybody."""
    try:
        BUCKETS.take(str(request.user.id))
    except Refused as error:
        said = _("You have just taken all of it away. Wait a few minutes.")
        raise Refused(said, status=429, retry_after=error.retry_after) from None
    return private.streamed(archive.as_zip(request.user.id, voice()), ZIP, "conversations.zip")


CUSTOMER = [as_json, as_pdf, printed, as_zip]
