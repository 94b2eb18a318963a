"""What a mail server's no is about: the mailbox, the mail, or something that may be otherwise tomorrow (RFC 5321, RFC 3463)."""

import re
from typing import Literal

Of = Literal["mailbox", "mail", "now"]
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
ADDRESS = re.compile(r"[^\s<>\"]+@[^\s<>\"]+")
# The address is wrong (X.1.1 to X.1.3), has moved away without a new one (X.1.6), takes no mail (X.1.10), or is closed (X.2.1).
GONE = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
NO_MAILBOX = {550, 551, 553}  # what a server says of an address when it says no more


class Unsent(Exception):
    """In the server's words. `of`: a mailbox and a mail are refused for good."""

    def __init__(self, said: str, of: Of) -> None:
        super().__init__(said)
        self.of = of


def unsent(code: int, said: str, *, to_recipient: bool) -> Unsent:
    """`to_recipient`: it answered the address, not the mail. What a server has against us (X.7: no relaying, a bad name) is
    nothing against the address, and the operator can mend it. The status stands first (RFC 2034, 4): further on, 5.1.7 may be
    part of somebody's network address."""
    words = " ".join(f"{code} {said}".split())[:400]
    if not 500 <= code < 600:
        return Unsent(words, "now")
    if (why := ENHANCED.match(said.lstrip())) is not None:
        if status_of(why[0]) == "mailbox":
            return Unsent(words, "mailbox")
    elif to_recipient and code in NO_MAILBOX:
        return Unsent(words, "mailbox")
    return Unsent(words, "now" if to_recipient else "mail")


def without_addresses(text: str) -> str:
    """For a log, which other people read: a server's words mostly name whom it refuses."""
    return ADDRESS.sub("…", text)


def status_of(enhanced: str) -> Of:
    """Of “5.1.1”, as a report of failure has it too."""
    found = ENHANCED.fullmatch(enhanced.strip())
    if found is None or found[1] != "5":
        return "now"
    return "mailbox" if (int(found[2]), int(found[3])) in GONE else "mail"
