"""Asking for something with what came, on a phone: a damaged item with a photo, another size, and a network lost between."""

from playwright.sync_api import Page, expect

from e2e import asking, offline, steps
from e2e.conftest import Visit
from e2e.counter import Counter
from e2e.watch import Watch

SENT = """
SELECT count(*) FROM returns r JOIN customers c ON c.id = r.customer WHERE c.email = '{email}'
"""
PUT_THERE = """
SELECT count(*) FROM return_files f JOIN returns r ON r.id = f.of_return JOIN customers c ON c.id = r.customer
WHERE c.email = '{email}'
"""
LONG = 30_000  # milliseconds


def test_a_damaged_item_is_shown_in_a_photo_that_the_phone_has_made_small(visit: Visit, counter: Counter) -> None:
    email = asking.came(counter)
    page = visit("phone", session=counter.session(email))
    asking.what_happened(page, "Teapot", "It came damaged")
    page.locator("input[type=number]").fill("1")
    page.locator("select[name^=wish]").select_option("replacement")
    page.locator("textarea[name^=note]").fill("The lid is in two pieces.")
    steps.looks_right(page)
    asking.go_on(page)
    picture = asking.photo()
    assert len(picture["buffer"]) > 3_000_000
    page.locator("#photos").set_input_files(picture)
    expect(page.locator("photo-field")).not_to_have_attribute("aria-busy", "true")
    steps.until(page, "(most) => document.querySelector('#photos').files[0].size < most", len(picture["buffer"]) / 2)
    code = asking.send(page)
    expect(page.locator("main")).to_contain_text("It came damaged")
    page.locator("main a[href$='/photos']").click()
    expect(page.locator(".photos img")).to_have_count(1)
    steps.until(page, "() => document.querySelector('.photos img').naturalWidth === 2000")
    page.goto("/orders/1/what-happened")
    expect(page.locator("main")).to_contain_text(code)


def test_another_size_is_asked_for_and_the_sums_follow_as_it_is_typed(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session(asking.came(counter), "fr"), locale="fr")
    asking.what_happened(page, "Teapot", "Mauvaise taille")
    preview = page.locator("#preview")
    expect(page.locator("[name^=wanted]")).to_be_visible()
    page.locator("select[name^=wish]").select_option("refund")
    expect(preview).to_contain_text("48,00")
    expect(page.locator("[name^=wanted]")).to_be_hidden()
    page.locator("input[type=number]").fill("2")
    page.locator("input[type=number]").blur()
    expect(preview).to_contain_text("96,00")
    page.locator("select[name^=wish]").select_option("exchange")
    expect(preview).to_contain_text("aucun argent")
    page.locator("[name^=wanted]").fill("La même, en vert")
    asking.go_on(page)
    expect(page.locator("main")).to_contain_text("La même, en vert")
    steps.looks_right(page)
    page.locator("button[value=change]").click()
    expect(page.locator("[name^=wanted]")).to_have_value("La même, en vert")
    asking.go_on(page)
    asking.send(page)
    expect(page.locator("main")).to_contain_text("La même, en vert")


def test_what_was_written_outlives_a_lost_network_and_is_sent_once_with_its_photo(
    visit: Visit, counter: Counter, watch: Watch
) -> None:
    watch.allow("net::ERR_", "EventSource's response", "htmx:error: Failed to fetch")
    email = asking.came(counter)
    page = visit("phone", session=counter.session(email), worker=True)
    offline.ready(page)
    asking.what_happened(page, "Cup", "It came damaged")
    page.context.set_offline(True)
    page.locator("textarea[name^=note]").fill("Chipped")
    page.locator("#asking .button.first").click()
    expect(page.locator(".toast.bad")).to_contain_text("No connection. Try again")
    expect(page.locator("textarea[name^=note]")).to_have_value("Chipped")
    page.context.set_offline(False)
    _again(page)
    page.locator("#photos").set_input_files(asking.small_photo())
    page.context.set_offline(True)
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/offline/waiting")
    entry = page.locator("waiting-list li")
    expect(entry).to_contain_text("Return, claim or cancellation: order 1")
    expect(entry).to_contain_text("lid.png")
    assert counter.number(SENT.format(email=email)) == 0
    page.context.set_offline(False)
    expect(page.locator("waiting-list [data-when=none]")).to_be_visible(timeout=LONG)
    assert counter.number(SENT.format(email=email)) == 1
    assert counter.number(PUT_THERE.format(email=email)) == 1


def _again(page: Page) -> None:
    """The form stands there as it was typed, and is free to be sent."""
    steps.until(page, "() => navigator.onLine && document.querySelector('#asking').ariaBusy !== 'true'")
    asking.go_on(page)


def test_without_javascript_it_goes_to_the_end(visit: Visit, counter: Counter) -> None:
    page = visit("phone", session=counter.session(asking.came(counter)), js=False)
    asking.what_happened(page, "Cup", "by the shop's rules")
    page.locator("select[name^=wish]").select_option("store_credit")
    page.locator("#asking .button.first").click()
    page.locator("input[name=way][value=own_carrier]").check()
    page.get_by_role("button", name="Reckon again").click()
    expect(page.locator("#preview")).to_contain_text("12.50")
    page.locator("#photos").set_input_files(asking.small_photo())
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    page.goto(f"{page.url}/photos")
    expect(page.locator(".photos img")).to_have_count(1)
