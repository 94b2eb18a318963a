"""A logo is made anew: small, cropped, nothing in it but pixels, and to be seen on light and on dark paper."""

import pytest
from PIL import Image

from app.errors import Invalid
from app.mail.looks import LARGEST
from app.merchants import logos
from tests.merchants.logo_files import INK, RED, SNOW, mark, noise, read, saved

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_whatever_comes_becomes_a_small_png(kind: str) -> None:
    made = logos.made_anew(saved(Image.new("RGB", (1800, 600), RED[:3]), kind))
    picture = read(made)
    assert (picture.format, picture.size) == ("PNG", (288, 96))
    assert len(made) <= LARGEST


def test_nothing_stays_in_it_but_pixels() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "taken at home", 6  # lying on its side
    made = logos.made_anew(saved(Image.new("RGB", (600, 200), RED[:3]), "JPEG", exif=exif) + b"<script>behind it</script>")
    assert b"home" not in made
    assert b"behind" not in made
    assert read(made).size == (32, 96)


def test_the_transparent_rim_is_cut_off() -> None:
    assert read(logos.made_anew(saved(mark(rim=300)))).size == (320, 96)


@pytest.mark.parametrize(("colour", "ground"), [(INK, (255, 255, 255, 255)), (SNOW, (29, 32, 38, 255)), (RED, None)])
def test_what_could_not_be_seen_gets_a_plate(colour: tuple[int, ...], ground: tuple[int, ...] | None) -> None:
    picture = read(logos.made_anew(saved(mark(colour)))).convert("RGBA")
    middle = picture.getpixel((picture.width // 2, picture.height // 2))
    assert middle == (ground or (0, 0, 0, 0))
    assert picture.getpixel((0, 0))[3] == 0, "the plate's corners are round"  # type: ignore[index]
    assert picture.size[1] <= 96


def test_a_picture_with_a_ground_of_its_own_needs_none() -> None:
    assert read(logos.made_anew(saved(Image.new("RGBA", (200, 100), INK)))).size == (192, 96)


def test_the_most_colourful_one_is_still_small() -> None:
    assert len(logos.made_anew(saved(noise()))) <= LARGEST


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be read"),
        (saved(mark())[:200], "no picture that can be read"),
        (saved(mark(), "GIF"), "no picture that can be read"),
        (b"\x89PNG" + bytes(logos.MOST_BYTES), "too large: at most 4 MB"),
        (saved(Image.new("1", (9000, 9000))), "at most 40 million"),
        (saved(Image.new("RGBA", (90, 90), (0, 0, 0, 0))), "it is transparent"),
        (saved(Image.new("RGB", (300, 20))), "at least 24 pixels"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        logos.made_anew(body)
    assert words in refused.value.fields["logo"]


def test_two_merchants_never_share_a_file() -> None:
    assert logos.name_of(1, b"same") != logos.name_of(2, b"same")
    assert logos.name_of(1, b"same") == logos.name_of(1, b"same")
