"""The access matrix: every route of the application × everybody who may ask, against what is declared beside the route."""

from collections.abc import Iterable
from typing import Any

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


LAST = ("half", "expired", "locked")  # whoever changes what the others have
READ = [it for it in DECLARED if it[0] == "GET"]
CHANGED = [it for it in DECLARED if it[0] != "GET"]


ALLOWED = [(*it, asker) for it in CHANGED for asker in HERE if _expected(it[1], it[2], asker) == "in"]


@pytest.mark.parametrize(("method", "path", "access", "asker"), ALLOWED, ids=lambda it: it if isinstance(it, str) else "")
async def test_each_asker_may_change_what_is_declared(world: World, method: str, path: str, access: Access, asker: str) -> None:
    assert not await _wrong(world, method, path, access, [asker])


@pytest.mark.parametrize(("method", "path", "access"), CHANGED, ids=lambda it: it if isinstance(it, str) else "")
async def test_all_others_are_turned_away(world: World, method: str, path: str, access: Access) -> None:
    """One after the other in the same world: whoever is turned away changes nothing of it."""
    others = [asker for asker in HERE if _expected(path, access, asker) != "in"]
    assert not await _wrong(world, method, path, access, others)


@pytest.mark.parametrize(("method", "path", "access"), READ, ids=lambda it: it if isinstance(it, str) else "")
async def test_each_asker_reads_what_is_declared(world: World, method: str, path: str, access: Access) -> None:
    """One after the other in the same world: nobody changes it by looking."""
    assert not await _wrong(world, method, path, access, HERE)


async def _wrong(world: World, method: str, path: str, access: Access, askers: Iterable[str]) -> dict[str, Any]:
    """By asker what came, what was declared, and how it was said; what a cache that many share may keep is wrong as well."""
    named, wrong = await world.named(path), {}
    for asker in sorted(askers, key=lambda it: LAST.index(it) if it in LAST else -1):
        world.leave()
        answer = await world.ask(method, path, asker, named=named)
        found, expected, headers = _outcome(answer), _expected(path, access, asker), answer.headers
        if found != expected or not _private(path, answer):
            wrong[asker] = (found, expected, answer.status_code, headers.get("location"), headers.get("cache-control"))
    return wrong


def _private(path: str, answer: Response) -> bool:
    """No cache that many share may keep it."""
    kept = answer.headers.get("cache-control", "")
    return path.startswith(HTML_OF_NOBODY) or "private" in kept or "no-store" in kept


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
