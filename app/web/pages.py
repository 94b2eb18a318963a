"""What a handler answers: a page, a piece or a redirect. The only reader of htmx's headers.

htmx 4 says `HX-Request-Type: partial` when it will put the answer somewhere in the page, and `full` (or nothing) when it
wants the whole of it: the same template is then dressed in another layout.
"""

from typing import Any

import brotli
from litestar import Request, Response
from litestar.response import Redirect

from app import i18n
from app.errors import Invalid, Refused
from app.settings import settings
from app.web import caching, flash, offers, problems
from app.web.compiled import render

PAGE, FRAGMENT, KEPT = "layouts/page.html", "layouts/fragment.html", "layouts/kept.html"
HTML = "text/html"
WORTH_COMPRESSING = 600  # bytes
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))  # methods that change nothing


def wants_fragment(request: Request) -> bool:
    return request.headers.get("hx-request-type") == "partial"


def wants_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def wants_no_page(request: Request) -> bool:
    """What a script or a stream asks for (Fetch Metadata); of browsers that do not say, everything is taken for a person's. So
    is what Firefox's service worker passes on for a person: it says another mode, and the page's own `Accept`. Not a change
    with a key: where nobody is signed in, the worker keeps it and leads to the door itself (service_worker/meanwhile.js)."""
    asked = request.headers
    passed_on = "text/html" in asked.get("accept", "") and "idempotency-key" not in asked
    return asked.get("sec-fetch-mode", "navigate") != "navigate" and not passed_on


def page(
    request: Request, name: str, status: int = 200, *, refusal: Invalid | Refused | None = None, keep: bool = True,
    whole: str = PAGE, **context: Any,
) -> Response[bytes]:  # fmt: skip
    """The template in the layout that the request can use; `whole` is that of a whole page.

    `refusal` is why a form comes back: status and Retry-After are its; whoever asked for a problem document gets it as one.
    `keep=False`: no cache may keep the page, nor the browser ask whether it has changed; for what shows a secret, or changes
    without the viewer's revision.
    """
    status = refusal.status if refusal else status
    if refusal and problems.wanted(request):
        fields = problems.of_form(refusal.fields) if isinstance(refusal, Invalid) else {}
        response = problems.problem(status, refusal.message or str(refusal), fields=fields)
    else:
        asked: Any = request.scope.get("layout")  # only the application itself can name one (see app/offline/door.py)
        layout = FRAGMENT if wants_fragment(request) else asked or whole
        response = _answer(request, name, status, {"layout": layout, **context}, keep=keep)
    if refusal and refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def piece(request: Request, name: str, back: str, **context: Any) -> Response[Any]:
    """A small change in place; without htmx the person goes `back` to where the whole page shows it."""
    if wants_fragment(request):
        return _answer(request, name, 200, context)
    return redirect(back, flash=context.get("flash"))


def came_from(request: Request, within: str) -> str:
    """The page on which a form was sent off, with its filters, when its path is the one named; else that path."""
    _host, found, query = request.headers.get("referer", "").partition(f"{within}?")
    return f"{within}?{query}" if found and query.isascii() and query.isprintable() else within


def redirect(url: str, flash: "flash.Flash | None" = None) -> Response[Any]:
    """303: the change is done, here is where it shows. Leads only to our own pages."""
    response = Redirect(url if url.startswith("/") and not url.startswith(("//", "/\\")) else "/", status_code=303)
    response.headers["Cache-Control"] = "no-store"
    if flash is not None:
        response.set_cookie(flash.cookie())
    return response


def _here(request: Request) -> str:
    """The page's own address, to come back to after a choice of language; with its filters where somebody is signed in."""
    query = request.scope["query_string"].decode("latin-1") if request.scope.get("user") else ""
    return request.scope["path"] + (f"?{query}" if query else "")


def _answer(request: Request, name: str, status: int, context: dict[str, Any], *, keep: bool = True) -> Response[bytes]:
    said = flash.heard(request)
    locale, path = i18n.voice().locale, request.scope["path"]
    ground: dict[str, Any] = {
        "viewer": request.scope.get("user"),
        "path": path,
        "section": path[1:].partition("/")[0],
        "here": _here(request),
        "locale": locale,
        "flash": said,
        "status": status,
        "withdrawal": offers.withdrawal(),
    }
    body = render(name, locale, {**ground, **context})
    headers = caching.headers(request, status, keep=keep and said is None)
    if len(body) > WORTH_COMPRESSING and "br" in request.headers.get("accept-encoding", ""):
        body = brotli.compress(body, quality=1)
        headers["Content-Encoding"] = "br"
    response = Response(body, status_code=status, media_type=HTML, headers=headers)
    if said is not None and "layout" in context and "flash" not in context:  # layouts say it; else it is still to be said
        response.delete_cookie(flash.COOKIE)
    return response


def cookie_options(lifetime: int | None = None) -> dict[str, Any]:
    """How every cookie of ours is set: not for scripts, not across sites, under https only over https."""
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": settings.secure, "max_age": lifetime}
