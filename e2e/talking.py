"""What people do in a conversation, and what is undone of it after a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from e2e import steps
from e2e.counter import Counter

ORDER = "/orders/A-10482"
DESK = "/desk/atelier-nord/inbox"
SOON = 15_000  # milliseconds; a second is promised, and a busy machine is given more
BUBBLES = ".bubble .words"


@contextmanager
def undone(counter: Counter) -> Iterator[None]:
    """Whatever is written meanwhile is gone after it, with its files: SQLite gives another message its number."""
    newest = counter.number("SELECT max(id) FROM messages")
    begun = f"SELECT thread FROM messages GROUP BY thread HAVING min(id) > {newest}"
    yield
    counter.change(f"DELETE FROM threads WHERE id IN ({begun})")
    counter.change(f"DELETE FROM message_files WHERE message > {newest}")
    counter.change(f"DELETE FROM messages WHERE id > {newest}")


def looks_right(page: Page, js: bool) -> None:
    """What looks needs JavaScript itself; the page is the same without."""
    if js:
        steps.looks_right(page)


def begun(page: Page, text: str, subject: str = "", js: bool = True) -> str:
    """From the order's page; the path of the thread."""
    page.goto(ORDER)
    page.get_by_role("link", name="Write to").or_(page.get_by_role("link", name="Écrire à")).click()
    page.wait_for_url("**/inbox/new?order=A-10482")
    if subject:
        page.locator("#subject").fill(subject)
    page.locator("#text").fill(text)
    if js:
        page.evaluate("scrollTo(0, 0)")  # what happens to lie half under the bar by now is not too small to touch
    looks_right(page, js)
    page.locator("main form button.first").click()
    page.wait_for_url("**/inbox/T-*")
    return page.url.partition("#")[0].rpartition("/")[2]


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("form[action$='/messages'] button.first").click()
