"""What mail programs call the parts of the HTML that they write: quotes, what introduces them, signatures."""

from collections.abc import Mapping

# By class or id, of whole names. Apple Mail and Gmail quote in a blockquote, which needs no name.
QUOTED = frozenset(("yahoo_quoted", "protonmail_quote", "tutanota_quote", "wlmaildiv", "gmx_quote", "quote_body"))
BEFORE = frozenset(("gmail_attr", "moz-cite-prefix", "yahoo-quoted-header"))
SIGNATURES = frozenset((
    "gmail_signature", "gmail_signature_prefix", "moz-signature", "signature", "x_signature", "applemailsignature",
    "ms-outlook-mobile-signature", "protonmail_signature_block", "ms-outlook-mobile-body-separator-line-signature",
    "lineBreakAtBeginningOfSignature".lower(), "yahoo-signature", "ydpsignature", "webmail-signature", "composesignature",
))  # fmt: skip
# From here on all of it was there before: Outlook on the web, on phones, for Mac, Zimbra.
BELOW = frozenset((
    "divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "olk_src_body_section",
    "ms-outlook-mobile-reference-message", "zwchr", "reply-intro", "replysplit", "divtagdefaultwrapper-quoted",
))  # fmt: skip
# Outlook for Windows only draws a line; its colour has been one of these for twenty years.
OUTLOOKS_LINE = ("border-top:solid#e1e1e11.0pt", "border-top:solid#b5c4df1.0pt", "border-top:1ptsolid#e1e1e1",
                 "border-top:1.0ptsolid#e1e1e1", "border-color:rgb(225,225,225)")  # fmt: skip


def marked(tag: str, said: Mapping[str, str]) -> str:
    """“quoted”, “before”, “signature”, “below”, or nothing. `said`: its attributes."""
    names = {*said.get("class", "").lower().split(), said.get("id", "").strip().lower()}
    if names & BELOW or (tag == "div" and _line(said.get("style", ""))):
        return "below"
    if names & BEFORE:
        return "before"
    if names & SIGNATURES:
        return "signature"
    return "quoted" if names & QUOTED else ""


def _line(style: str) -> bool:
    tight = style.replace(" ", "").lower()
    return any(line in tight for line in OUTLOOKS_LINE)
