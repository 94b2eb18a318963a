"""The order on paper: what is written is what was bought, whatever it was called."""

import io
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from app import i18n, press
from app.ingest.snapshot import Address, Fee, Payment, Refund, Shipment
from app.orders import documents, pages
from tests import builders
from tests.builders import MO, line

A4 = (595.276, 841.89)  # points


async def pdf(locale: str = "en", **about: Any) -> bytes:
    row = await builders.order(**about)
    voice = i18n.Voice(locale, "Europe/Paris")
    i18n.current.set(voice)
    found, parcels, _moments = await pages.whole(row["customer"], row["address"], voice)
    return await documents.order_summary(found, parcels, voice)


async def paper(locale: str = "en", **about: Any) -> PdfReader:
    return PdfReader(io.BytesIO(await pdf(locale, **about)))


def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


async def test_it_says_what_it_is_and_what_it_is_not() -> None:
    said = text(await paper(number="A-10482"))
    assert "Order summary" in said
    assert "not an invoice" in said
    assert "Order A-10482" in said
    assert "2 November 2026, 10:30" in said
    assert "Page 1 of 1" in said


async def test_the_merchants_head_is_on_it() -> None:
    about = {"address": "12 quai des Tanneurs\n44000 Nantes", "legal": "RCS Nantes 123", "vat_id": "FR40123456789"}
    await builders.merchant(MO, "Atelier Mo", website="https://mo.example", email="mo@mo.example", **about)
    said = text(await paper())
    for words in ("Atelier Mo", "12 quai des Tanneurs\n44000 Nantes", "RCS Nantes 123", "FR40123456789", "mo@mo.example"):
        assert words in said


async def test_the_sums_are_those_of_the_page_from_the_items_to_the_total() -> None:
    said = text(await paper(
        lines=[line("1", quantity=2, discount=600), line("2", title="Cup", unit_price=1250)], discount=1000,
        discount_codes=["AUTUMN"], fees=[Fee(label="Gift wrap", amount=350)], tax=1500, shipping_method="Colissimo",
    ))  # fmt: skip
    end = said[said.index("\nItems") :]
    parts = ["Items €102.50", "Delivery · Colissimo €4.90", "Gift wrap €3.50", "Discount · AUTUMN -€10.00", "Total €100.90"]
    assert [part for part in parts if part in end] == parts
    assert "Tax included €15.00" in end
    assert sorted(parts, key=end.index) == parts
    assert "€96.00\n€90.00" in said  # before and after the discount of the line


async def test_sums_that_do_not_add_up_are_shown_as_stated_with_a_note() -> None:
    said = text(await paper(total=5300))
    assert "Total €53.00" in said
    assert "differ by €0.10" in said
    assert "differ by" not in text(await paper("en", external_id="1002"))


async def test_payments_refunds_parcels_addresses_and_notes_are_on_it() -> None:
    said = text(await paper(
        payments=[Payment(kind="card", brand="Visa", last_four="4242"), Payment(kind="gift_card", amount=1000)],
        refunds=[Refund(id="r", amount=4800, at=datetime(2026, 11, 9, tzinfo=UTC))],
        shipments=[Shipment(id="p", carrier="DHL", tracking_number="00340434161094042557")],
        billing_address=Address(company="Martin & Fils", street="Marktgasse 1", postal_code="3011", city="Bern", country="CH"),
        gift_message="Joyeux Noël !\nBob", note="Ring twice",
    ))  # fmt: skip
    expected = ["4242", "Gift card · €10.00", "9 Nov 2026 €48.00", "DHL\n00340434161094042557", "Ring twice"]
    expected += ["6 rue des Lilas\n69003 Lyon", "Martin & Fils\nMarktgasse 1\nCH-3011 Bern\nSwitzerland", "Joyeux Noël !\nBob"]
    assert [words for words in expected if words in said] == expected


MARKUP = (
    '#eval("1 + 1")', "$x^2$", "*bold* _it_", "@ref <label>", '#include "/etc/passwd"', "</script>&amp;", "\\u{41} // x",
)  # fmt: skip
RARE = ("日本語のタイトル", "العربية", "👩‍👩‍👧 ok", "a\x07\x0b\x7f\u202egpj.exe\ufffe", "\u0301" * 50, "")
LONG = (("Donaudampfschifffahrt", 40), ("many words ", 900), ("https://example.com/a/b?c=d&", 60))


@pytest.mark.parametrize("title", MARKUP)
async def test_what_looks_like_markup_is_put_down_as_text(title: str) -> None:
    everywhere = {"gift_message": title, "note": title, "shipping_method": title, "number": title}
    reader = await paper(lines=[line(title=title, variant=title, sku=title)], **everywhere)
    assert text(reader).count(title) >= 6
    assert reader.metadata is not None
    assert reader.metadata.title == f"Order {title} · Atelier Mo"


@pytest.mark.parametrize("title", ["Žluťoučký kůň, œuf ß ŵ", "€ ₣ £ ¥ ’ “ ” – … ×", "Ελληνικά", "Кириллица"])
async def test_letters_and_signs_of_europe_are_in_the_fonts_that_come_along(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    assert title in text(await paper(lines=[line(title=title)]))


@pytest.mark.parametrize("title", RARE)
async def test_rare_letters_and_control_characters_stop_no_paper(title: str) -> None:
    reader = await paper(lines=[line(title=title), line("2", title="Cup")], number=f"A{title}"[:90], note=title)
    assert "Cup" in text(reader)
    assert reader.xmp_metadata is not None  # well-formed XML
    assert "\u202e" not in text(reader)


@pytest.mark.parametrize(("part", "times"), LONG)
async def test_a_title_of_any_length_is_broken_into_lines_that_fit(part: str, times: int) -> None:
    """The column of titles is 113 mm wide: some seventy letters of this size."""
    printed = text(await paper(lines=[line(title=part * times)])).replace("\u200b", "").splitlines()
    assert max(map(len, printed)) < 110
    assert "".join("".join(row.split()) for row in printed).count("".join(part.split())) == times


async def test_1114_lines_repeat_their_header_on_every_page_and_none_is_missing() -> None:
    lines = [line(str(n), title=f"Item number {n}.", unit_price=n) for n in range(1, 1115)]
    reader = await paper(lines=lines)
    pages = [page.extract_text() for page in reader.pages]
    assert all("Unit price" in page for page in pages if "Item number" in page)
    assert f"Page 7 of {len(pages)}" in pages[6]
    said = "\n".join(pages)
    assert [n for n in range(1, 1115) if f"Item number {n}." not in said] == []
    assert "Items €6,210.55" in said


async def test_the_document_names_its_language_its_title_and_its_author_and_is_tagged() -> None:
    reader = await paper("fr", number="A-1")
    root = reader.root_object
    assert root["/Lang"] == "fr"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert "/StructTreeRoot" in root
    assert reader.metadata is not None
    assert reader.metadata.author == "Atelier Mo"
    assert reader.metadata.title is not None
    assert "A-1" in reader.metadata.title
    assert reader.metadata.creation_date == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert (float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)) == pytest.approx(A4, abs=0.01)


async def test_dates_amounts_and_countries_are_in_the_customers_language() -> None:
    abroad = Address(name="Alice", street="Marktgasse 1", postal_code="3011", city="Bern", country="CH")
    said = text(await paper("fr", lines=[line(unit_price=128440)], shipping_address=abroad))
    assert "2 novembre 2026 à 10:30" in said
    assert "1 284,40 €" in said.replace("\u202f", " ").replace("\xa0", " ")
    assert "Suisse" in said


async def test_the_same_order_gives_the_same_bytes() -> None:
    first = await pdf()
    assert await documents_again() == first
    assert await pdf(note="changed") != first


async def documents_again() -> bytes:
    row = await builders.db.one("SELECT customer, address FROM orders")
    assert row is not None
    found, parcels, _moments = await pages.whole(row["customer"], row["address"], i18n.voice())
    return await documents.order_summary(found, parcels, i18n.voice())


async def test_an_order_of_which_little_is_known_has_a_paper_too() -> None:
    old = datetime(1969, 7, 20, tzinfo=UTC)
    said = text(await paper(lines=[], payments=[], shipping_address=None, shipping=0, placed_at=old, currency="JPY"))
    assert "20 July 1969" in said
    assert "Unit price" not in said
    assert "Total ¥0" in said


async def test_it_is_made_in_a_thread_of_its_own_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []
    compiled = typst.compile

    def watched(*args: Any, **about: Any) -> Any:
        threads.append(threading.current_thread())
        return compiled(*args, **about)

    monkeypatch.setattr(press.typst, "compile", watched)
    await pdf()
    await documents_again()
    assert len(threads) == 2
    assert threads[0] is threads[1] is not threading.main_thread()
