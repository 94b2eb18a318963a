"""Pictures as merchants have them for their logo."""

import io
import random

from PIL import Image, ImageDraw

INK, SNOW, RED = (20, 20, 30, 255), (250, 250, 250, 255), (200, 60, 40, 255)


def saved(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **more)
    return made.getvalue()


def mark(colour: tuple[int, ...] = RED, size: tuple[int, int] = (400, 120), rim: int = 0) -> Image.Image:
    """A ring on nothing."""
    made = Image.new("RGBA", (size[0] + 2 * rim, size[1] + 2 * rim), (0, 0, 0, 0))
    box = (rim, rim, rim + size[0] - 1, rim + size[1] - 1)
    ImageDraw.Draw(made).ellipse(box, outline=colour, width=min(size) // 4)
    return made


def noise(size: tuple[int, int] = (600, 96)) -> Image.Image:
    return Image.frombytes("RGBA", size, random.Random(7).randbytes(size[0] * size[1] * 4))


def read(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))
