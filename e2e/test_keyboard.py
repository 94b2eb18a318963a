"""Without a mouse, and for those who ask for less: keyboard, focus, motion, forced colours."""

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import SCREENS, Visit

both_screens = pytest.mark.parametrize("screen", SCREENS)

# Of the focused element: what it is, whether its focus is drawn (on itself, on what it fills, or on the field around it),
# and whether it can be seen, not under a bar (WCAG 2.2, 2.4.7 and 2.4.11).
FOCUSED = """
() => {
  const it = document.activeElement;
  const styles = [getComputedStyle(it), getComputedStyle(it, '::after')];
  if (it.closest('.search')) styles.push(getComputedStyle(it.closest('.search')));
  const box = it.getBoundingClientRect();
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const at = document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  return {
    name: it.id || it.getAttribute('href') || it.getAttribute('aria-label') || it.textContent.trim(),
    drawn: styles.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
    seen: at !== null && (it.contains(at) || at.contains(it) || it.closest('article')?.contains(at)),
    index: [...document.querySelectorAll('*')].indexOf(it),
  };
}
"""


def _tab(page: Page, times: int) -> list[dict[str, object]]:
    found = []
    for _ in range(times):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    return found


@both_screens
@pytest.mark.parametrize("path", ["/orders", "/orders/A-10482", "/account", "/sign-in"])
def test_tab_goes_through_the_page_in_order_and_is_always_seen(visit: Visit, screen: str, path: str) -> None:
    page = visit(screen, who="" if path == "/sign-in" else "alice")
    page.goto(path)
    steps.settled(page)
    page.evaluate("document.activeElement.blur()")
    found = _tab(page, {"/orders": 30, "/sign-in": 4}.get(path, 8))
    assert [one["name"] for one in found if not one["drawn"]] == []
    assert [one["name"] for one in found if not one["seen"]] == []
    if path != "/sign-in":  # there the field that asks for it has the focus first
        places = [one["index"] for one in found]
        assert places == sorted(places)  # type: ignore[type-var]


@both_screens
def test_the_first_tab_offers_to_skip_to_the_content(visit: Visit, screen: str) -> None:
    page = visit(screen)
    page.goto("/account")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert skip.bounding_box()["width"] > 100  # type: ignore[index]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


@both_screens
def test_after_a_boosted_navigation_the_focus_is_in_the_new_page(visit: Visit, screen: str) -> None:
    page = visit(screen)
    steps.open_orders(page)
    page.evaluate("window.same = true")
    page.locator(".order-card h3 a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*")
    expect(page.locator("#main")).to_be_focused()
    assert page.evaluate("window.same === true")
    assert page.evaluate("scrollY") == 0
    page.keyboard.press("Tab")
    expect(page.locator(".backbar .back")).to_be_focused()


def test_the_account_menu_opens_and_closes_by_keyboard(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page)
    page.locator(".account-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#account-menu")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#account-menu a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#account-menu")).to_be_hidden()
    expect(page.locator(".account-button")).to_be_focused()


def test_the_sheet_of_filters_opens_and_closes_by_keyboard(visit: Visit) -> None:
    page = visit("phone")
    steps.open_orders(page)
    page.locator(".more").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#more-filters")).to_be_visible()
    page.locator("#more-filters a", has_text="Delivered").press("Enter")
    expect(page.locator("#more-filters a", has_text="Delivered")).to_be_focused()
    expect(page.locator("#more-filters")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#more-filters")).to_be_hidden()
    expect(page.locator(".more")).to_be_focused()


MOVED = """
window.moved = [];
for (const name of ['animationstart', 'transitionrun'])
  addEventListener(name, (event) => {
    window.moved.push(`${name} ${event.animationName ?? event.propertyName} ${event.pseudoElement}`);
  }, true);
"""


def _move(page: Page) -> list[str]:
    """Everything that moves for those who do not mind: a navigation, the sheet, a toast, a card put away, older orders."""
    page.add_init_script(MOVED)
    steps.open_orders(page)
    steps.open_filters(page)
    page.keyboard.press("Escape")
    steps.older(page)
    page.locator(".order-card form button").nth(1).click()
    expect(page.locator(".put-away")).to_be_visible()
    page.locator(".put-away button").click()
    expect(page.locator(".put-away")).to_have_count(0)
    steps.open_order(page, "A-10482")
    steps.settled(page)
    page.get_by_role("button", name="Archive this order").click()
    expect(page.locator("#toasts .toast")).to_be_visible()
    steps.settled(page)  # no person is as quick as the page that is still coming in
    page.locator("#toasts form button").click()
    expect(page.locator("#toasts")).to_contain_text("Back among")
    steps.settled(page)
    return page.evaluate("window.moved")


@both_screens
def test_nothing_moves_for_those_who_ask_for_less_motion(visit: Visit, screen: str) -> None:
    assert _move(visit(screen, reduced_motion="reduce")) == []


def test_something_moves_for_everybody_else(visit: Visit) -> None:
    """Else the test above would show nothing."""
    moved = _move(visit("phone"))
    assert any("view-transition" in one for one in moved), moved
    assert any("translate" in one for one in moved), moved


@both_screens
def test_with_forced_colours_what_is_chosen_and_reached_is_still_told_apart(visit: Visit, screen: str) -> None:
    page = visit(screen, forced_colors="active")
    steps.open_orders(page, "?period=2026")
    border = "(it) => parseFloat(getComputedStyle(it).borderInlineStartWidth)"
    chosen = page.locator(".chips.roll [aria-current]").evaluate(border)
    assert chosen > page.locator(".chips.roll a:not([aria-current])").first.evaluate(border)
    fill = "(it) => getComputedStyle(it).backgroundColor"
    way = page.locator(".way").first.locator("i")
    assert way.first.evaluate(fill) != way.last.evaluate(fill)
    page.goto("/orders/A-10482")
    icon = ".icon"
    done, not_yet = page.locator(f".steps .done {icon}").first, page.locator(f".steps li:not(.done) {icon}").first
    assert done.evaluate(border) > not_yet.evaluate(border) > 0
    button = page.locator(".button.first").first
    assert button.evaluate(border) >= 1
