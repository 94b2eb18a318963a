"""Where a signature begins: at its stamp, at what its program says is one, or at what telephones write under everything."""

import re
from collections.abc import Sequence

from app.inbox.mail_in.lines import Line

STAMPS = frozenset(("--", "- -", "—", "––", "--=20"))
NEAR_THE_END = 8  # lines that say something
MOST = 40  # lines under a stamp; more is no signature
DEVICES = re.compile(
    r"""(sent|get|envoyé|envoyée|obtenez|obtenir|télécharge[rz]|provenance|von|gesendet|enviado|inviato|verzonden|gratuit|sans)\b
    .{0,60}\b(iphone|ipad|ios|android|outlook|samsung|galaxy|huawei|xiaomi|redmi|smartphone|mobile|téléphone|portable
    |blackberry|yahoo|mail\ for\ windows|courrier\ pour\ windows|mail\ pour\ windows|proton\ ?mail|protonmail|bluemail|aol
    |orange|sfr\ mail|laposte|la\ poste|telefon|apple\ watch|nokia|fairphone|avast|virus|handy|phone|canary|spark
    |thunderbird)\b.{0,80}""",
    re.I | re.X,
)
VIRUS = re.compile(r".{0,40}(virus|avast|garanti sans virus|virus-free).{0,80}", re.I)
# A sentence of somebody's own may be about a telephone: it is longer, or goes on.
LONGEST = 90


def begins(lines: Sequence[Line]) -> int | None:
    """Which of these lines, all of one's own in one go, is the first of the signature."""
    places = [at for at in (_marked(lines), _stamped(lines), _device(lines)) if at is not None]
    return min(places, default=None)


def _marked(lines: Sequence[Line]) -> int | None:
    """What its program says: only where nothing else stands behind it."""
    first = next((n for n, line in enumerate(lines) if line.mark == "signature"), None)
    if first is None or any(not line.blank and line.mark != "signature" for line in lines[first:]):
        return None
    return first


def _stamped(lines: Sequence[Line]) -> int | None:
    """The first stamp that has not too much below it."""
    found, below = None, 0
    for n in range(len(lines) - 1, -1, -1):
        below += not lines[n].blank
        if below > MOST:
            return found
        if lines[n].plain in STAMPS:
            found = n
    return found


def _device(lines: Sequence[Line]) -> int | None:
    said = [n for n, line in enumerate(lines) if not line.blank][-NEAR_THE_END:]
    for n in said:
        plain = lines[n].plain.strip("*_ ")
        if len(plain) <= LONGEST and (DEVICES.fullmatch(plain) or (VIRUS.fullmatch(plain) and n == said[-1])):
            return n if _alone(lines, n) else None
    return None


def _alone(lines: Sequence[Line], at: int) -> bool:
    """The only thing said there, or behind an empty line: not the end of a paragraph."""
    return at == 0 or lines[at - 1].blank or at == max(n for n, line in enumerate(lines) if not line.blank)
