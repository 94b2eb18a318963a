"""What proves that a parcel was handed over: pictures for nobody but its customer."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.shipments import proofs
from app.web import access, private


@get("/orders/{address:str}/parcels/{number:int}/photo", access=access.OWNER)
async def photo(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _picture(request.user.id, address, number, "photo")


@get("/orders/{address:str}/parcels/{number:int}/signature", access=access.OWNER)
async def signature(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    return await _picture(request.user.id, address, number, "signature")


async def _picture(customer: int, address: str, number: int, kind: proofs.Kind) -> Response[Any]:
    return private.shown(await proofs.owned_by(customer, address, number, kind), "image/webp")


CUSTOMER = [photo, signature]
