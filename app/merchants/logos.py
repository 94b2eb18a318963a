"""A merchant's logo as mails carry it: made anew of what was sent, a small PNG, since no mail program draws less.

Mail programs in dark mode change colours of ours as they like, but not those of a picture. A logo that could not be seen on
dark or on light paper therefore gets a plate of its own, which is part of the picture.
"""

import hashlib
import io

from PIL import Image, ImageDraw

from app import pictures_anew
from app.errors import Invalid
from app.i18n import _
from app.mail.looks import LARGEST

MOST_BYTES = 4 * 1024 * 1024
FEWEST = 24  # pixels on each side: less is a blur
ROOM = (600, 96)  # three dots for each pixel of 200 × 32
PLATE, MARGIN, ROUND = ((255, 255, 255), (29, 32, 38)), 12, 14  # light, dark (of letter.css); dots
LIGHT, DARK = 200, 90  # luma: what is lighter is lost on light paper, what is darker on dark
ENOUGH = 0.9  # of what is drawn

Picture = Image.Image


def made_anew(body: bytes) -> bytes:
    """The PNG. Raises Invalid(logo=…)."""
    if len(body) > MOST_BYTES:
        raise Invalid(logo=_("The file is too large: at most %(num)d MB.") % {"num": MOST_BYTES // 1024 // 1024})
    return _small(_on_a_plate(_cropped(_opened(body))))


def name_of(merchant: int, png: bytes) -> str:
    """By its content. Two merchants never share a file, so that each may take its own away."""
    return f"logo-{hashlib.sha256(b'%d:' % merchant + png).hexdigest()[:32]}.png"


def _opened(body: bytes) -> Picture:
    try:
        return pictures_anew.opened(body, ROOM[0] * 2).convert("RGBA")
    except pictures_anew.TooManyPixels as error:
        most = pictures_anew.MOST_PIXELS // 1_000_000
        raise Invalid(logo=_("The picture has too many pixels: at most %(num)d million.") % {"num": most}) from error
    except pictures_anew.Unreadable as error:
        raise Invalid(logo=_("This is no picture that can be read. Take a PNG, a JPEG or a WebP.")) from error


def _cropped(picture: Picture) -> Picture:
    """Without the transparent rim that many files have, no larger than there is room for."""
    drawn = picture.getchannel("A").point(lambda alpha: 255 if alpha > 8 else 0).getbbox()
    if drawn is None:
        raise Invalid(logo=_("Nothing can be seen in this picture: it is transparent."))
    picture = picture.crop(drawn)
    if min(picture.size) < FEWEST:
        raise Invalid(logo=_("The picture is too small: at least %(num)d pixels on each side.") % {"num": FEWEST})
    picture.thumbnail(ROOM)
    return picture


def _on_a_plate(picture: Picture) -> Picture:
    seen = _seen(picture)
    if min(seen) >= ENOUGH:
        return picture
    colour = PLATE[0] if seen[0] >= seen[1] else PLATE[1]
    picture.thumbnail((ROOM[0] - 2 * MARGIN, ROOM[1] - 2 * MARGIN))
    plate = Image.new("RGBA", (picture.width + 2 * MARGIN, picture.height + 2 * MARGIN), (*colour, 0))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, plate.width - 1, plate.height - 1), ROUND, fill=(*colour, 255))
    plate.alpha_composite(picture, (MARGIN, MARGIN))
    return plate


def _seen(picture: Picture) -> tuple[float, float]:
    """How much of what is drawn can be seen on light, and on dark paper; all of it where the picture brings its own ground."""
    drawn, luma = picture.getchannel("A").tobytes(), picture.convert("L").tobytes()
    marks = [tone for alpha, tone in zip(drawn, luma, strict=True) if alpha >= 128]
    if not marks or len(marks) >= 0.98 * len(drawn):
        return 1, 1
    return sum(tone <= LIGHT for tone in marks) / len(marks), sum(tone >= DARK for tone in marks) / len(marks)


def _small(picture: Picture) -> bytes:
    """With all its colours where that is small enough, else with the 256 that matter, else with fewer dots."""
    made = _png(picture)
    while len(made) > LARGEST:
        made = _png(picture.quantize(256, method=Image.Quantize.FASTOCTREE))
        picture = picture.resize((picture.width * 4 // 5, picture.height * 4 // 5))
    return made


def _png(picture: Picture) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return made.getvalue()
