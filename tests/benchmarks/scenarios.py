"""What is asked for: each scenario is an endless run of ready requests."""

import itertools
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from tests.benchmarks.client import Client, request
from tests.benchmarks.filling import Cast
from tests.benchmarks.server import static_path

TYPED = "HX-Request: true", "HX-Request-Type: partial", "Sec-Fetch-Site: same-origin"
FOUND, NOTHING = ("teapot", "backpack", "headphones", "fondue"), ("zeppelin", "marzipan", "gondola", "ukulele")
READY = 4_000  # requests made beforehand


class Scenario(Struct):
    """`goal` is the largest ratio to a static answer, None where there is no goal; `status` what must be answered."""

    name: str
    requests: Iterator[bytes]
    goal: float | None = None
    status: tuple[int, ...] = (200,)
    most: int = 1_000_000
    last: bool = False  # after all others: it drives out of the server's memory what they find there


def static(size: int, cookie: str) -> Iterator[bytes]:
    return itertools.repeat(request(static_path(size), cookie=cookie))


async def scenarios(client: Client, cast: Cast) -> AsyncIterator[Scenario]:
    """One after the other, because the first requests of some are asked of the server itself."""
    chance = random.Random(11)
    one = [cast.collector]
    yield Scenario("list", _random(chance, cast.sessions, lambda _: "/orders"), 8)
    yield Scenario("list, 5,000 orders", _random(chance, one, lambda _: "/orders"), 8)
    if cast.newcomers:
        asking = [request("/orders", cookie=token) for token in cast.newcomers]
        yield Scenario("list, first time", itertools.cycle(asking), last=True)
    yield Scenario("list, 4,000 orders down", _random(chance, one, lambda _: f"/orders?before={cast.deep}"), 8)
    yield Scenario("search, found", _searches(chance, cast.sessions, FOUND), 25)
    yield Scenario("search, nothing", _searches(chance, cast.sessions, NOTHING), 25)
    yield Scenario("search in 5,000, found", _searches(chance, one, FOUND), 25)
    yield Scenario("search in 5,000, nothing", _searches(chance, one, NOTHING), 25)
    owners = [token for token in cast.sessions if cast.orders[token]]
    yield _posting(chance, cast)  # before anything is kept that it would change; and measured after all others
    yield Scenario("detail", _random(chance, owners, lambda token: f"/orders/{chance.choice(cast.orders[token])}"), 10)
    known = [(token, await _etag(client, token)) for token in cast.sessions]
    asking = [request("/orders", f"If-None-Match: {tag}", cookie=token) for token, tag in known]
    yield Scenario("unchanged (304)", _shuffled(chance, asking), 3, (304,))
    for scenario in (*_returns(chance, cast, owners), *_talks(chance, cast)):
        yield scenario
    yield Scenario("upsert, new", _upserts(cast, chance, lambda n: f"new-{n}"), None, (201,))
    yield Scenario("upsert, updated", _upserts(cast, chance, lambda n: f"same-{n % 300}"), None, (200, 201))


def _returns(chance: random.Random, cast: Cast, owners: list[str]) -> Iterator[Scenario]:
    """Who sends something back, and a desk with what waits. The form's second page says what would come back."""
    theirs = [token for token in owners if token in cast.returns]
    yield Scenario("returns, list", _random(chance, theirs, lambda _: "/returns"), 8)
    yield Scenario("returns, one", _random(chance, theirs, lambda token: f"/returns/{chance.choice(cast.returns[token])}"), 10)
    newest = {token: cast.orders[token][-1] for token in owners}
    yield Scenario(
        "returns, form", _random(chance, owners, lambda token: f"/orders/{newest[token]}/returns/new?kind=return"), 15
    )
    asking = [_form(token, newest[token], cast.lines[newest[token]]) for token in owners]
    yield Scenario("returns, form with preview", itertools.cycle(asking), None, (200, 422))
    yield Scenario("desk, queue", _random(chance, [cast.clerk], lambda _: cast.desk), 25)
    yield Scenario("desk, one return", _random(chance, [cast.clerk], lambda _: chance.choice(cast.decided_on)))


def _talks(chance: random.Random, cast: Cast) -> Iterator[Scenario]:
    """Whose words are found are in every second sentence; a customer's own, among all the others'."""
    theirs, one = cast.talkers, [cast.collector]
    yield Scenario("inbox, list", _random(chance, theirs, lambda _: "/inbox"), 8)
    yield Scenario("inbox, list of 1,000", _random(chance, one, lambda _: "/inbox"), 8)
    yield Scenario("inbox, thread", _random(chance, theirs, lambda token: f"/inbox/{chance.choice(cast.talks[token])}"), 10)
    yield Scenario("inbox, found", _searches(chance, theirs, ("teapot", "colis", "atel"), "/inbox"), 25)
    yield Scenario("inbox, nothing", _searches(chance, theirs, NOTHING, "/inbox"), 25)
    yield Scenario("inbox, found of 1,000", _searches(chance, one, ("teapot", "colis", "atel"), "/inbox"), 25)
    yield Scenario("desk, inbox", _random(chance, [cast.clerk], lambda _: cast.inbox), 25)
    yield Scenario("desk, one thread", _random(chance, [cast.clerk], lambda _: chance.choice(cast.waiting)))


def _posting(chance: random.Random, cast: Cast) -> Scenario:
    """In each thread once, in any order: nobody writes so often that an answer has to be waited for."""
    found = [(token, code) for token in cast.sessions for code in cast.talks.get(token, [])[-30:]]
    chance.shuffle(found)
    posting = [_message(token, code, n) for n, (token, code) in enumerate(found)]
    return Scenario("inbox, post", itertools.cycle(posting), None, (303,), last=True)


def _message(token: str, code: str, number: int) -> bytes:
    headers = "Content-Type: multipart/form-data; boundary=bench", "Sec-Fetch-Site: same-origin"
    body = f'--bench\r\nContent-Disposition: form-data; name="text"\r\n\r\nIs there news of it ({number})?\r\n--bench--\r\n'
    return request(f"/inbox/{code}/messages", *headers, cookie=token, method="POST", body=body.encode())


def _form(token: str, address: str, line: int) -> bytes:
    """As the second step sends it; 422 where the time for it is over, which is drawn all the same."""
    said = {"kind": "return", f"quantity-{line}": "1", f"reason-{line}": "changed_mind", f"wish-{line}": "refund"}
    headers = "Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin"
    body = urlencode(said | {"way": "own_carrier"}).encode()
    return request(f"/orders/{address}/returns/new", *headers, cookie=token, method="POST", body=body)


def _random(chance: random.Random, sessions: list[str], path: Callable[[str], str]) -> Iterator[bytes]:
    chosen = [chance.choice(sessions) for _ in range(READY)]
    return itertools.cycle([request(path(token), cookie=token) for token in chosen])


def _searches(chance: random.Random, sessions: list[str], words: tuple[str, ...], path: str = "/orders") -> Iterator[bytes]:
    chosen = [(chance.choice(sessions), chance.choice(words)) for _ in range(READY)]
    return itertools.cycle([request(f"{path}?q={word}", *TYPED, cookie=token) for token, word in chosen])


def _shuffled(chance: random.Random, requests: list[bytes]) -> Iterator[bytes]:
    chance.shuffle(requests)
    return itertools.cycle(requests)


async def _etag(client: Client, token: str) -> str:
    return (await client.one(request("/orders", cookie=token))).headers["etag"]


def _upserts(cast: Cast, chance: random.Random, name: Callable[[int], str]) -> Iterator[bytes]:
    """Programs take turns: a single key may ask fifty times a second. The orders are nobody's whose pages are asked for."""
    begun = datetime(2026, 11, 1, tzinfo=UTC)
    for n in itertools.count():
        body = msgspec.json.encode(_order(name(n), chance, begun + timedelta(seconds=n)))
        headers = "Content-Type: application/json", f"Authorization: Bearer {cast.keys[n % len(cast.keys)]}"
        yield request(f"/api/v1/orders/{name(n)}", *headers, method="PUT", body=body)


def _order(number: str, chance: random.Random, at: datetime) -> dict[str, Any]:
    """Three lines, a payment, an address; what changes from one sending to the next is the note."""
    lines = [
        {"id": str(n), "title": f"Cup “Brume” {n}", "sku": f"AN-CUPS-{n}", "quantity": 1, "unit_price": 3900, "total": 3900}
        for n in (1, 2, 3)
    ]
    address = {"name": "Camille Morel", "street": "6 rue des Lilas", "postal_code": "69003", "city": "Lyon", "country": "FR"}
    return {
        "number": number, "customer": {"email": f"buyer-{chance.randrange(1_000)}@bench.example"},
        "placed_at": "2026-11-01T09:00:00Z", "updated_at": at.isoformat(), "currency": "EUR", "lines": lines, "total": 11_700,
        "prices_include_tax": True, "payments": [{"kind": "card", "brand": "Visa", "last_four": "4242"}],
        "shipping_address": address, "billing_address": address, "note": at.isoformat(),
    }  # fmt: skip
