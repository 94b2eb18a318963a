"""Heads of mails inside of a mail: who passes one on wants to show what it says, and not at which addresses people write."""

from collections.abc import Sequence

from msgspec.structs import replace

from app.inbox import texts
from app.inbox.mail_in import quotes
from app.inbox.mail_in.lines import Line


def headless(lines: Sequence[Line], *, quoted: bool = False) -> list[Line]:
    """Without anybody's address in heads and in “On … wrote:”. `quoted`: only where a line is a quote."""
    found: list[Line] = []
    head, introduced = False, 0  # until there is an empty line; so many lines more
    for n, line in enumerate(lines):
        introduced = max(introduced - 1, quotes.introduces(lines, n))
        head = not line.blank and (head or quotes.KEY.match(line.plain) is not None)
        hide = (head or introduced > 0) and (line.depth > 0 or not quoted)
        found.append(replace(line, text=texts.hidden(line.text)) if hide else line)
    return found
