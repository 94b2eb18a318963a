"""One order on its page, on paper and as a PDF: as it was bought, with sums that add up."""

import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from e2e import steps
from e2e.amounts import minor, sums
from e2e.conftest import SCREENS, Visit

both_screens = pytest.mark.parametrize("screen", SCREENS)


def _text(pdf: bytes) -> str:
    """Without regard to where lines end and which letters are drawn as one."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _wedding(page: Page) -> str:
    """The order of 64 lines in three parcels."""
    return steps.find_order(page, "?shown=200", "+6")


def test_sums_add_up_on_every_page_or_the_page_says_that_they_do_not(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page, "?shown=40")
    told = 0
    for path in [*steps.addresses(page), _wedding(page)]:
        page.goto(path)
        parts = sums(page)
        total = next(amount for kind, _label, amount in parts if kind == "total")
        added = sum(amount for kind, _label, amount in parts if kind == "")
        mismatch = page.locator(".receipt .notice").count()
        assert (added != total) == bool(mismatch), f"{path}: {parts}"
        told += mismatch
        lines = page.locator(".lines .amount").evaluate_all("(all) => all.map((it) => it.lastChild.textContent)")
        assert sum(map(minor, lines)) == parts[0][2], f"{path}: lines and items"
        given = page.locator(".receipt > .part + .part .sums dd").all_text_contents()
        refunded = sum(-amount for kind, _label, amount in parts if kind == "refund")
        assert sum(map(minor, given)) == refunded, f"{path}: refunds"
    assert told == 1  # the demo shop has one such order, and it is among the newest


@both_screens
@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_an_order_shows_its_parcel_items_sums_addresses_and_what_happened(visit: Visit, screen: str, js: bool) -> None:
    page = visit(screen, js=js)
    steps.open_orders(page, "?q=A-10482")
    steps.open_order(page, "A-10482")
    expect(page.get_by_role("heading", level=1)).to_have_text("Order A-10482 Atelier Nord")
    main = page.locator("#main")
    expect(main.locator(".order-head h2")).to_have_text(re.compile("^Arrives (tomorrow, |today)"))
    expect(main.locator(".steps [aria-current=step]")).to_have_text("Sent")
    follow = main.get_by_role("link", name="Track on the carrier’s site")
    assert follow.get_attribute("rel") == "noreferrer"
    number = main.locator(".facts .number > span").inner_text()
    assert number in (follow.get_attribute("href") or "")
    assert main.locator(".lines .title").all_inner_texts()[0].startswith("Teapot “Brume”")
    expect(main.locator(".lines > li").first.locator("s")).to_contain_text("€48.00")
    expect(main.locator("address.address")).to_have_text(re.compile("Alice Martin.*12 rue de la Fontaine.*69004 Lyon", re.S))
    expect(main.locator(".timeline li").last).to_contain_text("Order placed")
    expect(main.locator("section[aria-labelledby=timeline] li[aria-current=step]")).to_contain_text("Handed to the carrier")
    expect(main.get_by_text("Visa ·· 4242")).to_be_visible()
    assert main.get_by_role("button", name="Print").is_visible() is js


@both_screens
def test_an_order_in_several_parcels_shows_each_with_its_own_way_and_contents(visit: Visit, screen: str) -> None:
    page = visit(screen)
    page.goto(_wedding(page))
    parcels = page.get_by_role("heading", name=re.compile(r"Parcel \d of 3"))
    expect(parcels).to_have_count(3)
    assert page.locator(".facts dt", has_text="Tracking number").count() == 3
    assert (
        len(set(page.get_by_role("link", name="Track on the carrier’s site").evaluate_all("(all) => all.map((it) => it.href)")))
        == 3
    )
    expect(page.get_by_text("36 × Dinner plate")).to_be_visible()
    expect(page.get_by_text("31 × Cup “Brume”")).to_have_count(2)  # said once, not thirty-one times
    lines = page.locator(".lines > li")
    expect(lines).to_have_count(64)
    expect(lines.nth(63)).to_be_hidden()
    page.get_by_text("Show all 64 items").click()
    expect(lines.nth(63)).to_be_visible()


def test_gift_messages_notes_and_a_second_address_are_shown(visit: Visit) -> None:
    page = visit()
    page.goto(steps.find_order(page, "?q=Rose+des+sables", "Vase"))
    message = page.get_by_role("heading", name="Gift message").locator("..").locator(".gift")
    expect(message).to_have_text("Chers parents,\nbon anniversaire de mariage ! À dimanche,\nAlice", use_inner_text=True)
    expect(page.locator("address.address").first).to_contain_text("74000 Annecy")
    page.goto(steps.find_order(page, "?q=HL-SPEAKERS", "Loudspeaker cable"))
    expect(page.get_by_text("Please leave it with the concierge")).to_be_visible()
    expect(page.get_by_role("heading", name="Billing address")).to_be_visible()
    expect(page.locator("address.address").last).to_contain_text("Studio Martin & Associés")


@both_screens
def test_the_card_leads_to_the_parcel_and_the_carrier_knows_it(visit: Visit, screen: str) -> None:
    page = visit(screen)
    steps.open_orders(page, "?q=A-10482")
    page.get_by_role("link", name="Follow parcel").click()
    page.wait_for_url("**/orders/A-10482**")
    expect(page.locator(".parcel h2")).to_be_in_viewport()
    follow = page.get_by_role("link", name="Track on the carrier’s site")
    expect(follow).to_have_attribute("href", re.compile(r"^https://www\.laposte\.fr/.*6A41965153412$"))


def test_on_paper_there_are_no_bars_and_every_line_is_there(visit: Visit) -> None:
    page = visit(scheme="dark")
    page.goto(_wedding(page))
    page.emulate_media(media="print")
    for part in (".bar nav", ".bell", ".account-button", ".tabs", ".papers", ".toasts", ".skip"):
        expect(page.locator(part).first).to_be_hidden()
    pdf = page.pdf(prefer_css_page_size=True)
    text = _text(pdf)
    assert 2 <= len(PdfReader(io.BytesIO(pdf)).pages) <= 8
    assert "Archive this order" not in text
    assert text.count("With a first name:") == 62
    assert text.index("Payment summary") > 0
    total = page.locator(".sums .total dd").inner_text()
    assert total in text
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_the_summary_is_a_pdf_to_keep(visit: Visit, tmp_path: Path, js: bool) -> None:
    page = visit(js=js)
    page.goto("/orders/A-10482")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Order summary (PDF)").click()
    waiting.value.save_as(tmp_path / "summary.pdf")
    assert waiting.value.suggested_filename.endswith(".pdf")
    text = _text((tmp_path / "summary.pdf").read_bytes())
    assert "A-10482" in text
    assert page.locator(".sums .total dd").inner_text() in text
    assert page.url.endswith("/orders/A-10482")


def test_a_machine_reads_the_same_order_in_the_page(visit: Visit) -> None:
    page = visit()
    page.goto("/orders/A-10482")
    told = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    assert (told["@type"], told["orderNumber"]) == ("Order", "A-10482")
    number = page.locator(".facts .number > span").inner_text()
    assert number in json.dumps(told)


def test_two_orders_with_one_number_have_two_addresses_each_its_own(visit: Visit) -> None:
    page = visit()
    steps.open_orders(page, "?q=20417")
    assert steps.addresses(page) == ["/orders/20417.hifi-lambert", "/orders/20417"]
    for path, seller in (("/orders/20417.hifi-lambert", "Hifi Lambert"), ("/orders/20417", "Alpages")):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Order 20417 {seller}")
        expect(page.locator(".facts dt", has_text="Sold by").locator("+ dd")).to_have_text(seller)
        mine = page.locator("form[action$='/archiving']").get_attribute("action")
        assert mine == f"{path}/archiving"
