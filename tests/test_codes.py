"""What is drawn is read back: by a scanner's own rules, at a printer's own dots."""

import re
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app import codes
from tests import looking

pytestmark = pytest.mark.without_database

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's
PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "


@given(st.text(ALPHABET, min_size=8, max_size=8).map("R-{}".format))
@settings(max_examples=40, deadline=None)
def test_every_return_code_is_read_back_from_its_bars(code: str) -> None:
    width = codes.code128_width(code) / 2  # half a millimetre a module
    assert looking.read(looking.thermal(looking.drawn(codes.code128(code), width, 25, dpi=203))) == {(looking.BARS, code)}


@given(st.text(PRINTABLE, min_size=1, max_size=codes.LONGEST_BARS).filter(lambda text: text == text.strip()))
@example("99")
@example("9999")
@example("99A99")
@example("R-99999999")
@settings(max_examples=40, deadline=None)
def test_all_that_code_128_can_say_is_read_back(text: str) -> None:
    assert (looking.BARS, text) in looking.read(looking.drawn(codes.code128(text), codes.code128_width(text) / 2))


@given(st.text(PRINTABLE, min_size=1, max_size=200))
@settings(max_examples=30, deadline=None)
def test_every_address_is_read_back_from_its_qr_code(text: str) -> None:
    assert looking.read(looking.drawn(codes.qr(text), codes.qr_width(text) * 0.6)) == {(looking.QR, text)}


@pytest.mark.parametrize("text", ["", "é", "日本", "a\n", "\x00", "x" * 25, "\u202e1", "１２"])
def test_what_bars_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Code 128"):
        codes.code128(text)


@pytest.mark.parametrize("text", ["https://x.example/é", "x" * 3000])
def test_what_scanners_would_guess_at_is_refused_in_a_qr_code(text: str) -> None:
    with pytest.raises(ValueError, match=r"ASCII|too large"):
        codes.qr(text)


def size(svg: str) -> tuple[int, int]:
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert found
    return int(found[1]), int(found[2])


def test_the_quiet_zones_are_part_of_the_drawing_and_as_wide_as_the_standards_ask() -> None:
    """Ten modules beside bars, four around a QR code: the first dark module begins there, and all is on white."""
    bars, square = codes.code128("R-7K3F9QXM"), codes.qr("https://counter.example/r/R-7K3F9QXM")
    assert 'd="M10 0h2v50h-2z' in bars  # start code B: two dark modules first
    assert bars.index('fill="#fff"') < bars.index("M10 0")
    assert size(bars) == (codes.code128_width("R-7K3F9QXM"), codes.TALL) == (11 * 12 + 13 + 20, 50)
    assert 'd="M4 4h7v1h-7z' in square  # the finder pattern's first row
    assert size(square)[0] == size(square)[1] == codes.qr_width("https://counter.example/r/R-7K3F9QXM") == 29 + 8
    ends = [int(x) + int(length) for x, length in re.findall(r"M(\d+) \d+h(\d+)v", bars.partition("<path d=")[2])]
    assert max(ends) == size(bars)[0] - codes.BAR_QUIET


def test_bars_are_taller_than_the_least_that_is_asked_for() -> None:
    """ISO/IEC 15417, 4.7: 15 % of the length, for what is read by hand."""
    width, height = size(codes.code128("W" * codes.LONGEST_BARS))
    assert height >= 0.15 * width


def test_nothing_of_the_text_is_in_the_drawing() -> None:
    """It goes into pages as it is: only numbers and marks of our own may be in it."""
    said = '"><script>alert(1)</script>'
    for svg in (codes.qr(said), codes.code128(said[:20])):
        assert "script" not in svg
        assert re.fullmatch(r'(<(/?svg|path)[ a-z0-9A-Z="#/:.\-]*/?>)+', svg)
