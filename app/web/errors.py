"""Every error becomes a page, a piece of one, or a problem document (RFC 9457), decided by who asked."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException

from app import db, i18n
from app.errors import FactorMissing, Invalid, Missing, ProofWanted, Refused
from app.i18n import _
from app.web import problems
from app.web.above import page_above
from app.web.pages import SAFE, page, redirect, wants_fragment, wants_htmx, wants_no_page
from app.web.problems import problem

log = logging.getLogger(__name__)
SOON = 5  # seconds until a database that cannot be asked may be there again
LOOKING = ("GET", "HEAD")
PROGRAMS = ("/api/", "/webhooks/")  # what programs ask; they get problem documents


def answer(request: Request, error: Exception) -> Response[Any]:
    if "user" not in request.scope:  # no guard has run: the address, or its method, leads nowhere
        locale = i18n.chosen(request.cookies.get(i18n.LOCALE_COOKIE, ""), request.headers.get("accept-language", ""))
        i18n.current.set(i18n.Voice(locale))
    status, message = _status(error), _message(error)
    headers = _headers(error, status)
    if request.scope["path"].startswith(PROGRAMS):
        return problem(status, message, headers, _fields(error))
    if problems.wanted(request):
        return problem(status, _shown(status, message), headers, problems.of_form(_fields(error)))
    if status == 405 and request.method in LOOKING and not wants_no_page(request):
        return redirect(page_above(request.app, request.scope["path"]))
    if isinstance(error, ProofWanted):
        return _ask_for_proof(request, error)
    if isinstance(error, FactorMissing):
        return page(request, "accounts/factor_missing.html", 403, next=error.back)
    if status == 401:
        return _ask_to_sign_in(request)
    title = error.title if isinstance(error, Refused) else ""
    return _error_page(request, status, message, headers, title)


def _status(error: Exception) -> int:
    match error:
        case Missing():
            return 404
        case Invalid() | Refused():
            return error.status
        case ProofWanted() | FactorMissing():
            return 403
        case HTTPException():
            return error.status_code
    if db.passing(error):
        log.warning("the database cannot be asked: %s", error)
        return 503
    log.exception("unexpected error", exc_info=error)
    return 500


def _message(error: Exception) -> str:
    match error:
        case Invalid() | Refused():
            return error.message or str(error)
        case HTTPException() if error.status_code < 500:
            return error.detail
    return ""


def _headers(error: Exception, status: int) -> dict[str, str]:
    if status == 503:
        return {"Retry-After": str(SOON)}
    if isinstance(error, Refused) and error.retry_after:
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, HTTPException) and error.headers:
        return {name: value for name, value in error.headers.items() if name.lower() in ("allow", "www-authenticate")}
    return {}


def _fields(error: Exception) -> Mapping[str, str]:
    return error.fields if isinstance(error, Invalid) else {}


def _ask_for_proof(request: Request, error: ProofWanted) -> Response[Any]:
    """A page is come back to by its address; a change is kept in the form that asks, and goes on from there."""
    if request.method in SAFE:
        factor = "&factor=yes" if error.factor else ""
        return _leave_for(request, f"/account/proof?next={quote(_wanted(request))}{factor}")
    return page(request, "accounts/proof.html", 403, proof=error.proof)


def _ask_to_sign_in(request: Request) -> Response[Any]:
    """htmx is told to leave for the sign-in page; it would put a redirect's answer into the page otherwise. A script or a
    stream of the page gets no page at all."""
    wanted = _wanted(request)
    address = "/sign-in" + (f"?next={quote(wanted)}" if request.method in SAFE and wanted != "/" else "")
    return _leave_for(request, address, 401)


def _wanted(request: Request) -> str:
    query = request.url.query
    path: str = request.scope["path"]
    return path + (f"?{query}" if query else "")


def _leave_for(request: Request, address: str, status: int = 403) -> Response[Any]:
    if wants_htmx(request):
        return Response(b"", status_code=status, headers={"HX-Redirect": address, "Cache-Control": "no-store"})
    if wants_no_page(request):
        return Response(b"", status_code=status, headers={"Cache-Control": "no-store"})
    return redirect(address)


def _error_page(request: Request, status: int, message: str, headers: Mapping[str, str], own_title: str = "") -> Response[Any]:
    title = own_title or _wording(status)[0]
    shown = message if own_title else _shown(status, message)
    more: dict[str, Any]
    name, more = "errors/error.html", {"action": _way_on(request, status)}
    if wants_fragment(request):
        name, more = "errors/_inline.html", {"flash": None}  # only the error is said: a flash waits for the next page
    # Nothing of the address goes into the page: a stranger's number and one never given out look the same.
    response = page(request, name, status, title=title, text=shown, path="", here="", **more)
    response.headers.update(headers)
    return response


def _shown(status: int, message: str) -> str:
    """Our own words for a person: of other errors the messages are a program's."""
    return message if status in (409, 422, 429) and message else _wording(status)[1]


def _way_on(request: Request, status: int) -> dict[str, str]:
    """Who is refused at a desk works there; who finds nothing there need not."""
    if status == 403 and request.scope["path"].startswith("/desk/"):
        return {"label": _("To the desk"), "url": "/desk"}
    return {"label": _("To your orders"), "url": "/orders"}


def _wording(status: int) -> tuple[str, str]:
    match status:
        case 404:
            return _("Nothing here"), _("This page does not exist, or it belongs to somebody else.")
        case 401:
            return _("Not signed in"), _("Sign in, then try again.")
        case 403:
            return _("Not from there"), _("Open the page here and send the form again.")
        case 405:
            return _("Not this way"), _("This address cannot be opened like that.")
        case 409:
            return _("That has changed"), _("Somebody or something was faster. Load the page and look again.")
        case 413:
            return _("Too large"), _("What was sent is larger than we can take.")
        case 429:
            return _("A little slower"), _("There were too many tries. Wait a moment and try again.")
        case 400 | 415 | 422:
            return _("We could not read that"), _("Something in what was sent is not as expected.")
        case 503:
            return _("Not just now"), _("We cannot look anything up for a moment. Nothing is lost; please try again shortly.")
    return _("Our fault"), _("Something broke on our side. It has been noted; please try again in a moment.")


HANDLERS: dict[Any, Any] = dict.fromkeys(
    (Invalid, Missing, Refused, ProofWanted, FactorMissing, NotAuthorizedException, HTTPException, Exception), answer
)
