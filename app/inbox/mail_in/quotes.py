"""How mail programs say that what follows was written before: “On … wrote:”, “De : … Envoyé : …”, in the languages of our
customers' programs. Compared with a line's `plain` words."""

import re
from collections.abc import Sequence

from app.inbox.mail_in.lines import Line

MOST_LINES = 4  # over which “On … wrote:” may be broken
WROTE = r"(wrote|a écrit|schrieb|escribió|ha scritto|schreef|escreveu|napisał(\(a\))?|skrev)"
BEGINS = re.compile(r"(On|Le|Am|El|Il|Op|Em|Em qua|W dniu|Den|På) ", re.I)
ENDS = re.compile(rf"\b{WROTE}( .{{0,80}})?[ ]?:$", re.I)
BY = re.compile(rf".{{1,200}}\b{WROTE}[ ]?:$", re.I)  # “Atelier Mo <mo@example.com> wrote:”
STAMPED = re.compile(r"\d{4}-\d\d-\d\d .{0,200}[^ ]+@[^ ]+>?[ ]?:?$")  # Gmail of old: a day, an address
DATED = re.compile(r"\d|@")
OVER = re.compile(
    r"[-_*]{2,}[ ]?(original message|message d'origine|message original|ursprüngliche nachricht|original-?nachricht"
    r"|message initial|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|mail original)"
    r"[ ]?[-_*]{2,}",
    re.I,
)
FORWARDED = re.compile(
    r"-{5,}[ ]?(forwarded message|message transféré|message réexpédié|weitergeleitete nachricht|mensaje reenviado"
    r"|messaggio inoltrato)[ ]?-{5,}|(begin forwarded message|début du message (transféré|réexpédié))[ ]?:", re.I,
)  # fmt: skip
RULE = re.compile(r"_{10,}|-{20,}|\*{10,}")
FROM = r"from|de|von|da|van|expéditeur|remitente|mittente"
KEY = re.compile(
    rf"\*?({FROM}|sent|date|to|cc|subject|reply-to|envoyé( le)?|à|a|objet|copie( à)?|répondre à|gesendet|datum|an|betreff"
    r"|enviado|fecha|para|asunto|inviato|data|oggetto|verzonden|aan|onderwerp|importance)[ ]?:\*?( |$)", re.I,
)  # fmt: skip
WHO = re.compile(rf"\*?({FROM})[ ]?:", re.I)
FORWARDING = re.compile(r"(fwd?|tr|transf|wg|rv|i)[ ]?:", re.I)


def introduces(lines: Sequence[Line], at: int) -> int:
    """How many lines, from this one on, say who wrote what follows; 0 for none."""
    first = lines[at].plain
    if not first or len(first) > 400:
        return 0
    if STAMPED.fullmatch(first) or (BY.fullmatch(first) and DATED.search(first)):
        return 1
    if not BEGINS.match(first):
        return 0
    said = ""
    for count, line in enumerate(lines[at : at + MOST_LINES], 1):
        if line.blank or line.depth != lines[at].depth:
            return 0
        said = f"{said} {line.plain}".strip()
        if ENDS.search(said):
            return count
    return 0


def dated(lines: Sequence[Line]) -> bool:
    """With a day or an address: not a sentence of somebody's."""
    return any(DATED.search(line.plain) for line in lines)


def heads(lines: Sequence[Line], at: int) -> bool:
    """Whether the head of an older mail begins here: three of its fields, one of them the sender."""
    if not KEY.match(lines[at].plain):
        return False
    found: list[str] = []
    strange = 0
    for line in lines[at : at + 14]:
        if line.blank:
            continue
        if KEY.match(line.plain):
            found.append(line.plain)
            strange = 0
        elif (strange := strange + 1) > 1:
            break
    return len(found) >= 3 and any(WHO.match(one) for one in found)


def rules_off(lines: Sequence[Line], at: int) -> bool:
    """A line drawn above such a head."""
    if not RULE.fullmatch(lines[at].plain):
        return False
    following = next((n for n in range(at + 1, min(at + 4, len(lines))) if not lines[n].blank), None)
    return following is not None and heads(lines, following)
