"""Browsers without a service worker, and those without JavaScript, lose nothing but what is there without a network. (It is
blocked in all other tests but its own, too; here nothing has ever heard of one.)"""

import pytest
from playwright.sync_api import expect

from e2e import offline, steps
from e2e.conftest import Visit
from e2e.watch import Watch

ORDER = "A-10482"
NEITHER = """for (const [where, name] of [[Navigator.prototype, 'serviceWorker'], [window, 'caches'], [window, 'indexedDB']])
  delete where[name];"""


@pytest.mark.parametrize("js", [True, False], ids=["no-worker", "no-js"])
def test_orders_are_found_read_and_archived_and_choices_made(visit: Visit, watch: Watch, js: bool) -> None:
    watch.allow("status of 401")  # a page from before the sign-out asks whether it is still somebody's
    page = visit("phone", js=js)
    page.add_init_script(NEITHER)
    steps.open_orders(page)
    if js:
        assert page.evaluate("!navigator.serviceWorker && !window.caches && !window.indexedDB")
    everything = steps.cards(page).count()
    steps.choose_period(page, "2026")
    steps.search_for(page, "teapot") if js else steps.send_search(page, "teapot")
    assert 0 < steps.cards(page).count() < everything
    page.locator(".tabs a[href='/arrivals']").click()
    page.wait_for_url("**/arrivals")
    expect(page.locator(".arrival").first).to_be_visible()
    steps.open_orders(page)
    steps.open_order(page, ORDER)
    page.get_by_role("button", name="Archive this order").click()
    expect(page.locator("#toasts")).to_contain_text("Archived")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Back among your orders")
    page.goto("/account/notifications")
    for quiet in (True, False):
        page.locator("[name=quiet]").set_checked(quiet)
        page.locator("#main form button.first").click()
        expect(page.locator("#toasts")).to_contain_text("Saved.")
        page.goto("/account/notifications")
        expect(page.locator("[name=quiet]")).to_be_checked(checked=quiet)
    other = page.context.new_page()
    other.goto("/account")
    steps.sign_out(page)
    if js:
        other.evaluate(offline.BACK)  # as the browser kept it
        other.wait_for_url("**/sign-in**")
    page.goto(f"/orders/{ORDER}")
    page.wait_for_url("**/sign-in?**")
