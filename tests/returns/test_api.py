"""Returns through the door for programs: the desk's own verbs and rules, once for each key, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app import clock, db, private_files
from app.errors import Refused
from app.merchants import once
from app.orders import refund_steps, refunding
from app.returns import asking, deciding, files, guests, kept, proposing, sending, unfounded, withdrawals
from app.returns.unfounded_reasons import Why
from tests import builders
from tests.builders import MO, NIA
from tests.merchants.counter import program
from tests.returns import bought, withdrawn

RETURNS = "/api/v1/returns"
VERBS = (
    "approval", "refusal", "question", "upholding", "objection", "receiving", "recount", "goods", "order", "refund",
    "exchange", "exchange/parcel", "exchange/payment", "money", "repair",
)  # fmt: skip


@pytest.fixture
async def mo() -> AsyncIterator[httpx.AsyncClient]:
    async with await program(MO) as client:
        yield client


def wanted(**about: Any) -> dict[str, Any]:
    return {"order": "1001", "lines": [{"line": "1", "quantity": 1, "reason": "changed_mind"}], **about}


async def asked(mo: httpx.AsyncClient, **about: Any) -> str:
    await bought.delivered()
    return str((await mo.post(RETURNS, json=wanted(**about))).json()["code"])


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in answer.json().get("errors", [])}


async def count(table: str) -> int:
    return int((await db.rows(f"SELECT count(*) AS n FROM {table}"))[0]["n"])


async def test_a_declaration_without_effect_is_read_with_why_and_nothing_is_due_of_it(mo: httpx.AsyncClient) -> None:
    order = await bought.delivered()
    code = await guests.confirm(await withdrawn.guest())
    assert (await mo.get(f"{RETURNS}/{code}")).json()["about"]["refund_by"]
    await unfounded.close(order["merchant"], code, Why("forgotten"), answer="As you wrote", by="member:6")
    it = (await mo.get(f"{RETURNS}/{code}")).json()
    about = it["about"]
    assert (about["state"], about["waiting_on"], about["refund_by"], about["send_by"]) == ("unfounded", "nobody", None, None)
    assert (it["clause"], it["answer"], it["events"][-1]["kind"]) == ("forgotten", "As you wrote", "withdrawal_unfounded")
    (one,) = (await mo.get(f"{RETURNS}?state=unfounded")).json()["returns"]
    assert one["code"] == code
    assert (await mo.post(f"{RETURNS}/{code}/refund", json={})).status_code == 409


async def test_a_return_is_asked_for_by_the_shops_ids_and_read_back(mo: httpx.AsyncClient) -> None:
    await bought.delivered()
    answer = await mo.post(RETURNS, json=wanted(note="Too small"))
    it = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"{RETURNS}/{it['code']}")
    assert (it["kind"], it["state"], it["order"], it["expected"], it["currency"]) == (
        "return",
        "requested",
        "1001",
        4800,
        "EUR",
    )
    whole = (await mo.get(answer.headers["location"])).json()
    assert whole["about"] == it
    assert whole["note"] == "Too small"
    (line,) = whole["lines"]
    assert (line["order"], line["line"], line["quantity"], line["reason"]) == ("1001", "1", 1, "changed_mind")
    assert [(one["kind"], one["by"]) for one in whole["events"]] == [("return_requested", "seller")]


async def test_the_way_to_the_refund(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    assert (await mo.post(f"{RETURNS}/{code}/question", json={"question": "Which size?"})).json()["waiting_on"] == "buyer"
    assert (await mo.post(f"{RETURNS}/{code}/approval", json={"answer": "Of course"})).json()["state"] == "approved"
    line = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    arrived = await mo.post(f"{RETURNS}/{code}/receiving", json={"lines": [{"id": line, "damaged": 1}]})
    assert arrived.json()["state"] == "received"
    kept_back = [{"id": line, "amount": 800, "reason": "Worn"}]
    some = await mo.post(f"{RETURNS}/{code}/refund", json={"amount": 1000, "more": True, "deductions": kept_back})
    assert (some.json()["state"], some.json()["refunded"]) == ("received", 1000)
    rest = await mo.post(f"{RETURNS}/{code}/refund", json={})
    assert (rest.json()["state"], rest.json()["refunded"]) == ("refunded", 4000)
    whole = (await mo.get(f"{RETURNS}/{code}")).json()
    assert [one["amount"] for one in whole["refunds"]] == [1000, 3000]
    assert (whole["lines"][0]["damaged"], whole["lines"][0]["deduction"]) == (1, 800)
    assert [(one["kind"], one["text"]) for one in whole["events"]][:3] == [
        ("return_requested", ""), ("return_questioned", "Which size?"), ("return_approved", "Of course"),
    ]  # fmt: skip


async def test_a_refusal_and_an_exchange(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    refused = await mo.post(f"{RETURNS}/{code}/refusal", json={"clause": "used", "answer": "Worn"})
    assert refused.json()["state"] == "declined"
    line = {"line": "2", "quantity": 1, "reason": "wrong_size", "wish": "exchange", "wanted": "Blue"}
    swap = (await mo.post(RETURNS, json=wanted(lines=[line]))).json()["code"]
    await mo.post(f"{RETURNS}/{swap}/approval", json={})
    here = f"{RETURNS}/{swap}/exchange"
    assert list(errors(await mo.post(here, json={}))) == ["/items"]
    cup = (await mo.get(f"{RETURNS}/{swap}")).json()["lines"][0]["id"]
    item = {"id": cup, "title": "Cup", "variant": "Blue", "sku": "CUP-2", "quantity": 1, "unit_price": 1_500}
    for change, pointer in (({"id": cup + 1}, "/items/0/id"), ({"unit_price": -1}, "/items/0/unit_price")):
        assert list(errors(await mo.post(here, json={"items": [item | change]}))) == [pointer]
    key = {"Idempotency-Key": "blue"}
    assert list(errors(await mo.post(here, json={"items": [item], "ask": True}))) == ["/ask"]
    proposal = {"items": [item], "how_paid": "By bank transfer"}
    both = [await mo.post(f"{here}/proposal", json=proposal, headers=key) for _ in range(2)]
    assert both[0].content == both[1].content
    assert (both[0].json()["state"], both[0].json()["exchange"]) == ("approved", None)
    (number,) = await db.rows("SELECT p.id, r.customer FROM exchange_proposals p JOIN returns r ON r.id = p.of_return")
    await proposing.answer(number["customer"], swap, number["id"], agrees=True, by="customer:1")
    about = (await mo.get(f"{RETURNS}/{swap}")).json()["about"]
    assert (about["state"], about["exchange"]) == ("approved", f"exchange-{swap}")
    (made,) = await db.rows("SELECT total, payment FROM orders WHERE source = 'exchange'")
    assert tuple(made.values()) == (250, "unpaid")
    assert (await mo.post(f"{here}/payment", json={})).status_code == 200
    assert (await mo.post(f"{here}/payment", json={})).status_code == 409
    assert list(errors(await mo.post(f"{here}/parcel", json={"tracking_number": " "}))) == ["/tracking_number"]
    assert (await mo.post(f"{here}/parcel", json={"tracking_number": "6A1"})).status_code == 200
    assert (await mo.post(f"{here}/parcel", json={"tracking_number": "6A2"})).status_code == 409
    came = await mo.post(f"{RETURNS}/{swap}/receiving", json={"lines": [{"id": cup, "sound": 1}]})
    assert came.json()["state"] == "exchanged"


async def test_what_was_counted_is_counted_again_once_for_each_key(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    line = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    here, key = f"{RETURNS}/{code}/recount", {"Idempotency-Key": "again"}
    body = {"lines": [{"id": line, "damaged": 1}], "note": "A crack"}
    assert (await mo.post(here, json=body, headers=key)).status_code == 409
    await mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"})
    first = await mo.post(here, json=body, headers=key)
    await mo.post(here, json={"lines": [{"id": line, "sound": 1}]})
    assert (await mo.post(here, json=body, headers=key)).content == first.content
    whole = (await mo.get(f"{RETURNS}/{code}")).json()
    assert (whole["lines"][0]["sound"], whole["lines"][0]["damaged"]) == (1, 0)
    assert [one["kind"] for one in whole["events"]].count("return_recounted") == 2
    assert list(errors(await mo.post(here, json={"lines": [{"id": line, "sound": 2}]}))) == ["/lines/0/sound"]


async def test_a_line_that_is_not_counted_is_not_taken_for_sound(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    line, here = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"], f"{RETURNS}/{code}/receiving"
    for body, pointer in (({}, "/lines"), ({"lines": []}, "/lines"), ({"lines": [{"id": line}]}, "/lines/0/sound")):
        answer = await mo.post(here, json=body)
        assert (answer.status_code, errors(answer)) == (422, {pointer: "Say how many came, and in which condition."})
    assert (await mo.get(f"{RETURNS}/{code}")).json()["about"]["state"] == "requested"
    assert (await mo.post(here, json={"rest": "damaged"})).status_code == 422
    assert (await mo.post(here, json={"rest": "sound"})).json()["state"] == "received"


async def test_the_goods_of_a_claim_are_wanted_and_counted_line_by_line(mo: httpx.AsyncClient) -> None:
    lines = [{"line": "1", "quantity": 1, "reason": "damaged", "wish": "refund"}]
    code = await asked(mo, kind="claim", lines=lines)
    here, key = f"{RETURNS}/{code}/goods", {"Idempotency-Key": "goods"}
    assert (await mo.post(here, json={}, headers=key)).status_code == 409
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    wanted_back = [await mo.post(here, json={}, headers=key) for _ in range(2)]
    assert [(it.status_code, it.json()["waiting_on"]) for it in wanted_back] == [(200, "buyer")] * 2
    assert (await mo.post(here, json={})).status_code == 409
    line = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    unsaid = await mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"})
    assert errors(unsaid) == {"/lines": "Say in which condition it came."}
    done = await mo.post(f"{RETURNS}/{code}/receiving", json={"lines": [{"id": line, "damaged": 1}]})
    assert done.json()["waiting_on"] == "seller"


async def test_a_declaration_that_matched_none_is_given_its_order(mo: httpx.AsyncClient) -> None:
    await bought.delivered()
    code = await guests.confirm(await withdrawn.guest(contract="the blue teapot"))
    await bought.delivered("3", merchant=NIA)
    here, key = f"{RETURNS}/{code}/order", {"Idempotency-Key": "its-order"}
    for order in ("nowhere", "3", "\0"):
        assert list(errors(await mo.post(here, json={"order": order}))) == ["/order"]
    unlike = await mo.post(here, json={"order": "1001"})
    assert (unlike.status_code, list(errors(unlike))) == (422, ["/meant"]), "no number was written, and it is said again"
    assert (await kept.by_code(code)).it.order is None
    both = [await mo.post(here, json={"order": "1001", "meant": True}, headers=key) for _ in range(2)]
    assert [(it.status_code, it.json()["order"], it.json()["state"]) for it in both] == [(200, "1001", "goods_due")] * 2
    assert (await mo.post(here, json={"order": "1001"})).status_code == 409


async def test_an_objection_is_turned_down_once_or_granted(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    assert (await mo.post(f"{RETURNS}/{code}/upholding", json={"answer": "No"})).status_code == 409
    await mo.post(f"{RETURNS}/{code}/refusal", json={"clause": "used", "answer": "Worn"})
    customer = (await kept.by_code(code)).it.customer
    assert customer is not None
    await deciding.object_to(customer, code, text="I only tried it on", by=f"customer:{customer}")
    for body, pointer in (({}, "/answer"), ({"answer": " "}, "/answer"), ({"answer": "\0"}, "/answer"), ({"why": "x"}, "/why")):
        answer = await mo.post(f"{RETURNS}/{code}/upholding", json=body)
        assert (answer.status_code, pointer in errors(answer)) == (422, True), body
    key = {"Idempotency-Key": "stays"}
    first = await mo.post(f"{RETURNS}/{code}/upholding", json={"answer": "The soles are worn"}, headers=key)
    again = await mo.post(f"{RETURNS}/{code}/upholding", json={"answer": "The soles are worn"}, headers=key)
    assert (first.status_code, first.json()["state"], first.json()["waiting_on"]) == (200, "declined", "nobody")
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
    assert (await mo.post(f"{RETURNS}/{code}/upholding", json={"answer": "Again"})).status_code == 409
    assert [kind for kind in await bought.told(code) if kind == "return_upheld"] == ["return_upheld"]


@pytest.mark.parametrize("pays", [True, False])
async def test_an_objection_to_less_is_answered_by_a_program(mo: httpx.AsyncClient, pays: bool) -> None:
    code = await asked(mo)
    customer = (await kept.by_code(code)).it.customer
    assert customer is not None
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    less = await mo.post(f"{RETURNS}/{code}/refund", json={"amount": 1_000, "reason": "Worn"})
    assert (less.status_code, less.json()["state"]) == (200, "refunded"), less.text
    assert (await mo.post(f"{RETURNS}/{code}/refund", json={})).status_code == 409, "nobody has objected"
    await deciding.object_to(customer, code, text="It is new", by=f"customer:{customer}")
    waits = (await mo.get(f"{RETURNS}/{code}")).json()
    assert (waits["about"]["waiting_on"], waits["objected_at"] is not None) == ("seller", True)
    if pays:
        over = await mo.post(f"{RETURNS}/{code}/refund", json={"amount": 999_999})
        assert (over.status_code, "/amount" in errors(over)) == (422, True)
        answer = await mo.post(f"{RETURNS}/{code}/refund", json={})
        assert answer.json()["refunded"] == answer.json()["expected"]
    else:
        answer = await mo.post(f"{RETURNS}/{code}/upholding", json={"answer": "The soles are worn"})
        assert answer.json()["refunded"] == 1_000
    assert (answer.status_code, answer.json()["state"], answer.json()["waiting_on"]) == (200, "refunded", "nobody")


async def test_money_in_place_of_an_exchange(mo: httpx.AsyncClient) -> None:
    line = {"line": "2", "quantity": 1, "reason": "wrong_size", "wish": "exchange", "wanted": "Blue"}
    code = await asked(mo, lines=[line])
    assert (await mo.post(f"{RETURNS}/{code}/money", json={})).status_code == 409
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    assert list(errors(await mo.post(f"{RETURNS}/{code}/money", json={"amount": 5}))) == ["/amount"]
    key = {"Idempotency-Key": "money"}
    answers = await asyncio.gather(*(mo.post(f"{RETURNS}/{code}/money", json={}, headers=key) for _ in range(3)))
    assert {(one.status_code, one.json()["state"], one.json()["expected"]) for one in answers} == {(200, "approved", 1250)}
    assert (await mo.post(f"{RETURNS}/{code}/money", json={})).status_code == 409
    assert (await mo.post(f"{RETURNS}/{code}/refund", json={})).json()["refunded"] == 1250


async def test_a_repair_makes_a_claim_good(mo: httpx.AsyncClient) -> None:
    line = {"line": "1", "quantity": 1, "reason": "defective", "wish": "repair"}
    code = await asked(mo, kind="claim", lines=[line])
    assert (await mo.post(f"{RETURNS}/{code}/repair", json={})).status_code == 409
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    assert list(errors(await mo.post(f"{RETURNS}/{code}/repair", json={"note": "x" * 2_001}))) == ["/note"]
    done = await mo.post(f"{RETURNS}/{code}/repair", json={"note": "A new handle"})
    assert (done.status_code, done.json()["state"]) == (200, "resolved")
    whole = (await mo.get(f"{RETURNS}/{code}")).json()
    assert (whole["events"][-1]["kind"], whole["events"][-1]["text"]) == ("claim_resolved", "A new handle")


async def test_what_stands_against_a_withdrawal_is_no_refusal(mo: httpx.AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {teapots: 1}, by="customer:1")
    before = (await kept.by_code(code)).it
    assert list(errors(await mo.post(f"{RETURNS}/{code}/objection", json={"text": ""}))) == ["/text"]
    done = await mo.post(f"{RETURNS}/{code}/objection", json={"text": "It was made to measure (Art. 16(c))"})
    assert (done.status_code, done.json()["state"], done.json()["expected"]) == (200, before.state, before.expected)
    assert (await bought.told(code))[-1] == "withdrawal_objected"
    assert (await mo.post(f"{RETURNS}/{code}/refusal", json={"clause": "used"})).status_code == 409


@pytest.mark.parametrize(
    ("about", "pointers"),
    [
        ({"order": "nowhere"}, {"/order"}),
        ({"order": "\0"}, {"/order"}),
        ({"lines": []}, {""}),
        ({"lines": [{"line": "9", "quantity": 1}]}, {"/lines/0/line"}),
        ({"lines": [{"line": "2", "quantity": 1, "reason": "other"}, {"line": "1", "quantity": 9, "reason": "other"}]},
         {"/lines/1/quantity"}),
        ({"lines": [{"line": "1", "quantity": 10**30, "reason": "other"}]}, {"/lines/0/quantity"}),
        ({"lines": [{"line": "1", "quantity": -1, "reason": "damaged"}]}, {"/lines/0/quantity", "/lines/0/reason"}),
        ({"lines": [{"line": "1", "quantity": 1}] * 2}, {"", "/lines/1/reason"}),
        ({"lines": [{"line": "1", "quantity": "1", "reason": "boredom"}]}, {"/lines/0/quantity", "/lines/0/reason"}),
        ({"way": "label"}, {"/way"}),
        ({"kind": "withdrawal"}, {"/kind"}),
        ({"note": "x" * 2_001}, {"/note"}),
        ({"more": 1}, {"/more"}),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told_at_its_place_and_nothing_is_kept(
    mo: httpx.AsyncClient, about: dict[str, Any], pointers: set[str]
) -> None:
    await bought.delivered()
    answer = await mo.post(RETURNS, json=wanted(**about))
    assert answer.status_code == 422
    assert errors(answer).keys() == pointers
    assert await count("returns") == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"lines":' + b"9" * 5_000 + b"}"]
)
async def test_what_is_no_json_is_refused(mo: httpx.AsyncClient, body: bytes) -> None:
    code = await asked(mo)
    for place in (RETURNS, *(f"{RETURNS}/{code}/{verb}" for verb in ("approval", "refund", "receiving"))):
        answer = await mo.post(place, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422), (place, answer.text)
    assert await bought.state(code) == "requested"


async def test_lines_of_the_return_are_named_by_their_ids(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    line = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    for lines, pointer in (
        ([{"id": line + 1, "sound": 1}], "/lines/0/id"), ([{"id": line, "sound": 1}] * 2, "/lines/1/id"),
        ([{"id": line, "sound": 2}], "/lines/0/sound"),
    ):  # fmt: skip
        answer = await mo.post(f"{RETURNS}/{code}/receiving", json={"lines": lines})
        assert (answer.status_code, list(errors(answer))) == (422, [pointer])
    await mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"})
    kept_back = [{"id": line, "amount": 4801, "reason": "Worn"}]
    answer = await mo.post(f"{RETURNS}/{code}/refund", json={"deductions": kept_back})
    assert list(errors(answer)) == ["/deductions/0/amount"]
    assert list(errors(await mo.post(f"{RETURNS}/{code}/refund", json={"amount": 4801}))) == ["/amount"]
    assert await count("refunds") == 0


async def test_the_same_key_is_answered_with_the_first_result_and_done_once(mo: httpx.AsyncClient) -> None:
    await bought.delivered()
    key = {"Idempotency-Key": "form-1"}
    first = await mo.post(RETURNS, json=wanted(), headers=key)
    again = await mo.post(RETURNS, json=wanted(), headers=key)
    assert (again.status_code, again.content, again.headers["location"]) == (201, first.content, first.headers["location"])
    assert again.headers["idempotency-replayed"] == "true"
    assert await count("returns") == 1
    other = await mo.post(RETURNS, json=wanted(note="another"), headers=key)
    assert other.status_code == 422
    elsewhere = await mo.post(f"{RETURNS}/{first.json()['code']}/approval", json={}, headers=key)
    assert elsewhere.status_code == 422
    assert await bought.state(first.json()["code"]) == "requested"


async def test_money_asked_for_twice_under_one_key_goes_once(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    body, key = {"amount": 1000, "more": True}, {"Idempotency-Key": "1000-of-it"}
    answers = await asyncio.gather(*(mo.post(f"{RETURNS}/{code}/refund", json=body, headers=key) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["refunded"] for answer in answers} == {1000}
    assert await count("refunds") == 1


async def test_a_key_of_what_was_refused_may_be_sent_again(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    key = {"Idempotency-Key": "k"}
    assert (await mo.post(f"{RETURNS}/{code}/exchange", json={}, headers=key)).status_code == 409
    assert (await mo.post(f"{RETURNS}/{code}/approval", json={}, headers=key)).status_code == 200
    for bad in ("", "with space", "x" * 201):
        answer = await mo.post(f"{RETURNS}/{code}/refund", json={}, headers={"Idempotency-Key": bad})
        assert answer.status_code == 400
    assert await count("refunds") == 0


async def test_keys_are_each_api_keys_own_and_are_forgotten(mo: httpx.AsyncClient) -> None:
    await bought.delivered()
    await bought.delivered("3", merchant=NIA)
    key = {"Idempotency-Key": "same"}
    await mo.post(RETURNS, json=wanted(), headers=key)
    async with await program(NIA) as nia:
        assert (await nia.post(RETURNS, json=wanted(order="3"), headers=key)).status_code == 201
    assert await count("returns") == 2
    await db.execute("UPDATE program_answers SET at = {}", clock.now() - once.KEPT * 1.01)
    await once.forget()
    assert await count("program_answers") == 0


async def test_another_merchants_return_and_order_do_not_exist(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    async with await program(NIA) as nia:
        assert (await nia.get(RETURNS)).json() == {"returns": [], "next": ""}
        for path in (f"{RETURNS}/{code}", f"{RETURNS}/{code}/photos/1"):
            assert (await nia.get(path)).status_code == 404
        for verb in VERBS:
            for body in ({}, {"nonsense": 1}):
                assert (await nia.post(f"{RETURNS}/{code}/{verb}", json=body)).status_code == 404
        assert list(errors(await nia.post(RETURNS, json=wanted()))) == ["/order"]
    assert await bought.state(code) == "requested"


async def test_photos_are_there_for_the_merchants_programs(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    name = f"photo-{'0' * 32}.webp"
    private_files.write(files.folder(), name, b"hers")
    row = {
        "of_return": (await kept.by_code(code)).it.id,
        "name": name,
        "title": "Scratch",
        "media_type": "image/webp",
        "size": 4,
    }
    await db.insert("return_files", [row])
    (photo,) = (await mo.get(f"{RETURNS}/{code}")).json()["photos"]
    assert photo["title"] == "Scratch"
    answer = await mo.get(photo["url"])
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"hers", "image/webp")
    assert (await mo.get(f"{RETURNS}/{code}/photos/{photo['id'] + 1}")).status_code == 404


async def test_the_list_is_read_page_by_page_in_the_order_of_changes(
    mo: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.returns.api_list.PAGE", 2)
    await bought.delivered(lines=[builders.line(str(n)) for n in range(5)])
    lines = [[{"line": str(n), "quantity": 1, "reason": "other"}] for n in range(5)]
    codes = [(await mo.post(RETURNS, json=wanted(lines=one))).json()["code"] for one in lines]
    first = (await mo.get(RETURNS)).json()
    await mo.post(f"{RETURNS}/{codes[0]}/question", json={"question": "Why?"})
    seen, after = [one["code"] for one in first["returns"]], first["next"]
    while after:
        page = (await mo.get(RETURNS, params={"after": after})).json()
        seen, after = [*seen, *(one["code"] for one in page["returns"])], page["next"]
    assert seen == [*codes, codes[0]]
    since = (await mo.get(f"{RETURNS}/{codes[4]}")).json()["about"]["changed_at"]
    found = (await mo.get(RETURNS, params={"since": since})).json()["returns"]
    assert [one["code"] for one in found] == [codes[4], codes[0]]


async def test_the_list_is_narrowed_and_nonsense_is_refused(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    for said, there in (
        ({"kind": "return"}, True), ({"kind": "claim"}, False), ({"state": "requested", "waiting": "seller"}, True),
        ({"state": "approved"}, False), ({"since": "2200-01-01T00:00:00Z"}, False),
        ({"since": "1970-01-02T00:00:00+02:00"}, True),
    ):  # fmt: skip
        found = (await mo.get(RETURNS, params=said)).json()["returns"]
        assert [one["code"] for one in found] == [code] * there, said
    for name in ("kind", "state", "waiting", "since", "after"):
        for bad in ("x", "0001-01-01T00:00:00+14:00", "20261231T000000000000-99999999999", "\0"):
            answer = await mo.get(RETURNS, params={name: bad})
            assert (answer.status_code, list(errors(answer))) == (422, [f"/{name}"])


async def test_a_program_and_a_desk_decide_at_once_and_one_of_them_does(mo: httpx.AsyncClient) -> None:
    order = await bought.delivered()
    code = (await mo.post(RETURNS, json=wanted())).json()["code"]
    desk = deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    said, told = await asyncio.gather(
        mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"}), desk, return_exceptions=True
    )
    assert isinstance(said, httpx.Response)
    if said.status_code == 200:
        assert isinstance(told, Refused)
        assert await bought.state(code) == "received"
    else:
        assert (said.status_code, told) == (409, None)
        assert await bought.state(code) == "declined"


async def test_two_programs_ask_for_the_last_of_a_line_and_one_gets_it(mo: httpx.AsyncClient) -> None:
    await bought.delivered()
    asking_both = [
        mo.post(
            RETURNS,
            json=wanted(lines=[{"line": "2", "quantity": 1, "reason": why}], note=why),
            headers={"Idempotency-Key": why},
        )
        for why in ("other", "wrong_size")
    ]
    answers = await asyncio.gather(*asking_both)
    assert {answer.json()["code"] for answer in answers if answer.is_success}
    assert await count("returns") == 1
    assert sorted(answer.status_code for answer in answers) == [200, 201], "asked again at once, it is the same"


async def test_what_nobody_has_confirmed_is_not_there(mo: httpx.AsyncClient) -> None:
    order = await bought.delivered()
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    await db.execute("UPDATE returns SET kind = 'withdrawal', state = 'unconfirmed'")
    assert (await mo.get(RETURNS)).json()["returns"] == []
    assert (await mo.get(f"{RETURNS}/{code}")).status_code == 404


async def test_a_withdrawals_goods_are_counted_and_paid_and_nobody_declines_it(mo: httpx.AsyncClient) -> None:
    order = await bought.delivered()
    code = await withdrawals.declare(order["customer"], {(await bought.line_ids(order))[0]: 1}, by="customer:1")
    for verb, body in (("approval", {}), ("refusal", {"clause": "used"})):
        assert (await mo.post(f"{RETURNS}/{code}/{verb}", json=body)).status_code == 409
    assert (await mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"})).json()["state"] == "goods_received"
    done = (await mo.post(f"{RETURNS}/{code}/refund", json={})).json()
    assert (done["kind"], done["state"], done["refunded"]) == ("withdrawal", "refunded", 4800)


async def test_a_program_hears_that_the_money_has_failed_and_whose_turn_it_is(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    await mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"})
    await mo.post(f"{RETURNS}/{code}/refund", json={})
    about = (await mo.get(f"{RETURNS}/{code}")).json()["about"]
    assert (about["money"], about["waiting_on"], about["kept_back"]) == ("due", "nobody", 0)
    (refund,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.fail(refund["id"], by="member:1", reason="The account is closed")
    about = (await mo.get(f"{RETURNS}/{code}")).json()["about"]
    assert (about["state"], about["money"], about["waiting_on"], about["kept_back"]) == ("refunded", "failed", "seller", 0)
    (listed,) = (await mo.get(f"{RETURNS}?waiting=seller")).json()["returns"]
    assert listed == about
    assert (await mo.get(f"{RETURNS}?waiting=nobody")).json()["returns"] == []
    again = await refunding.again(refund["id"], by="member:1")
    await refund_steps.record_reference(again, "SEPA 2", by="member:1")
    later = (await mo.get(f"{RETURNS}/{code}")).json()["about"]
    assert (later["money"], later["waiting_on"]) == ("sent", "nobody")
    assert later["changed_at"] > about["changed_at"], "who asks for what has changed since hears of it"


async def test_a_program_hears_how_much_less_than_promised_was_given(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    line = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    await mo.post(f"{RETURNS}/{code}/receiving", json={"lines": [{"id": line, "damaged": 1}]})
    kept_back = [{"id": line, "amount": 800, "reason": "Worn"}]
    paid = (await mo.post(f"{RETURNS}/{code}/refund", json={"deductions": kept_back})).json()
    assert (paid["expected"], paid["refunded"], paid["kept_back"]) == (4800, 4000, 800)


async def test_a_difference_that_is_to_be_paid_waits_for_the_buyer(mo: httpx.AsyncClient) -> None:
    await bought.delivered()
    line = {"line": "2", "quantity": 1, "reason": "wrong_size", "wish": "exchange", "wanted": "Blue"}
    code = (await mo.post(RETURNS, json=wanted(lines=[line]))).json()["code"]
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    await mo.post(f"{RETURNS}/{code}/receiving", json={"rest": "sound"})
    cup = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    item = {"id": cup, "title": "Cup", "variant": "Blue", "sku": "CUP-2", "quantity": 1, "unit_price": 1_500}
    await mo.post(f"{RETURNS}/{code}/exchange/proposal", json={"items": [item], "how_paid": "By bank transfer"})
    assert (await mo.get(f"{RETURNS}/{code}")).json()["about"]["waiting_on"] == "buyer"
    (number,) = await db.rows("SELECT p.id, r.customer FROM exchange_proposals p JOIN returns r ON r.id = p.of_return")
    await proposing.answer(number["customer"], code, number["id"], agrees=True, by="customer:1")
    assert (await mo.get(f"{RETURNS}/{code}")).json()["about"]["waiting_on"] == "buyer"
    await mo.post(f"{RETURNS}/{code}/exchange/payment", json={})
    assert (await mo.get(f"{RETURNS}/{code}")).json()["about"]["waiting_on"] == "seller"


async def test_a_program_reads_by_which_carrier_it_comes_back(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    await mo.post(f"{RETURNS}/{code}/approval", json={})
    whole = (await mo.get(f"{RETURNS}/{code}")).json()
    assert (whole["carrier"], whole["tracking_number"]) == ("", "")
    it = await kept.by_code(code)
    assert it.it.customer
    await sending.sent(it.it.customer, code, carrier="Colissimo", number="6A12345678901", by="customer:1")
    whole = (await mo.get(f"{RETURNS}/{code}")).json()
    assert (whole["carrier"], whole["tracking_number"]) == ("Colissimo", "6A12345678901")


async def test_an_exchange_names_an_order_or_its_items_and_neither_is_dropped_for_the_other(mo: httpx.AsyncClient) -> None:
    code = await asked(mo)
    line = (await mo.get(f"{RETURNS}/{code}")).json()["lines"][0]["id"]
    both = {"number": "1002", "items": [{"id": line, "title": "Teapot", "quantity": 1, "unit_price": 100}]}
    answer = await mo.post(f"{RETURNS}/{code}/exchange", json=both)
    assert (answer.status_code, list(errors(answer))) == (422, ["/items"])
