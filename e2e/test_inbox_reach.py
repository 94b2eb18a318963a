"""From where the question is to who answers it: what may answer it first, the shop itself stepping in, an objection talked
about, what buyers say of a seller, and why messages do not come."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from e2e import asking, steps, talking
from e2e.conftest import Visit
from e2e.counter import Counter

CAME, ELSEWHERE = "/orders/A-10477", "/orders/20417.hifi-lambert"  # delivered, by Atelier Nord; under way, by Hifi Lambert
SHOP = "/desk/alpages/escalated"  # the shop itself
LATE = "2026-01-05 23:00:00+00:00"


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    """Whatever a test has written is gone after it."""
    last = counter.number("SELECT max(id) FROM reviews")
    with talking.undone(counter):
        yield
    if gone := counter.number(f"SELECT count(*) FROM reviews WHERE id > {last}"):
        mo = "(SELECT id FROM merchants WHERE slug = 'atelier-nord')"
        counter.change(f"UPDATE seller_stars SET two = two - {gone} WHERE merchant = {mo}")
        counter.change(f"DELETE FROM reviews WHERE id > {last}")


def looks_right(page: Page, js: bool) -> None:
    """What looks needs JavaScript itself; the page is the same without."""
    if js:
        steps.looks_right(page)


def asked(page: Page, text: str, order: str = ELSEWHERE) -> str:
    """From the order's page; the code of the conversation."""
    page.goto(order)
    page.get_by_role("link", name=re.compile("^(Write to|Écrire à)")).first.click()
    page.wait_for_url("**/inbox/new?order=*")
    page.locator("#text").fill(text)
    page.locator("main form button.first").click()
    page.wait_for_url("**/inbox/T-*")
    return page.url.partition("#")[0].rpartition("/")[2]


@pytest.mark.parametrize(("screen", "locale", "js"), [("phone", "fr", True), ("desktop", "en", True), ("phone", "fr", False)])
def test_what_may_answer_comes_first_and_then_a_person(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    page = visit(screen, locale=locale, js=js)
    page.goto(ELSEWHERE)
    page.get_by_role("link", name=re.compile("^(Write to|Écrire à)")).first.click()
    page.wait_for_url("**/inbox/new?order=*")
    looks_right(page, js)
    page.locator(f"a.row[href='{ELSEWHERE}#parcels']").click()
    page.wait_for_url(f"**{ELSEWHERE}#parcels")
    page.goto(f"{CAME}/what-happened")
    page.locator(".rows.happened a.row").first.click()
    page.locator("a.button[href*='/inbox/new?order=A-10477&line=']").click()
    page.wait_for_url("**/inbox/new?order=A-10477&line=*")
    expect(page.locator("a.row[href*='/what-happened?line=']")).to_be_visible()
    page.locator("#text").fill("Of which clay is it?")
    page.locator("input[name=to][value=shop]").check()
    page.locator("main form button.first").click()
    page.wait_for_url("**/inbox/T-*")
    expect(page.locator(".thread-head")).to_contain_text("Alpages")


@pytest.mark.parametrize(("screen", "locale", "js"), [("phone", "fr", True), ("desktop", "en", True), ("phone", "fr", False)])
def test_the_shop_steps_in_once_the_sellers_time_is_up(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    page, mo = visit(screen, locale=locale, js=js), visit("desktop", who="mo")
    code = asked(page, "It has been dark since Tuesday")
    expect(page.locator("#step-in")).to_contain_text("Alpages")
    expect(page.locator("#step-in button")).to_have_count(0)
    looks_right(page, js)
    counter.change(f"UPDATE threads SET due_at = '{LATE}' WHERE code = '{code}'")
    counter.change("UPDATE customers SET revision = revision + 1")
    page.goto(f"/inbox/{code}")
    looks_right(page, js)
    page.locator("#step-in button").click()
    expect(page.locator(".bubble.system")).to_contain_text("Alpages")
    expect(page.locator("#step-in button")).to_have_count(0)
    mo.goto(SHOP)
    steps.looks_right(mo)
    mo.locator(f"a[href^='{SHOP}/{code}']").click()
    mo.wait_for_url(f"**{SHOP}/{code}*")
    expect(mo.locator(".bubble .words").first).to_have_text("It has been dark since Tuesday")
    steps.looks_right(mo)
    mo.locator("#text").fill("We have called them: a new one leaves today.")
    mo.locator("form[action$='/messages'] button.first").click()
    expect(mo.locator(".bubble.mine")).to_contain_text("a new one leaves today")
    page.goto(f"/inbox/{code}")
    answer = page.locator(".bubble", has_text="a new one leaves today")
    expect(answer.locator(".who")).to_contain_text("Alpages")
    looks_right(page, js)


@pytest.mark.parametrize(("screen", "locale", "js"), [("phone", "fr", True), ("desktop", "en", True), ("phone", "fr", False)])
def test_a_buyer_says_how_it_is_and_the_seller_answers(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    page, mo = visit(screen, locale=locale, js=js), visit("desktop", who="mo")
    page.goto(CAME)
    page.locator(f"a[href='{CAME}/reviews']").click()
    page.wait_for_url(f"**{CAME}/reviews")
    looks_right(page, js)
    page.locator(f"a.row[href^='{CAME}/reviews/']").first.click()
    page.locator("input[name=rating][value='2']").check()
    page.locator("#text").fill("It drips <b>on</b> the cloth.")
    looks_right(page, js)
    page.locator("main form button.first").click()
    page.wait_for_url(f"**{CAME}/reviews")
    mo.goto("/desk/atelier-nord/reviews?show=unanswered")
    steps.looks_right(mo)
    mo.locator("main .card a.button").first.click()
    mo.locator("#text").fill("A new lid is on its way.")
    steps.looks_right(mo)
    mo.locator("main form button.first").click()
    page.goto("/sellers/atelier-nord")
    review = page.locator(".review").first
    expect(review).to_contain_text("It drips <b>on</b> the cloth.")
    expect(review).to_contain_text("Alice M.")
    expect(review.locator(".said-back")).to_contain_text("A new lid is on its way.")
    expect(review.locator(".stars")).to_have_text("★★☆☆☆")
    looks_right(page, js)


@pytest.mark.parametrize(("screen", "locale", "js"), [("phone", "fr", True), ("desktop", "en", True), ("phone", "fr", False)])
def test_an_objection_goes_on_in_a_conversation_with_its_day(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    email = asking.came(counter)
    code, *_others = counter.beside("asked_each", email=email)
    counter.beside("decided", code=code, clause="used", answer="There is tea in it.")
    page = visit(screen, session=counter.session(email), locale=locale, js=js)
    page.goto(f"/returns/{code}/objection")
    day = re.compile(r"d’ici le \w+ \d+|answers by \w+day \d+")
    expect(page.locator("main form")).to_contain_text(day)
    looks_right(page, js)
    page.locator("#text").fill("It was never used.")
    page.locator("main form button.first").click()
    page.wait_for_url(f"**/returns/{code}")
    page.locator("a.row[href^='/inbox/T-']").click()
    page.wait_for_url("**/inbox/T-*")
    expect(page.locator(".bubble .words").first).to_have_text("It was never used.")
    expect(page.locator(".bubble.system").last).to_contain_text(re.compile(r"d’ici le \w+|answered by \w+"))
    looks_right(page, js)


def test_the_way_from_help_to_the_browser_and_back(visit: Visit) -> None:
    page = visit("phone", locale="fr")
    page.goto("/account")
    page.locator("a.row[href='/help']").click()
    page.wait_for_url("**/help")
    steps.looks_right(page)
    page.locator("a.row[href='/help/messages']").click()
    page.wait_for_url("**/help/messages")
    steps.looks_right(page)
    page.locator("a.row[href='/app-health']").last.click()
    page.wait_for_url("**/app-health")
    page.locator("a.row[href='/help/messages']").click()
    page.wait_for_url("**/help/messages")
