"""A damaged item from its photo to the money, on a phone, with the desk in another browser: sent back by a code on the screen,
counted, paid in two parts, and confirmed."""

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter

DESK = "/desk/atelier-nord/returns"
ENGLISH = {
    "damaged": "It came damaged", "send": "How to send it back", "sent": "I have sent it", "way": "On its way back",
    "here": "It has arrived", "paid": "€60.00", "rest": "€36.00", "there": "1 in order, 1 damaged",
    "free": "It costs you nothing",
}  # fmt: skip
FRENCH = {
    "damaged": "Il est arrivé abîmé", "send": "Comment le renvoyer", "sent": "Je l’ai envoyé", "way": "En cours de renvoi",
    "here": "C’est arrivé", "paid": "60,00\xa0€", "rest": "36,00\xa0€", "there": "1 en bon état, 1 abîmé",
    "free": "Cela ne vous coûte rien",
}  # fmt: skip


@pytest.mark.parametrize(("locale", "js", "says"), [("en", True, ENGLISH), ("fr", False, FRENCH)], ids=["en-js", "fr-no-js"])
def test_it_is_sent_back_counted_and_paid_in_two_parts(
    visit: Visit, counter: Counter, locale: str, js: bool, says: dict[str, str]
) -> None:
    page = visit("phone", session=counter.session(asking.came(counter), locale), locale=locale, js=js)
    desk = visit("desktop", who="mo", scheme="dark")
    code = _claims(page, says)
    _agrees(desk, code)
    _sends(page, counter, code, says)
    _counts(desk, code)
    _pays(desk, "60", "VIR 118", more=True)
    _pays(desk, "", "VIR 204")
    page.goto(f"/returns/{code}")
    expect(page.locator("#items ~ .lines")).to_contain_text(says["there"])
    for n, (amount, reference) in enumerate([(says["paid"], "VIR 118"), (says["rest"], "VIR 204")]):
        part = page.locator("[id^=refund-]").nth(n)
        expect(part).to_contain_text(amount)
        expect(part).to_contain_text(reference)
    for _part in range(2):
        page.get_by_role("button", name=says["here"]).first.click()
        expect(page.locator("toast-note.good")).to_be_visible()
    expect(page.get_by_role("button", name=says["here"])).to_have_count(0)
    page.goto("/orders/1")
    for text in ("VIR 118", "VIR 204"):
        expect(page.locator("main")).to_contain_text(text)
    if js:  # which axe needs
        for one in (page, desk):
            steps.looks_right(one)


def _claims(page: Page, says: dict[str, str]) -> str:
    asking.what_happened(page, "Teapot", says["damaged"])
    page.locator("input[type=number]").fill("2")
    page.locator("select[name^=wish]").select_option("refund")
    page.locator("textarea[name^=note]").fill("The lid is in two pieces.")
    page.locator("#asking .button.first").click()
    page.locator("#photos").set_input_files(asking.small_photo())
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    expect(page.locator("main")).to_contain_text(says["damaged"])
    return page.url.rpartition("/")[2]


def _agrees(desk: Page, code: str) -> None:
    desk.goto(DESK)
    desk.locator(f".queue a[href$='/{code}']").click()
    desk.wait_for_url(f"**{DESK}/{code}")
    steps.until(desk, "() => document.querySelector('.photos img')?.naturalWidth > 0")
    desk.get_by_label("It has to come back to us, at our cost").check()
    desk.get_by_role("button", name="Approve").click()
    expect(desk.locator(".toast.good")).to_contain_text("Approved.")


def _sends(page: Page, counter: Counter, code: str, says: dict[str, str]) -> None:
    """By the code on the screen, as a scanner sees it."""
    page.goto(f"/returns/{code}")
    page.get_by_role("link", name=says["send"]).click()
    page.wait_for_url("**/sending")
    expect(page.locator("main")).to_contain_text(says["free"])
    seen = Image.open(io.BytesIO(page.locator(".qr-frame").screenshot()))
    assert [it.text for it in zxingcpp.read_barcodes(seen)] == [f"{counter.url}/return-code/{code}"]
    page.get_by_role("button", name=says["sent"]).click()
    page.wait_for_url(f"**/returns/{code}")
    expect(page.locator(".order-head")).to_contain_text(says["way"])


def _counts(desk: Page, code: str) -> None:
    desk.goto(DESK)
    desk.locator("#q").fill(code)
    desk.locator("#q").press("Enter")
    desk.wait_for_url(f"**{DESK}/{code}")
    expect(desk.get_by_label("Damaged")).to_have_value("2")
    desk.get_by_label("In order").fill("1")
    desk.get_by_label("Damaged").fill("1")
    desk.get_by_role("button", name="It has arrived").click()
    expect(desk.locator(".toast.good")).to_contain_text("Received.")


def _pays(desk: Page, amount: str, reference: str, *, more: bool = False) -> None:
    """As much now, and its reference as the bank says it."""
    desk.get_by_role("link", name="Pay back €").click()
    if more:
        desk.locator("summary", has_text="Only a part, or less").click()
        desk.locator("#amount").fill(amount)
        desk.get_by_label("More is to come later").check()
        desk.get_by_role("button", name="Pay back so much").click()
    else:
        steps.looks_right(desk)
        desk.get_by_role("button", name="Yes, pay back €").click()
    expect(desk.locator(".toast.good")).to_contain_text("Approved. Pay it, then note its reference.")
    expect(desk.get_by_label("Reference of your payment")).to_be_in_viewport()
    desk.get_by_label("Reference of your payment").fill(reference)
    desk.get_by_role("button", name="It is paid").click()
    expect(desk.locator(".toast.good")).to_contain_text("Noted: it is paid.")
