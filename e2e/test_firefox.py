"""In Debian's Firefox: what is read, with the browser's own clicks, keys and Back, and without a network."""

from collections.abc import Iterator

import pytest

from e2e import offline
from e2e.counter import Counter
from e2e.firefox import FIREFOX, Firefox, firefox

if not FIREFOX.exists():
    pytest.skip(f"{FIREFOX} is not there: nothing is tried in Firefox", allow_module_level=True)

ORDER = "/orders/A-10482"
CARD = f".order-card h3 a[href='{ORDER}']"
CARDS = "document.querySelectorAll('.order-card').length"
SETTLED = (
    "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
    " && !document.getAnimations().some((it) => it.effect?.pseudoElement?.startsWith('::view-transition'))"
)
SHOWS = "!!document.querySelector(arguments[0])"
AT = "location.pathname + location.search === arguments[0] && " + SETTLED


@pytest.fixture
def fox() -> Iterator[Firefox]:
    """Nobody is signed in on it yet. It has complained of nothing in the end."""
    with firefox() as opened:
        yield opened
        assert opened.complaints("http://localhost") == []


def _sign_in(fox: Firefox, counter: Counter) -> None:
    fox.goto(counter.command("sign-in-link", "alice@example.com"))
    fox.click("#main .form button.first")
    fox.until(AT, "/orders")


def test_signed_in_list_filter_search_order_arrivals_and_back(fox: Firefox, counter: Counter) -> None:
    _sign_in(fox, counter)
    fox.evaluate("(window.same = true)")
    everything = fox.evaluate(CARDS)
    fox.click(".chips.roll a[href*='period=2026']")
    fox.until(AT, "/orders?period=2026")
    fox.until("document.querySelector('.chips.roll a[href*=\"period=2026\"]').ariaCurrent === 'true'")
    fox.type("#q", "teapot")
    fox.until("new URLSearchParams(location.search).get('q') === 'teapot' && " + SETTLED)
    fox.until(f"0 < {CARDS} && {CARDS} < arguments[0]", everything)
    fox.until("[...document.querySelectorAll('.order-card .titles')].every((it) => it.textContent.includes('Teapot'))")
    fox.back()
    fox.until(AT, "/orders")
    fox.until(f"{CARDS} === arguments[0]", everything)
    fox.evaluate("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", CARD)
    before = fox.evaluate("scrollY")
    fox.click(CARD)
    fox.until(AT, ORDER)
    fox.until("!!document.querySelector('.parcel') && document.title.includes('A-10482')")  # which htmx says at the very end
    fox.back()
    fox.until(AT, "/orders")
    fox.until("Math.abs(scrollY - arguments[0]) < 30", before)
    fox.click(CARD)
    fox.until("location.pathname === arguments[0]", ORDER)
    fox.back()  # at once, while the order is still coming in
    fox.until(f"{AT} && {CARDS} === arguments[1] && !document.title.includes('A-10482')", "/orders", everything)
    fox.click(".top-menu a[href='/arrivals']")
    fox.until(AT, "/arrivals")
    fox.click(".arrival h3 a")
    fox.until("location.pathname.startsWith('/orders/') && !!document.querySelector('.page.paper')")
    fox.back()
    fox.until(AT, "/arrivals")
    fox.until("document.querySelectorAll('.arrival').length > 5")
    assert fox.evaluate("window.same"), "a page was loaded anew: it is not boosted here"


def test_without_a_network_what_was_seen_is_there(fox: Firefox, doomed: Counter) -> None:
    """The server is killed: to a browser that is no network which it could notice."""
    _sign_in(fox, doomed)
    fox.until(f"({offline.CONTROLLED})()")
    fox.until("askWorker('pack', {})")  # a list is put together of what has come
    for path in (ORDER, "/orders"):
        fox.goto(doomed.url + path)
        fox.until("caches.match(arguments[0]).then(Boolean)", path)
    doomed.kill()
    fox.goto(f"{doomed.url}/orders")
    fox.until(SHOWS, ".kept-note time[datetime]")
    fox.click(CARD)
    fox.until("location.pathname === arguments[0] && !!document.querySelector('.page.paper')", ORDER)
    fox.back()
    fox.until(f"{AT} && {CARDS} > 5 && !document.title.includes('A-10482')", "/orders")
    fox.goto(doomed.url + ORDER)
    fox.until(SHOWS, ".page.paper")
    assert fox.evaluate("document.querySelectorAll('.kept-note').length") == 1
    fox.goto(f"{doomed.url}/account/profile")
    fox.until(SHOWS, "#offline .rows a[href='/orders']:not([hidden])")
    doomed.start()
    fox.click("#offline a.first")
    fox.until(SHOWS, "#name")
    fox.goto(f"{doomed.url}/account")
    fox.click("main form[action='/sign-out'] button")
    fox.until(AT, "/sign-in")
    fox.back()  # to a page that Firefox keeps whole, where it may
    fox.until(AT, "/sign-in?next=/account")
