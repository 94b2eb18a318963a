"""The addresses under which a thread is answered by mail: each says which thread and which side, and nobody can guess one.

“t-7k3f9qxm-b0123456789abcdef0123@reply.example.com”: the thread's code, whose answers come there (b, its buyer; d, its desk),
and a keyed hash of both. Whoever has one still has to write from an address that we know. Lower case throughout: mail servers
may change that.
"""

import hmac
import re
from email.headerregistry import Address
from typing import Literal

from msgspec import Struct

from app.inbox import texts
from app.settings import settings
from app.tokens import hash_secret

Side = Literal["buyer", "desk"]
SIDES: dict[str, Side] = {"b": "buyer", "d": "desk"}
LETTERS = {side: letter for letter, side in SIDES.items()}
PURPOSE, SIGNS = "mail_in", 20  # 80 bits
ONE = re.compile(rf"(t-[0-9a-z]{{8}})-([bd])([0-9a-f]{{{SIGNS}}})")
WRITTEN = re.compile(rf"(?:[\w.-]{{1,24}}\+)?{ONE.pattern}@[\w.-]{{1,190}}", re.I)
LONGEST_NAME = 60
SHOWN = re.compile(r"<message\.([0-9]{1,9})@")


class To(Struct, frozen=True):
    """Whose answers, in which thread."""

    code: str
    side: Side


def on() -> bool:
    """Whether answers by mail are taken here at all."""
    return bool(settings.mail_in)


def address(code: str, side: Side) -> str:
    """For `side` to answer to. Only where answers are taken."""
    mailbox, _at, domain = settings.mail_in.rpartition("@")
    local = f"{code.lower()}-{LETTERS[side]}{_secret(code, side)}"
    return f"{mailbox}+{local}@{domain}" if mailbox else f"{local}@{domain}"


def read(written: str) -> To | None:
    """None for what is none of ours: another domain, another thread's secret, or none at all."""
    local, _at, domain = written.strip().strip("<>").lower().rpartition("@")
    mailbox, _plus, rest = local.rpartition("+")
    found = ONE.fullmatch(rest)
    if found is None or f"{mailbox}@{domain}".removeprefix("@") != settings.mail_in:
        return None
    to = To(found[1].upper(), SIDES[found[2]])
    return to if hmac.compare_digest(found[3], _secret(to.code, to.side)) else None


def ours(written: str) -> bool:
    """Whether it is an address of this domain, or mailbox, at all."""
    local, _at, domain = written.strip().strip("<>").lower().rpartition("@")
    mailbox, _at, ours = settings.mail_in.rpartition("@")
    return on() and domain == ours and (not mailbox or local.partition("+")[0] == mailbox)


def without(text: str) -> str:
    """Such addresses, wherever a mail program has quoted one, are nobody else's to see."""
    return WRITTEN.sub("…", text)


def showing(message: int) -> str:
    """The name of an id (RFC 5322, 3.6.4) that a mail of ours names among those it is behind: answers name it, too."""
    return f"message.{message}"


def shown(references: str) -> int:
    """The newest message that was read by who answers a mail behind these; 0 for none."""
    return max(map(int, SHOWN.findall(references)), default=0)


def named(name: str, otherwise: str, address: str) -> str:
    """For a header: under somebody's name, unless that is an address itself."""
    plain = texts.line(name)
    plain = otherwise if not plain or "@" in plain else plain
    return str(Address(plain[:LONGEST_NAME], addr_spec=address))


def _secret(code: str, side: Side) -> str:
    return hash_secret(f"{code.upper()} {side}", PURPOSE)[:SIGNS]
