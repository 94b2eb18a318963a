"""The access matrix: every route of the application × everybody who may ask, against what is declared beside the route."""

import pytest
from httpx import Response

from app import db
from app.web.access import ASKERS, CUSTOMER, Access
from tests.access_world import DECLARED, ROUTES, World

HTML_OF_NOBODY = (
    "/static/",
    "/pictures/",
    "/maps/",
    "/robots.txt",
    "/favicon.ico",
    "/api/docs",
    "/api/openapi.json",
    "/up",
    "/service-worker.js",
)

# Open to anybody, they lead on to the door or to another step of a sign-in.
STEPS = ("/device/forgetting", "/sign-in/code", "/sign-in/password/sent", "/sign-in/password/new/{token}/strength", "/sign-out")


def _expected(path: str, access: Access, asker: str) -> str:
    declared = getattr(access, asker)
    to_the_door = path in STEPS or (path == "/" and getattr(CUSTOMER, asker) == "sign_in")
    return "sign_in" if declared == "door" or (declared == "in" and to_the_door) else declared


def _outcome(answer: Response) -> str:
    status, place = answer.status_code, answer.headers.get("location", "")
    if status == 404:
        return "missing"
    if (status == 303 and place.startswith("/account/proof?")) or (status == 403 and "proof_then" in answer.text):
        return "proof"
    if status in (401, 403):
        return "refused"
    if status == 303 and place.startswith("/sign-in"):
        return "sign_in"
    assert status < 500, answer.text
    return "in"


@pytest.mark.parametrize(("method", "path", "access"), ROUTES, ids=lambda it: it if isinstance(it, str) else "")
def test_every_route_says_who_gets_what(method: str, path: str, access: Access | None) -> None:
    assert isinstance(access, Access), f"{method} {path}: declare access= beside the route"


# Whether somebody is let in is asked of the same few tables on every database: who is let in, who is not, and a stranger's row
# are enough on the second one.
HERE = ASKERS if db.ON_SQLITE else ("nobody", "owner", "another", "member", "program")


@pytest.mark.parametrize("asker", HERE)
@pytest.mark.parametrize(("method", "path", "access"), DECLARED, ids=lambda it: it if isinstance(it, str) else "")
async def test_each_asker_gets_what_is_declared(world: World, method: str, path: str, access: Access, asker: str) -> None:
    answer = await world.ask(method, path, asker)
    assert _outcome(answer) == _expected(path, access, asker), (answer.status_code, answer.headers.get("location"))
    if not path.startswith(HTML_OF_NOBODY):
        kept = answer.headers.get("cache-control", "")
        assert "private" in kept or "no-store" in kept, f"{path} may be kept by a cache that many share: {kept!r}"


@pytest.mark.parametrize(("method", "path", "access"), DECLARED, ids=lambda it: it if isinstance(it, str) else "")
async def test_only_what_changes_who_gets_in_asks_for_a_fresh_proof(
    world: World, method: str, path: str, access: Access
) -> None:
    """Asked as the owner, at a desk as one of its owners."""
    asker = "member" if access.owner == "missing" else "owner"
    answer = await world.ask(method, path, asker, proved=False)
    expected = "proof" if access.proof else _expected(path, access, asker)
    assert _outcome(answer) == expected, (answer.status_code, answer.headers.get("location"))


def test_half_a_sign_in_opens_nothing_but_its_second_step() -> None:
    opened = {path for _method, path, access in DECLARED if access.half == "in" and access.nobody != "in"}
    assert opened == {"/sign-in/second-factor", "/sign-in/second-factor/options"}
