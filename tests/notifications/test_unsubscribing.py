"""The way out of a mail: one bare POST, from anywhere, as often as anybody likes; never by looking."""

import pytest

from app import db
from app.notifications import preferences, unsubscribing
from tests import builders
from tests.builders import ALICE, BOB

FROM_ELSEWHERE = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def customer() -> int:
    return await builders.customer()


@pytest.fixture
def path(customer: int) -> str:
    return path_of(customer)


def path_of(customer: int, email: str = ALICE, topic: str = "deliveries") -> str:
    return unsubscribing.address(customer, email, topic, "email").removeprefix("http://localhost:8000")


async def on(customer: int) -> frozenset[preferences.Pair]:
    return (await preferences.one(customer)).on


async def test_a_bare_post_stops_the_mails_of_this_topic_alone(client, customer, path) -> None:
    answer = await client.post(path, data=ONE_CLICK)
    assert answer.status_code == 200
    assert await on(customer) == preferences.DEFAULTS - {("deliveries", "email")}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"data": ONE_CLICK},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {"content": b"\xff\x00", "headers": {"Content-Type": "application/json"}},
        {"data": ONE_CLICK, "headers": FROM_ELSEWHERE},
        {"data": ONE_CLICK, "headers": {"Origin": "null"}},
    ],
)
async def test_whatever_is_sent_along_and_from_wherever(client, customer, path, sent) -> None:
    for _ in range(2):
        assert (await client.post(path, **sent)).status_code == 200
    assert ("deliveries", "email") not in await on(customer)
    events = await db.rows("SELECT kind FROM events WHERE kind = 'notices_chosen'")
    assert len(events) == 1, "said twice, done once"


async def test_looking_changes_nothing_and_hides_the_address(client, customer, path) -> None:
    page = await client.get(path)
    assert page.status_code == 200
    assert "a•••@example.com" in page.text
    assert ALICE not in page.text
    assert "Deliveries" in page.text
    assert f'action="{path}"' in page.text
    assert await on(customer) == preferences.DEFAULTS
    assert "no-store" in page.headers["cache-control"]


async def test_it_can_be_taken_back_on_our_own_page_only(client, customer, path) -> None:
    assert f'action="{path}/return"' in (await client.post(path)).text
    assert (await client.post(f"{path}/return", headers=FROM_ELSEWHERE)).status_code == 403
    assert ("deliveries", "email") not in await on(customer)
    answer = await client.post(f"{path}/return")
    assert "again" in answer.text
    assert await on(customer) == preferences.DEFAULTS


@pytest.mark.parametrize("other", ["/orders/1001/archive", "/account/notifications", "/locale", "/unsubscribe/x/return"])
async def test_nothing_else_may_be_posted_from_elsewhere(client, other) -> None:
    assert (await client.post(other, headers=FROM_ELSEWHERE)).status_code == 403


async def test_what_was_changed_by_hand_is_not_ours(client, customer, path) -> None:
    bob = await builders.customer(BOB, "Bob")
    signature, _dot, text = path.rpartition("/")[2].partition(".")
    for token in (
        text, f"x.{text}", f"{signature}.{text.replace(str(customer), str(bob), 1)}", f"{signature}.{text}x", "x", "a.b.c.d.e",
        f"{signature}.{text.replace('deliveries', 'orders')}", f"{signature}.{text.replace('email', 'app')}", "é.é",
    ):  # fmt: skip
        for answer in (await client.get(f"/unsubscribe/{token}"), await client.post(f"/unsubscribe/{token}")):
            assert answer.status_code == 404
    assert await on(customer) == await on(bob) == preferences.DEFAULTS


async def test_an_address_that_the_account_has_left_changes_nothing_and_learns_nothing(client, customer, path) -> None:
    await db.execute("UPDATE customers SET email = 'alice@secret.example' WHERE id = {}", customer)
    for answer in (await client.get(path), await client.post(path), await client.post(f"{path}/return")):
        assert answer.status_code == 200
        assert "secret" not in answer.text
    assert await on(customer) == preferences.DEFAULTS


async def test_somebody_who_is_gone_is_missing(client, customer, path) -> None:
    await db.execute("DELETE FROM customers WHERE id = {}", customer)
    assert (await client.post(path)).status_code == 404


def test_security_has_no_such_address() -> None:
    assert unsubscribing.address(1, ALICE, "security", "email") == ""
