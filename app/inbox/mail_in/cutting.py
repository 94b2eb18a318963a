"""What is said in a mail, and what was there before: quotes above and below, who wrote them, signatures.

What is cut off is kept beside it: nothing is lost where a guess is wrong. Answers between the lines of a quote keep what they
answer; a mail that was passed on is what its sender wants to say, but for the addresses in its head.
"""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from app.inbox.mail_in import closings, quotes
from app.inbox.mail_in.heads import headless
from app.inbox.mail_in.lines import Line

MOST_KEPT = 4  # lines of a quote that is answered


class Parted(Struct, frozen=True):
    said: str
    cut: str


def part(lines: Sequence[Line], *, line_of_ours: Sequence[str] = (), forwards: bool = False) -> Parted:
    """`line_of_ours`: what our own mails say above all else, in each language. `forwards`: its subject says that it does."""
    end = _end(lines, line_of_ours)
    passed_on = next((n for n in range(end) if quotes.FORWARDED.fullmatch(lines[n].plain)), None)
    own = lines[: end if passed_on is None else passed_on]
    gone = _quoted(own)
    _sign_off(own, gone)
    kept = headless([line for n, line in enumerate(own) if n not in gone], quoted=True)
    cut = [own[n] for n in sorted(gone)]
    if passed_on is not None:
        return Parted(_text([*kept, *headless(lines[passed_on:])]), _text(cut))
    if not _text(kept) and forwards:
        return Parted(_text(headless(lines)), "")
    return Parted(_text(kept), _text([*cut, *lines[end:]]))


def _end(lines: Sequence[Line], line_of_ours: Sequence[str]) -> int:
    """Where all the rest was there before."""
    ours = [" ".join(one.replace("’", "'").split()).lower() for one in line_of_ours]
    for n, line in enumerate(lines):
        if quotes.FORWARDED.fullmatch(line.plain):
            return len(lines)
        if line.depth == 0 and (line.mark == "below" or _over(lines, n) or any(one in line.plain.lower() for one in ours)):
            return _with_introduction(lines, n)
    return len(lines)


def _over(lines: Sequence[Line], n: int) -> bool:
    if quotes.OVER.fullmatch(lines[n].plain) or quotes.heads(lines, n) or quotes.rules_off(lines, n):
        return True
    count = quotes.introduces(lines, n)
    following = next((line for line in lines[n + count :] if not line.blank), None) if count else None
    return bool(following and following.depth == 0 and quotes.dated(lines[n : n + count]))


def _with_introduction(lines: Sequence[Line], n: int) -> int:
    """From where “On … wrote:” stands, when that is just above."""
    for start in range(max(0, n - quotes.MOST_LINES - 2), n):
        count = quotes.introduces(lines, start)
        if count and all(line.blank for line in lines[start + count : n]):
            return start
    return n


def _quoted(lines: Sequence[Line]) -> set[int]:
    """Which of these lines are quotes, and what introduces them."""
    blocks = _blocks(lines)
    last = max((n for n, one in enumerate(lines) if not one.blank and not one.depth), default=-1)
    answered = {end for _start, end in blocks if end <= last}
    between = len(answered) > 1
    gone: set[int] = set()
    for start, end in blocks:
        keep = between and end in answered
        gone.update(range(start, end - MOST_KEPT if keep and end - start > MOST_KEPT else start if keep else end))
        gone.update(_introduction(lines, start))
        if keep:
            gone.update(n for n in range(start, end) if quotes.introduces(lines, n) or lines[n].mark == "before")
    return gone | {n for n, line in enumerate(lines) if line.mark == "before"}


def _blocks(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Quotes in one go, with the empty lines inside of them."""
    found: list[tuple[int, int]] = []
    for n, line in enumerate(lines):
        if not line.depth:
            continue
        if found and all(one.blank for one in lines[found[-1][1] : n]):
            found[-1] = (found[-1][0], n + 1)
        else:
            found.append((n, n + 1))
    return found


def _introduction(lines: Sequence[Line], start: int) -> range:
    """The lines above a quote that say whose it is."""
    above = start
    while above and lines[above - 1].blank:
        above -= 1
    for first in range(max(0, above - quotes.MOST_LINES), above):
        if quotes.introduces(lines, first) == above - first:
            return range(first, above)
    return range(0)


def _sign_off(lines: Sequence[Line], gone: set[int]) -> None:
    """Signatures go, too: each stands at the end of what is said in one go."""
    for own, numbers in groupby(range(len(lines)), lambda n: n not in gone and not lines[n].depth):
        run = list(numbers)
        at = closings.begins([lines[n] for n in run]) if own else None
        if at is not None:
            gone.update(run[at:])


def _text(lines: Sequence[Line]) -> str:
    """With one empty line where there are several, and none around."""
    kept: list[str] = []
    for line in lines:
        if line.mark != "below" and (not line.blank or (kept and kept[-1])):
            kept.append("" if line.blank else line.written)
    return "\n".join(kept).strip("\n")
