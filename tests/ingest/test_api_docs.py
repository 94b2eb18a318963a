"""The description of the API and its page: whole, of this house alone, and shown by a real browser under its policy."""

import asyncio
import hashlib
import re
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import jsonschema_rs
import msgspec
import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright

from app.ingest.api_docs import POLICY, document
from app.web.assets import STATIC
from tests.merchants.counter import APP, HOST

TELL_VIOLATIONS = "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective, e.blockedURI))"
VENDOR = STATIC / "vendor" / "swagger-ui"


@pytest.fixture
async def anybody() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url=HOST) as client:
        yield client


@pytest.fixture
async def served() -> AsyncIterator[str]:
    """The same app behind a real server, for a real browser."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(APP, ws="none", lifespan="off", log_level="error"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await running


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        own = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        opened = await playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        yield opened
        await opened.close()


def described() -> dict[str, Any]:
    return msgspec.json.decode(document())


@pytest.mark.without_database
async def test_the_description_speaks_of_the_api_alone(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/api/openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["openapi"] == "3.1.0"
    assert [path for path in answer.json()["paths"] if not path.startswith("/api/v1/")] == []


def all_of(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in told["paths"].values():
        yield from (operation for method, operation in item.items() if method != "parameters")


@pytest.mark.without_database
def test_every_operation_is_told_with_its_answers_and_its_key() -> None:
    told = described()
    assert told["security"] == [{"api_key": []}]
    assert told["components"]["securitySchemes"]["api_key"]["scheme"] == "bearer"
    operations = list(all_of(told))
    assert len({operation["operationId"] for operation in operations}) == len(operations) == 41
    for operation in operations:
        assert operation["summary"]
        assert {"400", "401", "429"} < operation["responses"].keys()
        problems = [answer for status, answer in operation["responses"].items() if status >= "400"]
        assert {next(iter(answer["content"])) for answer in problems} == {"application/problem+json"}


@pytest.mark.without_database
def test_every_reference_leads_somewhere() -> None:
    told = described()
    for pointer in set(re.findall(r'"\$ref":"#/([^"]+)"', document().decode())):
        place = told
        for part in pointer.split("/"):
            place = place[part]
        assert place["type"] == "object"


@pytest.mark.without_database
def test_every_example_fits_its_schema() -> None:
    told = described()
    components = {"components": told["components"]}
    found = 0
    for operation in all_of(told):
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in part.get("content", {}).values():
                if "example" in content:
                    jsonschema_rs.validate({**components, **content["schema"]}, content["example"])
                    found += 1
    assert found >= 30


@pytest.mark.without_database
@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json", "/schema/swagger", "/schema/redoc", "/docs", "/api"])
async def test_the_frameworks_own_pages_are_not_there(anybody: httpx.AsyncClient, path: str) -> None:
    assert (await anybody.get(path)).status_code == 404


@pytest.mark.without_database
async def test_the_page_names_no_other_host_and_holds_no_script(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/api/docs")
    assert (answer.status_code, answer.headers["content-security-policy"]) == (200, POLICY)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in POLICY
    assert re.findall(r"(?:src|href)=\"(?!/)", answer.text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", answer.text) == []
    assert "PUT /api/v1/orders/{external_id}</code>: Take in an order" in answer.text  # what is read without scripts


@pytest.mark.without_database
def test_what_is_bundled_is_what_its_version_says() -> None:
    said = dict(re.findall(r"sha256 ([0-9a-f]{64}) (\S+)", (VENDOR / "VERSION").read_text()))
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in said.values()} == {
        name: found for found, name in said.items()
    }
    assert len(said) == 2
    assert "Apache License" in (VENDOR / "LICENSE").read_text()


async def watched(browser: Browser, scheme: Any) -> tuple[Page, list[str], list[str]]:
    """A page, what it complained of, and whom it asked."""
    page = await browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("request", lambda request: asked.append(request.url))
    await page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective, e.blockedURI))"
    )
    return page, complaints, asked


@pytest.mark.without_database
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_browser_shows_it_without_a_complaint_and_asks_nobody_else(served: str, browser: Browser, scheme: str) -> None:
    page, complaints, asked = await watched(browser, scheme)
    await page.goto(f"{served}/api/docs")
    await page.get_by_role("button", name="PUT /api/v1/orders/{external_id} Take in an order", exact=False).first.click()
    await page.get_by_text("A newer state of this order is kept.").wait_for()
    await page.get_by_role("button", name="Schemas", exact=False).click()
    await page.get_by_role("button", name="Try it out").first.click()
    await page.get_by_role("button", name="Execute").wait_for()
    assert await page.locator(".opblock").count() == 41
    assert await page.evaluate("document.documentElement.classList.contains('dark-mode')") is (scheme == "dark")
    assert complaints == []
    assert [url for url in asked if not url.startswith((f"{served}/", "data:"))] == []


@pytest.mark.without_database
async def test_it_can_be_tried_out_from_the_page(served: str, browser: Browser) -> None:
    page, _, _ = await watched(browser, "light")
    await page.goto(f"{served}/api/docs#/Orders/getOrder")
    await page.get_by_role("button", name="Try it out").click()
    await page.get_by_placeholder("external_id").fill("A/1")
    async with page.expect_response("**/api/v1/orders/*") as answer:
        await page.get_by_role("button", name="Execute").click()
    assert ((await answer.value).status, (await answer.value).url) == (401, f"{served}/api/v1/orders/A%2F1")
    await page.get_by_text("This needs a merchant's API key").first.wait_for()


@pytest.mark.without_database
async def test_without_scripts_the_plain_list_stays(served: str, browser: Browser) -> None:
    page = await browser.new_page(java_script_enabled=False)
    await page.goto(f"{served}/api/docs")
    assert await page.locator("#reference li").count() == 41
