"""Mo tells many at once: looked at before it goes, found by customers in their inbox; an offer reaches only who asked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e import steps, talking
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.talking import SOON, looks_right
from e2e.watch import Watch

DESK = "/desk/atelier-nord/notices"
WORDS = {"en": ("We close in August", "Back on the 1st."), "fr": ("Fermé en août", "De retour le 1er.")}


UNREAD = "SELECT count(*) FROM threads t WHERE t.customer = customers.id AND (t.unread > 0 OR t.marked) AND NOT t.muted"


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    with talking.undone(counter):
        yield
    for table in ("notice_people", "notices", "preferences"):
        counter.change(f"DELETE FROM {table}")
    counter.change(f"UPDATE customers SET revision = revision + 1, unread_threads = ({UNREAD})")


def written(page: Page, kind: str = "account") -> None:
    """In both languages; what comes of it is looked at."""
    page.goto(f"{DESK}/new")
    page.locator(f"[name=kind][value={kind}]").check()
    for locale, (subject, text) in WORDS.items():
        page.locator(f"#subject-{locale}").fill(subject)
        page.locator(f"#text-{locale}").fill(text)
    page.locator("main form .first").click()
    page.wait_for_url(re.compile(rf"{DESK}/\d+/sending"))


def sent(page: Page) -> None:
    page.locator("form[action$='/sending'] .first").click()
    page.wait_for_url(re.compile(rf"{DESK}/\d+$"))


def told(page: Page) -> None:
    """As the page says by itself, or when it is loaded again."""
    expect(page.locator("#progress .tag.good")).to_be_visible(timeout=SOON)


@pytest.mark.parametrize(("screen", "locale"), [("phone", "en"), ("phone", "fr"), ("desktop", "en")])
def test_what_the_desk_writes_is_looked_at_sent_and_found_unread_in_the_inbox(
    visit: Visit, watch: Watch, screen: str, locale: str
) -> None:
    watch.allow("status of 422")
    alice = visit(screen, locale=locale)
    alice.goto("/inbox")
    before = alice.locator("inbox-count b").first.inner_text()
    mo = visit(screen, who="mo", locale=locale)
    mo.goto(f"{DESK}/new")
    mo.locator("[name=kind][value=account]").check()
    mo.locator("#subject-en").fill("Half a notice")
    mo.locator("main form .first").click()
    expect(mo.locator("#text-en-error")).to_be_visible()
    expect(mo.locator("#subject-en")).to_have_value("Half a notice")
    looks_right(mo, js=True)
    written(mo)
    for _subject, text in WORDS.values():
        expect(mo.locator(".as-seen", has_text=text)).to_be_visible()
    expect(mo.locator(".reached")).to_be_visible()
    looks_right(mo, js=True)
    sent(mo)
    told(mo)
    looks_right(mo, js=True)
    mo.goto(DESK)
    looks_right(mo, js=True)
    subject, text = WORDS[locale]
    expect(alice.locator("inbox-count b").first).to_have_text(str(int(before or 0) + 1), timeout=SOON)
    alice.goto("/inbox?kind=notices")
    card = alice.locator(".thread.unread", has_text=subject)
    expect(card.locator(".count")).to_be_visible()
    looks_right(alice, js=True)
    card.locator("h3 a").click()
    expect(alice.locator(".bubble .words").last).to_have_text(text)
    expect(alice.locator("#reply")).to_be_visible()
    looks_right(alice, js=True)


@pytest.mark.parametrize(("screen", "locale"), [("phone", "en"), ("phone", "fr")])
def test_an_offer_reaches_only_who_asked_for_offers(visit: Visit, counter: Counter, screen: str, locale: str) -> None:
    mo, alice = visit(screen, who="mo", locale=locale), visit(screen, locale=locale)
    written(mo, "offer")
    expect(mo.locator("form[action$='/sending']")).to_have_count(0)
    alice.goto("/account/notifications")
    alice.locator("[name=on][value='offers.email']").check()
    alice.locator("main form button.first").click()
    expect(alice.locator("toast-note")).to_be_visible()
    mo.reload()
    looks_right(mo, js=True)
    sent(mo)
    told(mo)
    assert counter.number("SELECT told FROM notices") == 1
    alice.goto("/inbox?kind=offer")
    alice.locator(".thread", has_text=WORDS[locale][0]).locator("h3 a").click()
    expect(alice.locator("#not-answered a[href='/account/notifications']")).to_be_visible()
    expect(alice.locator("#reply")).to_have_count(0)
    looks_right(alice, js=True)


def test_without_javascript_it_is_scheduled_and_stopped(visit: Visit) -> None:
    mo = visit("phone", who="mo", js=False)
    written(mo)
    mo.locator("[name=when][value=later]").check()
    mo.locator("#day").fill("2027-03-01")
    mo.locator("#time").fill("09:30")
    sent(mo)
    expect(mo.locator("#progress")).to_contain_text("1 March 2027, 09:30")
    mo.locator("#stopping").click()
    expect(mo.locator("#progress")).to_contain_text("stopped before anybody was told")
    mo.locator("#copies").click()
    expect(mo.locator("#subject-en")).to_have_value("We close in August")
    steps.go(mo, DESK)
    expect(mo.locator("a.row", has_text="We close in August")).to_have_count(2)
