"""The same papers for the merchant's people, who send them to whoever has lost them."""

from litestar import Request, Response, get
from litestar.params import FromPath

from app.i18n import _, voice
from app.returns import door, kept, papers
from app.web import access, private


@get(f"{door.ONE}/label.pdf", access=access.DESK)
async def label(request: Request, code: FromPath[str]) -> Response[bytes]:
    it, folded = await kept.at_desk(request.auth.merchant, code), request.query_params.get("fold") == "yes"
    return private.pdf(await papers.label(it, voice(), folded=folded), _("label-%(code)s.pdf") % {"code": code})


@get(f"{door.ONE}/packing-list.pdf", access=access.DESK)
async def packing_list(request: Request, code: FromPath[str]) -> Response[bytes]:
    it = await kept.at_desk(request.auth.merchant, code)
    return private.pdf(await papers.packing_list(it, voice()), _("packing-list-%(code)s.pdf") % {"code": code})


MEMBERS = [label, packing_list]
