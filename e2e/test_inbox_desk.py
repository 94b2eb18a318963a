"""Mo's desk with all it has at hand: a saved reply is put in, conversations are labelled, closed together and counted."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

DESK = "/desk/atelier-nord/inbox"


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    yield
    for table in ("saved_replies", "desk_labels", "desk_goals"):
        counter.change(f"DELETE FROM {table}")


@pytest.mark.parametrize(("screen", "locale", "js"), [("desktop", "en", True), ("phone", "fr", True), ("phone", "en", False)])
def test_a_saved_reply_is_written_and_put_in_behind_what_is_typed(
    visit: Visit, watch: Watch, screen: str, locale: str, js: bool
) -> None:
    watch.allow("status of 422")
    page = visit(screen, who="mo", locale=locale, js=js)
    page.goto(f"{DESK}/setup/replies/new")
    page.locator("#title").fill("On its way")
    page.locator("#english").fill("Hello {nome}, it is sent.")
    page.locator("#french").fill("Bonjour {name}, elle est partie.")
    page.locator("main form button.first").click()
    expect(page.locator("#english-error")).to_contain_text("{name}, {order}")
    page.locator("#english").fill("Hello {name}, it is sent.")
    page.locator("main form button.first").click()
    page.wait_for_url(f"**{DESK}/setup")
    expect(page.get_by_text("On its way")).to_be_visible()
    if js:
        steps.looks_right(page)
    page.goto(f"{DESK}?show=answered")
    page.locator(".queue h2 a").first.click()
    page.wait_for_url(f"**{DESK}/T-*")
    expect(page.locator(".bubble .words").last).to_be_in_viewport()
    bar, said = page.locator(".backbar").first.bounding_box(), page.locator(".bubble .words").last.bounding_box()
    assert bar
    assert said
    assert said["y"] >= bar["y"] + bar["height"], "what is answered is not under the bar"
    expect(page.locator("#text")).to_be_in_viewport()
    if screen == "desktop":
        page.keyboard.press("?")
        expect(page.locator("desk-keys dl")).to_be_visible()
        page.keyboard.press("r")
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.type("?/a")
        expect(page.locator("#text")).to_have_value("?/a")
    page.locator("#text").fill("Good news!")
    page.locator("#saved").select_option(label="On its way")
    page.locator("button[formaction$='/saved']").click()
    expect(page.locator("#text")).to_have_value(re.compile(r"^Good news!\n\n(Hello|Bonjour) .*"))
    if js:
        steps.looks_right(page)
    if screen == "desktop":
        page.locator("#text").press("Control+Enter")
        expect(page.locator(".bubble.mine", has_text="Good news!")).to_be_visible()
        page.locator("h1").first.click()
        page.keyboard.press("a")
        expect(page.locator("#member option:checked")).not_to_have_attribute("value", "")


@pytest.mark.parametrize(("screen", "locale"), [("desktop", "en"), ("phone", "fr")])
def test_what_is_ticked_is_labelled_and_closed_together_and_the_report_counts_it(
    visit: Visit, screen: str, locale: str
) -> None:
    page = visit(screen, who="mo", locale=locale)
    page.goto(f"{DESK}/setup")
    page.locator("#name").fill("Fragile")
    page.locator("#colour").select_option("bad")
    page.locator("form:has(#name) button").click()
    expect(page.locator("main .tag", has_text="Fragile")).to_be_visible()
    page.goto(f"{DESK}?show=answered")
    row = page.locator(".queue > li").first
    row.locator("input[type=checkbox]").check()
    page.locator("button[name=do][value=label]").click()
    page.wait_for_url(f"**{DESK}")
    page.goto(f"{DESK}?show=answered")
    expect(page.locator(".queue > li").first.locator(".tag", has_text="Fragile")).to_be_visible()
    steps.looks_right(page)
    page.locator(".queue > li").first.locator("input[type=checkbox]").check()
    page.locator("button[name=do][value=close]").click()
    with page.expect_response(lambda it: it.request.method == "POST"):
        page.locator(".toast form button").click()
    steps.settled(page)
    page.goto(f"{DESK}?show=answered")
    expect(page.locator(".queue > li").first.locator(".tag", has_text="Fragile")).to_be_visible()
    page.goto(f"{DESK}/report?weeks=52")
    expect(page.locator("svg.bars")).to_be_visible()
    expect(page.locator("table.numbers").first).to_be_visible()
    expect(page.locator(".answer-times")).to_have_css("white-space", "normal")  # no look of another page's
    steps.looks_right(page)
