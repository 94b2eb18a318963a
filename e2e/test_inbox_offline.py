"""A conversation without a network: read, answered, and right on both sides once there is one again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e import asking, offline, steps, talking
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.talking import BUBBLES, DESK, SOON, begun, say
from e2e.watch import Watch

SENT = "#thread .bubble .words"
UNSENT = ".bubble.pending"
WAITING = """SELECT count(*) FROM threads t JOIN merchants m ON m.id = t.merchant
WHERE m.slug = 'atelier-nord' AND t.waiting_on = 'seller' AND t.closed_at IS NULL"""
HELD = "async (text) => Object.values(await askWorker('drafts')).some((it) => it.text === text)"


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    """The headless shell breaks at the number on the icon."""
    return whole_browser


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    with talking.undone(counter):
        yield


@pytest.fixture(autouse=True)
def no_network(watch: Watch) -> None:
    watch.allow("net::ERR_", "htmx:error: Failed to fetch", "EventSource's response", r"503 .*/live", "status of 422")


def count(page: Page, where: str) -> int:
    return int(page.locator(f"{where} b").first.text_content() or "0")


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_two_talk_one_of_them_in_a_tunnel_and_each_word_arrives_once(visit: Visit, counter: Counter, locale: str) -> None:
    page, mo = visit("phone", locale=locale, worker=True), visit("desktop", who="mo")
    page.goto("/inbox")
    unread = count(page, ".tabs inbox-count")
    code = begun(page, "Is the lid part of it?", "The lid")
    expect(page.locator(".quoted")).to_contain_text("A-10482")
    offline.ready(page, f"/inbox/{code}")
    mo.goto(DESK)
    mo.goto(f"{DESK}/{code}")
    say(mo, "It is. Could you send a picture?")
    expect(page.locator(SENT).last).to_have_text("It is. Could you send a picture?", timeout=SOON)
    page.locator("#pictures").set_input_files(asking.small_photo())
    say(page, "Here it is")
    expect(mo.locator(".bubble .sent-picture img")).to_be_visible(timeout=SOON)
    page.context.set_offline(True)
    page.goto(f"/inbox/{code}")
    expect(page.locator(".kept-note")).to_be_visible()
    say(page, "From the tunnel")
    expect(page.locator(UNSENT)).to_contain_text("From the tunnel")
    expect(page.locator(UNSENT)).to_contain_text("Waiting to be sent" if locale == "en" else "En attente")
    expect(page.locator("#text")).to_have_value("")
    steps.looks_right(page)
    say(page, "And once more")
    expect(page.locator(UNSENT)).to_have_count(2)
    say(mo, "Thank you, meanwhile")
    page.context.set_offline(False)
    words = ["Is the lid part of it?", "It is. Could you send a picture?", "Here it is", "Thank you, meanwhile",
             "From the tunnel", "And once more"]  # fmt: skip
    expect(mo.locator(BUBBLES)).to_have_text(words, timeout=SOON)
    expect(page.locator(SENT)).to_have_text(words, timeout=SOON)
    expect(page.locator(UNSENT)).to_have_count(0)
    expect(page.locator("waiting-changes")).to_be_hidden()
    expect(page.locator(".tabs inbox-count b")).to_have_text(str(unread), timeout=SOON)
    expect(mo.locator(".top-menu desk-count[of='atelier-nord/inbox'] b")).to_have_text(
        str(counter.number(WAITING)), timeout=SOON
    )
    assert counter.number(f"SELECT count(*) FROM messages m JOIN threads t ON t.id = m.thread WHERE t.code = '{code}'") == 6


def test_conversations_that_nobody_has_opened_are_read_without_a_network(visit: Visit, counter: Counter) -> None:
    page, mo, other = visit("phone", worker=True), visit("desktop", who="mo"), visit("phone")
    code = begun(other, "Which colours are there?")
    mo.goto(f"{DESK}/{code}")
    say(mo, "Blue and green.")
    offline.ready(page, "/orders")
    steps.until(page, "() => askWorker('pack', { changed: true })")
    page.context.set_offline(True)
    page.goto("/inbox")
    expect(page.locator(".kept-note")).to_be_visible()
    page.locator(f"#thread-{code} h3 a").click()
    expect(page.locator(SENT)).to_have_text(["Which colours are there?", "Blue and green."])
    expect(page.locator(".kept-note")).to_contain_text("Offline copy")
    steps.looks_right(page)
    say(page, "Blue, please")
    expect(page.locator(f"{UNSENT} time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    page.goto("/inbox")
    expect(page.locator(f"#thread-{code} .gist:visible")).to_have_text("Waiting to be sent: Blue, please")
    steps.looks_right(page)
    page.goto("/offline/waiting")
    expect(page.locator(".waiting .typed")).to_contain_text("Atelier Nord")


def test_a_draft_stays_on_its_device_until_it_is_posted(visit: Visit, counter: Counter) -> None:
    page = visit("phone", worker=True)
    code = begun(page, "One")
    offline.ready(page, f"/inbox/{code}")
    page.locator("#text").fill("Half a sen")
    steps.until(page, HELD, "Half a sen")
    page.goto("/orders")
    page.goto(f"/inbox/{code}")
    expect(page.locator("#text")).to_have_value("Half a sen")
    expect(page.locator("kept-draft")).to_contain_text("Your draft")
    steps.looks_right(page)
    page.goto("/inbox/new?order=A-10482")
    page.locator("#subject").fill("The handle")
    steps.until(page, "async () => Object.values(await askWorker('drafts')).some((it) => it.subject === 'The handle')")
    page.reload()
    expect(page.locator("#subject")).to_have_value("The handle")
    page.locator("#subject").fill("")
    steps.until(page, "async () => !Object.values(await askWorker('drafts')).some((it) => it.subject)")
    page.goto(f"/inbox/{code}")
    say(page, "A whole sentence")
    expect(page.locator(SENT).last).to_have_text("A whole sentence")
    steps.until(page, "async () => !Object.keys(await askWorker('drafts')).length")
    page.reload()
    expect(page.locator(SENT).last).to_have_text("A whole sentence")
    expect(page.locator("#text")).to_have_value("")


def test_the_same_words_in_another_conversation_leave_a_draft_as_it_is(visit: Visit, counter: Counter) -> None:
    page = visit("phone", worker=True)
    first, second = begun(page, "Thank you!"), begun(page, "And when?")
    offline.ready(page, f"/inbox/{second}")
    page.locator("#text").fill("Thank you!")
    steps.until(page, HELD, "Thank you!")
    page.goto(f"/inbox/{first}")
    expect(page.locator(SENT)).to_have_text(["Thank you!"])
    expect(page.locator("#text")).to_have_value("")
    page.wait_for_timeout(1_000)  # what it does to drafts would be done
    page.goto(f"/inbox/{second}")
    expect(page.locator("#text")).to_have_value("Thank you!")


@pytest.mark.parametrize(("locale", "word"), [("en", "Draft: Half a sen"), ("fr", "Brouillon : Half a sen")])
def test_the_list_says_where_something_half_written_is_and_without_a_network_too(
    visit: Visit, counter: Counter, locale: str, word: str
) -> None:
    page = visit("phone", locale=locale, worker=True)
    code = begun(page, "One")
    offline.ready(page, f"/inbox/{code}")
    page.locator("#text").fill("Half a sen")
    page.locator(".tabs a[href='/inbox']").click()
    row = page.locator(f"#thread-{code}")
    expect(row.locator(".draft")).to_have_text(word.replace(" :", "\u00a0:"))
    expect(row.locator(".gist:not(.draft)")).to_be_hidden()
    steps.looks_right(page)
    page.context.set_offline(True)
    page.goto("/inbox")
    expect(page.locator(".kept-note")).to_be_visible()
    expect(row.locator(".draft")).to_be_visible()
    page.goto(f"/inbox/{code}")
    expect(page.locator("#text")).to_have_value("Half a sen")
    page.locator("#text").fill("")
    steps.until(page, "async () => !Object.keys(await askWorker('drafts')).length")
    page.goto("/inbox")
    expect(row).to_be_visible()
    expect(row.locator(".draft")).to_have_count(0)


def test_a_draft_at_the_desk_is_gone_once_it_is_sent_with_the_next_one_on_show(visit: Visit, counter: Counter) -> None:
    page, mo = visit("phone"), visit("desktop", who="mo", worker=True)
    first, second = begun(page, "One"), begun(page, "Two")
    offline.ready(mo, "/orders")
    mo.goto(f"{DESK}/{first}")
    mo.locator("#text").fill("In blue")
    steps.until(mo, HELD, "In blue")
    mo.goto(f"{DESK}/{second}")
    expect(mo.locator("#text")).to_have_value("")
    mo.goto(f"{DESK}/{first}")
    expect(mo.locator("#text")).to_have_value("In blue")
    mo.get_by_role("button", name="Send, then the next one").click()
    expect(mo.locator("#toasts .toast.good")).to_be_visible()
    steps.until(mo, "async () => !Object.keys(await askWorker('drafts')).length")


def test_what_waits_is_no_draft_any_more_and_what_is_typed_meanwhile_stays(visit: Visit, counter: Counter) -> None:
    page = visit("phone", worker=True)
    code = begun(page, "One")
    offline.ready(page, f"/inbox/{code}")
    page.context.set_offline(True)
    say(page, "Two")
    expect(page.locator(UNSENT)).to_contain_text("Two")
    expect(page.locator("#text")).to_have_value("")
    page.locator("#text").fill("Three, half typed")
    page.context.set_offline(False)
    expect(page.locator(SENT)).to_have_text(["One", "Two"], timeout=SOON)
    expect(page.locator("#text")).to_have_value("Three, half typed")


def test_whoever_signs_out_leaves_no_draft_and_nothing_unsent(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session("alice@example.com"), worker=True)
    code = begun(page, "One")
    offline.ready(page, f"/inbox/{code}")
    page.locator("#text").fill("A secret thought")
    steps.until(page, HELD, "A secret thought")
    assert "A secret thought" in offline.kept(page)
    page.goto("/account")
    page.locator("main form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in*")
    assert "A secret thought" not in offline.kept(page)


def test_what_is_typed_while_a_conversation_becomes_read_is_not_lost(visit: Visit, counter: Counter) -> None:
    page, mo = visit("phone"), visit("desktop", who="mo")
    code = begun(page, "One")
    page.goto("/orders")
    mo.goto(f"{DESK}/{code}", wait_until="commit")
    with mo.expect_response(f"**{DESK}/{code}/reading"):
        mo.locator("#text").fill("Typed at once")
    mo.wait_for_timeout(500)  # what came of it would be there
    expect(mo.locator("#text")).to_have_value("Typed at once")
    say(mo, "Typed at once")
    expect(mo.locator(BUBBLES).last).to_have_text("Typed at once")
    page.goto(f"/inbox/{code}", wait_until="commit")
    with page.expect_response(f"**/inbox/{code}/reading"):
        page.locator("#text").fill("So did I")
    expect(page.locator("#seen")).to_have_count(0, timeout=SOON)
    expect(page.locator("#text")).to_have_value("So did I")
