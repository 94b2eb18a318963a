"""What proves that a parcel was handed over: pictures for nobody but its customer."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app import db
from app.errors import Missing
from app.shipments import proofs
from app.web import access, private

OWNED = (
    'SELECT p.proof_photo AS photo, p.proof_signature AS signature FROM shipments p JOIN orders o ON o.id = p."order" '
    "WHERE o.customer = {} AND o.address = {} AND p.id = {} AND p.state <> 'cancelled'"
)


@get("/orders/{address:str}/parcels/{number:int}/photo", access=access.OWNER)
async def photo(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _picture(request.user.id, address, number, "photo")


@get("/orders/{address:str}/parcels/{number:int}/signature", access=access.OWNER)
async def signature(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _picture(request.user.id, address, number, "signature")


async def _picture(customer: int, address: str, number: int, kind: proofs.Kind) -> Response[Any]:
    found = await db.one(OWNED, customer, address, number)
    if found is None:
        raise Missing
    return private.shown(proofs.read(found[kind]), "image/webp")


CUSTOMER = [photo, signature]
