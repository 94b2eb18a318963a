"""Changes that browsers keep while there is no network, and send when there is one: again, when they got no answer."""

import hashlib
import re
from typing import Any

from litestar import Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app import db
from app.accounts import guard
from app.errors import Refused
from app.i18n import LOCALE_COOKIE, _
from app.offline import answers
from app.offline.answers import Asked
from app.web import errors, problems

KEY, VIEWER = b"idempotency-key", b"x-viewer"
SOUND = re.compile(r"[\x21-\x7e]{16,200}")  # long enough that nobody else has the same


class NotDone(Exception):
    """What was refused leaves no trace, and its key may be sent again; `sent` is the answer."""

    def __init__(self, sent: list[Message]) -> None:
        super().__init__("refused")
        self.sent = sent


class Once:
    """Middleware of changes that may be sent again.

    `Idempotency-Key`: the same key is answered with the first result, where that was no refusal: it leads where it led then, or
    is 204 where it led nowhere. `X-Viewer` says who made the change (as `Viewer.public_id`): for anybody else it is refused.
    Without these headers it is not here. A route may name what is to be done `beforehand`, because it takes longer than a
    transaction may. Whoever wants refusals as problem documents looks at no page: what was done is then
    answered 204, and leads nowhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        names = {name for name, _value in scope["headers"]}
        if names.isdisjoint((KEY, VIEWER)):
            await self.app(scope, receive, send)
            return
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        await guard.signed_in(request, scope["route_handler"])
        _same_person(request)
        asked = await _asked(request) if KEY in names else None
        beforehand = scope["route_handler"].opt.get("beforehand")
        if beforehand is not None and not (asked and await answers.known(asked)):
            await beforehand(request)
        if asked is not None:
            await self._answer(request, asked, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, request: "Request[Any, Any, Any]", asked: Asked, send: Send) -> None:
        try:
            sent = await self._done(request, asked)
            if problems.wanted(request):
                sent = _messages("", _language(sent))
        except NotDone as refused:
            sent = refused.sent
        except Exception as error:  # an answer has begun for those outside: they would not map it any more
            await errors.answer(request, error).to_asgi_response(None, request)(request.scope, request.receive, send)
            return
        for message in sent:
            await send(message)

    async def _done(self, request: "Request[Any, Any, Any]", asked: Asked) -> list[Message]:
        """All verbs join this transaction. Nothing is sent before it is committed: that decides whether it was done."""
        sent: list[Message] = []

        async def collect(message: Message) -> None:
            sent.append(message)

        async with db.transaction():
            first = await answers.claim(asked)
            if first is not None:
                return _messages(first)
            await self.app(request.scope, request.receive, collect)
            status, location = _read(sent)
            if status >= 400:
                raise NotDone(sent)
            await answers.keep(asked, location)
        return sent


def _same_person(request: "Request[Any, Any, Any]") -> None:
    if request.headers.get("x-viewer", request.user.public_id) != request.user.public_id:
        raise Refused(_("This was made in another account. Nothing was changed."))


async def _asked(request: "Request[Any, Any, Any]") -> Asked:
    """Raises Refused (400) for what is no key."""
    key = request.headers["idempotency-key"]
    if not SOUND.fullmatch(key):
        raise Refused("That is no idempotency key", status=400)
    digest = hashlib.blake2b(digest_size=16)
    parts = (request.method.encode(), request.scope["raw_path"], request.scope["query_string"])
    for part in (*parts, request.headers.get("content-type", "").encode(), await request.body()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return Asked(key, request.user.id, digest.hexdigest())


def _read(sent: list[Message]) -> tuple[int, str]:
    """Status and Location."""
    start: Any = sent[0]
    headers = {name.lower(): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], headers.get(b"location", "")


def _language(sent: list[Message]) -> list[tuple[bytes, bytes]]:
    """The choice of one, which the browser keeps for when nobody is signed in."""
    named = f"{LOCALE_COOKIE}=".encode()
    start: Any = sent[0]
    return [it for it in start["headers"] if it[0].lower() == b"set-cookie" and it[1].startswith(named)]


def _messages(location: str, cookies: list[tuple[bytes, bytes]] | None = None) -> list[Message]:
    """With those cookies alone: what was to be said on the next page has been said, or is no news any more."""
    headers = [(b"cache-control", b"no-store"), *(cookies or [])]
    if location:
        headers += [(b"content-length", b"0"), (b"location", location.encode("latin-1"))]
    return [
        {"type": "http.response.start", "status": 303 if location else 204, "headers": headers},
        {"type": "http.response.body", "body": b"", "more_body": False},
    ]
