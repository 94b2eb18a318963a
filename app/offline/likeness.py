"""A page told by another one that is like it: two orders of one person have most of their words in common.

Only the first order of an answer is told so, by one that the phone has: the others find what they have in common with it in the
same compressed stream.
"""

BEGINS = 16  # signs by which a piece in common is found
LEAST = 32  # of them: less costs more to be named than to be sent
NEAR = 800  # signs behind the last piece, where the next one most likely is
STEP = 64
Part = str | tuple[int, int]


def told(text: str, base: str) -> list[Part]:
    """Texts, and signs of the base: how far behind the last ones (mostly near, a small number), and how many. JavaScript
    counts signs beyond the first plane twice: with one of those it is the text alone."""
    if max(base, default="") > "\uffff" or max(text, default="") > "\uffff":
        return [text]
    known = {base[n : n + BEGINS]: n for n in range(len(base) - BEGINS, -1, -1)}
    parts: list[Part] = []
    done = n = end = 0
    while n <= len(text) - BEGINS:
        begins = text[n : n + BEGINS]
        at = base.find(begins, end, end + NEAR)
        at = known.get(begins, -1) if at < 0 else at
        long = _alike(text, n, base, at) if at >= 0 else 0
        if long < LEAST:
            n += 1
            continue
        if done < n:
            parts.append(text[done:n])
        parts.append((at - end, long))
        done = n = n + long
        end = at + long
    return [*parts, text[done:]] if done < len(text) else parts


def _alike(text: str, n: int, base: str, at: int) -> int:
    most = min(len(text) - n, len(base) - at)
    long = BEGINS
    while long + STEP <= most and text[n + long : n + long + STEP] == base[at + long : at + long + STEP]:
        long += STEP
    while long < most and text[n + long] == base[at + long]:
        long += 1
    return long
