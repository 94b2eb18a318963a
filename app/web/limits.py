"""A token bucket per key, in this process: what keeps one caller from taking the whole counter.

With several workers each has its own buckets, so the limit is per worker.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

from app import clock
from app.errors import Refused


@dataclass
class Buckets:
    """`rate` tokens come back per second, `burst` are there at first; the least recently used keys are forgotten."""

    rate: float
    burst: int
    most_keys: int = 10_000
    levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str) -> None:
        """Raises Refused (429) with the whole seconds to wait when the bucket is empty."""
        at = clock.now().timestamp()
        level, since = self.levels.pop(key, (float(self.burst), at))
        level = min(self.burst, level + max(at - since, 0) * self.rate)  # a clock that is put back takes nothing
        taken = level >= 1
        self.levels[key] = (level - taken, at)
        if len(self.levels) > self.most_keys:
            self.levels.popitem(last=False)
        if not taken:
            wait = int((1 - level) / self.rate) + 1
            raise Refused(f"Too many requests; try again in {wait} s", status=429, retry_after=wait)
