"""A server that is told to stop waits for what is open, and tells the application only then: streams would never end."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextlib.contextmanager
def told_of_the_stop(stop: Callable[[], None]) -> Iterator[None]:
    """`stop` is called on the event loop, before the server's own way of stopping begins."""
    if threading.current_thread() is not threading.main_thread():  # signals are not for others
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def told(number: int, frame: FrameType | None) -> Any:
        loop.call_soon_threadsafe(stop)
        own = before[signal.Signals(number)]
        return own(number, frame) if callable(own) else None

    theirs = [number for number, handler in before.items() if callable(handler)]
    for number in theirs:
        signal.signal(number, told)
    try:
        yield
    finally:
        for number in theirs:
            if signal.getsignal(number) is told:
                signal.signal(number, before[number])
