"""How long conversations are kept, what is kept for good, what is taken away, what is on the paper, and PDFs in between."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e import steps, talking
from e2e.asking import small_photo
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch
from tests.papers import paper

DESK = "/desk/atelier-nord/inbox"
MANY = 60
LOCKED = paper(trailer=b"/Encrypt 7 0 R")
TWO_PAPERS = [
    {"name": "a.pdf", "mimeType": "application/pdf", "buffer": paper()},
    {"name": "b.pdf", "mimeType": "application/pdf", "buffer": LOCKED},
]


@pytest.fixture(autouse=True)
def as_before(counter: Counter) -> Iterator[None]:
    with talking.undone(counter):
        yield


def begun(page: Page, text: str) -> str:
    page.goto("/inbox/new?order=A-10482")
    page.locator("#text").fill(text)
    page.locator("main form button.first").click()
    page.wait_for_url("**/inbox/T-*")
    return page.url.partition("#")[0].rpartition("/")[2]


def long_one(counter: Counter, code: str) -> None:
    for n in range(MANY):
        counter.change(
            "INSERT INTO messages (thread, side, name, text, via, event, at) SELECT id, 'buyer', '', "
            f"'Number {n} of many', 'app', '', last_at FROM threads WHERE code = '{code}'"
        )


@pytest.mark.parametrize(("locale", "until", "keep", "good"), [
    ("en", "Kept until", "Keep this one", "Kept for good"),
    ("fr", "Conservée jusqu’au", "Garder celle-ci", "Conservée pour toujours"),
])  # fmt: skip
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_conversation_says_how_long_it_is_kept_and_is_kept_for_good(
    visit: Visit, screen: str, locale: str, until: str, keep: str, good: str
) -> None:
    page = visit(screen, locale=locale)
    code = begun(page, "Is it washable?")
    expect(page.locator(".kept-until")).to_contain_text(until)
    steps.looks_right(page)
    page.get_by_role("button", name=keep).click()
    expect(page.locator(".kept-until")).to_contain_text(good)
    page.locator("#toasts .toast").get_by_role("button").first.click()
    expect(page.locator(".kept-until")).to_contain_text(until)
    page.goto("/inbox")
    expect(page.locator(f"#thread-{code} .small")).not_to_contain_text(until)
    steps.looks_right(page)


def test_paper_has_all_of_a_long_conversation_and_nothing_to_press(visit: Visit, counter: Counter) -> None:
    page = visit("phone")
    code = begun(page, "The first of many")
    long_one(counter, code)
    page.goto(f"/inbox/{code}")
    expect(page.locator(".only-print")).to_be_hidden()
    newest = page.locator(".bubble .words").last
    expect(newest).to_have_text(f"Number {MANY - 1} of many")
    page.locator("#earlier a").click()
    expect(page.get_by_text("Number 10 of many", exact=True)).to_have_count(1)
    expect(page.get_by_text(f"Number {MANY - 30} of many", exact=True)).to_be_in_viewport()
    expect(newest).to_have_text(f"Number {MANY - 1} of many")
    steps.until(page, "() => document.querySelector('#thread').getAttribute('hx-get').includes('shown=60')")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true }))")
    with page.expect_response("**?shown=60"):
        pass
    page.emulate_media(media="print")
    expect(page.locator(".only-print")).to_contain_text(f"/inbox/{code}/print")
    for gone in (".reply", ".older", ".thread-head .more", ".tabs"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    page.emulate_media(media="screen")
    page.locator(".more summary").click()
    page.locator(".menu-list a[href$='/print']").click()
    page.wait_for_url(f"**/inbox/{code}/print")
    steps.looks_right(page)
    page.emulate_media(media="print")
    expect(page.locator(".bubble .words")).to_have_count(MANY + 1)
    expect(page.get_by_text("The first of many", exact=True)).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)


def test_a_pdf_is_sent_from_both_sides_and_comes_down_as_it_was(visit: Visit, watch: Watch) -> None:
    watch.allow("status of 422")
    page, mo = visit("phone", locale="fr"), visit("desktop", who="mo")
    code = begun(page, "Voici la facture")
    page.locator("#pictures").set_input_files({"name": "Facture.pdf", "mimeType": "application/pdf", "buffer": paper()})
    page.locator("form[action$='/messages'] button.first").click()
    expect(page.locator(".sent-file")).to_contain_text("Facture.pdf")
    steps.looks_right(page)
    page.locator("#pictures").set_input_files(
        [small_photo(), {"name": "doc.docx", "mimeType": "application/msword", "buffer": b"no"}]
    )
    expect(page.locator(".chosen-files li.error")).to_contain_text("doc.docx")
    page.locator("#pictures").set_input_files(TWO_PAPERS)
    expect(page.locator(".chosen-files li b")).to_have_text(["lid.png", "a.pdf", "b.pdf"])
    steps.looks_right(page)
    page.locator(".chosen-files button").nth(1).click()
    page.locator("#text").fill("Et une photo")
    page.locator("form[action$='/messages'] button.first").click()
    expect(page.locator("#pictures-error")).to_contain_text("b.pdf")
    expect(page.locator("#text")).to_have_value("Et une photo")
    assert page.locator("#text").bounding_box()["width"] > 200  # type: ignore[index]
    steps.looks_right(page)
    page.locator(".chosen-files button").nth(1).click()
    page.locator("form[action$='/messages'] button.first").click()
    expect(page.locator(".bubble .words").last).to_have_text("Et une photo")
    picture = page.locator(".bubble").last.locator("img")
    expect(picture).to_be_in_viewport()
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")
    picture.click()
    expect(page.locator("picture-viewer img")).to_be_visible()
    page.locator("picture-viewer button").click()
    expect(page.locator("picture-viewer img")).to_be_hidden()
    expect(page.locator("picture-viewer img")).to_have_attribute("src", re.compile("/files/"))
    expect(page.locator(".chosen-files")).to_be_hidden()
    expect(page.locator("#pictures-error")).to_have_count(0)
    mo.goto(f"{DESK}/{code}")
    with mo.expect_download() as got:
        mo.locator(".sent-file").click()
    assert got.value.suggested_filename == "Facture.pdf"
    assert Path(got.value.path()).read_bytes() == paper()
    mo.locator("#pictures").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": LOCKED})
    mo.locator("#text").fill("And mine")
    mo.locator("form[action$='/messages'] button.first").click()
    expect(mo.locator("#pictures-error")).to_contain_text("locked")
    expect(mo.locator("#text")).to_have_value("And mine")
    steps.looks_right(mo)


@pytest.mark.parametrize("js", [True, False])
def test_all_conversations_are_taken_away_in_one_file(visit: Visit, js: bool) -> None:
    page = visit("phone", js=js)
    code = begun(page, "Where is it?")
    page.goto("/inbox")
    with page.expect_download() as got:
        page.locator(".taken-away a").click()
    assert got.value.suggested_filename == "conversations.zip"
    body = Path(got.value.path()).read_bytes()
    assert f"conversations/{code}.pdf".encode() in body
