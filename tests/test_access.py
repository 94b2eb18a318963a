"""The access matrix: every route of the application × everybody who may ask, against what is declared beside the route."""

import pytest
from httpx import Response

from app.web.access import ANYBODY, ASKERS, LINK_HOLDER, Access
from tests.access_world import DECLARED, ROUTES, World

HTML_OF_NOBODY = ("/static/", "/pictures/", "/robots.txt", "/favicon.ico", "/api/docs", "/api/openapi.json", "/up")


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


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(("method", "path", "access"), DECLARED, ids=lambda it: it if isinstance(it, str) else "")
async def test_each_asker_gets_what_is_declared(world: World, method: str, path: str, access: Access, asker: str) -> None:
    answer = await world.ask(method, path, asker)
    outcome, declared = _outcome(answer), getattr(access, asker)
    if declared == access.nobody == "in" and outcome == "sign_in":
        outcome = "in"  # the steps of a sign-in lead to each other
    assert outcome == {"door": "sign_in"}.get(declared, declared), (answer.status_code, answer.headers.get("location"))
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
    let_in = getattr(access, asker)
    expected = "proof" if access.proof else let_in
    if path != "/account/proof":
        assert _outcome(answer) == expected or access in (ANYBODY, LINK_HOLDER) or let_in == "door", answer.status_code


def test_half_a_sign_in_opens_nothing_but_its_second_step() -> None:
    opened = {path for _method, path, access in DECLARED if access.half == "in" and access.nobody != "in"}
    assert opened == {"/sign-in/second-factor", "/sign-in/second-factor/options"}
