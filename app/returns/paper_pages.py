"""The papers of a parcel that goes back, for its customer."""

from litestar import Request, Response, get
from litestar.params import FromPath

from app.i18n import _, voice
from app.returns import kept, papers
from app.web import access, private

ONE = "/returns/{code:str}"


@get(f"{ONE}/label.pdf", access=access.OWNER)
async def label(request: Request, code: FromPath[str]) -> Response[bytes]:
    """A6; with `?fold=yes` on A4, to be folded."""
    it, folded = await kept.owned_by(request.user.id, code), request.query_params.get("fold") == "yes"
    return private.pdf(await papers.label(it, voice(), folded=folded), _("label-%(code)s.pdf") % {"code": code})


@get(f"{ONE}/packing-list.pdf", access=access.OWNER)
async def packing_list(request: Request, code: FromPath[str]) -> Response[bytes]:
    it = await kept.owned_by(request.user.id, code)
    return private.pdf(await papers.packing_list(it, voice()), _("packing-list-%(code)s.pdf") % {"code": code})


CUSTOMER = [label, packing_list]
