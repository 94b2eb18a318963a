"""How long processes have been on a CPU, in seconds."""

import time
from collections.abc import Iterable


def spent(pid: int) -> float:
    """User and system time of a process and all its threads; 0 when it is gone.

    The clock's number is the kernel's for “CPU time of that process” (clock_getcpuclockid(3) computes it the same way);
    it counts nanoseconds where /proc/PID/stat counts hundredths of a second.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


class Meter:
    """Time spent by some processes since the meter was made; one that began meanwhile counts from its beginning."""

    def __init__(self, pids: Iterable[int]) -> None:
        self.before = {pid: spent(pid) for pid in pids}

    def read(self, pids: Iterable[int]) -> float:
        return sum(max(spent(pid) - self.before.get(pid, 0.0), 0.0) for pid in pids)
