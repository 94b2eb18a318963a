"""How far an import is, on a terminal: first reading, then taking in, with rate and time left."""

import time
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.commands.tally import Tally
from app.ingest.reading import Reading


class ImportBar(Progress):
    """Follows `reading` and `tally` by itself, ten times a second; silent when standard error is no terminal.

    A CSV is read whole before its first order comes, JSON while its orders come: the bar then follows the bytes.
    """

    def __init__(self, reading: Reading, tally: Tally) -> None:
        self._reading, self._tally = reading, tally
        self._since = 0.0
        self._streaming = True
        console = Console(stderr=True)
        super().__init__(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(), console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self.add_task("Reading", total=reading.total_bytes, rate="")

    def get_renderables(self) -> Iterable[RenderableType]:
        if self.task_ids:
            self._follow()
        yield from super().get_renderables()

    def _follow(self) -> None:
        tally, reading = self._tally, self._reading
        if tally.orders and not self._since:
            self._begin_to_count()
        if self._streaming:
            self.update(self._task, completed=reading.done_bytes, total=reading.total_bytes or None, rate=self._rate())
        else:
            self.update(self._task, completed=tally.lines + tally.refused, total=reading.rows, rate=self._rate())

    def _begin_to_count(self) -> None:
        self._since = time.monotonic()
        self._streaming = self._reading.done_bytes < self._reading.total_bytes
        if not self._streaming:
            self.update(self._task, visible=False)
            self._task = self.add_task("Taking in", total=self._reading.rows, rate="")

    def _rate(self) -> str:
        if not self._since:
            return f"{self._reading.rows:,} rows"
        return f"{self._tally.lines / (time.monotonic() - self._since + 0.1):,.0f} lines/s"
