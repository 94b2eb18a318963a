"""What protects people in a conversation: a message reported and judged, blocking on both sides, and two at one desk who know
of each other before either answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from e2e import steps, talking
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.talking import DESK, SOON, begun, looks_right, say

JUDGES = "/desk/alpages/inbox/reported"  # of the shop itself
BOTH = [("phone", "fr", True), ("desktop", "en", True), ("phone", "fr", False)]


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    with talking.undone(counter):
        yield
    counter.change("UPDATE threads SET archived = FALSE, muted = FALSE WHERE id IN (SELECT thread FROM blocked_threads)")
    for table in ("message_reports", "message_verdicts", "thread_blocks", "blocked_threads", "desk_signs"):
        counter.change(f"DELETE FROM {table}")


@pytest.mark.parametrize(("screen", "locale", "js"), BOTH)
def test_a_message_is_reported_judged_by_the_shop_and_both_sides_see_why(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    page, mo = visit(screen, locale=locale, js=js), visit("desktop", who="mo")
    code = begun(page, "Does the lid come separately?", js=js)
    mo.goto(f"{DESK}/{code}")
    say(mo, "What a stupid question.")
    page.goto(f"/inbox/{code}")
    looks_right(page, js)
    page.locator(".bubble.theirs a.flag-it").click()
    page.wait_for_url("**/report")
    number = page.url.split("/")[-2]
    expect(page.locator(".bubble")).to_have_count(1)
    expect(page.locator(".bubble")).to_contain_text("What a stupid question.")
    looks_right(page, js)
    page.locator("input[name=why][value=insult]").check()
    page.locator("#text").fill("I asked politely")
    page.locator("main form button.first").click()
    page.wait_for_url(f"**/inbox/{code}*")
    mo.goto("/desk/alpages/inbox")
    mo.locator(f"a[href='{JUDGES}']").click()
    steps.looks_right(mo)
    mo.locator(f".queue h2 a[href$='/{number}']").click()
    expect(mo.locator(".bubble.marked")).to_contain_text("What a stupid question.")
    steps.looks_right(mo)
    mo.locator("input[name=did][value=withdraw]").check()
    mo.locator("input[name=why][value=insult]").check()
    counter.change("UPDATE messages SET author = NULL")  # else it was Mo himself, and there were a colleague who decides
    mo.locator("main form button.first").click()
    mo.wait_for_url(f"**{JUDGES}")
    page.goto(f"/inbox/{code}")
    hidden = page.locator(".bubble.theirs .words")
    expect(hidden).to_contain_text("Insultes ou menaces" if locale == "fr" else "Insults or threats")
    expect(hidden).not_to_contain_text("stupid")
    looks_right(page, js)
    mo.goto(f"{DESK}/{code}")
    expect(mo.locator("main")).not_to_contain_text("stupid")


@pytest.mark.parametrize(("screen", "locale", "js"), BOTH)
def test_a_seller_is_blocked_and_comes_back_with_what_was_in_the_inbox(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    page, mo = visit(screen, locale=locale, js=js), visit("desktop", who="mo")
    code = begun(page, "Are you open on Monday?", js=js)
    page.locator(".thread-head summary").click()
    page.locator("form[action$='/blocking'] button").click()
    page.wait_for_url(f"**/inbox/{code}*")
    expect(page.locator("#blocked")).to_be_visible()
    looks_right(page, js)
    mo.goto(f"{DESK}/{code}")
    say(mo, "We are, and there is a sale!")
    page.goto("/inbox")
    expect(page.locator(f"#thread-{code}")).to_have_count(0)
    page.goto(f"/inbox/{code}")
    page.locator("#blocked button").click()
    expect(page.locator("#blocked")).to_have_count(0)
    page.goto("/inbox")
    expect(page.locator(f"#thread-{code}")).to_be_visible()


@pytest.mark.parametrize(("screen", "locale", "js"), BOTH)
def test_a_desk_blocks_a_customer_who_reads_why_and_what_stays_open(
    visit: Visit, counter: Counter, screen: str, locale: str, js: bool
) -> None:
    page, mo = visit("phone", locale=locale), visit(screen, who="mo", locale=locale, js=js)
    code = begun(page, "You will hear from me!")
    mo.goto(f"{DESK}/{code}")
    mo.locator("a[href$='/block']").click()
    mo.wait_for_url("**/block")
    looks_right(mo, js)
    mo.locator("#reason").fill("Threats, twice.")
    mo.locator("main form button.bad").click()
    mo.wait_for_url(f"**{DESK}/{code}*")
    expect(mo.locator("#blocked")).to_contain_text("Threats, twice.")
    looks_right(mo, js)
    page.goto(f"/inbox/{code}")
    expect(page.locator("main")).to_contain_text("Threats, twice.")
    expect(page.locator("#reply")).to_have_count(0)
    steps.looks_right(page)
    mo.locator("#blocked a").click()
    mo.locator("main form button.first").click()
    mo.wait_for_url(f"**{DESK}/{code}*")
    expect(mo.locator("#blocked")).to_have_count(0)
    page.goto(f"/inbox/{code}")
    expect(page.locator("#reply")).to_be_visible()


@pytest.fixture
def bo(counter: Counter) -> Iterator[str]:
    """The session of a colleague of Mo's, who has shown a second factor."""
    email = counter.newcomer()
    counter.command("member", "add", email, "atelier-nord")
    counter.change(f"UPDATE customers SET name = 'Bo Renard' WHERE email = '{email}'")
    token = counter.session(email)
    counter.enrol(token)
    yield token
    counter.command("member", "remove", email, "atelier-nord")


def test_two_at_a_desk_know_of_each_other_before_either_answers(visit: Visit, counter: Counter, bo: str) -> None:
    page, mo, other = visit("phone"), visit("desktop", who="mo"), visit("phone", session=bo)
    code = begun(page, "Which glaze is it?")
    with mo.expect_response("**/presence"):
        mo.goto(f"{DESK}/{code}")
    expect(mo.locator(".company")).to_be_hidden()
    with other.expect_response("**/presence"):
        other.goto(f"{DESK}/{code}")
    expect(other.locator(".company")).to_have_text("Mo Delattre has this conversation open")
    expect(mo.locator(".company")).to_have_text("Bo Renard has this conversation open", timeout=SOON)
    other.locator("#text").press_sequentially("It is")
    expect(mo.locator(".company")).to_have_text("Bo Renard is writing an answer", timeout=SOON)
    steps.looks_right(mo)
    steps.looks_right(other)
    expect(page.locator("main")).not_to_contain_text("Bo Renard")
    other.goto(DESK)
    expect(mo.locator(".company")).to_be_hidden(timeout=SOON)
    mo.goto(DESK)


def test_without_javascript_a_desk_is_told_with_the_page(visit: Visit, counter: Counter, bo: str) -> None:
    page, mo, other = visit("phone"), visit("desktop", who="mo"), visit("phone", session=bo, js=False)
    code = begun(page, "Which glaze is it?")
    with mo.expect_response("**/presence"):
        mo.goto(f"{DESK}/{code}")
    other.goto(f"{DESK}/{code}")
    expect(other.locator(".company")).to_have_text("Mo Delattre has this conversation open")
    mo.goto(DESK)
