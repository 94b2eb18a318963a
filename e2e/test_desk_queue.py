"""A desk's queue of returns without a mouse."""

import re

from playwright.sync_api import Page, expect

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter

RETURNS = "/desk/atelier-nord/returns"
REQUESTED = """
SELECT count(*) FROM returns r JOIN customers c ON c.id = r.customer WHERE c.email = '{email}' AND r.state = 'requested'
"""
# Of what has the focus: where it leads, and whether it is drawn and stands free on the screen.
FOCUSED = """() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const drawn = [style, getComputedStyle(it, '::after')].some((one) => one.outlineStyle !== 'none');
  return { path: it.pathname, row: it.closest('li[data-here]') !== null, seen: drawn && it.contains(top) };
}"""


def test_ten_are_approved_by_keys_alone(visit: Visit, counter: Counter) -> None:
    """Nobody touches a mouse: not where one is opened and looked at between, nor on the way to the button."""
    lines = [{"id": str(n), "title": f"Cup {n}", "quantity": 1, "unit_price": 9000, "total": 9000} for n in range(10)]
    email = asking.came(counter, lines=lines, total=90_490, shipments=asking.one_parcel(lines))
    codes = counter.beside("asked_each", email=email)
    page = visit("desktop", who="mo")
    page.goto(f"{RETURNS}?q={email}")
    expect(page.locator("[data-keys]")).to_be_visible()
    steps.looks_right(page)
    page.keyboard.press("k")
    assert _goes_through(page) == [f"{RETURNS}/{code}" for code in reversed(codes)]
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{RETURNS}/{codes[1]}")
    steps.settled(page)
    page.go_back()
    expect(page.locator(".queue [type=checkbox]:checked")).to_have_count(10)
    expect(page.locator(".queue > li[data-here] a")).to_have_attribute("href", f"{RETURNS}/{codes[1]}")
    steps.looks_right(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("form[action$='/approval'] .first")).to_have_text("Approve what is ticked (9)")
    page.keyboard.press("x")
    page.keyboard.press("Tab")
    expect(page.locator("form[action$='/approval'] .first")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast.good")).to_contain_text("10 approved")
    assert counter.number(REQUESTED.format(email=email)) == 0


def test_the_way_to_the_desk_says_how_many_wait_while_a_page_is_open(visit: Visit, counter: Counter) -> None:
    lines = [{"id": str(n), "title": f"Bowl {n}", "quantity": 1, "unit_price": 9000, "total": 9000} for n in range(2)]
    email = asking.came(counter, lines=lines, total=18_490, shipments=asking.one_parcel(lines))
    page = visit("desktop", who="mo")
    page.goto("/orders")
    number = page.locator(".top-menu desk-count b")
    before = int(number.text_content() or "0")
    page.evaluate("window.stayed = true")
    codes = counter.beside("asked_each", email=email)
    expect(number).to_have_text(str(before + 2))
    for code in codes:
        counter.beside("decided", code=code)
    expect(number).to_have_text(str(before))
    assert page.evaluate("window.stayed")
    page.get_by_role("link", name="Desk").first.click()
    page.wait_for_url(re.compile("/desk(/|$)"))


def _goes_through(page: Page) -> list[str]:
    """Where the ten lead whose focus was seen, each of them ticked."""
    found = []
    for n in range(10):
        if n:
            page.keyboard.press("j")
        at = page.evaluate(FOCUSED)
        assert (at["row"], at["seen"]) == (True, True), at
        found.append(at["path"])
        page.keyboard.press("x")
    return found


def test_enter_on_a_box_opens_its_return_and_approves_nothing(visit: Visit, counter: Counter) -> None:
    email = asking.came(counter)
    code, *_others = counter.beside("asked_each", email=email)
    page = visit("desktop", who="mo")
    page.goto(f"{RETURNS}?q={email}")
    box = page.locator(f".queue [value='{code}']")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{RETURNS}/{code}")
    assert counter.number(REQUESTED.format(email=email)) == 2
