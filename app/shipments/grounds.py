"""The land behind a parcel's way as a picture with an address of its own: browsers and phones keep it, whatever else changes.

An address names the part of the world and is signed: nobody has us draw the rest of it.
"""

import hashlib
import re
from functools import cache

from app.errors import Missing
from app.shipments import world
from app.shipments.projection import View
from app.tokens import hash_secret

NUMBER = r"(-?\d{1,5}\.\d{4})"
NAME = re.compile(rf"({NUMBER}_{NUMBER}_{NUMBER}_{NUMBER})\.([0-9a-f]{{12}})\.svg")
PATH = '<path id="{name}" vector-effect="non-scaling-stroke" d="{d}"/>'


def address(view: View) -> str:
    part = f"{view.west:.4f}_{view.north:.4f}_{view.x:.4f}_{view.y:.4f}"
    return f"/maps/{part}.{_signature(part)}.svg"


def drawn(name: str) -> bytes:
    """An SVG: `land` is to be filled, `borders` are lines. Raises Missing for a name that `address` did not give."""
    found = NAME.fullmatch(name)
    if found is None or found[6] != _signature(found[1]):
        raise Missing
    land, borders = world.paths(View(*map(float, found.group(2, 3, 4, 5))))
    paths = PATH.format(name="land", d=land) + PATH.format(name="borders", d=borders)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{paths}</svg>'.encode()


def _signature(part: str) -> str:
    return hash_secret(f"{part} {_outlines()}", "map")[:12]


@cache
def _outlines() -> str:
    return hashlib.sha256(world.OUTLINES.read_bytes()).hexdigest()
