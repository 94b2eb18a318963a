"""The operator's accent colour as a stylesheet, corrected until it can be read on paper and on ink (WCAG 2.2, 1.4.3)."""

import colorsys
from collections.abc import Callable

from msgspec import Struct

LIGHT_PAPER, DARK_PAPER = (255, 255, 255), (33, 37, 46)
LIGHT_GROUND, DARK_GROUND = "#fcfaf7", "#0e1116"  # of the page, for what cannot read our stylesheet: a browser's bars
ENOUGH = 4.6  # a little above the 4.5 asked for: text also stands on softly tinted grounds
SEEN = 1.6  # of a button's ground on its paper: what is written on it says that it is one

Colour = tuple[int, int, int]
WHITE, INK, BLACK = (255, 255, 255), (16, 20, 30), (0, 0, 0)


class Accent(Struct, frozen=True):
    """For what cannot read our stylesheet, a mail: each as “#0b5fa5”. On light paper, then on dark: what is written on it, a
    button's ground, and what is written on that. A button keeps the very colour wherever it can be seen."""

    light: str
    button_light: str
    on_light: str
    dark: str
    button_dark: str
    on_dark: str


def accent(text: str) -> Accent:
    found: list[Colour] = []
    for paper in (LIGHT_PAPER, DARK_PAPER):
        button = _seen(parse(text), paper)
        found += readable(parse(text), paper), button, _text_on(button)
    return Accent(*map(written, found))


def stylesheet(accent: str) -> bytes:
    light, dark = readable(parse(accent), LIGHT_PAPER), readable(parse(accent), DARK_PAPER)
    pairs = {
        "--accent": (light, dark),
        "--on-accent": (_text_on(light), _text_on(dark)),
        "--accent-soft": (mixed(light, LIGHT_PAPER, 0.1), mixed(dark, DARK_PAPER, 0.16)),
    }
    rules = "".join(f"{name}:light-dark({written(a)},{written(b)});" for name, (a, b) in pairs.items())
    return f"@layer tokens{{:root{{{rules}}}}}".encode()


def parse(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(colour, ground, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Colour, paper: Colour) -> Colour:
    """The colour, made darker or lighter in small steps until it reads on the paper and on its own soft tint."""
    return _moved(colour, paper, lambda it: min(contrast(it, paper), contrast(it, mixed(it, paper, 0.16))) >= ENOUGH)


def _seen(colour: Colour, paper: Colour) -> Colour:
    return _moved(colour, paper, lambda it: contrast(it, paper) >= SEEN)


def _moved(colour: Colour, paper: Colour, enough: Callable[[Colour], bool]) -> Colour:
    """Away from the paper's lightness, as far as is needed."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    step, end = (-0.01, 0.0) if _luminance(paper) > 0.5 else (0.01, 1.0)
    while lightness != end and not enough(colour):
        lightness = min(max(lightness + step, 0.0), 1.0)
        red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
        colour = red, green, blue
    return colour


def _text_on(ground: Colour) -> Colour:
    """On a middle tone neither white nor ink reaches 4.5; black or white always does."""
    best = max((WHITE, INK), key=lambda text: contrast(text, ground))
    return best if contrast(best, ground) >= ENOUGH else max((WHITE, BLACK), key=lambda text: contrast(text, ground))


def _luminance(colour: Colour) -> float:
    red, green, blue = ((part / 255 / 12.92) if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
