"""Where an address leads that only takes what is sent to it: to the nearest page above it.

A form that is refused comes back at the address it was sent to. Whoever then loads it again, or sends it on, is to find
the page that the form stands on; whose that is, that page finds out.
"""

import re
from functools import lru_cache

from litestar import Litestar
from litestar.routes import HTTPRoute

PLACE = re.compile(r"\{[^}]+\}")
HOME = "/"


def page_above(app: Litestar, path: str) -> str:
    pages = _pages(app)
    parts = path.rstrip("/").split("/")
    for end in range(len(parts) - 1, 1, -1):
        above = "/".join(parts[:end])
        if any(page.fullmatch(above) for page in pages):
            return above
    return HOME


@lru_cache(4)
def _pages(app: Litestar) -> list[re.Pattern[str]]:
    """Of every address that can be looked at, but for home and for nowhere."""
    asked = [route.path_format for route in app.routes if isinstance(route, HTTPRoute) and "GET" in route.methods]
    return [
        re.compile("[^/]+".join(map(re.escape, PLACE.split(path)))) for path in sorted(set(asked)) if path[1:2] not in ("", "{")
    ]
