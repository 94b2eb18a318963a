"""Withdrawals in a browser: a guest's, from three fields to the mailed link, and one of somebody signed in."""

import re

from playwright.sync_api import Page, expect

from e2e import parcels, steps
from e2e.counter import Counter


def came(counter: Counter) -> str:
    """Two teapots of somebody new, here since a moment ago; their address."""
    email = parcels.bought(counter, 2)
    parcels.delivered(counter, email)
    return email


def fill_in(page: Page, email: str, contract: str = "1", items: str = "", seller: str = "atelier-nord") -> None:
    page.goto("/withdrawal")
    page.locator("#seller").select_option(seller)
    page.locator("#name").fill("Nina Neuf")
    page.locator("#contract").fill(contract)
    page.locator("#email").fill(email)
    page.locator("#items").fill(items)
    page.locator("#main .form button.first").click()


def to_second_step(page: Page, email: str, **said: str) -> None:
    fill_in(page, email, **said)
    expect(page.locator("button[name=step][value=confirm]")).to_be_visible()


def declare(page: Page, email: str, **said: str) -> None:
    to_second_step(page, email, **said)
    page.locator("button[name=step][value=confirm]").click()
    page.wait_for_url("**/withdrawal/sent")


def mailed(page: Page, counter: Counter, email: str, pattern: str) -> str:
    """What some mail to them holds; news of their parcels comes at the same time."""
    found: list[str] = []

    def there() -> bool:
        texts = [counter.text_of(path) for path in counter.mails(email)]
        found.extend(held[1] for text in texts if (held := re.search(pattern, text)))
        return bool(found)

    steps.until_so(page, there)
    return found[0]


def mailed_link(page: Page, counter: Counter, email: str) -> str:
    return mailed(page, counter, email, rf"{re.escape(counter.url)}(/withdrawal/\S+)")


def link(page: Page, counter: Counter) -> str:
    """The mailed one, of a declaration of somebody new."""
    email = came(counter)
    declare(page, email)
    return mailed_link(page, counter, email)


def acknowledged(page: Page, counter: Counter) -> None:
    page.goto(link(page, counter))
    page.locator("#main form button").click()
    expect(page.locator("a[href$='/receipt.pdf']")).to_be_visible()


def in_words(page: Page, counter: Counter) -> None:
    """Acknowledged, of two teapots, in words of which one is meant."""
    email = came(counter)
    declare(page, email, items="one of the two only")
    page.goto(mailed_link(page, counter, email))
    page.locator("#main form button").click()
    expect(page.locator("a[href$='/items']")).to_be_visible()


def items(page: Page, counter: Counter) -> None:
    in_words(page, counter)
    page.goto(f"{page.url}/items")


def own(page: Page, counter: Counter) -> None:
    """The form of somebody new, signed in."""
    email = came(counter)
    page.context.clear_cookies()
    steps.use_link(page, counter.link(email))
    page.goto("/orders/1/withdrawal")


def own_second_step(page: Page, counter: Counter) -> None:
    own(page, counter)
    page.locator("input[type=number]").fill("1")
    page.locator("#main .form button.first").click()
    expect(page.locator("button[name=step][value=confirm]")).to_be_visible()


def own_done(page: Page, counter: Counter) -> None:
    own_second_step(page, counter)
    page.locator("button[name=step][value=confirm]").click()
    page.wait_for_url("**/returns/R-*")


def sending(page: Page, counter: Counter) -> None:
    own_done(page, counter)
    page.goto(f"{page.url}/sending")
