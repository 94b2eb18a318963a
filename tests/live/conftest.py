from collections.abc import AsyncIterator

import pytest

from app.live import watch
from app.live.hub import Hub, hub
from tests.commands.conftest import ready, shell, shells, with_tables  # noqa: F401 - fixtures


@pytest.fixture
async def live(clean_database: None) -> AsyncIterator[Hub]:
    """What the server does while it serves; nobody is left in the hub afterwards."""
    async with watch.watching():
        yield hub
        assert (hub.count, hub.people, hub.somebody.is_set()) == (0, {}, False)
    hub.closed = False  # the next server of this process
