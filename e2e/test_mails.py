"""Mails of news as somebody sees them: every width, both schemes, both languages, nothing loaded; and the way out of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.conftest import ZONES, Newcomer, Visit
from e2e.counter import Counter

axe = Axe()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (320, 390, 640)


@pytest.fixture
def nina(newcomer: Newcomer) -> Callable[[str], str]:
    """`nina("fr")`: somebody who has ordered a moment ago, something with a long name."""
    line = {"id": "1", "title": "Théière « Brume » en grès émaillé " * 3, "quantity": 1, "unit_price": 4800, "total": 4800}

    def address(locale: str) -> str:
        return newcomer(locale=locale, placed_at=datetime.now(UTC).isoformat(), lines=[line])

    return address


def _html(counter: Counter, email: str) -> str:
    """Of the mail about the order, which the worker sends a moment later."""
    counter.mail_after(email, 0)
    mail = message_from_bytes(counter.mails(email)[0].read_bytes(), _class=EmailMessage, policy=default)
    body = mail.get_body(("html",))
    assert body is not None
    assert body.get_content().count("<img") == 0
    return str(body.get_content())


def _problems(page: Page) -> list[str]:
    found = axe.run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:300]}" for one in found for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("locale", ZONES)
def test_a_mail_can_be_read_on_every_width_in_both_schemes(visit: Visit, counter: Counter, nina: Any, locale: str) -> None:
    html = _html(counter, nina(locale))
    page = visit(who="", locale=locale)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.set_content(html)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert _problems(page) == [], (scheme, width)
            assert page.locator("a.button").bounding_box()["height"] >= 44  # type: ignore[index]
    assert page.locator("html").get_attribute("lang") == locale
    assert page.evaluate("document.querySelector('.letter').getBoundingClientRect().width") == 600
    expect(page.locator(".preheader")).to_be_hidden()


def test_dark_mode_is_dark_and_light_mode_light(visit: Visit, counter: Counter, nina: Any) -> None:
    page = visit(who="")
    page.set_content(_html(counter, nina("en")))
    grounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        grounds.append(page.evaluate("getComputedStyle(document.querySelector('.letter')).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(29, 32, 38)"]


def test_the_way_out_of_a_mail_and_back(visit: Visit, counter: Counter, nina: Any) -> None:
    email = nina("en")
    link = counter.link_mailed(email, "/unsubscribe/")
    page = visit("phone", who="", js=False)
    page.goto(link)
    expect(page.locator("h1")).to_have_text("No more mails about: Orders")
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.locator("h1")).to_have_text("These mails have stopped")
    page.get_by_role("button", name="Send them again").click()
    expect(page.locator(".notice")).to_contain_text("You get these mails again")
