"""A browser is switched on by a click, kept right at each visit, named, tried out, and taken away; nobody else's."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient
from msgspec.structs import replace
from pytest_httpserver import HTTPServer

from app import db, outgoing
from app.notifications import push, push_addresses, push_keys, push_subscriptions
from app.settings import settings
from tests import builders
from tests.builders import ALICE, BOB
from tests.notifications.push_steps import PushService, claims, subscribed
from tests.notifications.steps import told

DEVICES = "/account/notifications/devices"
PUSH = "/account/notifications/push"
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"}


@pytest.fixture(autouse=True)
async def loopback(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(push_addresses, "settings", replace(settings, push_hosts=("localhost",)))
    yield
    await push.close()


@pytest.fixture
def service(httpserver: HTTPServer) -> PushService:
    return PushService(httpserver)


async def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows("SELECT * FROM push_subscriptions ORDER BY id")]


async def test_a_click_subscribes_and_the_test_message_arrives(alice: AsyncClient, service: PushService) -> None:
    browser = service.browser()
    alice.headers.update(FIREFOX)
    shown = (await alice.get(DEVICES)).text
    assert f'key="{push_keys.public_key()}"' in shown
    assert " on data-failed" not in shown
    answer = await browser.subscribe(alice)
    assert (answer.status_code, answer.headers["location"]) == (303, DEVICES)
    page = (await alice.get(DEVICES)).text
    assert "Firefox on Linux" in page
    assert "This browser" in page
    assert "Nothing delivered yet" in page
    (row,) = await rows()
    tried = await alice.post(f"{PUSH}/{row['id']}/test")
    assert tried.status_code == 303
    (asked,) = service.asked
    assert browser.opened(asked.get_data())["notification"]["title"] == "It works"
    assert claims(asked)["sub"] == "mailto:no-reply@localhost"
    after = (await alice.get(DEVICES)).text
    assert "Last delivered on" in after
    assert "Sent to Firefox on Linux" in after


async def test_a_test_says_what_went_wrong(alice: AsyncClient, service: PushService) -> None:
    await service.browser().subscribe(alice)
    (row,) = await rows()
    for status, words in ((503, "cannot be reached"), (400, "has refused"), (410, "takes no news any more")):
        service.statuses = [status]
        await alice.post(f"{PUSH}/{row['id']}/test")
        assert words in (await alice.get(DEVICES)).text, status
    lost = (await alice.get(DEVICES)).text
    assert "came by e-mail instead" in lost
    await alice.post("/account/notifications/losses")
    assert await rows() == []
    assert "came by e-mail instead" not in (await alice.get(DEVICES)).text


async def test_tests_have_an_end(alice: AsyncClient, service: PushService) -> None:
    """By whom they are asked for, not by browser: it is no way to keep us or a push service busy."""
    await service.browser().subscribe(alice)
    (row,) = await rows()
    with time_machine.travel(row["created_at"], tick=False):
        for _ in range(push.TESTS.most + 2):
            assert (await alice.post(f"{PUSH}/{row['id']}/test")).status_code == 303
        assert "too many tries" in (await alice.get(DEVICES)).text
    assert len(service.asked) == push.TESTS.most


async def test_it_is_said_in_the_app_when_a_browser_was_lost(alice: AsyncClient, service: PushService) -> None:
    await service.browser().subscribe(alice)
    service.statuses = [410]
    await alice.post(f"{PUSH}/{(await rows())[0]['id']}/test")
    await told()
    assert "takes no news any more" in (await alice.get("/notifications")).text


async def test_subscribing_again_in_the_same_browser_replaces_what_it_had(alice: AsyncClient, service: PushService) -> None:
    await service.browser("a").subscribe(alice)
    await alice.post(f"{PUSH}/{(await rows())[0]['id']}/name", data={"name": "Kitchen"})
    await service.browser("b").subscribe(alice)
    await service.browser("b").subscribe(alice)
    (row,) = await rows()
    assert (row["endpoint"], row["name"]) == (service.url("b"), "Kitchen")


async def test_a_visit_keeps_it_right_over_a_new_sign_in_and_a_new_address(alice: AsyncClient, service: PushService) -> None:
    before, after = service.browser("a"), service.browser("b")
    await before.subscribe(alice)
    alice.cookies.update(await builders.session(ALICE))
    answer = await alice.post(PUSH, data={"subscription": before.json})
    assert answer.json() == {"on": True}
    (row,) = await rows()
    assert row["session"] == (await db.rows("SELECT max(id) AS id FROM sessions"))[0]["id"]
    answer = await alice.post(PUSH, data={"subscription": after.json, "old": before.endpoint})
    assert answer.json() == {"on": True}
    (row,) = await rows()
    assert row["endpoint"] == after.endpoint


async def test_a_visit_alone_subscribes_nobody(alice: AsyncClient, service: PushService) -> None:
    answer = await alice.post(PUSH, data={"subscription": service.browser().json})
    assert answer.json() == {"on": False}
    assert await rows() == []


async def test_who_comes_after_another_in_the_same_browser_neither_gets_their_news_nor_leaves_it_running(
    alice: AsyncClient, service: PushService
) -> None:
    browser = service.browser()
    await browser.subscribe(alice)
    alice.cookies.update(await builders.session(BOB))
    answer = await alice.post(PUSH, data={"subscription": browser.json})
    assert answer.json() == {"on": False}
    assert await rows() == []


async def test_the_same_browser_clicked_by_another_is_theirs_now(alice: AsyncClient, service: PushService) -> None:
    browser = service.browser()
    await browser.subscribe(alice)
    alice.cookies.update(await builders.session(BOB))
    await browser.subscribe(alice)
    (row,) = await rows()
    assert row["customer"] == await builders.customer(BOB)


async def test_signing_out_ends_it_in_that_browser(alice: AsyncClient, service: PushService) -> None:
    await service.browser().subscribe(alice)
    customer = await builders.customer()
    assert len((await push_subscriptions.targets([customer]))[customer]) == 1
    await alice.post("/sign-out")
    assert await push_subscriptions.targets([customer]) == {}


async def test_it_is_removed_by_its_owner_alone(alice: AsyncClient, service: PushService) -> None:
    row = await subscribed(service.browser(), BOB)
    for verb in ("removal", "name", "test"):
        assert (await alice.post(f"{PUSH}/{row['id']}/{verb}", data={"name": "x"})).status_code == 404
    await service.browser("b").subscribe(alice)
    own = (await rows())[-1]
    assert (await alice.post(f"{PUSH}/{own['id']}/removal")).status_code == 303
    assert [kept["id"] for kept in await rows()] == [row["id"]]
    assert service.asked == []


async def test_there_is_an_end_to_how_many(alice: AsyncClient, service: PushService) -> None:
    made = await subscribed(service.browser())
    row = {name: value for name, value in made.items() if name != "id"}
    more = [row | {"endpoint_hash": str(n), "endpoint": f"https://localhost/{n}"} for n in range(push_subscriptions.MOST - 1)]
    await db.insert("push_subscriptions", more)
    answer = await service.browser("b").subscribe(alice)
    assert answer.status_code == 409
    assert "News goes to 20 browsers already" in answer.text


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "https://me:secret@localhost/x",
        "https://127.0.0.1/x", "https://2130706433/x", "https://0x7f.1/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x",
        "https://[::ffff:7f00:1]/x", "https://[64:ff9b::7f00:1]/x", "https://10.0.0.1/x", "https://169.254.169.254/latest",
        "https://localhost.evil.example/x", "https://evil.example/?localhost", "https://localhost@evil.example/x",
        "https://evil.example#localhost", "ftp://localhost/x", "//localhost/x", "javascript:alert(1)", "", "https://[x/",
        "https://fcm.googleapis.com:99999/x", "https://localhost/\r\nHost: x", "https://localhost/" + "x" * 3_000,
    ],
)  # fmt: skip
async def test_addresses_that_lead_elsewhere_are_refused(alice: AsyncClient, service: PushService, endpoint: str) -> None:
    browser = service.browser()
    browser.endpoint = endpoint
    answer = await browser.subscribe(alice)
    assert answer.status_code == 422
    assert await rows() == []


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "2130706433", "[::1]", "[::ffff:7f00:1]", "intranet"])
async def test_not_even_an_operator_can_allow_what_is_inside(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(push_addresses, "settings", replace(settings, push_hosts=(host.strip("[]"),)))
    monkeypatch.setattr(outgoing, "settings", replace(settings, base_url="https://shop.example"))
    assert push_addresses.fault(f"https://{host}/x")


async def test_the_known_push_services_are_allowed_and_their_look_alikes_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_addresses, "settings", settings)
    for host in (
        "fcm.googleapis.com", "updates.push.services.mozilla.com", "wns2-par02p.notify.windows.com", "web.push.apple.com",
    ):  # fmt: skip
        assert push_addresses.fault(f"https://{host}/x") == ""
    for host in ("fcm.googleapis.com.evil.example", "evilpush.services.mozilla.com", "googleapis.com", "localhost"):
        assert push_addresses.fault(f"https://{host}/x")


@pytest.mark.parametrize(
    "keys",
    [
        {}, {"p256dh": "", "auth": ""}, {"p256dh": "B" * 87, "auth": "A" * 22}, {"p256dh": "é", "auth": "A" * 22},
        {"p256dh": 5, "auth": []}, None,
    ],
)  # fmt: skip
async def test_keys_that_are_none_are_refused(alice: AsyncClient, service: PushService, keys: Any) -> None:
    about = json.dumps({"endpoint": service.url(), "keys": keys})
    for address in (DEVICES, PUSH):
        assert (await alice.post(address, data={"subscription": about})).status_code == 422
    sound = json.loads(service.browser().json)
    sound["keys"]["auth"] = "AAAA"
    assert (await alice.post(DEVICES, data={"subscription": json.dumps(sound)})).status_code == 422
    assert (await alice.post(DEVICES, data={"subscription": "{" * 500})).status_code == 422


async def test_browsers_nobody_came_back_to_are_forgotten(alice: AsyncClient, service: PushService) -> None:
    await service.browser().subscribe(alice)
    await db.execute("UPDATE push_subscriptions SET seen_at = '2026-01-01 00:00:00+00:00'")
    assert await push_subscriptions.forget() == 0
    await alice.post("/sign-out")
    assert await push_subscriptions.forget() == 1


async def test_the_worker_script_is_asked_for_anew_and_may_ask_nobody_else(client: AsyncClient) -> None:
    answer = await client.get("/service-worker.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "showNotification" in answer.text
    assert '"version":"' in answer.text
