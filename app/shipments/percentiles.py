"""The value below which a share of all lies, by nearest rank: always one that really occurred."""

from collections.abc import Mapping


def percentile(counts: Mapping[int, int], share: int) -> int:
    """`counts`: value → how often. `share` in percent, 1 to 100. Raises ValueError of nothing."""
    rank = -(-sum(counts.values()) * share // 100)
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    raise ValueError("no values")
