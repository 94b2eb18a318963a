"""How a desk's pages are shown: in its own layout, kept by no cache, and what they may not do said in words."""

from typing import Any

from litestar import Request, Response

from app.web.flash import Flash
from app.web.pages import page, redirect

LAYOUT = "layouts/desk.html"


def shown(request: Request, name: str, /, **context: Any) -> Response[bytes]:
    """`name` in merchants/desk/, or with the folder of another feature: "returns/desk/queue". `desk` is what the guard has
    found. No cache: whoever works here no more is not to see it with the button “back”."""
    template = f"{name}.html" if "/" in name else f"merchants/desk/{name}.html"
    return page(request, template, whole=LAYOUT, keep=False, desk=request.auth, **context)


def changed(url: str, said: str) -> Response[Any]:
    return redirect(url, flash=Flash(said, "good"))
