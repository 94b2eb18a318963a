"""A line of a mail, whatever it was written in."""

from msgspec import Struct


class Line(Struct, frozen=True):
    """`depth`: how often it is quoted. `mark`: “below” where its program says that all from here on was there before,
    “before” for what introduces a quote, “signature” for what is one; empty where only its words can tell."""

    text: str
    depth: int = 0
    mark: str = ""

    @property
    def blank(self) -> bool:
        return not self.text.strip(" \t\u00a0\u200b\ufeff")

    @property
    def written(self) -> str:
        return f"{'> ' if self.depth else ''}{self.text}".rstrip()

    @property
    def plain(self) -> str:
        """To be compared: one kind of space, nothing unseen, not too long."""
        text = self.text[:600].translate(UNSEEN).replace("’", "'")
        return " ".join(text.split())


UNSEEN = {ord(sign): None for sign in "\u200b\u200e\u200f\u202a\u202b\u202c\u2068\u2069\ufeff"} | {
    ord(sign): " " for sign in "\u00a0\u202f\u2009"
}
