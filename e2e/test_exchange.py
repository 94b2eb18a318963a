"""Another size, on a phone without JavaScript, until it is on its way as an order of its own."""

from playwright.sync_api import Page, expect

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
    desk.get_by_role("button", name="All of it came in order").click()
    expect(desk.locator("main")).to_contain_text("Exchange: The same in 1.5 l")
    steps.looks_right(desk)
    _sends(desk)
    page.goto(f"/returns/{code}")
    expect(page.locator(".order-head h2")).to_have_text("A replacement is being prepared")
    desk.get_by_label("Tracking number").fill("6A12345678901")
    desk.get_by_role("button", name="Its parcel has gone out").click()
    expect(desk.locator(".toast.good")).to_contain_text("The customer is told that it is on its way.")
    page.reload()
    expect(page.locator(".order-head h2")).to_have_text("The exchange is on its way")
    page.get_by_role("link", name="The exchange: order").click()
    expect(page.locator("main")).to_contain_text("Pot of 1.5 l")
    page.get_by_role("link", name=f"In place of what came back: Return {code}").click()
    page.wait_for_url(f"**/returns/{code}")


def _sends(desk: Page) -> None:
    """Something that is worth less: the difference is shown before it is paid back."""
    desk.get_by_role("link", name="Send the exchange").click()
    expect(desk.locator("main")).to_contain_text("Exchange: The same in 1.5 l")
    desk.get_by_label("What is sent").fill("Pot of 1.5 l")
    desk.get_by_label("Price of one").fill("40")
    desk.get_by_role("button", name="Make the order").click()
    expect(desk.locator("#difference")).to_have_text("It is worth €8.00 less than what came back")
    steps.looks_right(desk)
    desk.get_by_role("button", name="Make this order").click()
    expect(desk.locator(".toast.good")).to_contain_text("It is an order now.")
