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


def test_a_dearer_one_is_agreed_to_before_it_is_made(visit: Visit, counter: Counter) -> None:
    page, code = _sent_back(visit, counter)
    desk = visit("desktop", who="mo")
    _proposes(desk, code)
    page.goto("/returns")
    expect(page.locator("main")).to_contain_text("The one you want costs €20.00 more")
    page.goto(f"/returns/{code}")
    expect(page.locator(".order-head h2")).to_have_text("The one you want costs €20.00 more")
    expect(page.locator("main")).to_contain_text("In exchange: 1 × Pot of 2 l")
    page.get_by_role("button", name="Agree and pay €20.00").click()
    expect(page.locator("#to-pay")).to_have_text("To be paid: €20.00")
    page.get_by_role("link", name="The exchange: order").click()
    expect(page.get_by_role("link", name="https://pay.example/20")).to_be_visible()
    desk.goto(f"{DESK}?q={code}")
    expect(desk.locator("main")).to_contain_text("Not paid yet.")
    desk.get_by_role("button", name="The difference is paid").click()
    expect(desk.locator(".toast.good")).to_contain_text("Noted: the difference is paid.")
    page.goto(f"/returns/{code}")
    expect(page.locator(".order-head h2")).to_have_text("A replacement is being prepared")


def test_who_does_not_want_the_dearer_one_has_the_money_back(visit: Visit, counter: Counter) -> None:
    page, code = _sent_back(visit, counter)
    desk = visit("desktop", who="mo")
    _proposes(desk, code)
    page.goto(f"/returns/{code}")
    expect(page.locator("#money-back")).to_have_text("€48.00 come back to you.")
    page.get_by_role("button", name="No, my money back").click()
    expect(page.locator(".toast.good")).to_contain_text("You get your money back.")
    expect(page.locator("#proposal")).to_have_count(0)
    desk.goto(f"{DESK}/{code}")
    expect(desk.get_by_role("link", name="Pay back €48.00")).to_be_visible()


def _sent_back(visit: Visit, counter: Counter) -> tuple[Page, str]:
    """A teapot to be exchanged, on a phone without JavaScript; its code."""
    page = visit("phone", session=counter.session(asking.came(counter)), js=False)
    asking.what_happened(page, "Teapot", "Wrong size or colour")
    page.locator("[name^=wanted]").fill("The one of 2 l")
    page.locator("#asking .button.first").click()
    expect(page.locator("main")).to_contain_text("If what you want costs more, you are asked first.")
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    return page, page.url.rpartition("/")[2]


def _proposes(desk: Page, code: str) -> None:
    desk.goto(f"{DESK}/{code}")
    desk.get_by_role("button", name="All of it came in order").click()
    desk.get_by_role("link", name="Send the exchange").click()
    desk.get_by_label("What is sent").fill("Pot of 2 l")
    desk.get_by_label("Price of one").fill("68")
    desk.get_by_role("button", name="Make the order").click()
    desk.get_by_text("Ask for €20.00: the customer agrees first").click()
    desk.get_by_label("How it is paid").fill("By bank transfer, or here: https://pay.example/20")
    steps.looks_right(desk)
    desk.get_by_role("button", name="Do it this way").click()
    expect(desk.locator(".toast.good")).to_contain_text("Proposed. It waits for the customer")
    expect(desk.locator("#proposal")).to_have_text("Proposed: €20.00 more")
    steps.looks_right(desk)
