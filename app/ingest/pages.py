"""A customer takes their history away."""

from collections.abc import AsyncIterator

from litestar import Request, get
from litestar.response import Stream

from app.ingest import export
from app.web import access


@get("/orders/export.csv", access=access.CUSTOMER)
async def export_csv(request: Request) -> Stream:
    wanted = export.year_of(request.query_params.get("year", ""))
    return _file(export.as_csv(request.user, wanted), "text/csv", "csv", wanted)


@get("/orders/export.json", access=access.CUSTOMER)
async def export_json(request: Request) -> Stream:
    wanted = export.year_of(request.query_params.get("year", ""))
    return _file(export.as_json(request.user, wanted), "application/json", "json", wanted)


def _file(parts: AsyncIterator[bytes], media_type: str, ending: str, year: int | None) -> Stream:
    """To keep, not to show: “orders-2026.csv”, or “orders.csv” with all years."""
    name = f"orders-{year}.{ending}" if year else f"orders.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(parts, media_type=media_type, headers=headers)


CUSTOMER = [export_csv, export_json]
