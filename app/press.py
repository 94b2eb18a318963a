"""Papers, set by typst from templates/documents. The one importer of typst.

What a paper says goes to typst as JSON and is put down as text, never read as markup. The same paper gives the same bytes: it
is dated by what it tells of. It is tagged and names its language (for PDF/UA and PDF/A all letters would have to be in the
fonts at hand; a title in rare letters must not stop a paper).
"""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import msgspec
import typst

TEMPLATES = Path(__file__).parents[1] / "templates" / "documents"
PRESS = ThreadPoolExecutor(1, "typst")  # one at a time: a paper may wait, the pages never
# Control characters break the metadata (XML 1.0, 2.2); overrides of the direction would let a title rewrite its line.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


class Paper(Protocol):
    """A Struct with every text formatted; `at` is the paper's date, in seconds since 1970."""

    @property
    def at(self) -> int: ...


async def printed(template: str, made: Paper) -> bytes:
    """The PDF of `templates/documents/<template>.typ`. Made in a thread of its own: 0.05 s for a usual order, some tenths for
    one of a thousand lines."""
    return await asyncio.get_running_loop().run_in_executor(PRESS, pressed, template, made)


def pressed(template: str, made: Paper, image: float | None = None) -> Any:
    """The PDF; with `image` (pixels per inch) its pages as PNG, to look at."""
    text = msgspec.json.encode(_printable(msgspec.to_builtins(made))).decode()
    about: dict[str, Any] = {"format": "png", "ppi": image} if image else {"format": "pdf", "timestamp": made.at}
    return typst.compile(TEMPLATES / f"{template}.typ", font_paths=_fonts(), sys_inputs={"document": text}, **about)


@lru_cache(1)
def _fonts() -> typst.Fonts:
    """Those inside typst, then the system's for letters that those lack."""
    return typst.Fonts()


def _printable(value: Any) -> Any:
    match value:
        case str():
            return UNPRINTABLE.sub(" ", value)
        case list():
            return [_printable(item) for item in value]
        case dict():
            return {name: _printable(item) for name, item in value.items()}
    return value
