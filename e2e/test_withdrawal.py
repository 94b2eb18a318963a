"""A guest withdraws from a contract on a telephone, from the foot of the sign-in page to the signed paper."""

import re

import pytest
from playwright.sync_api import expect

from e2e import steps, withdrawals
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

CASES = (("en", True, "Withdraw from contract here", "Confirm withdrawal"), ("fr", False, "Se rétracter du contrat ici",
         "Confirmer la rétractation"))  # fmt: skip


@pytest.mark.parametrize(("locale", "js", "function", "confirm"), CASES, ids=["en-js", "fr-no-js"])
def test_a_guest_withdraws_and_holds_the_paper(
    visit: Visit, counter: Counter, locale: str, js: bool, function: str, confirm: str
) -> None:
    email = withdrawals.came(counter)
    page = visit("phone", who="", locale=locale, js=js)
    page.goto("/sign-in")
    page.get_by_role("link", name=function).click()
    page.wait_for_url("**/withdrawal")
    withdrawals.fill_in(page, email, "n° #1")
    page.get_by_role("button", name=confirm).click()
    page.wait_for_url("**/withdrawal/sent")
    page.goto(withdrawals.mailed_link(page, counter, email))
    page.locator("#main form button").click()
    expect(page.get_by_text("2 × Teapot")).to_be_visible()
    if js:
        steps.looks_right(page)
    receipt = page.request.get(page.locator("a[href$='/receipt.pdf']").get_attribute("href") or "")
    assert receipt.body().startswith(b"%PDF-")
    assert withdrawals.mailed(page, counter, email, r"(2 × Teapot)")


@pytest.mark.parametrize(("locale", "js", "_function", "_confirm"), CASES, ids=["en-js", "fr-no-js"])
def test_a_guest_says_which_of_two_is_meant(
    visit: Visit, counter: Counter, locale: str, js: bool, _function: str, _confirm: str
) -> None:
    email = withdrawals.came(counter)
    page = visit("phone", who="", locale=locale, js=js)
    withdrawals.fill_in(page, email, items="one of the two only")
    page.locator("button[name=step][value=confirm]").click()
    page.wait_for_url("**/withdrawal/sent")
    page.goto(withdrawals.mailed_link(page, counter, email))
    page.locator("#main form button").click()
    expect(page.get_by_text("one of the two only")).to_be_visible()
    expect(page.get_by_text("2 × Teapot")).to_have_count(0)
    if js:
        steps.looks_right(page)
    page.locator("a[href$='/items']").click()
    page.wait_for_url("**/items")
    expect(page.locator("input[type=number]")).to_have_value("2")
    if js:
        steps.looks_right(page)
    page.locator("input[type=number]").fill("1")
    page.locator("#main .form button.first").click()
    expect(page.get_by_text("1 × Teapot")).to_be_visible()
    expect(page.locator("a[href$='/items']")).to_have_count(0)


NO_ORDER = (
    ("en", True, "says that your withdrawal has no effect", "No order of the seller’s fits the declaration", "objection"),
    ("fr", False, "dit que votre rétractation est sans effet", "Aucune commande chez le vendeur", "contestation"),
)


@pytest.mark.parametrize(("locale", "js", "says", "reason", "objection"), NO_ORDER, ids=["en-js", "fr-no-js"])
def test_what_fits_no_order_is_closed_at_the_desk_and_a_guest_objects_by_the_mailed_link(
    visit: Visit, counter: Counter, watch: Watch, locale: str, js: bool, says: str, reason: str, objection: str
) -> None:
    watch.allow("status of 422")
    email = withdrawals.came(counter)
    page = visit("phone", who="", locale=locale, js=js)
    withdrawals.declare(page, email, contract="the blue teapot")
    page.goto(withdrawals.mailed_link(page, counter, email))
    page.locator("#main form button").click()
    found = re.search(r"R-[0-9A-Z]{8}", page.locator("#main").inner_text())
    assert found
    desk = visit("phone", who="mo", locale=locale, js=js)
    desk.goto(f"/desk/atelier-nord/returns/{found[0]}")
    form = desk.locator("form[action$='/no-effect']")
    desk.locator("details", has=form).locator("summary").click()
    form.locator("#clause").select_option("double")
    form.locator("#answer").fill("Nobody here sold a blue one.")
    form.locator("button").click()
    expect(desk.locator("#double-error")).to_be_visible()
    expect(desk.locator("#answer")).to_have_value("Nobody here sold a blue one.")
    if js:
        steps.looks_right(desk)
    desk.locator("#clause").select_option("no_order")
    desk.locator("form[action$='/no-effect'] button").click()
    expect(desk.locator("form[action$='/no-effect']")).to_have_count(0)
    expect(desk.get_by_text(reason)).to_be_visible()
    if js:
        steps.looks_right(desk)
    page.goto(withdrawals.mailed(page, counter, email, r"(/withdrawal/[\w-]{24}\.R-\w{8})"))
    expect(page.get_by_role("heading", name=says)).to_be_visible()
    expect(page.get_by_text("Nobody here sold a blue one.")).to_be_visible()
    if js:
        steps.looks_right(page)
    page.locator("form[action$='/objection'] button").click()
    expect(page.locator("form[action$='/objection']")).to_have_count(0)
    expect(page.locator("#now")).to_contain_text(objection)
    if js:
        steps.looks_right(page)
    desk.reload()
    expect(desk.locator("form[action$='/no-effect/end'] button")).to_be_visible()
