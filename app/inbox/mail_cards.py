"""What is shown of a mail: at the message that it has become, and where it waits to be decided on."""

from collections.abc import Mapping

from msgspec import Struct

from app.i18n import Voice
from app.inbox import texts
from app.inbox.mail_kept import Landed


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
    return MailNote(proof, tone, it.cut if own else texts.hidden(it.cut), untaken(it.untaken, voice))


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
    said = voice.gettext("Not taken from the mail: %(names)s. Pictures (JPEG, PNG, WebP) and PDFs are: at most 8, of 10 MB.")
    return said % {"names": ", ".join(texts.line(name) for name in names.split("\n"))}


def passed_over(found: Mapping[str, int], voice: Voice) -> list[str]:
    """A line for each reason."""
    _ = voice.gettext
    said = {
        "automatic": _("Automatic answers"), "bounce": _("Reports of mail servers"), "list": _("Mailing lists"),
        "own": _("The counter’s own mails that came back"), "empty": _("Nothing beside what was quoted"),
        "too_large": _("Too large"), "not_taken": _("The conversation took no message"),
    }  # fmt: skip
    other = _("Other")
    return [_("%(label)s: %(text)s") % {"label": said.get(reason, other), "text": n} for reason, n in found.items()]


def masked(address: str) -> str:
    """“e•••@elsewhere.example”: enough to ask after."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if address else ""
