"""The browser tests' ground: a counter with the demo shop, Debian's Chromium where it is, a watch over every page.

SQLite unless POSTGRES_FOR_TESTS names a server (see `tests/on_postgres.py`).
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

from e2e.counter import SERVER, Counter, fresh_database
from e2e.watch import Watch

CHROMIUM = Path("/usr/bin/chromium")
SHELL = Path("/usr/bin/chromium-headless-shell")  # the same without a window's worth of parts: a page costs a third less
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How the whole browser is started: the shell has no notifications, and no push.
WHOLE: dict[str, Any] = {"args": QUIET} | ({"executable_path": CHROMIUM} if CHROMIUM.exists() else {"channel": "chromium"})
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
SCREENS: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 900}},
}  # fmt: skip
# Each browser comes from a network of its own: what is throttled by network is not by the number of tests.
NETWORKS = (f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in count(1))
ZONES = {"en": "Europe/London", "fr": "Europe/Paris"}

Visit = Callable[..., Page]
Newcomer = Callable[..., str]


def pytest_report_header() -> str:
    browser = next((path for path in (SHELL, CHROMIUM) if path.exists()), "Playwright’s")
    return f"browser: {browser}; database: {'PostgreSQL' if SERVER else 'SQLite'}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    own = next(({"executable_path": str(path)} for path in (SHELL, CHROMIUM) if path.exists()), {})
    return {**browser_type_launch_args, **own, "args": QUIET}


@pytest.fixture(scope="session")
def whole_browser(browser_type: BrowserType) -> Iterator[Browser]:
    """For notifications and push, which the headless shell has not."""
    opened = browser_type.launch(**WHOLE)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def counter() -> Iterator[Counter]:
    """Filled once and served to all tests of this process; each leaves it as it found it."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-e2e-"))
    running = Counter(folder, fresh_database(f"comptoir_e2e_{WORKER}"))
    running.command("migrate")
    running.command("seed")
    running.start()
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def base_url(counter: Counter) -> str:
    """Always localhost by its name: that is a secure place, 127.0.0.1 is none to some features."""
    return counter.url


@pytest.fixture
def doomed(counter: Counter) -> Iterator[Counter]:
    """A second server on the same ground, to be killed."""
    running = Counter(counter.folder, counter.database)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def tokens(counter: Counter) -> Callable[[str, str], str]:
    """(name, locale) → the token of a session, kept while no test has ended it; the account then speaks that language.
    Mo's has shown a second factor.
    """
    held: dict[str, str] = {}

    def token(name: str, locale: str) -> str:
        if name not in held or not counter.knows(held[name]):
            held[name] = counter.session(f"{name}@example.com")
            if name == "mo":
                counter.key_of_mo = counter.enrol(held[name])
        counter.speak(held[name], locale)  # whatever a test before has chosen
        return held[name]

    return token


@pytest.fixture(autouse=True)
def watch() -> Iterator[Watch]:
    """On every page: nothing in the console, nothing blocked by the policy, nothing asked of another host."""
    made = Watch("localhost")
    yield made
    assert not made.unexpected(), "\n".join(made.unexpected())


@pytest.fixture
def visit(
    new_context: Callable[..., BrowserContext], counter: Counter, tokens: Callable[[str, str], str], watch: Watch
) -> Visit:
    """An empty page of a new browser on a screen; `who` is signed in on it, nobody when empty, or whose `session` is given.

    Without a service worker unless a test is about what one does: each new browser would install it first.
    """

    def page(
        screen: str = "desktop", *, who: str = "alice", session: str = "", locale: str = "en", js: bool = True,
        scheme: str = "light", worker: bool = False, **more: Any,
    ) -> Page:  # fmt: skip
        options = {
            **_spoken_on(screen, locale), "service_workers": "allow" if worker else "block", "java_script_enabled": js,
            "color_scheme": scheme, "extra_http_headers": {"X-Forwarded-For": next(NETWORKS)}, **more,
        }  # fmt: skip
        context = new_context(**options)
        context.set_default_timeout(10_000)
        watch.over(context)
        if token := session or (who and tokens(who, locale)):
            context.add_cookies([{"name": "session", "value": token, "url": counter.url}])
        return context.new_page()

    return page


class Window:
    """A browser on a screen in a language, kept for many tests that only look: one made anew costs as much as a look."""

    def __init__(self, browser: Browser, screen: str, locale: str, counter: Counter) -> None:
        self.counter = counter
        self.context = browser.new_context(
            **_spoken_on(screen, locale), base_url=counter.url, reduced_motion="reduce", service_workers="block"
        )
        self.context.set_default_timeout(10_000)
        self.watch = Watch("localhost")
        self.watch.over(self.context)
        self.page: Page | None = None

    def lend(self, watch: Watch, session: str, headers: dict[str, str]) -> Page:
        """A new page; nothing of the one before is left, and what it complains of is told to this test."""
        if self.page:
            self.page.close()  # it would go on asking, as nobody
        self.watch.complaints = watch.complaints
        self.context.clear_cookies()
        if session:
            self.context.add_cookies([{"name": "session", "value": session, "url": self.counter.url}])
        self.page = self.context.new_page()
        self.page.set_extra_http_headers(headers)
        return self.page


@pytest.fixture(scope="session")
def windows(browser: Browser, counter: Counter) -> Iterator[Callable[[str, str], Window]]:
    """(screen, locale) → its window. One is open at a time: tests come in that order."""
    held: dict[tuple[str, str], Window] = {}

    def window(screen: str, locale: str) -> Window:
        if (screen, locale) not in held:
            for one in held.values():
                one.context.close()
            held.clear()
            held[screen, locale] = Window(browser, screen, locale, counter)
        return held[screen, locale]

    yield window
    for one in held.values():
        one.context.close()


@pytest.fixture
def look(windows: Callable[[str, str], Window], tokens: Callable[[str, str], str], watch: Watch) -> Visit:
    """`visit` for tests that leave nothing behind but cookies: the page is another test's, without a worker."""

    def page(screen: str, *, who: str = "", locale: str = "en", here: bool = False) -> Page:
        """`here`: it comes from this machine."""
        headers = {} if here else {"X-Forwarded-For": next(NETWORKS)}
        return windows(screen, locale).lend(watch, tokens(who, locale) if who else "", headers)

    return page


def _spoken_on(screen: str, locale: str) -> dict[str, Any]:
    return {**SCREENS[screen], "locale": locale, "timezone_id": ZONES[locale]}


@pytest.fixture(scope="session")
def newcomer(counter: Counter) -> Newcomer:
    """`newcomer()` answers the address of somebody new."""
    return counter.newcomer


@pytest.fixture
def email(newcomer: Newcomer) -> str:
    """Of the one newcomer whom a test is about."""
    return newcomer()
