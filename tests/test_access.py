"""The access matrix: every route of the application × everybody who may ask, against what is declared beside the route."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app import clock, db, i18n, pictures
from app.accounts import alarms, sign_in_links, sign_ins
from app.asgi import create_app
from app.mail import outbox
from app.merchants import actions as merchants
from app.web.access import ANYBODY, ASKERS, Access
from app.web.templating import assets
from tests import builders
from tests.builders import ALICE, BOB, MO, NIA

MERCHANTS = {"mo@example.com": MO, "nia@example.com": NIA}
OPS = "ops@example.com"
HTML_OF_NOBODY = ("/static/", "/pictures/", "/robots.txt", "/favicon.ico", "/api/docs", "/api/openapi.json", "/up")


def _routes() -> list[tuple[str, str, Access | None]]:
    """(method, path, what is declared). Litestar's own OPTIONS say only which methods there are."""
    counter = create_app().app  # type: ignore[attr-defined]
    assert isinstance(counter, Litestar)
    found = []
    for route in counter.routes:
        for method, (handler, *_rest) in getattr(route, "route_handler_map", {}).items():
            assert isinstance(handler, HTTPRouteHandler)
            if method != "OPTIONS":
                path = "/" + "/".join(_template(part) for part in route.path_components)
                found.append((str(method), path, handler.opt.get("access")))
    return sorted(found, key=lambda route: route[:2])


def _template(part: Any) -> str:
    return part if isinstance(part, str) else f"{{{part.name}}}"


ROUTES = _routes()
DECLARED = [(method, path, access) for method, path, access in ROUTES if access]


class World:
    """Alice's order at Mo's and what else of hers an address may name."""

    def __init__(self, browser: AsyncClient) -> None:
        self.browser = browser
        self.keys: dict[str, str] = {}
        self.ids: dict[str, int] = {}

    async def build(self) -> None:
        self.ids = {ALICE: await builders.customer(ALICE), BOB: await builders.customer(BOB, "Bob")}
        for email, slug in MERCHANTS.items():
            self.ids[email] = await builders.member(email, slug, "owner")
            self.keys[slug] = await merchants.make_key(slug, "shop")
        self.ids[OPS] = await builders.customer(OPS, "Ops", operator=True)

    async def become(self, asker: str, *, proved: bool = True) -> None:
        who = {"another": BOB, "member": "mo@example.com", "other_member": "nia@example.com", "operator": OPS}.get(asker, ALICE)
        match asker:
            case "nobody":
                return
            case "program" | "other_program":
                self.browser.headers["Authorization"] = f"Bearer {self.keys[MO if asker == 'program' else NIA]}"
            case "half":
                self.browser.cookies["sign-in"] = await sign_ins.begin(self.ids[ALICE], "code", "")
            case _:
                self.browser.cookies.update(await builders.session(who, proved=proved, factor=True))
        if asker == "expired":
            await db.execute("UPDATE sessions SET expires_at = {}", clock.now() - timedelta(seconds=1))
        if asker == "locked":
            await alarms.not_me(alarm_of(self.ids[ALICE]))


def alarm_of(customer: int) -> str:
    return alarms._token(alarms.Alarm(customer, "new_device", 0, int(clock.now().timestamp())))


async def _order(world: World) -> dict[str, Any]:
    order = await builders.order("A-11")
    headers = {"Authorization": f"Bearer {world.keys[MO]}", "Content-Type": "application/pdf"}
    kept = await world.browser.put("/api/v1/orders/A-11/invoice", content=b"%PDF-1.7 hers", headers=headers)
    assert kept.status_code == 204
    return {"address": order["address"], "place": "A-11"}


async def _passkey(world: World) -> dict[str, Any]:
    row = {
        "customer": world.ids[ALICE], "credential_id": "abcd", "public_key": "", "kind": "synced",
        "name": "Phone", "created_at": clock.now(),
    }  # fmt: skip
    return {"number": (await db.insert("passkeys", [row], "id"))[0]["id"]}


async def _link(world: World) -> dict[str, Any]:
    return {"token": await sign_in_links.make(world.ids[ALICE])}


async def _alarm(world: World) -> dict[str, Any]:
    return {"token": alarm_of(world.ids[BOB])}


async def _mail(world: World) -> dict[str, Any]:
    await outbox.send(ALICE, "no_account", i18n.voice(), mail_code="", phrase="", email=ALICE, code="", minutes=1, url="")
    return {"name": next(outbox.folder().glob("*.eml")).name}


async def _enrolled(world: World) -> dict[str, Any]:
    for customer in world.ids.values():
        row = {"customer": customer, "sealed_key": "", "created_at": clock.now(), "confirmed": True}
        await db.insert("authenticators", [row])
    return {}


async def _static(_world: World) -> dict[str, Any]:
    return {"path": assets.url("icons/favicon.ico").removeprefix("/static/")}


async def _picture(_world: World) -> dict[str, Any]:
    pictures.keep("teapot.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    return {"name": "teapot.svg"}


async def _nothing(_world: World) -> dict[str, Any]:
    return {"path": "nothing/here"}


# What an address names, by its beginning, the longest that fits; what must be there before the question.
THINGS: dict[str, Callable[[World], Awaitable[dict[str, Any]]]] = {
    "/orders/{address}": _order,
    "/api/v1/orders/{place}": _order,
    "/account/passkeys/{number}": _passkey,
    "/account/authenticator/removal": _enrolled,
    "/account/recovery-codes": _enrolled,
    "/sign-in/link/{token}": _link,
    "/not-me/{token}": _alarm,
    "/dev/mail/{name}": _mail,
    "/static/{path}": _static,
    "/pictures/{name}": _picture,
    "/{path}": _nothing,
}


@pytest.fixture
async def world(client: AsyncClient) -> World:
    client.base_url = "http://localhost:8000"  # type: ignore[assignment]
    made = World(client)
    await made.build()
    return made


async def _asked(world: World, method: str, path: str, asker: str, *, proved: bool = True) -> Response:
    beginning = max((it for it in THINGS if path.startswith(it)), key=len, default="")
    named = await THINGS[beginning](world) if beginning else {}
    await world.become(asker, proved=proved)
    # A form that says next to nothing: whoever is let in hears what is wrong with it.
    return await world.browser.request(method, path.format(**named), data={"name": "Mine"} if method == "POST" else None)


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
    answer = await _asked(world, method, path, asker)
    outcome, declared = _outcome(answer), getattr(access, asker)
    if access == ANYBODY and outcome == "sign_in":
        outcome = "in"  # the steps of a sign-in lead to each other
    assert outcome == {"door": "sign_in"}.get(declared, declared), (answer.status_code, answer.headers.get("location"))
    if not path.startswith(HTML_OF_NOBODY):
        kept = answer.headers.get("cache-control", "")
        assert "private" in kept or "no-store" in kept, f"{path} may be kept by a cache that many share: {kept!r}"


@pytest.mark.parametrize(("method", "path", "access"), DECLARED, ids=lambda it: it if isinstance(it, str) else "")
async def test_only_what_changes_who_gets_in_asks_for_a_fresh_proof(
    world: World, method: str, path: str, access: Access
) -> None:
    answer = await _asked(world, method, path, "owner", proved=False)
    expected = "proof" if access.proof else access.owner
    if path != "/account/proof":
        assert _outcome(answer) == expected or access == ANYBODY or access.owner == "door", answer.status_code


def test_half_a_sign_in_opens_nothing_but_its_second_step() -> None:
    opened = {path for _method, path, access in DECLARED if access.half == "in" and access.nobody != "in"}
    assert opened == {"/sign-in/second-factor", "/sign-in/second-factor/options"}
