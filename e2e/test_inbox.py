"""Alice on her phone and Mo at his desk write to each other, each seeing at once what the other says."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e import offline, steps, talking
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.talking import BUBBLES, DESK, SOON, begun, looks_right, say
from e2e.watch import Watch


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    with talking.undone(counter):
        yield


@pytest.mark.parametrize(("locale", "js"), [("en", True), ("fr", True), ("en", False), ("fr", False)])
def test_a_question_is_asked_at_the_order_and_answered_at_the_desk(
    visit: Visit, counter: Counter, locale: str, js: bool
) -> None:
    page, mo = visit("phone", locale=locale, js=js), visit("desktop", who="mo")
    code = begun(page, "Does the lid come separately?", "The lid", js)
    mo.goto(DESK)
    mo.locator(f"a[href^='{DESK}/{code}']").click()
    mo.wait_for_url(f"**{DESK}/{code}*")
    expect(mo.locator(BUBBLES)).to_have_text(["Does the lid come separately?"])
    steps.looks_right(mo)
    say(mo, "It does, in blue.")
    expect(mo.locator(BUBBLES).last).to_have_text("It does, in blue.")
    if js:
        expect(page.locator(BUBBLES).last).to_have_text("It does, in blue.", timeout=SOON)
    else:
        page.goto("/inbox")
        page.locator(f"a[href^='/inbox/{code}']").click()
        expect(page.locator(BUBBLES).last).to_have_text("It does, in blue.")
        page.locator("#seen button").click()
        expect(page.locator("#seen")).to_have_count(0)
    looks_right(page, js)
    say(page, "Thank you!")
    expect(page.locator(BUBBLES).last).to_have_text("Thank you!")
    page.goto("/inbox")
    looks_right(page, js)
    expect(page.locator(f"#thread-{code} .count")).to_have_count(0)


def test_the_number_of_unread_conversations_follows_on_every_page_and_reading_takes_it_back(
    visit: Visit, counter: Counter
) -> None:
    page, mo, beside = visit("phone"), visit("desktop", who="mo"), visit("phone")
    code = begun(page, "Are you open on Monday?")
    beside.goto("/orders")
    number = beside.locator(".tabs inbox-count b")
    before = int(number.text_content() or "0")
    page.goto("/account")
    mo.goto(f"{DESK}/{code}")
    say(mo, "From ten.")
    expect(number).to_have_text(str(before + 1), timeout=SOON)
    page.goto(f"/inbox/{code}")
    expect(number).to_have_text(str(before), timeout=SOON)


def test_what_is_written_without_a_network_is_sent_once_when_there_is_one(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("net::ERR_", "htmx:error: Failed to fetch", "EventSource's response")
    page, mo = visit("phone", worker=True), visit("desktop", who="mo")
    code = begun(page, "First")
    offline.ready(page, f"/inbox/{code}")
    mo.goto(f"{DESK}/{code}")
    page.context.set_offline(True)
    say(page, "Written in a tunnel")
    expect(page.locator("waiting-changes b").first).to_have_text("1")
    say(mo, "Meanwhile, from the desk")
    page.context.set_offline(False)
    expect(mo.locator(BUBBLES).last).to_have_text("Written in a tunnel", timeout=SOON)
    page.goto(f"/inbox/{code}")
    expect(page.locator(BUBBLES)).to_have_text(["First", "Meanwhile, from the desk", "Written in a tunnel"])


def test_several_are_ticked_archived_and_fetched_back(visit: Visit, counter: Counter) -> None:
    page = visit("phone")
    codes = [begun(page, text) for text in ("One", "Two")]
    page.goto("/inbox")
    for code in codes:
        page.locator(f"#thread-{code} .tick").click()
    expect(page.get_by_role("button", name="Archive")).to_be_in_viewport()
    expect(page.locator("tick-bar b")).to_have_text("Ticked: 2")
    steps.looks_right(page)
    page.get_by_role("button", name="All on this page").click()
    expect(page.locator(".threads :checked")).to_have_count(page.locator(".threads li").count())
    page.get_by_role("button", name="Untick").click()
    expect(page.get_by_role("button", name="Archive")).to_be_hidden()
    page.locator(".threads .tick").last.click()
    expect(page.get_by_role("button", name="Archive")).to_be_in_viewport(ratio=1)
    page.locator(".threads .tick").last.click()
    for code in codes:
        page.locator(f"#thread-{code} .tick").click()
    page.get_by_role("button", name="Archive").click()
    expect(page.locator("#toasts .toast")).to_contain_text("2 archived.")
    for code in codes:
        expect(page.locator(f"#thread-{code}")).to_have_count(0)
    page.locator("#toasts .toast").get_by_role("button", name="Undo").click()
    for code in codes:
        expect(page.locator(f"#thread-{code}")).to_be_visible()


@pytest.mark.parametrize("js", [True, False])
def test_a_search_leads_to_the_words_in_the_conversation(visit: Visit, counter: Counter, js: bool) -> None:
    page = visit("phone", js=js)
    code = begun(page, "The théière drips", js=js)
    page.goto("/inbox")
    page.locator("#q").fill("theie drip")
    page.locator("#q").press("Enter")
    expect(page.locator(f"#thread-{code} mark").first).to_have_text("théière")
    looks_right(page, js)
    page.locator(f"#thread-{code} a").click()
    expect(page.locator(f"{BUBBLES} mark")).to_have_text(["théière", "drips"])


@pytest.mark.parametrize("js", [True, False])
def test_the_list_is_narrowed_to_a_seller_and_to_days_and_widened_again(visit: Visit, counter: Counter, js: bool) -> None:
    page = visit("phone", locale="fr", js=js)
    page.goto("/inbox")
    threads = page.locator(".threads > li")
    every = threads.count()
    page.get_by_text("Vendeur et dates").click()
    page.get_by_label("Vendeur", exact=True).select_option("hifi-lambert")
    page.get_by_label("Premier jour").fill("2020-01-01")
    page.get_by_role("button", name="Afficher").click()
    page.wait_for_url("**seller=hifi-lambert**")
    expect(threads.first).to_contain_text("Hifi Lambert")
    assert 0 < threads.count() < every
    looks_right(page, js)
    page.get_by_role("link", name="Effacer tous les filtres").click()
    expect(threads).to_have_count(every)
