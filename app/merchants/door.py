"""How a desk's pages are shown: in its own layout, kept by no cache, and what they may not do said in words."""

from typing import Any

from litestar import Request, Response

from app.web.flash import Flash
from app.web.pages import page, redirect

LAYOUT = "layouts/desk.html"


def shown(request: Request, name: str, /, status: int = 200, **context: Any) -> Response[bytes]:
    """`desk` is what the guard has found. No cache: whoever works here no more is not to see it with the button “back”."""
    response = page(request, f"merchants/desk/{name}.html", status, whole=LAYOUT, desk=request.auth, **context)
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("ETag", None)
    return response


def changed(url: str, said: str) -> Response[Any]:
    return redirect(url, flash=Flash(said, "good"))
