"""What a desk does with many threads at once, each as it would be done alone; and what of it is to be taken back, by whom ever.

One that is another desk's, or gone, is left as it is and not counted.
"""

from collections.abc import Iterable, Sequence

from app.errors import Missing
from app.inbox import kept, labels, tending

MOST = 100


async def close(merchant: int, codes: Sequence[str], *, by: str, again: bool = False) -> list[str]:
    """Which were open; `again`: opens those that were closed."""
    changed = []
    for code in _each(codes):
        try:
            if ((await kept.at_desk(merchant, code)).closed_at is None) != again:
                await (tending.reopen if again else tending.close)(merchant, code, by=by)
                changed.append(code)
        except Missing:
            continue
    return changed


async def assign(merchant: int, wanted: Iterable[tuple[str, int | None]], *, by: str) -> list[tuple[str, int | None]]:
    """To whom, by code. Answers whose those were that are changed. Raises Refused (409) for who does not work there."""
    before = []
    for code, member in list(wanted)[:MOST]:
        try:
            was = (await kept.at_desk(merchant, code)).assigned
            if was != member:
                await tending.assign(merchant, code, member, by=by)
                before.append((code, was))
        except Missing:
            continue
    return before


async def label(merchant: int, codes: Sequence[str], number: int, *, by: str, off: bool = False) -> list[str]:
    """Which had it not; `off`: takes it from those that have it. Raises Missing for a label of nobody's."""
    if number not in {one.id for one in await labels.of_merchant(merchant)}:
        raise Missing
    changed = []
    for code in _each(codes):
        try:
            if await labels.put(merchant, code, () if off else (number,), by=by, only=(number,)):
                changed.append(code)
        except Missing:
            continue
    return changed


def _each(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(codes))[:MOST]
