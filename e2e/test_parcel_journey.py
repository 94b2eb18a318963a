"""A parcel from “label made” to “delivered with photo” while its page is open on a phone: card and bell move by themselves,
what needs the customer is mailed, what they do not want is not, and without JavaScript all of it can be read."""

import re
from email import message_from_bytes
from email.policy import default
from itertools import count

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e import parcels, steps
from e2e.conftest import Visit
from e2e.counter import Counter

SOON = 15_000  # milliseconds; a second is promised, and a busy machine is given more
# What the card and the news say, per language: announced, under way, in the van, nobody there, delivered; the mail's subject.
SAYS = {
    "en": ("Out for delivery", "Nobody was home", "Delivered today", "Photo", "Not delivered", "Delivered"),
    "fr": ("En cours de livraison", "Il n’y avait personne", "Livré aujourd’hui", "Photo", "Non livré", "Livré"),
}
MERCHANT = "atelier-nord"


class Carrier:
    """The shop's program that passes a carrier's news on."""

    def __init__(self, counter: Counter, number: str) -> None:
        self.url = f"{counter.url}/api/v1/shipments/{MERCHANT}/{number}"
        self.headers = {"Authorization": f"Bearer {counter.key}"}
        self.minutes = count(40, -1)

    def says(self, status: str, **about: str) -> None:
        scan = {"at": parcels.lately(next(self.minutes) / 1440), "status": status, "place": "Lyon", "country": "FR", **about}
        answer = httpx.post(f"{self.url}/scans", json=scan, headers=self.headers)
        assert answer.status_code == 200, answer.text

    def proves(self) -> None:
        headers = {**self.headers, "Content-Type": "image/png"}
        answer = httpx.put(f"{self.url}/proof/photo", content=parcels.PNG, headers=headers)
        assert answer.status_code == 204, answer.text


@pytest.fixture
def sent(counter: Counter) -> tuple[str, Carrier]:
    """Whose it is, and who brings it; nothing is known but its number."""
    parcel = parcels.parcel(status="unknown", shipped_at=None)
    email = counter.newcomer(shipments=[parcel], shipping_address=parcels.ADDRESS)
    return email, Carrier(counter, parcel["tracking_number"])


def _opened(visit: Visit, counter: Counter, email: str, locale: str, **more: bool) -> Page:
    page = visit("phone", session=counter.session(email, locale), locale=locale, **more)
    page.goto("/orders/1")
    return page


def _subjects(counter: Counter, email: str) -> list[str]:
    return [str(message_from_bytes(path.read_bytes(), policy=default)["Subject"]) for path in counter.mails(email)]


@pytest.mark.parametrize("locale", SAYS)
def test_card_and_bell_move_while_the_page_is_open(
    visit: Visit, counter: Counter, sent: tuple[str, Carrier], locale: str
) -> None:
    (email, carrier), (van, nobody, delivered, photo, failed_subject, there_subject) = sent, SAYS[locale]
    page = _opened(visit, counter, email, locale)
    card = page.locator(".parcel").first
    page.evaluate("window.mine = 'the same page'")
    carrier.says("info_received")
    carrier.says("in_transit", words="Colis trié")
    expect(card).to_contain_text("Lyon", timeout=SOON)
    carrier.says("out_for_delivery")
    expect(card).to_contain_text(van, timeout=SOON)
    before = _unread(page)
    carrier.says("attempt_failed", reason="consignee_not_home")
    expect(card).to_contain_text(nobody, timeout=SOON)
    steps.until_so(page, lambda: _unread(page) > before)
    expect(page.locator("unread-bell a")).to_have_accessible_name(re.compile(str(_unread(page))))
    assert not _problems(page)
    carrier.says("delivered")
    carrier.proves()
    expect(card).to_contain_text(delivered, timeout=SOON)
    expect(card.get_by_alt_text(photo)).to_be_visible(timeout=SOON)
    assert page.evaluate("window.mine") == "the same page"
    assert not _problems(page)
    steps.until_so(page, lambda: any(there_subject in subject for subject in _subjects(counter, email)))
    assert any(failed_subject in subject for subject in _subjects(counter, email))


def test_what_is_silenced_is_told_in_the_app_alone(visit: Visit, counter: Counter, sent: tuple[str, Carrier]) -> None:
    email, carrier = sent
    page = _opened(visit, counter, email, "en")
    page.goto("/account/notifications")
    page.locator("#deliveries").get_by_label("E-mail").uncheck()
    page.locator("#main form button.first").click()
    expect(page.locator("toast-note")).to_be_visible()
    page.goto("/orders/1")
    known = len(counter.mails(email))
    carrier.says("in_transit")
    carrier.says("attempt_failed", reason="consignee_not_home")
    steps.news_arrives(page, 2)
    carrier.says("delivered")
    page.goto("/notifications")
    expect(page.locator("#notifications")).to_contain_text("Delivered", timeout=SOON)
    assert [subject for subject in _subjects(counter, email)[known:] if "deliver" in subject.lower()] == []


@pytest.mark.parametrize("locale", SAYS)
def test_without_javascript_all_of_it_can_be_read(
    visit: Visit, counter: Counter, sent: tuple[str, Carrier], locale: str
) -> None:
    email, carrier = sent
    for status in ("in_transit", "out_for_delivery", "delivered"):
        carrier.says(status)
    carrier.proves()
    page = _opened(visit, counter, email, locale, js=False)
    card = page.locator(".parcel").first
    expect(card).to_contain_text(SAYS[locale][2])
    expect(card).to_contain_text("Lyon")
    expect(card.locator("img").first).to_be_visible()
    page.goto("/arrivals")
    expect(page.locator("#main")).to_contain_text("Teapot")


def _problems(page: Page) -> list[str]:
    steps.settled(page)
    return [one["id"] for one in Axe().run(page).response["violations"]]


def _unread(page: Page) -> int:
    """As the title says it: “(3) Your order”."""
    found = re.match(r"\((\d+)\) ", page.title())
    return int(found[1]) if found else 0
