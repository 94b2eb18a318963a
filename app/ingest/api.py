"""The door for other programs: an order put whole under its own id, read back, and the merchant's invoice beside it."""

import asyncio
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import msgspec
from litestar import Request, Response, get, put

from app import db
from app.errors import Refused
from app.ingest import actions, kept
from app.ingest.api_description import JSON, PDF, Taken
from app.ingest.decoding import decoded, refuse
from app.ingest.snapshot import OrderSnapshot
from app.json_bodies import Broken
from app.merchants.guard import Program
from app.orders import invoices
from app.web import access
from app.web.problems import problem

ORDERS, INVOICE = b"/api/v1/orders/", b"/invoice"
PRIVATE = {"Cache-Control": "no-store"}
# Orders of one merchant are taken in one after another. Who waits for that holds one of the pool's ten connections, so that
# only so many may wait there, in each worker; the rest wait out here, and pages go on being answered.
AT_ONCE = asyncio.Semaphore(4)


# One route for both addresses: an encoded slash in an id is a plain one by the time routes are looked up.
@put("/api/v1/orders/{place:path}", status_code=200, access=access.PROGRAM)
async def keep(request: Request[Any, Program, Any]) -> Response[bytes]:
    external_id, of_invoice = _named(request)
    if of_invoice:
        return await _keep_invoice(request, external_id)
    _require(request, JSON)
    try:
        order = decoded(await request.body(), external_id=external_id, merchant=request.auth.slug)
    except Broken as error:
        return problem(400, "The body is not JSON", fields={"": str(error)})
    taken = await _record(order, request.auth)
    address = {"Location": f"{ORDERS.decode()}{quote(external_id, safe='')}"} if taken.result == "new" else {}
    status = 201 if taken.result == "new" else 200
    return Response(msgspec.json.encode(taken), status_code=status, media_type=JSON, headers=PRIVATE | address)


@get("/api/v1/orders/{place:path}", access=access.OWN_PROGRAM)
async def show(request: Request[Any, Program, Any]) -> Response[bytes]:
    external_id, of_invoice = _named(request)
    row = await kept.own(request.auth.merchant, external_id)
    if of_invoice:
        return Response(invoices.read(row["invoice_file"]), media_type=PDF, headers=PRIVATE)
    order = (await kept.snapshots([row["id"]]))[row["id"]]
    return Response(msgspec.json.encode(order), media_type=JSON, headers=PRIVATE)


async def _record(order: OrderSnapshot, program: Program) -> Taken:
    async with AT_ONCE, db.transaction():
        outcome = await actions.record(order)
        if outcome.result == "refused":
            refuse(outcome.problems)
        if outcome.result == "older":
            raise Refused("A newer state of this order is kept: its updated_at is later than the one sent")
        row = await kept.own(program.merchant, order.external_id)
    return Taken(row["number"], order.external_id, outcome.result, row["difference"], f"/orders/{row['address']}")


async def _keep_invoice(request: Request[Any, Program, Any], external_id: str) -> Response[bytes]:
    _require(request, PDF)
    order = await kept.own(request.auth.merchant, external_id)
    pdf = await request.body()
    async with AT_ONCE:
        await invoices.keep(order["id"], pdf)
    return Response(b"", status_code=204)


def _require(request: Request[Any, Program, Any], media_type: str) -> None:
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said != media_type:
        raise Refused(f"Send it as {media_type}", status=415)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused("Send it as it is, not compressed", status=415)


def _named(request: Request[Any, Program, Any]) -> tuple[str, bool]:
    """The external id in the address, and whether its invoice is meant: read from the path as it was sent."""
    sent = request.scope.get("raw_path") or b""
    if ORDERS not in sent:
        sent = quote(request.scope["path"]).encode()
    rest = sent.partition(ORDERS)[2]
    try:
        return unquote_to_bytes(rest.removesuffix(INVOICE)).decode(), rest.endswith(INVOICE)
    except UnicodeDecodeError as error:
        raise Refused("The id in the address is not UTF-8 text", status=400) from error


HANDLERS = [keep, show]
