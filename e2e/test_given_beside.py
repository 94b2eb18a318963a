"""At a desk nothing is sound that nobody has counted, and nothing is given once more unless somebody says that it is meant."""

import pytest
from playwright.sync_api import Page, expect

from e2e import asking, parcels, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

DESK = "/desk/atelier-nord/returns"
ENGLISH = {
    "count": "Keep this count", "uncounted": "Say how many came, and in which condition.", "all": "All of it came in order",
    "given": "Paid back already, of the same order", "yes": "Yes, pay back €", "box": "I mean to give it all the same",
    "error": "Say that you mean to give it all the same.",
}  # fmt: skip
FRENCH = {
    "count": "Enregistrer ce décompte", "uncounted": "Indiquez combien sont arrivés, et dans quel état.",
    "all": "Tout est arrivé en bon état", "given": "Déjà remboursé sur la même commande", "yes": "Oui, rembourser",
    "box": "Je veux tout de même le donner", "error": "Confirmez que vous voulez tout de même le donner.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "screen", "js", "says"),
    [("en", "phone", True, ENGLISH), ("fr", "desktop", True, FRENCH), ("fr", "phone", False, FRENCH)],
    ids=["en-phone", "fr-desktop", "fr-no-js"],
)
def test_it_is_counted_and_given_again_by_a_click_of_its_own(
    visit: Visit, counter: Counter, watch: Watch, locale: str, screen: str, js: bool, says: dict[str, str]
) -> None:
    watch.allow("status of 422")
    there = [{"id": "shop-77", "amount": 1_000, "at": parcels.ago(1), "reason": "Goodwill", "state": "pending"}]
    page = visit("phone", session=counter.session(asking.came(counter, refunds=there)))
    asking.what_happened(page, "Teapot", "Wrong size or colour")
    page.locator("select[name^=wish]").select_option("refund")
    page.locator("#asking .button.first").click()
    code = asking.send(page)
    desk = visit(screen, who="mo", locale=locale, js=js)
    desk.goto(f"{DESK}/{code}")
    expect(desk.get_by_role("heading", name=says["given"])).to_be_visible()
    _looks_right(desk, js)
    desk.get_by_role("button", name=says["count"]).click()
    expect(desk.locator("p.error")).to_have_text(says["uncounted"])
    _looks_right(desk, js)
    desk.get_by_role("button", name=says["all"]).click()
    expect(desk.locator("form[action$='/receiving']")).to_have_count(0)
    desk.locator("#decide ~ a[href$='/refund']").click()
    desk.wait_for_url("**/refund")
    desk.get_by_role("button", name=says["yes"]).click()
    expect(desk.locator("#again-error")).to_contain_text(says["error"])
    _looks_right(desk, js)
    desk.get_by_label(says["box"]).first.check()
    desk.get_by_role("button", name=says["yes"]).click()
    expect(desk.locator("input[id^=reference-]")).to_be_visible()


def _looks_right(page: Page, js: bool) -> None:
    if js:  # which axe needs
        steps.looks_right(page)
