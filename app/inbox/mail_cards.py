"""What is shown of a mail: at the message that it has become, and where it waits to be decided on."""

import re

from msgspec import Struct

from app.i18n import Voice
from app.inbox import texts
from app.inbox.mail_kept import Landed

ADDRESS = re.compile(r"[^\s<>\"()\[\],;:@]{1,64}@[^\s<>\"()\[\],;:@]{1,255}")


class MailNote(Struct, frozen=True):
    """Under a message that came by mail. `proof`: what is known of its sender, for the desk alone; `tone` of that. `cut`: what
    was cut off; `untaken`: a sentence with the names of files that were not taken."""

    proof: str
    tone: str
    cut: str
    untaken: str


def note(it: Landed, *, own: bool, desk: bool, voice: Voice) -> MailNote:
    """`own`: the side that has written it looks at it; the other one sees no address in what was cut off."""
    proof, tone = proven(it.proof, voice) if desk and not own else ("", "plain")
    return MailNote(proof, tone, it.cut if own else hidden(it.cut), untaken(it.untaken, voice))


def proven(proof: str, voice: Voice) -> tuple[str, str]:
    """In a few words, and their tone."""
    _ = voice.gettext
    return {
        "pass": (_("Its address is genuine (DKIM)"), "good"),
        "other": (_("Signed by another than its sender (DKIM)"), "wait"),
        "fail": (_("Its signature is wrong (DKIM)"), "bad"),
        "none": (_("Not signed (DKIM)"), "wait"),
    }.get(proof, ("", "plain"))


def untaken(names: str, voice: Voice) -> str:
    if not names:
        return ""
    said = voice.gettext("Not taken from the mail: %(names)s. What is taken: JPEG, PNG, WebP and PDF, at most 8 of 10 MB.")
    return said % {"names": ", ".join(texts.line(name) for name in names.split("\n"))}


def hidden(text: str) -> str:
    """Without anybody's address."""
    return ADDRESS.sub("…", text)


def masked(address: str) -> str:
    """“e•••@elsewhere.example”: enough to ask after."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if address else ""
