"""“Forget this device”: signed in or not, nobody is known on it afterwards, and nothing is pushed to it."""

import pytest
from httpx import AsyncClient

from app import db
from app.accounts import devices
from tests import builders
from tests.builders import ALICE, BOB
from tests.notifications.push_steps import Browser
from tests.offline.steps import PROBLEM, public_id

FORGET = "/device/forgetting"
OURS = {"session", "device", "sign-in", "code-asked", "proof-asked", "link-asked", "parcel_link"}
TOKEN = "the-browsers-own-token"


@pytest.fixture
async def trusted(alice: AsyncClient) -> AsyncClient:
    """Alice's browser, which she trusts, and so does Bob, who is not signed in there now."""
    for email, name in ((ALICE, "Alice"), (BOB, "Bob")):
        await devices.remember(await builders.customer(email, name), TOKEN, "Firefox", trusted=True)
    alice.cookies.set("device", TOKEN)
    alice.cookies.set("locale", "en")
    return alice


async def kinds() -> list[str]:
    return [row["kind"] for row in await db.rows("SELECT kind FROM events ORDER BY id")]


async def trust() -> int:
    return len(await db.rows("SELECT id FROM devices WHERE trusted_until IS NOT NULL"))


async def test_the_browser_throws_everything_away_and_says_so(trusted: AsyncClient) -> None:
    answer = await trusted.post(FORGET)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    gone = {it.partition("=")[0] for it in answer.headers.get_list("set-cookie") if "Max-Age=0" in it}
    assert gone == OURS
    for name in ("session", "device"):
        trusted.cookies.delete(name)
    door = await trusted.get("/sign-in")
    assert "This device is forgotten." in door.text
    assert not await db.rows("SELECT id FROM sessions")


async def test_nobodys_second_factor_is_spared_there_any_more(trusted: AsyncClient) -> None:
    elsewhere = await devices.remember(await builders.customer(BOB), "another-browser", "Safari", trusted=True)
    await trusted.post(FORGET)
    assert [row["id"] for row in await db.rows("SELECT id FROM devices WHERE trusted_until IS NOT NULL")] == [elsewhere]
    assert sorted(await kinds()) == ["device_distrusted", "device_distrusted", "signed_out"]


async def test_nothing_is_pushed_to_it_any_more_and_other_browsers_keep_theirs(client: AsyncClient) -> None:
    for name in ("one", "another"):
        client.cookies.update(await builders.session())
        assert (await Browser(f"https://updates.push.services.mozilla.com/{name}").subscribe(client)).status_code == 303
    await client.post(FORGET)
    assert len(await db.rows("SELECT id FROM push_subscriptions")) == 1


async def test_who_is_signed_out_already_forgets_it_too(trusted: AsyncClient) -> None:
    await trusted.post("/sign-out")
    assert (await trusted.post(FORGET)).headers["clear-site-data"] == '"cache", "storage"'
    assert await trust() == 0


async def test_a_browser_that_was_never_here_changes_nothing(client: AsyncClient) -> None:
    await devices.remember(await builders.customer(), TOKEN, "Firefox", trusted=True)
    await devices.remember(await builders.customer(BOB), "", "Nothing", trusted=True)
    for token in ("", "made-up"):
        client.cookies.set("device", token)
        assert (await client.post(FORGET)).status_code == 303
    assert await trust() == 2
    assert await kinds() == []


async def test_cookies_of_other_sites_of_the_domain_are_left_alone(alice: AsyncClient) -> None:
    """Of a name that we could not even write."""
    answer = await alice.post(FORGET, headers={"Cookie": "a[b]=1; theme=dark"})
    assert answer.status_code == 303
    assert {it.partition("=")[0] for it in answer.headers.get_list("set-cookie")} == {*OURS, "flash"}


async def test_a_service_worker_that_could_reach_nobody_asks_later_and_lives(trusted: AsyncClient) -> None:
    answer = await trusted.post(FORGET, headers={"Accept": PROBLEM, "X-Viewer": public_id(await builders.customer())})
    assert (answer.status_code, answer.headers["clear-site-data"]) == (204, '"cache"')
    assert await trust() == 0
    assert not await db.rows("SELECT id FROM sessions")


async def test_whoever_has_come_in_since_stays_and_is_not_trusted(trusted: AsyncClient) -> None:
    owed = {"Accept": PROBLEM, "X-Viewer": public_id(await builders.customer(BOB))}
    for address in (FORGET, "/sign-out"):
        answer = await trusted.post(address, headers=owed)
        assert (answer.status_code, answer.headers.get_list("set-cookie")) == (204, [])
        assert "clear-site-data" not in answer.headers
    assert await trust() == 0
    assert len(await db.rows("SELECT id FROM sessions")) == 1


async def test_nobody_is_made_to_forget_from_another_site(trusted: AsyncClient) -> None:
    answer = await trusted.post(FORGET, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "clear-site-data" not in answer.headers
    assert await trust() == 2
