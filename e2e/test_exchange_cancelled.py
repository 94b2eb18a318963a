"""What was to come in exchange is not wanted any more: cancelled before it is sent, on a phone without JavaScript, and over on
both sides."""

from playwright.sync_api import Page, expect

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

DESK = "/desk/atelier-nord/returns"


def test_an_exchange_that_is_cancelled_is_over_and_its_money_goes_back(visit: Visit, counter: Counter, watch: Watch) -> None:
    page = visit("phone", session=counter.session(asking.came(counter)), js=False)
    code = _wants_another(page)
    desk = visit("desktop", who="mo")
    desk.goto(f"{DESK}/{code}")
    desk.get_by_role("button", name="All of it came in order").click()
    desk.get_by_role("link", name="Send the exchange").click()
    desk.get_by_role("button", name="Make the order").click()
    expect(desk.locator(".toast.good")).to_contain_text("It is an order now.")
    cancellation = _cancels(page, code)
    desk.goto(f"{DESK}/{code}")
    desk.get_by_role("link", name=f"Cancellation {cancellation}: Asked for").click()
    desk.get_by_role("button", name="Approve").click()
    desk.goto(f"{DESK}/{code}")
    expect(desk.locator("section[aria-labelledby=instead]")).to_contain_text("€48.00 is going back")
    expect(desk.get_by_role("button", name="Its parcel has gone out")).to_have_count(0)
    steps.looks_right(desk)
    page.goto(f"/returns/{code}")
    expect(page.locator(".order-head h2")).to_contain_text("The exchange was cancelled on")
    expect(page.locator(".order-head").first).to_contain_text("€48.00 is going back")
    page.get_by_role("link", name="The exchange: order").click()
    expect(page.locator(".order-head h2").first).to_contain_text("Cancelled on")
    expect(page.locator("main")).to_contain_text(f"Return {code} · €48.00 is going back")


def _wants_another(page: Page) -> str:
    asking.what_happened(page, "Teapot", "Wrong size or colour")
    page.locator("[name^=wanted]").fill("The same in 1.5 l")
    page.locator("#asking .button.first").click()
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    return page.url.rpartition("/")[2]


def _cancels(page: Page, code: str) -> str:
    page.goto(f"/returns/{code}")
    page.get_by_role("link", name="The exchange: order").click()
    page.locator("a[href$='/what-happened']").click()
    page.locator("a.row", has_text="cancel it before it is sent").first.click()
    page.locator("#asking .button.first").click()
    expect(page.locator("main")).to_contain_text("€48.00")
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    return page.url.rpartition("/")[2]
