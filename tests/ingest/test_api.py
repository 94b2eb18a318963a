"""`PUT /api/v1/orders/{external_id}`: taken in whole, or refused with every reason, and never a 500."""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest

from app import db
from app.ingest import api
from app.ingest.api_description import EXAMPLE
from app.ingest.snapshot import OrderSnapshot, Person, Refund, Shipment
from tests.builders import ALICE, BOB, MO, NIA, line, snapshot
from tests.merchants.counter import LARGEST_BODY, program

JSON = {"Content-Type": "application/json"}
AT = datetime(2026, 11, 3, 8, tzinfo=UTC)


@pytest.fixture
async def mo() -> AsyncIterator[httpx.AsyncClient]:
    async with await program(MO) as client:
        yield client


def address(external_id: str = "1001") -> str:
    return f"/api/v1/orders/{quote(external_id, safe='')}"


async def put(
    client: httpx.AsyncClient, order: OrderSnapshot | bytes | dict[str, Any], external_id: str = "1001"
) -> httpx.Response:
    body = order if isinstance(order, bytes) else msgspec.json.encode(order)
    return await client.put(address(external_id), content=body, headers=JSON)


def body(**about: Any) -> dict[str, Any]:
    """A sound order as plain data, with some of it replaced."""
    return {**msgspec.to_builtins(snapshot()), **about}


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return {error["pointer"]: error["detail"] for error in answer.json().get("errors", [])}


async def count(table: str) -> int:
    return (await db.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"]


async def everything() -> list[list[dict[str, Any]]]:
    tables = ("orders", "order_lines", "payments", "events", "customers")
    return [list(map(dict, await db.rows(f"SELECT * FROM {table} ORDER BY id"))) for table in tables]


async def test_a_new_order_is_created_and_read_back_as_it_was_sent(mo: httpx.AsyncClient) -> None:
    sent = snapshot(lines=[line("1"), line("2", quantity=3)], updated_at=AT, gift_message="Joyeux\nNoël")
    answer = await put(mo, sent)
    assert (answer.status_code, answer.headers["location"]) == (201, "/api/v1/orders/1001")
    assert answer.json() == {"number": "1001", "external_id": "1001", "result": "new", "difference": 0, "url": "/orders/1001"}
    kept = await mo.get(answer.headers["location"])
    assert msgspec.json.decode(kept.content, type=OrderSnapshot) == sent
    assert kept.headers["cache-control"] == "no-store"


async def test_what_was_read_back_can_be_put_again_and_changes_nothing(mo: httpx.AsyncClient) -> None:
    await put(mo, snapshot())
    before = [
        list(map(dict, await db.rows(f"SELECT * FROM {table}"))) for table in ("orders", "order_lines", "events", "customers")
    ]
    answer = await put(mo, (await mo.get(address())).content)
    assert (answer.status_code, answer.json()["result"]) == (200, "unchanged")
    after = [
        list(map(dict, await db.rows(f"SELECT * FROM {table}"))) for table in ("orders", "order_lines", "events", "customers")
    ]
    assert after == before


async def test_a_newer_state_updates_and_an_older_one_is_refused(mo: httpx.AsyncClient) -> None:
    await put(mo, snapshot(updated_at=AT))
    newer = await put(mo, snapshot(updated_at=AT + timedelta(seconds=1), note="newer"))
    assert (newer.status_code, newer.json()["result"]) == (200, "updated")
    assert "location" not in newer.headers
    older = await put(mo, snapshot(updated_at=AT, note="older"))
    assert (older.status_code, older.json()["title"]) == (409, "Conflict")
    assert (await mo.get(address())).json()["note"] == "newer"


async def test_its_news_is_told(mo: httpx.AsyncClient) -> None:
    await put(mo, snapshot())
    told = await db.rows('SELECT kind FROM events WHERE noticed_at IS NULL AND "order" IS NOT NULL ORDER BY id')
    assert [row["kind"] for row in told] == ["order_placed", "order_paid"]


async def test_sums_that_do_not_add_up_are_kept_and_said(mo: httpx.AsyncClient) -> None:
    answer = await put(mo, snapshot(total=5291))
    assert (answer.status_code, answer.json()["difference"]) == (201, 1)
    assert (await mo.get(address())).json()["total"] == 5291


async def test_what_address_and_key_say_may_be_left_out(mo: httpx.AsyncClient) -> None:
    sent = {name: value for name, value in body().items() if name not in ("external_id", "merchant", "source")}
    assert (await put(mo, sent, "A/1")).status_code == 201
    kept = (await mo.get(address("A/1"))).json()
    assert (kept["external_id"], kept["merchant"], kept["source"]) == ("A/1", MO, "api")


async def test_what_contradicts_address_or_key_is_named(mo: httpx.AsyncClient) -> None:
    answer = await put(mo, body(external_id="1002", merchant=NIA, currency="EURO"))
    assert answer.status_code == 422
    assert errors(answer).keys() == {"/external_id", "/merchant", "/currency"}
    assert errors(await put(mo, body(external_id="", merchant=""))).keys() == {"/external_id", "/merchant"}
    assert await count("orders") == 0


async def test_the_documented_example_is_taken_and_adds_up(mo: httpx.AsyncClient) -> None:
    answer = await put(mo, EXAMPLE, "A/1")
    assert (answer.status_code, answer.json()["difference"]) == (201, 0)


@pytest.mark.parametrize(
    "external_id",
    ["#1001", "A/1", "A/1/2", "a b", "100%", "%2F", "Größe", "invoice", "A/invoice", "a?b=c", "..x", "x" * 160, "1001/"],
)
async def test_any_id_is_its_own_order(mo: httpx.AsyncClient, external_id: str) -> None:
    answer = await put(mo, snapshot(external_id, number="7"), external_id)
    assert (answer.status_code, answer.json()["external_id"]) == (201, external_id)
    kept = await mo.get(answer.headers["location"])
    assert (kept.status_code, kept.json()["external_id"]) == (200, external_id)
    assert [row["external_id"] for row in await db.rows("SELECT external_id FROM orders")] == [external_id]


async def test_a_slash_that_a_proxy_decoded_is_understood(mo: httpx.AsyncClient) -> None:
    await put(mo, snapshot("A/1"), "A/1")
    assert (await mo.get("/api/v1/orders/A/1")).json()["external_id"] == "A/1"


@pytest.mark.parametrize("external_id", ["x" * 161, " ", "a\0b"])
async def test_an_id_that_cannot_be_kept_is_refused_and_never_found(mo: httpx.AsyncClient, external_id: str) -> None:
    sent = {name: value for name, value in body().items() if name != "external_id"}
    assert (await put(mo, sent, external_id)).status_code == 422
    assert (await mo.get(address(external_id))).status_code == 404


async def test_an_address_that_is_no_text_is_refused(mo: httpx.AsyncClient) -> None:
    assert (await mo.put("/api/v1/orders/%FF", content=b"{}", headers=JSON)).status_code == 400
    assert (await mo.get("/api/v1/orders/%FF")).status_code == 400


async def test_every_bad_field_is_named_at_once(mo: httpx.AsyncClient) -> None:
    wrong = body(
        total="52.90", currency="EURO", customer={"email": "nobody", "nam/e~": 1}, placed_at="2026-11-02",
        updated_at="2026-11-02T10:00:00", payment="maybe", discount_codes=[1, "A", None],
        shipments=[{"id": "F1", "state": "sent", "shipped_at": 5, "lines": [{"line": "9", "quantity": -1}, 7]}],
    )  # fmt: skip
    del wrong["number"]
    wrong["lines"] = [
        {"id": "1", "title": "Cup", "quantity": 1, "unit_price": 1.5, "total": 2, "cancelled_quantity": 3},
        {"id": "1", "title": None, "quantity": True, "unit_price": 2**70, "total": 2, "cancelled_quantity": 1},
    ]
    found = errors(await put(mo, wrong))
    assert found.keys() == {
        "/total", "/currency", "/customer/email", "/customer/nam~1e~0", "/placed_at", "/updated_at", "/payment",
        "/discount_codes/0", "/discount_codes/2", "/shipments/0/state", "/shipments/0/shipped_at", "/shipments/0/lines/0/line",
        "/shipments/0/lines/1", "/number", "/lines/0/unit_price", "/lines/0/cancelled_quantity", "/lines/1/id",
        "/lines/1/title", "/lines/1/quantity", "/lines/1/unit_price",
    }  # fmt: skip
    assert found["/number"] == "missing"
    assert found["/payment"] == "expected one of authorised, paid, partly_refunded, refunded, unpaid"
    assert await count("orders") == 0


async def test_what_only_follows_from_another_error_is_not_said(mo: httpx.AsyncClient) -> None:
    parcel = {"id": "F1", "lines": [{"line": "1", "quantity": 1}]}
    assert errors(await put(mo, body(lines=None, shipments=[parcel]))).keys() == {"/lines"}
    assert errors(await put(mo, b"[]")) == {"": "expected an object"}


async def test_a_flood_of_errors_is_cut_off(mo: httpx.AsyncClient) -> None:
    answer = await put(mo, b'{"lines":[' + b",".join([b"1"] * 500_000) + b"]}")
    assert len(errors(answer)) == 1000
    assert "at least 1000" in answer.json()["detail"]


GOOD = msgspec.json.encode(snapshot())
BROKEN = {
    "empty": (b"", "byte 0: the body is empty"),
    "cut off": (GOOD[:-1], f"byte {len(GOOD) - 1}: "),
    "two values": (GOOD + b"{}", f"byte {len(GOOD)}: Extra data"),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD, "byte 0: "),
    "not a number": (GOOD.replace(b"4800", b"NaN"), f"byte {GOOD.index(b'4800')}: "),
    "not UTF-8": (GOOD.replace(b"Teapot", b"\xffeapot"), f"byte {GOOD.index(b'Teapot')}: not UTF-8"),
    "half a surrogate pair": (GOOD.replace(b"Teapot", b"\\ud83d Teapot"), "surrogate"),
    "other half": (GOOD.replace(b"Teapot", b"\\ude00 Teapot"), "surrogate"),
    "nesting bomb": (b'{"note":' + b"[" * 500_000 + b"]" * 500_000 + b"}", "nested too deeply"),
    "unclosed nesting bomb": (b"[" * 1_000_000, "nested too deeply"),
    "form": (b"number=1001&total=12", "byte 0: Expecting value"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_body_that_is_no_json_is_refused_with_the_place(mo: httpx.AsyncClient, name: str) -> None:
    sent, reason = BROKEN[name]
    answer = await put(mo, sent)
    assert answer.status_code == 400
    assert errors(answer).keys() == {""}
    assert reason in errors(answer)[""]


@pytest.mark.parametrize(
    ("digits", "pointer"),
    [(b"1.0", "/lines/0/unit_price"), (b"48e2", "/lines/0/unit_price"), (b"1e400", "/lines/0/unit_price"),
     (b"9223372036854775808", "/lines/0/unit_price"), (b"9" * 5000, "/lines/0/unit_price"), (b"null", "/lines/0/unit_price")],
)  # fmt: skip
async def test_an_amount_is_a_whole_number_of_64_bits(mo: httpx.AsyncClient, digits: bytes, pointer: str) -> None:
    answer = await put(mo, GOOD.replace(b"4800", digits, 1))
    assert answer.status_code == 422
    assert pointer in errors(answer)


async def test_of_a_field_named_twice_the_last_counts(mo: httpx.AsyncClient) -> None:
    assert (await put(mo, GOOD[:-1] + b',"note":"first","note":"last"}')).status_code == 201
    assert (await mo.get(address())).json()["note"] == "last"


BIG, MANY = 2**62, 2**31 - 1
FAR: dict[str, tuple[dict[str, Any], str]] = {
    "year 1": ({"placed_at": "0001-01-01T00:00:00+14:00"}, "/placed_at"),
    "year 9999": ({"updated_at": "9999-12-31T23:59:59-14:00"}, "/updated_at"),
    "parcel of the year 1": ({"shipments": [{"id": "F", "shipped_at": "0001-01-01T00:00:00Z"}]}, "/shipments/0/shipped_at"),
    "refund of the year 9999": ({"refunds": [{"id": "R", "amount": 1, "at": "9999-01-01T00:00:00Z"}]}, "/refunds/0/at"),
    "no zone": ({"placed_at": "2026-11-02T10:00:00"}, "/placed_at"),
    "long locale": ({"customer": {"email": "a@example.com", "locale": "x" * 17}}, "/customer/locale"),
    "long tracking number": ({"shipments": [{"id": "F", "tracking_number": "x" * 201}]}, "/shipments/0/tracking_number"),
    "payment": ({"payments": [{"kind": "card", "amount": 2**63}]}, "/payments/0/amount"),
    "fee": ({"fees": [{"label": "x", "amount": BIG + 1}]}, "/fees/0/amount"),
    "refunds together": ({"refunds": [{"id": "R", "amount": BIG}, {"id": "S", "amount": BIG}]}, "/refunds"),
    "far from its parts": ({"total": BIG, "shipping": -BIG, "fees": [{"label": "x", "amount": -BIG}]}, "/total"),
    "line": ({"lines": [{"id": "1", "title": "x", "quantity": MANY, "unit_price": BIG, "total": 0}]}, "/lines/0/total"),
    "pieces": (
        {"lines": [{"id": n, "title": "x", "quantity": MANY, "unit_price": 0, "total": 0} for n in ("1", "2")]}, "/lines",
    ),
    "in a parcel": (
        {"shipments": [{"id": "F", "lines": [{"line": "1", "quantity": MANY + 1}]}]}, "/shipments/0/lines/0/quantity",
    ),
    "refunded pieces": (
        {"refunds": [{"id": n, "amount": 1, "lines": [{"line": "1", "quantity": MANY}]} for n in ("1", "2")]}, "/refunds",
    ),
    "NUL": ({"note": "a\0b"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FAR)
async def test_what_the_tables_cannot_hold_is_refused(mo: httpx.AsyncClient, name: str) -> None:
    about, pointer = FAR[name]
    answer = await put(mo, body(**about))
    assert answer.status_code == 422
    assert pointer in errors(answer)


async def test_the_largest_that_the_tables_hold_is_kept(mo: httpx.AsyncClient) -> None:
    edge = snapshot(
        placed_at=datetime(1900, 1, 1, tzinfo=UTC), updated_at=datetime(9997, 12, 31, tzinfo=UTC), total=BIG, shipping=BIG,
        lines=[line("1", quantity=MANY, unit_price=0, title="x" * 100_000)],
        refunds=[Refund(id="R", amount=BIG), Refund(id="S", amount=BIG - 1)],
        shipments=[Shipment(id="F", tracking_number="\U0001f4e6" * 200)],
    )  # fmt: skip
    assert (await put(mo, edge)).status_code == 201
    assert msgspec.json.decode((await mo.get(address())).content, type=OrderSnapshot) == edge


@pytest.mark.parametrize("size", [LARGEST_BODY, LARGEST_BODY + 1])
@pytest.mark.parametrize("chunked", [False, True])
async def test_more_than_4_mb_is_too_large_also_in_chunks(mo: httpx.AsyncClient, size: int, chunked: bool) -> None:
    sent = GOOD[:-1] + b" " * (size - len(GOOD)) + b"}"

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 1 << 18):
            yield sent[start : start + (1 << 18)]

    answer = await mo.put(address(), content=chunks() if chunked else sent, headers=JSON)
    assert ("content-length" in answer.request.headers) is not chunked
    assert answer.status_code == (413 if size > LARGEST_BODY else 201)
    if answer.status_code == 413:
        assert answer.json()["title"] == "Content Too Large"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"},
     {"Content-Type": "application/json", "Content-Encoding": "gzip"}, {"Content-Type": "é".encode("latin-1")}],
)  # fmt: skip
async def test_another_media_type_is_refused(mo: httpx.AsyncClient, headers: dict[str, Any]) -> None:
    answer = await mo.put(address(), content=GOOD, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (415, "Unsupported Media Type")


async def test_json_with_parameters_is_json(mo: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert (await mo.put(address(), content=GOOD, headers=headers)).status_code == 201


async def test_another_method_is_refused_and_the_right_ones_are_named(mo: httpx.AsyncClient) -> None:
    answer = await mo.delete(address())
    assert answer.status_code == 405
    assert {"GET", "PUT"} <= set(answer.headers["allow"].replace(" ", "").split(","))


async def test_a_merchant_cannot_see_or_touch_anothers_order(mo: httpx.AsyncClient) -> None:
    await put(mo, snapshot())
    async with await program(NIA) as nia:
        foreign, never = await nia.get(address()), await nia.get(address("never"))
        assert (foreign.status_code, foreign.content, foreign.headers) == (404, never.content, never.headers)
        assert errors(await put(nia, snapshot())).keys() == {"/merchant"}
        assert (await put(nia, snapshot(merchant=NIA, note="Nia's"))).status_code == 201
    assert "note" not in (await mo.get(address())).json()
    assert await count("orders") == 2


async def test_ten_at_once_make_one_order(mo: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(put(mo, snapshot(note=str(n))) for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert (await count("orders"), await count("order_lines"), await count("payments")) == (1, 1, 1)


async def test_ten_at_once_for_ten_customers_make_one_order(mo: httpx.AsyncClient) -> None:
    orders = [snapshot(customer=Person(email=f"c{n}@example.com"), shipments=[Shipment(id="F1")]) for n in range(10)]
    answers = await asyncio.gather(*(put(mo, order) for order in orders))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert (await count("orders"), await count("order_lines"), await count("shipments")) == (1, 1, 1)


async def test_orders_that_change_hands_at_once_do_not_lock_each_other_out(mo: httpx.AsyncClient) -> None:
    alice, bob = Person(email=ALICE), Person(email=BOB)
    await asyncio.gather(put(mo, snapshot("1", customer=alice), "1"), put(mo, snapshot("2", customer=bob), "2"))
    for one, other in [(bob, alice), (alice, bob)] * 10:
        pair = put(mo, snapshot("1", customer=one), "1"), put(mo, snapshot("2", customer=other), "2")
        assert [answer.status_code for answer in await asyncio.gather(*pair)] == [200, 200]
    owners = await db.rows("SELECT o.external_id, c.email FROM orders o JOIN customers c ON c.id = o.customer ORDER BY o.id")
    assert {(row["external_id"], row["email"]) for row in owners} == {("1", ALICE), ("2", BOB)}


async def test_programs_that_wait_for_their_turn_leave_connections_for_the_pages(mo: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        async with db.transaction():
            await db.take_turn(f"orders of {MO}")
            # In a context of its own: whatever a task of this one asks for would join the transaction.
            puts = [contextvars.Context().run(asyncio.ensure_future, put(mo, snapshot(f"W{n}"), f"W{n}")) for n in range(40)]
            while len(api.AT_ONCE._waiters or ()) < 36:
                await asyncio.wait(puts, timeout=0.01)  # they go on meanwhile
            reading = contextvars.Context().run(asyncio.ensure_future, db.rows("SELECT 1 AS up"))
            assert [row["up"] for row in await asyncio.wait_for(reading, 10)] == [1]
        answers = await asyncio.gather(*puts)
    assert {answer.status_code for answer in answers} == {201}
