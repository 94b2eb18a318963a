"""The page that looks into the browser: for anybody, without a word of who it is; and the setting that withdraws the app."""

from pathlib import Path

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app.notifications import push_keys
from app.settings import read, settings
from app.web import worker_script
from tests import builders
from tests.notifications.push_steps import Browser

HEALTH = "/app-health"


async def test_it_is_there_for_anybody_and_offers_to_forget_the_device(client: AsyncClient) -> None:
    for cookies in ({}, await builders.session()):
        client.cookies.update(cookies)
        answer = await client.get(HEALTH)
        assert answer.status_code == 200
        assert f'key="{push_keys.public_key()}"' in answer.text
        assert 'action="/device/forgetting"' in answer.text
        assert "this page needs JavaScript" in answer.text


async def test_the_copy_for_the_device_is_nobodys_and_in_a_language(alice: AsyncClient) -> None:
    own = await alice.get(HEALTH)
    assert "alice@example.com" in own.text
    for locale, word in (("en", "How things stand"), ("fr", "État des lieux")):
        copy = await alice.get(f"{HEALTH}?locale={locale}")
        assert word in copy.text
        assert "alice@example.com" not in copy.text
        assert 'name="viewer" content=""' in copy.text
    assert (await alice.get(f"{HEALTH}?locale=xx")).text.count("alice@example.com") == own.text.count("alice@example.com")


async def test_it_says_whether_the_shop_believes_to_push_to_this_browser(client: AsyncClient) -> None:
    for name in ("one", "another"):
        client.cookies.update(await builders.session())
        assert " pushed>" not in (await client.get(HEALTH)).text
        await Browser(f"https://updates.push.services.mozilla.com/{name}").subscribe(client)
        assert " pushed>" in (await client.get(HEALTH)).text


async def test_pages_name_the_worker_they_have(client: AsyncClient) -> None:
    assert f'<meta name="worker" content="{worker_script.ADDRESS}">' in (await client.get("/sign-in")).text


@pytest.mark.parametrize(("text", "on"), [("", True), ("on", True), ("off", False)])
def test_one_setting_withdraws_the_app(tmp_path: Path, text: str, on: bool) -> None:
    assert read({"COMPTOIR_OFFLINE": text, "COMPTOIR_DATA_DIR": str(tmp_path)}).offline is on


def test_what_is_in_its_place_then_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_script, "settings", replace(settings, offline=False))
    script = worker_script.made.__wrapped__().decode()
    for word in ("skipWaiting()", "caches.delete", "deleteDatabase", "registration.unregister()"):
        assert word in script
    assert "addEventListener('fetch'" not in script
    assert "addEventListener('push'" not in script
