"""What a phone opens that scans the code of a return: the same words for every code, whether there is such a return or not."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.returns import found, scanned
from app.web import access
from app.web.pages import page, redirect


@get("/return-code/{code:str}", access=access.ANYBODY)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    named, viewer = scanned.code(code), request.user
    if viewer is not None and (place := await found.place(viewer.id, named)):
        return redirect(place)
    answer = page(request, "returns/found.html", code=named, known=viewer is not None, keep=False)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


PUBLIC = [show]
