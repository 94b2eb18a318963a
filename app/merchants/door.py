"""How a desk's pages are shown: in its own layout, kept by no cache, and what they may not do said in words."""

from typing import Any

from litestar import Request, Response

from app.web.flash import Flash
from app.web.pages import page, redirect

LAYOUT = "layouts/desk.html"


def shown(request: Request, name: str, /, **context: Any) -> Response[bytes]:
    """`desk` is what the guard has found. No cache: whoever works here no more is not to see it with the button “back”."""
    return page(request, f"merchants/desk/{name}.html", whole=LAYOUT, keep=False, desk=request.auth, **context)


def changed(url: str, said: str) -> Response[Any]:
    return redirect(url, flash=Flash(said, "good"))
