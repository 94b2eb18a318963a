"""Is a mail really from the shop? Asked with the code that stands in each of ours, or with the whole text of a mail."""

import re
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from app.accounts import throttle
from app.i18n import _, voice
from app.mail import letters
from app.settings import settings

LONGEST = 20_000  # characters of a pasted mail
CODE = re.compile(rf"\b[{letters.ALPHABET}]{{4}}-[{letters.ALPHABET}]{{4}}\b")  # as it stands in a mail
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.I)
MOST_CODES = 5  # tried of one text


class Verdict(Struct, frozen=True):
    """`elsewhere`: a link in it leads to another site, whatever else is in it."""

    answer: Literal["yes", "no", "elsewhere"]
    text: str


async def asked(text: str, network: str) -> Verdict:
    """Raises Refused (429): who tries codes by the thousand finds one."""
    await throttle.origin_asked(network)
    text = text[:LONGEST]
    for host in (_host(link) for link in LINK.findall(text)):
        if host != _host(settings.base_url):
            where = host or _("another site")
            return Verdict("elsewhere", _("No. A link in it does not lead to us but to %(host)s.") % {"host": where})
    alone = text if len(text) < 2 * letters.LENGTH else ""  # typed by hand, with or without what parts it
    for typed in [alone, *CODE.findall(text)[:MOST_CODES]]:
        if known := await letters.known(typed):
            return Verdict("yes", _("Yes, we sent it on %(day)s.") % {"day": voice().long_day(known["written_at"])})
    return Verdict("no", _("No, we know no mail with that code."))


def _host(link: str) -> str:
    try:
        return (urlsplit(link if "//" in link else f"//{link}").hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
