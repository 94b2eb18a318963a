"""A change that is sent again is done once, whatever happens on the way; and nobody gets another's answer."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.exceptions import LitestarException
from litestar.types import ASGIApp

from app import clock, db
from app.offline import answers, once
from app.orders import actions
from app.worker import CHORES
from tests import builders
from tests.builders import ALICE, BOB
from tests.offline.steps import ARCHIVING, KEY, NO, PROBLEM, YES, effects, kept, public_id, send

IN_PLACE = {"HX-Request": "true", "HX-Request-Type": "partial"}


async def test_sent_again_it_gets_the_first_answer_and_has_no_second_effect(alice: AsyncClient) -> None:
    order = await builders.order()
    first = await send(alice)
    assert (first.status_code, first.headers["location"]) == (303, "/orders")
    await actions.put_away(order["customer"], "1001", archived=False)
    again = await send(alice)
    assert (again.status_code, again.headers["location"], again.headers["cache-control"]) == (303, "/orders", "no-store")
    assert "content-security-policy" in again.headers
    assert await effects() == 2
    row = await db.one("SELECT archived FROM orders")
    assert row is not None
    assert not row["archived"], "done once: what came after it stands"


async def test_what_a_page_was_shown_of_a_change_is_not_kept_for_its_repetition(alice: AsyncClient) -> None:
    await builders.order()
    first = await send(alice, **IN_PLACE)
    assert (first.status_code, 'value="no"' in first.text) == (200, True)
    for headers in (IN_PLACE, {}):
        again = await send(alice, **headers)
        assert (again.status_code, again.content, "location" in again.headers) == (204, b"", False)
    assert await effects() == 1
    assert "put-away" not in repr([dict(row) for row in await db.rows("SELECT * FROM kept_answers")])


async def test_of_one_who_has_too_many_keys_the_oldest_are_forgotten(
    alice: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 2)
    await builders.order()
    for n in range(4):
        await send(alice, key=f"{KEY}{n}")
    alice.cookies.update(await builders.session(BOB))
    await send(alice, "/notifications/reading", key=KEY)
    assert await kept() == [KEY, f"{KEY}2", f"{KEY}3"]


async def test_a_program_that_sends_what_waited_is_led_nowhere(alice: AsyncClient) -> None:
    await builders.order()
    for accept in (PROBLEM, PROBLEM, "text/html"):
        answer = await send(alice, accept=accept)
        expected = (204, None) if accept == PROBLEM else (303, "/orders")
        assert (answer.status_code, answer.headers.get("location")) == expected
        assert "set-cookie" not in answer.headers
    assert await effects() == 1


async def test_a_language_that_was_chosen_without_a_network_is_kept_in_the_browser_when_it_is_sent(alice: AsyncClient) -> None:
    answer = await send(alice, "/account/profile", {"name": "Alice", "locale": "fr", "zone": ""}, accept=PROBLEM)
    assert answer.status_code == 204
    assert [it.partition(";")[0] for it in answer.headers.get_list("set-cookie")] == ["locale=fr"]


async def test_without_a_key_nothing_is_kept(alice: AsyncClient) -> None:
    await builders.order()
    for form in (YES, NO):
        assert (await send(alice, form=form, key=None)).status_code == 303
    assert (await effects(), await kept()) == (2, [])


@pytest.mark.parametrize("at_once", [2, 7])
async def test_sent_several_times_at_once_it_is_done_once(alice: AsyncClient, at_once: int) -> None:
    await builders.order()
    found = await asyncio.gather(*(send(alice, form=YES) for _ in range(at_once)))
    assert {answer.status_code for answer in found} == {303}
    assert (await effects(), await kept()) == (1, [KEY])


async def test_many_changes_of_one_customer_at_once_do_not_lock_each_other_out(alice: AsyncClient) -> None:
    """Each holds a row that refers to the customer while its verb wants to lock the customer."""
    for number in range(8):
        await builders.order(f"20{number}")
    paths = [f"/orders/20{number}/archiving" for number in range(8)]
    found = await asyncio.gather(*(send(alice, path, key=f"{KEY}{n % 8}") for n, path in enumerate(paths * 2)))
    assert {answer.status_code for answer in found} == {303}
    assert await effects() == 8


async def test_of_two_changes_under_one_key_at_once_one_is_refused(alice: AsyncClient) -> None:
    await builders.order()
    found = await asyncio.gather(send(alice, form=YES), send(alice, form=NO))
    assert sorted(answer.status_code for answer in found) == [303, 409]
    assert len(await kept()) == 1


@pytest.mark.parametrize(("path", "form"), [(ARCHIVING, NO), ("/orders/1002/archiving", YES), (f"{ARCHIVING}?a=1", YES)])
async def test_another_change_under_a_known_key_is_refused_and_not_done(
    alice: AsyncClient, path: str, form: dict[str, str]
) -> None:
    for number in ("1001", "1002"):
        await builders.order(number)
    await send(alice)
    answer = await send(alice, path, form)
    assert (answer.status_code, "Nothing was changed" in answer.text) == (409, True)
    assert await effects() == 1


async def test_a_key_that_bob_has_got_hold_of_shows_and_does_nothing(alice: AsyncClient) -> None:
    await builders.order(customer=builders.Person(email=ALICE))
    await builders.order("7", customer=builders.Person(email=BOB))
    first = await send(alice, **IN_PLACE)
    assert "put-away" in first.text
    alice.cookies.clear()
    assert (await send(alice, accept=PROBLEM)).status_code == 401, "nobody is signed in"
    alice.cookies.update(await builders.session(BOB))
    for path in (ARCHIVING, "/orders/7/archiving"):
        answer = await send(alice, path, **IN_PLACE)
        assert (answer.status_code, "put-away" in answer.text) == (409, False)
    assert await effects() == 1


async def test_signed_in_again_it_is_still_known_and_as_another_person_it_is_not_sent(alice: AsyncClient) -> None:
    order = await builders.order()
    mine = public_id(order["customer"])
    assert (await send(alice, x_viewer=mine)).status_code == 303
    alice.cookies.clear()
    assert (await send(alice, x_viewer=mine)).headers["location"] == "/sign-in"
    alice.cookies.update(await builders.session(ALICE))
    assert (await send(alice, x_viewer=mine)).status_code == 303
    alice.cookies.update(await builders.session(BOB))
    for key in (KEY, f"{KEY}1", None):
        answer = await send(alice, "/notifications/reading", key=key, x_viewer=mine)
        assert (answer.status_code, "another account" in answer.text) == (409, True)
    assert (await effects(), await kept()) == (1, [KEY])


async def test_what_was_refused_is_not_kept_and_may_be_sent_again_under_its_key(alice: AsyncClient) -> None:
    assert (await send(alice)).status_code == 404
    wrong = await send(alice, "/account/notifications", {"quiet": "yes", "quiet_from": "25:00"}, accept=PROBLEM)
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, PROBLEM)
    assert wrong.json()["errors"] == [
        {"pointer": "/quiet_from", "detail": "A time of day for the beginning and for the end, please: 22:00."}
    ]
    session = dict(alice.cookies)
    alice.cookies.clear()
    assert (await send(alice, accept=PROBLEM)).json()["detail"] == "Sign in, then try again."
    assert await kept() == []
    alice.cookies.update(session)
    await builders.order()
    assert (await send(alice)).status_code == 303
    assert (await effects(), await kept()) == (1, [KEY])


async def test_a_form_refused_to_a_page_comes_back_as_the_form(alice: AsyncClient) -> None:
    form = {"quiet": "yes", "quiet_from": "25:00"}
    answer = await alice.post("/account/notifications", data=form, headers={"Idempotency-Key": KEY})
    assert (answer.status_code, "<form" in answer.text) == (422, True)


async def test_half_a_change_is_taken_back_with_its_key(alice: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await builders.order()

    async def fails(*_: Any) -> None:
        raise RuntimeError("the machine is out of luck")

    for module, name in ((once.answers, "keep"), (actions.events, "record")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, fails)
            answer = await send(alice, accept=PROBLEM)
        assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
        assert (await effects(), await kept()) == (0, [])
    assert (await send(alice)).status_code == 303
    assert await effects() == 1


async def test_killed_before_the_commit_nothing_was_done(alice: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await builders.order()
    done, goes_on = asyncio.Event(), asyncio.Event()
    keep = answers.keep

    async def slow(*what: Any) -> None:
        await keep(*what)
        done.set()
        await goes_on.wait()

    with monkeypatch.context() as patch:
        patch.setattr(answers, "keep", slow)
        sending = asyncio.create_task(send(alice))
        await done.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    assert (await effects(), await kept()) == (0, [])
    assert (await send(alice)).status_code == 303
    assert await effects() == 1


async def test_killed_after_the_commit_it_was_done_and_says_so_when_asked_again(
    alice: AsyncClient, application: ASGIApp
) -> None:
    await builders.order()

    async def cut(scope: Any, receive: Any, _send: Any) -> None:
        async def lost(_message: Any) -> None:
            raise ConnectionResetError

        await application(scope, receive, lost)

    transport = ASGITransport(cut)  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://counter.example", cookies=alice.cookies) as tunnel:
        with pytest.raises(LitestarException):
            await send(tunnel)
    assert await effects() == 1
    assert (await send(alice)).status_code == 303
    assert await effects() == 1


NO_KEYS = ("", "short", "x" * 201, "a key with spaces in it", "ключ-которого-никто-не-угадает", "\x7f" * 20)


@pytest.mark.parametrize("key", NO_KEYS)
async def test_what_is_no_key_is_refused(alice: AsyncClient, key: str) -> None:
    await builders.order()
    headers = {b"idempotency-key": key.encode(), b"accept": PROBLEM.encode()}
    answer = await alice.post(ARCHIVING, data=YES, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert (await effects(), await kept()) == (0, [])


async def test_more_than_can_be_taken_is_refused_and_not_kept(alice: AsyncClient) -> None:
    answer = await send(alice, form={"archived": "x" * (5 * 1024 * 1024)})
    assert (answer.status_code, await kept()) == (413, [])


async def test_every_change_that_may_be_queued_is_done_once(alice: AsyncClient) -> None:
    await builders.order()
    customer = await builders.customer()
    row = {"customer": customer, "kind": "order_placed", "url": "/orders/1001", "shown": True, "created_at": clock.now()}
    ids = [row["id"] for row in await db.insert("notifications", [{**row, "event": n} for n in (1, 2)], "id")]
    await db.execute("UPDATE customers SET unread = 2 WHERE id = {}", customer)
    forms: list[tuple[str, dict[str, str]]] = [
        (ARCHIVING, YES), (f"/notifications/{ids[0]}/reading", {}), ("/notifications/reading", {}),
        ("/account/notifications", {"on": "orders.app"}), ("/account/profile", {"name": "Alice", "locale": "fr", "zone": ""}),
    ]  # fmt: skip
    before = (await db.rows("SELECT revision FROM customers WHERE id = {}", customer))[0]["revision"]
    for n, (path, form) in enumerate(forms):
        first, again = [await send(alice, path, form, f"{KEY}{n}") for _ in range(2)]
        assert (first.status_code, again.status_code) == (303, 303), path
        assert again.headers["location"] == first.headers["location"]
    after = (await db.rows("SELECT revision, unread, locale FROM customers WHERE id = {}", customer))[0]
    assert (after["revision"] - before, after["unread"], after["locale"]) == (5, 0, "fr")


@given(sent=st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_number_of_repeats_in_any_order_has_the_effects_of_each_key_once(
    alice: AsyncClient, sent: list[tuple[int, bool]]
) -> None:
    """Each key belongs to an order, and keeps the first that was sent under it."""
    for number in range(3):
        if not await db.rows("SELECT id FROM orders WHERE number = {}", f"30{number}"):
            await builders.order(f"30{number}")
    await db.execute("UPDATE orders SET archived = {}", False)
    for table in ("kept_answers", "events"):
        await db.execute(f"DELETE FROM {table}")
    first: dict[int, bool] = {}
    for number, archived in sent:
        answer = await send(alice, f"/orders/30{number}/archiving", YES if archived else NO, f"{KEY}{number}")
        known = first.setdefault(number, archived)
        assert answer.status_code == (303 if known == archived else 409)
    archived_now = {row["number"] for row in await db.rows("SELECT number FROM orders WHERE archived")}
    assert archived_now == {f"30{number}" for number, archived in first.items() if archived}
    assert await effects() == len(archived_now)


async def test_keys_are_forgotten_after_thirty_days(alice: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await builders.order()
    await send(alice)
    assert answers.forget in CHORES
    for days, left in ((29, [KEY]), (31, [])):
        monkeypatch.setattr(answers, "_due", 0.0)
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            await answers.forget()
        assert await kept() == left
