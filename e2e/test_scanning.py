"""Parcels taken in at a desk, on a phone: by the camera that reads the label, or by typing where it cannot."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from e2e import asking, camera, steps
from e2e.conftest import SCREENS, Visit
from e2e.counter import Counter
from e2e.watch import Watch

RETURNS = "/desk/atelier-nord/returns"


@pytest.fixture(scope="module")
def code(counter: Counter) -> str:
    """Of a return that was agreed to, and has a label."""
    (code, *_others) = counter.beside("asked_each", email=asking.came(counter))
    counter.beside("decided", code=code)
    return str(code)


@pytest.fixture
def before_the_camera(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], counter: Counter, tokens: Callable[[str, str], str],
    tmp_path: Path, code: str,
) -> Iterator[Browser]:  # fmt: skip
    """A browser of its own: what its camera sees is said when it starts."""
    film = tmp_path / "label.y4m"
    camera.held_before(film, camera.label(counter, tokens("mo", "en"), f"{RETURNS}/{code}/label.pdf"))
    args = [*browser_type_launch_args["args"], *camera.seeing(film)]
    opened = browser_type.launch(**{**browser_type_launch_args, "args": args})
    yield opened
    opened.close()


def test_the_label_before_the_camera_leads_to_its_return(
    before_the_camera: Browser, counter: Counter, tokens: Callable[[str, str], str], watch: Watch, code: str
) -> None:
    context = before_the_camera.new_context(**SCREENS["phone"], base_url=counter.url, service_workers="block")
    watch.over(context)
    context.add_cookies([{"name": "session", "value": tokens("mo", "en"), "url": counter.url}])
    page = context.new_page()
    frames = camera.watched(page)
    page.goto(RETURNS)
    scan = page.locator("scan-code button")
    expect(page.locator("scan-code [data-without]")).to_be_hidden()
    scan.click()
    page.wait_for_url(f"**{RETURNS}/{code}#decide")
    assert frames[-1] == camera.SIZE
    expect(page.get_by_role("button", name="All of it came in order")).to_be_in_viewport()
    steps.looks_right(page)


def test_without_a_detector_the_code_is_typed(visit: Visit, code: str) -> None:
    page = visit("phone", who="mo")
    page.goto(RETURNS)
    expect(page.locator("scan-code")).to_contain_text("type the code on its label")
    expect(page.locator("scan-code button")).to_be_hidden()
    _typed(page, code)


def test_without_a_camera_it_is_said_and_the_code_is_typed(visit: Visit, code: str) -> None:
    page = visit("phone", who="mo", locale="fr")
    frames = camera.watched(page)
    page.goto(RETURNS)
    page.locator("scan-code button").click()
    expect(page.locator("scan-code [role=status]")).to_contain_text("Aucune caméra n’est utilisable ici.")
    expect(page.locator("scan-code video")).to_be_hidden()
    assert frames == []
    steps.looks_right(page)
    _typed(page, code)


def _typed(page: Page, code: str) -> None:
    """Small, with a letter that looks like a digit."""
    page.locator("#q").fill(code.lower().replace("0", "o"))
    page.locator("#q").press("Enter")
    page.wait_for_url(f"**{RETURNS}/{code}")
    expect(page.locator("#main form[action$='/receiving'] button.first")).to_be_visible()
