"""Another size, on a phone without JavaScript, until it is on its way as an order of its own."""

from playwright.sync_api import expect

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

DESK = "/desk/atelier-nord/returns"


def test_another_size_comes_as_an_order_of_its_own(visit: Visit, counter: Counter, watch: Watch) -> None:
    watch.allow("status of 422")
    page = visit("phone", session=counter.session(asking.came(counter)), js=False)
    asking.what_happened(page, "Teapot", "Wrong size or colour")
    expect(page.locator("select[name^=wish]")).to_have_value("exchange")
    page.locator("#asking .button.first").click()
    expect(page.locator("p.error")).to_have_text("Say what you would like instead.")
    page.locator("[name^=wanted]").fill("The same in 1.5 l")
    page.locator("#asking .button.first").click()
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    code = page.url.rpartition("/")[2]
    page.get_by_role("link", name="How to send it back").click()  # agreed to by the shop's rules
    expect(page.locator(".qr-frame svg")).to_be_visible()
    desk = visit("desktop", who="mo")
    desk.goto(f"{DESK}/{code}")
    desk.get_by_role("button", name="It has arrived").click()
    expect(desk.locator("main")).to_contain_text("Exchange: The same in 1.5 l")
    steps.looks_right(desk)
    desk.get_by_role("button", name="Send the exchange").click()
    expect(desk.locator(".toast.good")).to_contain_text("The exchange is an order now.")
    page.goto(f"/returns/{code}")
    expect(page.locator(".order-head h2")).to_have_text("The exchange is on its way")
    page.get_by_role("link", name="The exchange: order").click()
    expect(page.locator("main")).to_contain_text("The same in 1.5 l")
