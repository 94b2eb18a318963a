"""Labels and packing lists: what is on them is what a scanner and a person read, whatever the names are."""

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from app.returns import packing
from tests import looking
from tests.returns import papers
from tests.returns.papers import CODE, URL

pytestmark = pytest.mark.without_database

BOTH = {(looking.BARS, CODE), (looking.QR, URL)}
MM = 72 / 25.4  # points
LINES_40 = [packing.PackingLine(title=f"Item number {n}.", quantity=n, reason="Too small") for n in range(1, 41)]
LONG = [
    "Donaudampfschifffahrtsgesellschaftskapitänswitwe" * 2,
    *[f"Line {n} of many more words than any" * 3 for n in range(14)],
]
HEBREW, ARABIC, CJK = "רחוב הרצל 12", "شارع الملك فهد 12", "東京都千代田区丸の内１丁目"
ODD = ("#eval(1)", "$x$ *b* _i_ @r <l>", "a\x07\u202egpj\ufffe", "\u0301" * 40, "👩‍👩‍👧", HEBREW, ARABIC, CJK, "W" * 3000)


async def each(locale: str) -> list[bytes]:
    return [
        await papers.label(locale),
        await papers.label(locale, folded=True),
        await papers.packing_list(locale),
    ]


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_both_codes_are_read_back_from_every_paper(locale: str) -> None:
    for pdf in await each(locale):
        (page,) = looking.pages(pdf)
        assert looking.read(page) == BOTH


@pytest.mark.parametrize("turned", [0.0, 1.5, -3.0, 7.0, 90.0, 180.0])
async def test_both_codes_are_read_back_from_a_thermal_printers_dots_a_little_askew(turned: float) -> None:
    for pdf in await each("en"):
        (page,) = looking.pages(pdf, dpi=203)
        assert looking.read(looking.thermal(page, turned)) == BOTH


async def test_bars_are_half_a_millimetre_wide_and_nothing_is_printed_in_the_quiet_zones() -> None:
    """Ten modules, 5 mm, left and right of the bars: looked at where the bars are, in dots of 300 to the inch."""
    (page,) = looking.pages(await papers.label())
    bars = next(y for y in range(page.height // 2, page.height) if len(_runs(page, y)) == 40)
    runs = _runs(page, bars)
    dot = 25.4 / 300
    assert (runs[-1][1] - runs[0][0]) * dot == pytest.approx(145 * 0.5, abs=0.2)
    assert min(end - start for start, end in runs) * dot == pytest.approx(0.5, abs=0.1)
    assert runs[0][0] * dot >= 5
    assert (page.width - runs[-1][1]) * dot >= 5


def _runs(page: Image.Image, y: int) -> list[tuple[int, int]]:
    """Where it is dark on one row of dots."""
    dark = [page.getpixel((x, y)) < 128 for x in range(page.width)]  # type: ignore[operator]
    edges = [x for x in range(1, page.width) if dark[x] != dark[x - 1]]
    return list(zip(edges[::2], edges[1::2], strict=False))


@pytest.mark.parametrize(("folded", "size"), [(False, (105, 148)), (True, (210, 297))])
async def test_a_label_is_one_page_of_its_size(folded: bool, size: tuple[int, int]) -> None:
    (page,) = papers.opened(await papers.label(folded=folded)).pages
    assert (float(page.mediabox.width) / MM, float(page.mediabox.height) / MM) == pytest.approx(size, abs=0.1)


async def test_the_label_on_a4_is_the_one_on_a6_in_one_quarter() -> None:
    small, large = await papers.label(), await papers.label(folded=True)
    assert papers.text(large).startswith(papers.text(small))
    (page,) = looking.pages(large)
    half = (page.width // 2, page.height // 2)
    assert looking.read(page.crop((0, 0, *half))) == BOTH
    assert looking.read(page.crop((half[0], 0, page.width, page.height))) == set()
    assert looking.read(page.crop((0, half[1], page.width, page.height))) == set()


async def test_a_label_says_who_where_what_and_until_when() -> None:
    said = papers.text(await papers.label())
    for line in (*papers.SENDER, *papers.RECIPIENT, CODE, "Order A-10482", "27 Nov 2026", "Send it by 11 December 2026"):
        assert line in said
    french = papers.text(await papers.label("fr", folded=True))
    for line in ("Étiquette de retour", "Commande A-10482", "À envoyer au plus tard le 11 décembre 2026", "Pliez-la deux fois"):
        assert line in french


async def test_what_is_missing_leaves_a_label_that_works() -> None:
    pdf = await papers.label(sender=[], recipient=[], order="", send_by=None)
    assert looking.read(looking.pages(pdf)[0]) == BOTH
    said = papers.text(pdf)
    assert said.count("Atelier Mo") == 2  # its head, and whom it goes to
    assert f"Return {CODE}" in said
    assert "Send it by" not in said


@pytest.mark.parametrize("odd", ODD)
async def test_whatever_names_and_addresses_are_the_codes_stay_where_they_are(odd: str) -> None:
    about = {"merchant": odd, "order": odd[:80], "sender": [odd] * 12, "recipient": [odd, "44000 Nantes", odd]}
    for pdf in (await papers.label(**about), await papers.packing_list(**about)):
        page = looking.pages(pdf)[0]
        assert looking.read(page) == BOTH
    (page,) = looking.pages(await papers.label(**about), dpi=203)
    assert looking.read(looking.thermal(page)) == BOTH


async def test_a_very_long_address_is_set_smaller_and_keeps_its_country() -> None:
    pdf = await papers.label(recipient=[*LONG, "Deutschland"], sender=[*LONG, "Österreich"])
    said = papers.text(pdf)
    assert "Deutschland" in said
    assert "Österreich" in said
    assert len(papers.opened(pdf).pages) == 1
    assert looking.read(looking.pages(pdf)[0]) == BOTH


@pytest.mark.parametrize("line", [HEBREW, ARABIC])
async def test_letters_of_every_direction_are_kept_as_they_are(line: str) -> None:
    said = papers.text(await papers.label(recipient=[line, "12345"]))
    assert all(word in said or word[::-1] in said for word in line.split())


async def test_letters_that_reach_below_the_line_are_whole() -> None:
    """A clipped Q reads as an O: the title of a label without an order holds its code."""
    (page,) = looking.pages(await papers.label(order="", code="R-QQQQQQQQ"))
    (other,) = looking.pages(await papers.label(order="", code="R-OOOOOOOO"))
    text = (page.width // 3, int(page.height * 0.8), page.width, page.height)  # beside the QR code
    assert ImageChops.difference(page.crop(text), other.crop(text)).getbbox() is not None


@pytest.mark.parametrize("code", ["", "R-é", "R\n", "R" * 25])
async def test_a_code_that_bars_cannot_say_is_an_error_and_no_paper(code: str) -> None:
    with pytest.raises(ValueError, match="Code 128"):
        await papers.label(code=code)


async def test_a_packing_list_says_what_is_in_it_and_why() -> None:
    said = papers.text(await papers.packing_list())
    for words in ("Packing list", "Linen shirt", "White · M", "Too small", "2 pieces in this parcel", "Order A-10482", CODE):
        assert words in said
    french = papers.text(await papers.packing_list("fr", hints=["Sans ruban adhésif, merci."]))
    for words in ("Bordereau à joindre", "2 articles dans ce colis", "Comment emballer", "5. Sans ruban adhésif, merci."):
        assert words in french


async def test_forty_lines_repeat_their_header_and_none_is_missing() -> None:
    pdf = await papers.packing_list(lines=LINES_40)
    pages = [page.extract_text() for page in papers.opened(pdf).pages]
    assert len(pages) == 2
    assert all("Packed" in page for page in pages)
    said = "\n".join(pages)
    assert [n for n in range(1, 41) if f"Item number {n}." not in said] == []
    assert "820 pieces in this parcel" in said
    assert "Page 2 of 2" in pages[1]


async def test_a_list_without_lines_is_a_paper_all_the_same() -> None:
    assert "0 pieces" in papers.text(await papers.packing_list(lines=[], sender=[]))


async def test_the_same_facts_give_the_same_bytes() -> None:
    assert await papers.label() == await papers.label()
    assert await papers.packing_list() == await papers.packing_list()


async def test_papers_name_their_language_and_say_their_codes_to_who_cannot_see_them() -> None:
    for pdf in await each("fr"):
        assert papers.opened(pdf).root_object["/Lang"] == "fr"
        assert "/StructTreeRoot" in papers.opened(pdf).root_object
        told = papers.opened(pdf).metadata
        assert told is not None
        assert told.title == "Commande A-10482 · Atelier Mo"
        alternatives = {str(tag["/Alt"]) for tag in _tags(papers.opened(pdf)) if "/Alt" in tag}
        assert {CODE, URL} <= alternatives


def _tags(reader: PdfReader) -> list[DictionaryObject]:
    objects = [reader.get_object(number) for number in range(1, int(reader.trailer["/Size"]))]
    return [found for found in objects if isinstance(found, DictionaryObject)]
