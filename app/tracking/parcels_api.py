"""The door for programs: what is known of a parcel put under its tracking number, scans beside it, proof of delivery."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath

from app import db
from app.errors import Missing, Refused
from app.json_bodies import Broken
from app.merchants.guard import Program
from app.shipments import adding, bodies, checks, proofs
from app.shipments.bodies import Parcels, ParcelTaken
from app.shipments.proofs import Kind
from app.tracking.taking import take
from app.web import access
from app.web.problems import problem

ADDRESS = "/api/v1/shipments/{merchant:str}/{tracking_number:str}"
JSON = "application/json"
PRIVATE = {"Cache-Control": "no-store"}
# As in `ingest/api.py`: whoever waits for a customer's row holds a connection, so that only so many may.
AT_ONCE = asyncio.Semaphore(4)
Asked = Request[Any, Program, Any]


@put(ADDRESS, status_code=200, access=access.OWN_PROGRAM)
async def keep(request: Asked, merchant: FromPath[str], tracking_number: FromPath[str]) -> Response[bytes]:
    _own(request.auth, merchant, tracking_number)
    _require(request, JSON)
    try:
        sent, news = bodies.tracking(await request.body(), tracking_number)
    except Broken as error:
        return problem(400, "The body is not JSON", fields={"": str(error)})
    async with AT_ONCE, db.transaction():
        new = bool(sent.order) and await adding.add(
            request.auth.merchant, sent.order, tracking_number, sent.lines, sent.carrier
        )  # fmt: skip
        taken = await take(request.auth.merchant, news)
    result = "new" if new else taken.result
    return _answer(ParcelTaken(tracking_number, result, taken.scans), 201 if new else 200)


@post(f"{ADDRESS}/scans", status_code=200, access=access.OWN_PROGRAM)
async def scan(request: Asked, merchant: FromPath[str], tracking_number: FromPath[str]) -> Response[bytes]:
    _own(request.auth, merchant, tracking_number)
    _require(request, JSON)
    try:
        news = bodies.scans(await request.body(), tracking_number)
    except Broken as error:
        return problem(400, "The body is not JSON", fields={"": str(error)})
    async with AT_ONCE:
        taken = await take(request.auth.merchant, news)
    return _answer(ParcelTaken(tracking_number, taken.result, taken.scans))


@get(ADDRESS, access=access.OWN_PROGRAM)
async def show(request: Asked, merchant: FromPath[str], tracking_number: FromPath[str]) -> Response[bytes]:
    _own(request.auth, merchant, tracking_number)
    return _answer(await bodies.of_number(request.auth.merchant, tracking_number))


@put(f"{ADDRESS}/proof/photo", status_code=204, access=access.OWN_PROGRAM)
async def keep_photo(request: Asked, merchant: FromPath[str], tracking_number: FromPath[str]) -> None:
    await _keep_proof(request, merchant, tracking_number, "photo")


@put(f"{ADDRESS}/proof/signature", status_code=204, access=access.OWN_PROGRAM)
async def keep_signature(request: Asked, merchant: FromPath[str], tracking_number: FromPath[str]) -> None:
    await _keep_proof(request, merchant, tracking_number, "signature")


async def _keep_proof(request: Asked, merchant: str, number: str, kind: Kind) -> None:
    _own(request.auth, merchant, number)
    _require(request, *proofs.MEDIA_TYPES)
    body = await request.body()
    async with AT_ONCE:
        await proofs.keep(request.auth.merchant, number, kind, body)


def _own(program: Program, merchant: str, number: str) -> None:
    """Raises Missing for another merchant's parcels, and for what can be no parcel's number."""
    if merchant != program.slug or checks.of_number(number):
        raise Missing


def _require(request: Asked, *media_types: str) -> None:
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in media_types:
        raise Refused(f"Send it as {' or '.join(media_types)}", status=415)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused("Send it as it is, not compressed", status=415)


def _answer(found: ParcelTaken | Parcels, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(found), status_code=status, media_type=JSON, headers=PRIVATE)


HANDLERS = [keep, show, scan, keep_photo, keep_signature]
