"""Addresses that only take forms: who loads one again, or opens it, comes to the page that the form stands on."""

from typing import Any

import pytest
from httpx import AsyncClient
from litestar import Litestar
from litestar.routes import HTTPRoute

from app.asgi import create_app
from app.web.above import PLACE, page_above
from app.web.errors import PROGRAMS
from tests import builders


def _counter() -> Litestar:
    """Inside of what is wrapped around it."""
    counter: Any = create_app()
    while not hasattr(counter, "routes"):
        counter = counter.app
    return counter  # type: ignore[no-any-return]


APP = _counter()
ROUTES = [route for route in APP.routes if isinstance(route, HTTPRoute)]
FORMS = sorted(
    route.path_format for route in ROUTES
    if "POST" in route.methods and "GET" not in route.methods and not route.path_format.startswith(PROGRAMS)
)  # fmt: skip


def test_there_are_many() -> None:
    assert len(FORMS) > 70


@pytest.mark.parametrize("path", FORMS)
async def test_opened_it_leads_to_a_page_and_is_no_error(client: AsyncClient, path: str) -> None:
    asked = PLACE.sub("1", path)
    answer = await client.get(asked)
    assert answer.status_code == 303, answer.text[:300]
    place = answer.headers["location"]
    assert asked.startswith(place)
    assert (await client.head(asked)).status_code == 303
    assert (await client.get(place)).status_code not in (405, 500)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/returns/R-1/answer", "/returns/R-1"),
        ("/returns/R-1/refunds/5/arrival", "/returns/R-1"),
        ("/desk/atelier/returns/R-1/closing", "/desk/atelier/returns/R-1"),
        ("/orders/A-1/archiving", "/orders/A-1"),
        ("/nothing/of/the/kind", "/"),
    ],
)
def test_it_is_the_nearest_one(path: str, page: str) -> None:
    assert page_above(APP, path) == page


async def test_a_refused_form_can_be_loaded_again(client: AsyncClient) -> None:
    client.cookies.update(await builders.session())
    await builders.order()
    answer = await client.get("/orders/1001/returns")
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders/1001")


async def test_a_program_hears_what_is_wrong(client: AsyncClient) -> None:
    assert (await client.get("/sign-out", headers={"Accept": "application/problem+json"})).status_code == 405
