"""The door for who brings mails in over HTTP: a mail provider's inbound route, or a script at one's own mail server.

The whole mail is the body, as it came (`message/rfc822`). A secret lets it in, as Bearer or as the password of Basic, which
is what providers can be told to send in an address.
"""

import hmac
from base64 import b64decode
from binascii import Error
from typing import Any

import msgspec
from litestar import Request, Response, post

from app.inbox import mail_outcomes, mail_taking, masked
from app.inbox.mail_in.reading import LARGEST
from app.inbox.mail_outcomes import Outcome
from app.settings import settings
from app.web import access
from app.web.problems import problem

MAIL_IN = "/webhooks/mail-in"
STATUS = {"no_thread": 404, "too_large": 413, "empty": 422, "unreadable": 422, "not_taken": 422}


@post(MAIL_IN, status_code=200, access=access.SIGNED, request_max_body_size=LARGEST + 1024 * 1024)
async def mail_in(request: Request[Any, Any, Any]) -> Response[bytes]:
    """`to` and `from` in the address: to whom and by whom it was sent, where the mail server knows; else its headers say."""
    if not _allowed(request.headers.get("authorization", "")):
        return problem(401, "The secret is missing, or another one.", {"WWW-Authenticate": 'Basic realm="mail-in"'})
    if not masked.on():
        return problem(404, "No mails are taken here: COMPTOIR_MAIL_IN is not set.")
    query = request.query_params
    outcome = await mail_taking.take(await request.body(), query.getall("to", []), query.get("from"))
    if outcome.state == "later":
        return problem(429, mail_outcomes.SAID[outcome.reason], {"Retry-After": "1800"})
    if outcome.state == "refused":
        return problem(STATUS[outcome.reason], mail_outcomes.SAID[outcome.reason])
    return Response(_body(outcome), media_type="application/json", headers={"Cache-Control": "no-store"})


def _allowed(header: str) -> bool:
    scheme, _space, shown = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            shown = b64decode(shown, validate=True).decode().partition(":")[2]
        except (Error, UnicodeDecodeError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return bool(settings.mail_in_secret) and hmac.compare_digest(shown.encode(), settings.mail_in_secret.encode())


def _body(outcome: Outcome) -> bytes:
    return msgspec.json.encode({"state": outcome.state, "reason": outcome.reason})


HANDLERS = [mail_in]
