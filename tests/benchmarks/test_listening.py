"""What a browser of the benchmark makes of its stream."""

import asyncio

import pytest

from tests.benchmarks.listening import Open

pytestmark = pytest.mark.without_database

EVENT = b'id: 7\nevent: counter\ndata: {"revision":7,"unread":2,"threads":1}\n\n'


class Line(asyncio.Transport):
    closing = False

    def is_closing(self) -> bool:
        return self.closing


def _open() -> tuple[Open, Line]:
    stream, line = Open(), Line()
    stream.connection_made(line)
    return stream, line


@pytest.mark.parametrize("cut", range(1, len(EVENT)))
async def test_it_hears_of_an_event_that_comes_in_two_parts(cut: int) -> None:
    stream, _line = _open()
    stream.data_received(b":\n\n" + EVENT[:cut])
    assert stream.unread == 0
    stream.data_received(EVENT[cut:])
    assert (stream.revision, stream.unread, stream.threads) == (7, 2, 1)
    assert await stream.until(unread=2) == stream.at


async def test_a_stream_that_ends_is_not_waited_for() -> None:
    stream, line = _open()
    told = asyncio.create_task(stream.until(unread=1))
    await asyncio.sleep(0)
    line.closing = True
    stream.connection_lost(None)
    with pytest.raises(ConnectionResetError):
        await told
