"""The door for programs, such as a helpdesk: a merchant's threads read, answered and tended, as its people do at the desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app import db, typed
from app.errors import Invalid, Missing, Refused
from app.inbox import api_bodies, api_list, api_uploads, kept, messages, programs, tending
from app.inbox.api_bodies import THREADS, Changed
from app.inbox.api_sent import Assignment, Closing, Opening, Post, Reading
from app.json_bodies import Broken
from app.merchants import once
from app.merchants.guard import Program
from app.returns import sent
from app.returns.programs import pointed
from app.returns.sent import Sent
from app.shelves import MEDIA_TYPES, MOST_BYTES
from app.web import access, private
from app.web.problems import problem

ONE = f"{THREADS}/{{code:str}}"
JSON = "application/json"
TAKEN = ("image/jpeg", "image/png", MEDIA_TYPES[".webp"], MEDIA_TYPES[".pdf"])
PRIVATE = {"Cache-Control": "no-store"}
AT_ONCE = asyncio.Semaphore(4)  # as in `ingest/api.py`
Asked = Request[Any, Program, Any]
BARE = (Closing, Opening, Reading)  # of which nothing needs to be said
T = TypeVar("T", bound=Sent)


@get(THREADS, access=access.PROGRAM)
async def index(request: Asked) -> Response[bytes]:
    return _answer(await api_list.page_of(request.auth.merchant, api_list.asked_for(request.query_params)))


@get(ONE, access=access.OWN_PROGRAM)
async def show(request: Asked, code: FromPath[str]) -> Response[bytes]:
    it = await kept.at_desk(request.auth.merchant, code)
    found = await api_bodies.brief(it.merchant, it.code)
    if found is None:
        raise Missing
    return _answer(found)


@get(f"{ONE}/messages", access=access.OWN_PROGRAM)
async def said(request: Asked, code: FromPath[str]) -> Response[bytes]:
    """The newest, or those `before` a message; the desk's notes, too."""
    it, before = await kept.at_desk(request.auth.merchant, code), request.query_params.get("before", "")
    number = typed.number(before) if before else db.MOST_ID
    if number is None:
        raise Invalid.at({"/before": "expected a message's id"})
    page = await messages.page_of(it.id, before=number, notes=True)
    return _answer(api_bodies.messages(it.code, page))


@get(f"{ONE}/files/{{number:int}}", access=access.OWN_PROGRAM)
async def file(request: Asked, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    return private.shown(*await messages.file(it.id, number, notes=True))


@post(f"{ONE}/uploads", status_code=201, access=access.OWN_PROGRAM, request_max_body_size=MOST_BYTES + 1)
async def upload(request: Asked, code: FromPath[str]) -> Response[bytes]:
    """A picture or a PDF, as it is."""
    await kept.at_desk(request.auth.merchant, code)
    _require(request, *TAKEN)
    async with pointed():
        found = await api_uploads.keep(request.auth.merchant, code, request.query_params.get("title", ""), await request.body())
    return _answer(found, 201)


@post(f"{ONE}/messages", status_code=201, access=access.OWN_PROGRAM)
async def write(request: Asked, code: FromPath[str]) -> Response[bytes]:
    async def change(merchant: int, given: Post) -> int:
        return await programs.write(merchant, code, given, by=_by(request))

    return await _to(request, code, Post, change, 201)


@post(f"{ONE}/closing", status_code=200, access=access.OWN_PROGRAM)
async def close(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, Closing, lambda merchant, _given: tending.close(merchant, code, by=_by(request)))


@post(f"{ONE}/opening", status_code=200, access=access.OWN_PROGRAM)
async def reopen(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, Opening, lambda merchant, _given: tending.reopen(merchant, code, by=_by(request)))


@post(f"{ONE}/reading", status_code=200, access=access.OWN_PROGRAM)
async def read(request: Asked, code: FromPath[str]) -> Response[bytes]:
    async def change(merchant: int, given: Reading) -> None:
        await tending.seen(merchant, code, until=given.until or db.MOST_ID)

    return await _to(request, code, Reading, change)


@post(f"{ONE}/assignment", status_code=200, access=access.OWN_PROGRAM)
async def assign(request: Asked, code: FromPath[str]) -> Response[bytes]:
    async def change(merchant: int, given: Assignment) -> None:
        await programs.assign(merchant, code, given, by=_by(request))

    return await _to(request, code, Assignment, change)


async def _to(
    request: Asked, code: str, kind: type[T], change: Callable[[int, T], Awaitable[int | None]], status: int = 200
) -> Response[bytes]:
    """One of theirs is changed. Another merchant's does not exist, whatever is sent."""
    merchant = request.auth.merchant
    await kept.at_desk(merchant, code)
    body = await request.body()
    if body or kind not in BARE:
        _require(request, JSON)
    try:
        given = sent.decoded(body or b"{}", kind)
    except Broken as error:
        return problem(400, "The body is not JSON", fields={"": str(error)})

    async def verb() -> tuple[int, Changed]:
        async with pointed():
            number = await change(merchant, given)
        return status, api_bodies.changed(await kept.at_desk(merchant, code), number or 0)

    async with AT_ONCE:
        answered = await once.done(request, verb)
    headers = PRIVATE | ({"Idempotency-Replayed": "true"} if answered.again else {})
    return Response(answered.body, status_code=answered.status, media_type=JSON, headers=headers)


def _by(request: Asked) -> str:
    return f"program:{request.auth.key}"


def _require(request: Asked, *media_types: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in media_types:
        raise Refused(f"Send it as {' or '.join(media_types)}", status=415)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused("Send it as it is, not compressed", status=415)


def _answer(found: Struct, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(found), status_code=status, media_type=JSON, headers=PRIVATE)


HANDLERS = [index, show, said, file, upload, write, close, reopen, read, assign]
