"""How to put the counter on a home screen, for every browser; the hint in the lists says it once."""

from typing import Any

from litestar import Request, Response, get

from app.web import access
from app.web.pages import page


@get("/account/home-screen", access=access.CUSTOMER)
async def home_screen(request: Request) -> Response[Any]:
    return page(request, "accounts/home_screen.html")


CUSTOMER = [home_screen]
