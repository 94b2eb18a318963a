"""Any accent colour an operator chooses can be read, on paper and on ink."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import brand

pytestmark = pytest.mark.without_database

colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(colours)
def test_the_accent_reads_on_the_page_and_on_its_own_tint(colour: brand.Colour) -> None:
    for paper, share in ((brand.LIGHT_PAPER, 0.1), (brand.DARK_PAPER, 0.16)):
        shown = brand.readable(colour, paper)
        assert brand.contrast(shown, paper) >= 4.5
        assert brand.contrast(shown, brand.mixed(shown, paper, share)) >= 4.5


@given(colours)
def test_a_button_in_the_accent_can_be_read(colour: brand.Colour) -> None:
    for paper in (brand.LIGHT_PAPER, brand.DARK_PAPER):
        shown = brand.readable(colour, paper)
        assert brand.contrast(brand._text_on(shown), shown) >= 4.5


def test_a_colour_that_reads_well_stays_as_it_is() -> None:
    assert brand.readable(brand.parse("#0b5fa5"), brand.LIGHT_PAPER) == brand.parse("#0b5fa5")


def test_contrast_is_wcags() -> None:
    assert round(brand.contrast((0, 0, 0), (255, 255, 255)), 2) == 21
    assert round(brand.contrast((118, 118, 118), (255, 255, 255)), 2) == 4.54
