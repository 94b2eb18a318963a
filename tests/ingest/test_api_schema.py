"""The API against its own description: what it answers conforms, what the schema forbids is refused, nothing is a 500."""

import re
from collections import Counter
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import db
from app.inbox import about, starting
from app.inbox import api as threads
from app.inbox.posting import Said
from app.ingest import api
from app.ingest.api_docs import document
from app.merchants import guard
from app.returns import api as returns
from app.shipments import proofs
from app.tracking import parcels_api as parcels
from app.web.limits import Buckets
from tests import builders
from tests.merchants.counter import program
from tests.returns import bought
from tests.shipments.steps import NUMBER, parcel

# The key is ours to send: a case without one would only be tried with it.
SCHEMA = schemathesis.openapi.from_dict({**msgspec.json.decode(document()), "security": []})
ORDER, INVOICE = "/api/v1/orders/{external_id}", "/api/v1/orders/{external_id}/invoice"
PARCEL = "/api/v1/shipments/{merchant}/{tracking_number}"
SCANS, PHOTO = f"{PARCEL}/scans", f"{PARCEL}/proof/photo"
RETURNS = "/api/v1/returns"
RETURN = f"{RETURNS}/{{code}}"
CHANGES = tuple(f"{RETURN}/{verb}" for verb in (
    "approval", "refusal", "question", "upholding", "objection", "receiving", "refund", "exchange", "money", "repair",
))  # fmt: skip
OF_RETURNS = [(RETURNS, "GET"), (RETURN, "GET"), (f"{RETURN}/photos/{{number}}", "GET"), *(
    (path, "POST") for path in (RETURNS, *CHANGES)
)]  # fmt: skip
THREADS = "/api/v1/threads"
THREAD = f"{THREADS}/{{code}}"
TENDING = tuple(f"{THREAD}/{verb}" for verb in ("messages", "closing", "opening", "reading", "assignment"))
OF_THREADS = [(THREADS, "GET"), (THREAD, "GET"), (f"{THREAD}/messages", "GET"), (f"{THREAD}/files/{{number}}", "GET"), *(
    (path, "POST") for path in (f"{THREAD}/uploads", *TENDING)
)]  # fmt: skip
OPERATIONS = [(path, method) for path in (ORDER, INVOICE, PARCEL) for method in ("PUT", "GET")] + [
    (SCANS, "POST"),
    (PHOTO, "PUT"),
    *OF_RETURNS,
    *OF_THREADS,
]
CODE = "R-00000000"
CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip


DRAWN = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.generate]}


@schemathesis.serializer("application/pdf", *proofs.MEDIA_TYPES)
def file(_: Any, text: Any) -> bytes:
    return str(text).encode(errors="replace")


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "buckets", Buckets(rate=1, burst=100_000))


def some(strategy: st.SearchStrategy[Any], count: int = 30, *, counted: bool = False) -> list[Any]:
    """Always the same ones; drawn before the asking begins, which is asynchronous. What a schema allows is looked at before any
    database is: on the second one a third of them will do, but where it is `counted` how many are taken or refused."""
    drawn = []

    @seed(20261121)
    @settings(max_examples=count if db.ON_SQLITE or counted else count // 3, **DRAWN)
    @given(strategy)
    def draw(one: Any) -> None:
        drawn.append(one)

    draw()
    return drawn


async def answered(client: httpx.AsyncClient, case: schemathesis.Case, checks: list[Any]) -> httpx.Response:
    """As `requests` would have sent it, in this very process; raises when the answer does not conform."""
    asked = requests.Request(**case.as_transport_kwargs(base_url=str(client.base_url))).prepare()
    headers = {name: value for name, value in asked.headers.items() if name.lower() != "content-length"}
    response = await client.request(str(asked.method), str(asked.url), content=asked.body, headers=headers)
    case.validate_response(response, checks=checks)
    return response


def test_every_route_of_the_api_is_described_and_no_other() -> None:
    """Orders have one route for two addresses."""
    described = {
        (path.removesuffix("/invoice").replace("{external_id}", "{place}"), method)
        for path, item in SCHEMA.raw_schema["paths"].items()
        for method in item.keys() - {"parameters"}
    }
    served = {
        (re.sub(r":\w+\}", "}", path), method.lower())
        for one in (*api.HANDLERS, *parcels.HANDLERS, *returns.HANDLERS, *threads.HANDLERS)
        for path in one.paths
        for method in one.http_methods
    }
    assert described == served


def whole(value: Any) -> Any:
    """To JSON Schema 2.0 is an integer, too; to us it is not."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) else value


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
async def test_what_the_schema_allows_is_answered_as_it_says(path: str, method: str) -> None:
    async with await program() as mo:
        for case in some(SCHEMA[path][method].as_strategy(GenerationMode.POSITIVE)):
            await answered(mo, case, CHECKS)


async def test_an_order_that_the_schema_allows_is_taken_in_and_can_be_read_back() -> None:
    """Left out: what no schema can ask for (ids that agree with the address, that name a line, that are not named twice)."""
    seen: Counter[int] = Counter()
    async with await program() as mo:
        for n, case in enumerate(some(SCHEMA[ORDER]["PUT"].as_strategy(GenerationMode.POSITIVE), 60, counted=True)):
            left_out = ("external_id", "merchant", "shipments", "refunds")
            body = {name: value for name, value in case.body.items() if name not in left_out} | {"currency": "EUR"}
            case.body = whole(body)
            case.path_parameters["external_id"] = quote(f"#{n}/é", safe="")
            put = await answered(mo, case, CHECKS)
            seen[put.status_code] += 1
            if put.is_success:
                kept = await answered(mo, SCHEMA[ORDER]["GET"].Case(path_parameters=case.path_parameters), CHECKS)
                assert kept.status_code == 200
    assert set(seen) <= {201, 422}, seen
    assert seen[201] >= 10, seen


async def test_an_order_that_the_schema_forbids_is_refused() -> None:
    async with await program() as mo:
        answers = [
            await answered(mo, case, [*CHECKS, negative_data_rejection])
            for case in some(SCHEMA[ORDER]["PUT"].as_strategy(GenerationMode.NEGATIVE), 60, counted=True)
        ]
    assert sum(answer.status_code == 422 and bool(answer.json()["errors"]) for answer in answers) >= 10


def of_the_parcel(case: schemathesis.Case) -> schemathesis.Case:
    """What the schema cannot know: which merchant and which parcel there are."""
    case.path_parameters = {"merchant": builders.MO, "tracking_number": NUMBER}
    return case


@pytest.mark.parametrize(("path", "method"), [(PARCEL, "PUT"), (SCANS, "POST")])
async def test_news_of_a_parcel_that_the_schema_allows_is_taken_in_and_can_be_read_back(path: str, method: str) -> None:
    """Years that no calendar goes on from are the exception, positions of which half is missing, and lines without an order."""
    await parcel()
    seen: Counter[int] = Counter()
    async with await program() as mo:
        for case in some(SCHEMA[path][method].as_strategy(GenerationMode.POSITIVE), 60, counted=True):
            put = await answered(mo, of_the_parcel(case), CHECKS)
            seen[put.status_code] += 1
            if put.is_success:
                kept = await answered(mo, of_the_parcel(SCHEMA[PARCEL]["GET"].Case()), CHECKS)
                assert kept.status_code == 200
    assert set(seen) <= {200, 422, 404}, seen
    assert seen[200] >= 10, seen


@pytest.mark.parametrize(("path", "method"), [(PARCEL, "PUT"), (SCANS, "POST")])
async def test_news_of_a_parcel_that_the_schema_forbids_is_refused(path: str, method: str) -> None:
    await parcel()
    async with await program() as mo:
        answers = [
            await answered(mo, of_the_parcel(case), CHECKS)
            for case in some(SCHEMA[path][method].as_strategy(GenerationMode.NEGATIVE), 60, counted=True)
        ]
    assert sum(answer.status_code == 422 and bool(answer.json()["errors"]) for answer in answers) >= 10


async def a_return(mo: httpx.AsyncClient) -> str:
    await bought.delivered()
    line = {"line": "1", "quantity": 1, "reason": "changed_mind"}
    return str((await mo.post(RETURNS, json={"order": "1001", "lines": [line]})).json()["code"])


@pytest.mark.parametrize("path", CHANGES)
async def test_changes_of_a_return_that_the_schema_allows_are_done_or_refused_as_it_says(path: str) -> None:
    """Each to one return that is there, which goes on meanwhile: what comes too late is 409."""
    seen: Counter[int] = Counter()
    async with await program() as mo:
        code = await a_return(mo)
        for case in some(SCHEMA[path]["POST"].as_strategy(GenerationMode.POSITIVE), 20):
            case.path_parameters = {"code": code}
            seen[(await answered(mo, case, CHECKS)).status_code] += 1
        assert (await answered(mo, SCHEMA[RETURN]["GET"].Case(path_parameters={"code": code}), CHECKS)).status_code == 200
    assert set(seen) <= {200, 409, 422}, seen


@pytest.mark.parametrize("path", [RETURNS, *CHANGES])
async def test_changes_of_a_return_that_the_schema_forbids_are_refused(path: str) -> None:
    async with await program() as mo:
        code, done = await a_return(mo), set[str | None]()
        before = await bought.told(code)
        for case in some(SCHEMA[path]["POST"].as_strategy(GenerationMode.NEGATIVE), 30):
            if path != RETURNS:
                case.path_parameters = {"code": code}
            answer, key = await answered(mo, case, CHECKS), (case.headers or {}).get("Idempotency-Key")
            again = answer.is_success and key in done  # its first answer, once more
            assert answer.is_success is (again or await bought.told(code) != before)
            before = await bought.told(code)
            if answer.is_success and key:
                done.add(key)


@pytest.mark.parametrize("path", [f"{THREAD}/uploads", *TENDING])
async def test_what_the_schema_allows_of_a_thread_is_done_or_refused_as_it_says(path: str) -> None:
    seen: Counter[int] = Counter()
    order = await builders.order()
    what = await about.order(order["customer"], order["address"])
    said = Said(side="buyer", text="Where is it?", author=order["customer"], name="Alice")
    code = await starting.start(order["customer"], what, said)
    async with await program() as mo:
        for case in some(SCHEMA[path]["POST"].as_strategy(GenerationMode.POSITIVE), 20):
            case.path_parameters = {"code": code}
            seen[(await answered(mo, case, CHECKS)).status_code] += 1
        for read in (THREAD, f"{THREAD}/messages"):
            assert (await answered(mo, SCHEMA[read]["GET"].Case(path_parameters={"code": code}), CHECKS)).status_code == 200
    assert set(seen) <= {200, 201, 422}, seen


async def test_without_a_key_every_operation_is_refused_as_described() -> None:
    async with await program() as client:
        del client.headers["Authorization"]
        for path, method in OPERATIONS:
            named = {"external_id": "1", "merchant": builders.MO, "tracking_number": NUMBER, "code": CODE, "number": 1}
            case = SCHEMA[path][method].Case(path_parameters=named)
            assert (await answered(client, case, CHECKS)).status_code == 401
