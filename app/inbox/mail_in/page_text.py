"""Lines of a mail that is HTML: what a reader would see, with what its program says is quoted or a signature.

The one importer of lxml, whose parser is quick with whatever it is fed. No HTML goes any further. Of links to elsewhere the
address is said, too: what a word hides is seen.
"""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from msgspec import Struct

from app.inbox.mail_in.lines import Line
from app.inbox.mail_in.page_marks import marked

DEEPEST = 150  # elements in each other; what is deeper is read as if it stood here
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "thead", "tr", "ul",
))  # fmt: skip
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip
UNSEEN = frozenset((
    "head", "script", "style", "title", "template", "noscript", "svg", "object", "iframe", "textarea", "select",
))  # fmt: skip
TIGHT = ("msonormal", "msoplaintext", "msolistparagraph")  # classes of paragraphs that are lines
PICTURE = "\x00"  # begins a line that stands for a picture of the mail's own: its id
SPACES = re.compile(r"[ \t\r\n\f]+")
NO_MARGIN = ("margin:0", "margin-bottom:0")


class Open(Struct, frozen=True):
    """An element that is open: its name, how often all in it is quoted, its mark, whether it is shown, and where its link
    leads. `apart`: an empty line stands around it."""

    tag: str
    depth: int = 0
    mark: str = ""
    hidden: bool = False
    pre: bool = False
    apart: bool = False
    href: str = ""
    since: int = 0


def lines(html: str) -> list[Line]:
    page = _Page()
    target: Any = page
    parser = etree.HTMLParser(target=target, encoding="utf-8", recover=True, no_network=True)
    parser.feed(html.encode("utf-8", "replace"))
    parser.close()
    return page.lines


class _Page:
    """What the parser calls as it goes."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.now: list[str] = []
        self.open = [Open("")]

    def start(self, tag: str, said: Mapping[str, str]) -> None:
        around = self.open[-1]
        mark = marked(tag, said)
        if tag in BLOCKS or mark:
            self.end_line()
        if mark == "below":
            self.lines.append(Line("", around.depth, mark))
        if tag == "br":
            self.end_line(always=True)
        elif tag in ("td", "th") and self.now:
            self.now.append(" ")
        elif tag == "li":
            self.now.append("- ")
        elif tag == "img" and said.get("src", "").lower().startswith("cid:"):
            self.lines.append(Line(f"{PICTURE}{said['src'][4:]}", around.depth, around.mark))
        if tag in VOID or len(self.open) > DEEPEST:
            return
        self.open.append(self._opened(tag, said, mark, around))
        if self.open[-1].apart:
            self._apart()

    def _opened(self, tag: str, said: Mapping[str, str], mark: str, around: Open) -> Open:
        style = said.get("style", "").replace(" ", "").lower()
        tight = any(name in said.get("class", "").lower() for name in TIGHT) or any(no in style for no in NO_MARGIN)
        hidden = tag in UNSEEN or "hidden" in said or "display:none" in style or "mso-hide:all" in style
        return Open(
            tag, around.depth + (tag == "blockquote" or mark == "quoted"),
            mark if mark in ("before", "signature") else around.mark, around.hidden or hidden,
            around.pre or tag == "pre", tag == "p" and not tight, said.get("href", ""), len(self.now),
        )  # fmt: skip

    def end(self, tag: str) -> None:
        place = next((n for n in range(len(self.open) - 1, 0, -1) if self.open[n].tag == tag), 0)
        if not place:
            return
        closed = self.open[place]
        if tag == "a":
            self._leads(closed)
        if tag in BLOCKS or any(one.tag in BLOCKS or one.mark != self.open[place - 1].mark for one in self.open[place:]):
            self.end_line()
        del self.open[place:]
        if closed.apart:
            self._apart()

    def data(self, said: str) -> None:
        it = self.open[-1]
        if it.hidden:
            return
        if it.pre:
            first, *rest = said.replace("\r\n", "\n").split("\n")
            self.now.append(first)
            for line in rest:
                self.end_line(always=True)
                self.now.append(line)
        else:
            self.now.append(SPACES.sub(" ", said) if self.now else SPACES.sub(" ", said).lstrip(" "))

    def close(self) -> None:
        self.end_line()

    def end_line(self, *, always: bool = False) -> None:
        text, it = "".join(self.now), self.open[-1]
        self.now = []
        if always or text.strip() or "\u00a0" in text:
            kept = text if it.pre else SPACES.sub(" ", text).strip(" ")
            self.lines.append(Line("" if kept.strip("\u00a0 ") == "" else kept, it.depth, it.mark))

    def _apart(self) -> None:
        """One empty line, not several."""
        it = self.open[-1]
        if self.lines and not self.lines[-1].blank:
            self.lines.append(Line("", it.depth, it.mark))

    def _leads(self, it: Open) -> None:
        text, href = "".join(self.now[it.since :]).strip(), it.href.strip()
        if href.lower().startswith(("http://", "https://")) and text and not it.hidden and not _same(text, href):
            self.now.append(f" ({href})")


def _same(text: str, href: str) -> bool:
    return text.rstrip("/").lower() in (href.rstrip("/").lower(), href.partition("//")[2].rstrip("/").lower())
