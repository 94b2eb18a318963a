"""What our own mail server says of a mail's signature (DKIM, DMARC), in its `Authentication-Results` (RFC 8601).

Only under the name that the operator has set: that server takes out what others write under it. It checks when the mail
comes in, with the sender's keys of that moment; done again here, it would be later and know less.
"""

import re
from typing import Literal

from app.inbox.mail_in.reading import Mail
from app.settings import settings

Proof = Literal["", "none", "pass", "other", "fail"]
LONGEST = 10_000  # characters of a header; more only says less
PLAIN = re.compile(r"[\w.@-]+")
RESULT = re.compile(r"^(dkim|dmarc)\s*=\s*([a-z]+)")
DOMAIN = re.compile(r"(?:^|\s)header\.(?:d|i)\s*=\s*(?:[^@\s;]*@)?([^\s;]+)")


def of(mail: Mail) -> Proof:
    """“pass”: signed by the sender's own domain; “other”: by another one alone. Nothing where no server is trusted, or it has
    said nothing."""
    found = [said for method, said in _results(mail) if method == "dkim"]
    domain = mail.sender.rpartition("@")[2]
    if not found:
        return ""
    passed = [by for result, by in found if result == "pass"]
    if any(_same(by, domain) for by in passed):
        return "pass"
    return "other" if passed else "none" if all(result in ("none", "neutral") for result, _by in found) else "fail"


def forged(mail: Mail) -> bool:
    """Whether the sender's domain disowns it (DMARC)."""
    return any(method == "dmarc" and result == "fail" for method, (result, _by) in _results(mail))


def _results(mail: Mail) -> list[tuple[str, tuple[str, str]]]:
    """Method, result, and the domain that has signed."""
    found = []
    for header in mail.all("authentication-results"):
        name, *parts = _bare(header).split(";")
        if not settings.mail_authserv or name.lower().split()[:1] != [settings.mail_authserv]:
            continue
        for part in parts:
            if result := RESULT.match(part.strip().lower()):
                by = DOMAIN.search(part.lower())
                found.append((result[1], (result[2], by[1] if by else "")))
    return found


def _bare(header: str) -> str:
    """Without comments, which may stand in each other, and without what is quoted, unless that is one plain word: both may be
    the sender's own words, and part nothing."""
    kept: list[str] = []
    said, depth, quoted, escaped = "", 0, False, False
    for sign in header[:LONGEST]:
        if escaped or (sign == "\\" and (quoted or depth)):
            said, escaped = f"{said}\\", not escaped
        elif sign == '"' and not depth:
            if quoted and PLAIN.fullmatch(said):
                kept.append(said)
            said, quoted = "", not quoted
        elif quoted:
            said += sign
        elif sign in "()":
            depth = max(depth + (1 if sign == "(" else -1), 0)
            kept.append(" ")
        elif not depth:
            kept.append(sign)
    return "".join(kept)


def _same(by: str, domain: str) -> bool:
    """Of one organisation, as DMARC's relaxed alignment nearly has it: the one below the other."""
    return bool(by) and (by == domain or domain.endswith(f".{by}") or (by.endswith(f".{domain}")))
