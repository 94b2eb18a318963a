"""The door for who brings mails in over HTTP: a mail provider's inbound route, or a script at one's own mail server.

The whole mail is the body, as it came (`message/rfc822`), or in the form of a provider (`mail_in/posted.py`). A secret lets it
in, as Bearer or as the password of Basic, which is what providers can be told to send in an address.
"""

import asyncio
import hmac
from base64 import b64decode
from binascii import Error
from typing import Any

import msgspec
from litestar import Request, Response, post

from app.inbox import mail_outcomes, mail_taking, masked
from app.inbox.mail_in import posted
from app.inbox.mail_in.reading import LARGEST
from app.inbox.mail_outcomes import Outcome
from app.settings import settings
from app.web import access
from app.web.problems import problem

MAIL_IN = "/webhooks/mail-in"
ENDS_IN_MIME = f"{MAIL_IN}/mime"  # Mailgun posts whole mails to no other
ROOM = 1024 * 1024  # bytes beside the mail
STATUS = {"no_thread": 404, "too_large": 413, "empty": 422, "unreadable": 422, "not_taken": 422}


@post([MAIL_IN, ENDS_IN_MIME], status_code=200, access=access.SIGNED, request_max_body_size=2 * LARGEST)
async def mail_in(request: Request[Any, Any, Any]) -> Response[bytes]:
    """`to` and `from` in the address: to whom and by whom it was sent, where the mail server knows; else its headers say."""
    if not _allowed(request.headers.get("authorization", "")):
        return problem(401, "The secret is missing, or another one.", {"WWW-Authenticate": 'Basic realm="mail-in"'})
    if not masked.on():
        return problem(404, "No mails are taken here: COMPTOIR_MAIL_IN is not set.")
    body, query = await request.body(), request.query_params
    try:
        mail = await asyncio.to_thread(posted.read, body, request.headers.get("content-type", ""))
    except posted.NoMail:
        return problem(422, "There is no whole mail in it: let your provider post it raw.")
    if len(mail.raw) > LARGEST + ROOM:
        return problem(413, mail_outcomes.SAID["too_large"])
    known = [one for one in mail.recipients if masked.read(one)]  # a provider's own mailbox is none: then its headers say
    outcome = await mail_taking.take(mail.raw, query.getall("to", known), query.get("from", mail.sender))
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
