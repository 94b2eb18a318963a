"""The door for programs: a merchant's returns listed, read whole, asked for and decided, as its people do at the desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.errors import Missing, Refused
from app.json_bodies import Broken
from app.merchants import once
from app.merchants.guard import Program
from app.returns import api_list, bodies, files, kept, programs, programs_goods, programs_proposals, sent
from app.returns.bodies import Return
from app.returns.sent import Sent
from app.web import access, private
from app.web.problems import problem

RETURNS = "/api/v1/returns"
ONE = f"{RETURNS}/{{code:str}}"
JSON = "application/json"
PRIVATE = {"Cache-Control": "no-store"}
# As in `ingest/api.py`: whoever waits for a customer's row holds a connection, so that only so many may.
AT_ONCE = asyncio.Semaphore(4)
Asked = Request[Any, Program, Any]
T = TypeVar("T", bound=Sent)


@get(RETURNS, access=access.PROGRAM)
async def index(request: Asked) -> Response[bytes]:
    return _answer(await api_list.page_of(request.auth.merchant, api_list.asked_for(request.query_params)))


@get(ONE, access=access.OWN_PROGRAM)
async def show(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return _answer(await bodies.whole(await kept.at_desk(request.auth.merchant, code)))


@get(f"{ONE}/photos/{{number:int}}", access=access.OWN_PROGRAM)
async def photo(request: Asked, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    found = next((file for file in it.files if file.id == number), None)
    if found is None:
        raise Missing
    return private.shown(*await asyncio.to_thread(files.read, found.name))


@post(RETURNS, status_code=201, access=access.PROGRAM)
async def ask(request: Asked) -> Response[bytes]:
    async def verb(said: sent.NewReturn) -> tuple[int, Return]:
        it, new = await programs.ask(request.auth.merchant, said, by=_by(request))
        return 201 if new else 200, it

    return await _done(request, sent.NewReturn, verb)


@post(f"{ONE}/approval", status_code=200, access=access.OWN_PROGRAM)
async def approve(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Approval, programs.approve)


@post(f"{ONE}/refusal", status_code=200, access=access.OWN_PROGRAM)
async def decline(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Refusal, programs.decline)


@post(f"{ONE}/question", status_code=200, access=access.OWN_PROGRAM)
async def ask_back(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Question, programs.ask_back)


@post(f"{ONE}/upholding", status_code=200, access=access.OWN_PROGRAM)
async def uphold(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Upholding, programs.uphold)


@post(f"{ONE}/objection", status_code=200, access=access.OWN_PROGRAM)
async def object_to(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Objection, programs.object_to)


@post(f"{ONE}/receiving", status_code=200, access=access.OWN_PROGRAM)
async def receive(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Arrival, programs.receive)


@post(f"{ONE}/recount", status_code=200, access=access.OWN_PROGRAM)
async def recount(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Recount, programs.recount)


@post(f"{ONE}/goods", status_code=200, access=access.OWN_PROGRAM)
async def want_goods(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.GoodsWanted, programs_goods.want_goods)


@post(f"{ONE}/order", status_code=200, access=access.OWN_PROGRAM)
async def attach(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.ItsOrder, programs_goods.attach)


@post(f"{ONE}/refund", status_code=200, access=access.OWN_PROGRAM)
async def refund(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.MoneyBack, programs.refund)


@post(f"{ONE}/exchange", status_code=200, access=access.OWN_PROGRAM)
async def exchange(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Exchange, programs_goods.exchange)


@post(f"{ONE}/exchange/parcel", status_code=200, access=access.OWN_PROGRAM)
async def dispatch(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Dispatch, programs_goods.dispatch)


@post(f"{ONE}/exchange/payment", status_code=200, access=access.OWN_PROGRAM)
async def difference_paid(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.DifferencePaid, programs_goods.difference_paid)


@get(f"{ONE}/exchange/proposal", access=access.OWN_PROGRAM)
async def proposal(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return _answer(await programs_proposals.newest(await kept.at_desk(request.auth.merchant, code)))


@post(f"{ONE}/exchange/proposal", status_code=200, access=access.OWN_PROGRAM)
async def propose(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, programs_proposals.Proposal, programs_proposals.propose)


@post(f"{ONE}/exchange/proposal/end", status_code=200, access=access.OWN_PROGRAM)
async def take_back(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, programs_proposals.ProposalEnd, programs_proposals.take_back)


@post(f"{ONE}/money", status_code=200, access=access.OWN_PROGRAM)
async def money_instead(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.MoneyInstead, programs.money_instead)


@post(f"{ONE}/repair", status_code=200, access=access.OWN_PROGRAM)
async def repaired(request: Asked, code: FromPath[str]) -> Response[bytes]:
    return await _to(request, code, sent.Repair, programs.repaired)


async def _to(request: Asked, code: str, kind: type[T], change: Callable[..., Awaitable[Return]]) -> Response[bytes]:
    """One of theirs is changed. Another merchant's does not exist, whatever is sent."""
    await kept.at_desk(request.auth.merchant, code)

    async def verb(said: T) -> tuple[int, Return]:
        return 200, await change(request.auth.merchant, code, said, by=_by(request))

    return await _done(request, kind, verb)


async def _done(request: Asked, kind: type[T], verb: Callable[[T], Awaitable[tuple[int, Return]]]) -> Response[bytes]:
    _require_json(request)
    try:
        said = sent.decoded(await request.body(), kind)
    except Broken as error:
        return problem(400, "The body is not JSON", fields={"": str(error)})
    async with AT_ONCE:
        answered = await once.done(request, lambda: verb(said))
    headers = PRIVATE | ({"Idempotency-Replayed": "true"} if answered.again else {})
    if answered.status == 201:
        headers["Location"] = f"{RETURNS}/{msgspec.json.decode(answered.body, type=Return).code}"
    return Response(answered.body, status_code=answered.status, media_type=JSON, headers=headers)


def _by(request: Asked) -> str:
    return f"program:{request.auth.key}"


def _require_json(request: Asked) -> None:
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != JSON:
        raise Refused(f"Send it as {JSON}", status=415)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused("Send it as it is, not compressed", status=415)


def _answer(found: Struct) -> Response[bytes]:
    return Response(msgspec.json.encode(found), media_type=JSON, headers=PRIVATE)


HANDLERS = [
    index, show, photo, ask, approve, decline, ask_back, uphold, object_to, receive, recount, want_goods, attach, refund,
    exchange, proposal, propose, take_back, dispatch, difference_paid, money_instead, repaired,
]  # fmt: skip
