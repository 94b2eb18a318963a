"""The watch over every page is itself watched: what it would have to see, it sees."""

import pytest

from e2e.conftest import Visit
from e2e.watch import Watch

WRONGS = {
    "console error: broken": "console.error('broken')",
    "CSP: style-src-attr": "document.body.setAttribute('style', 'color: red')",
    "CSP: require-trusted-types-for": "Promise.resolve().then(() => { document.body.innerHTML = ''; }).catch(() => {})",
    "CSP: img-src https://elsewhere.example": "new Image().src = 'https://elsewhere.example/pixel.png'",
    "uncaught: thrown": "setTimeout(() => { throw new Error('thrown'); })",
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_no_page_may_do_is_noted(visit: Visit, watch: Watch, wrong: str) -> None:
    page = visit()
    page.goto("/account")
    page.evaluate(WRONGS[wrong] + "; 0")
    for _ in range(200):
        if any(wrong in text for text in watch.unexpected()):
            break
        page.wait_for_timeout(10)
    else:
        pytest.fail(f"not noted: {watch.unexpected()}")
    watch.allow("")


def test_a_page_that_asks_another_host_is_noted(visit: Visit, watch: Watch) -> None:
    page = visit()
    page.route("**/*", lambda route: route.fulfill(body="", status=204))
    page.goto("about:blank")
    page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
    assert "another host: http://elsewhere.example/" in watch.unexpected()
    watch.allow("another host", "console")
