"""What the tests of bought labels begin with: a Karrio server, and a return that was agreed to and goes back by a label."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from app import clock, db
from app.returns import asking, buying, deciding, karrio, karrio_shapes, rules
from app.returns.rule_book import ReturnAddress, Rules
from app.settings import settings
from tests import builders
from tests.returns import bought
from tests.returns.karrio_server import Karrio

ADDRESS = ReturnAddress(street="1 quai\nBât. C", postal_code="69002", city="Lyon", country="FR")


@asynccontextmanager
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Karrio]:
    counter = Karrio()
    async with TestServer(counter.application()) as running:
        changed = replace(settings, karrio_url=str(running.make_url("")).rstrip("/"), karrio_key=(("", "key_all"),))
        monkeypatch.setattr(karrio, "settings", changed)
        monkeypatch.setattr(karrio_shapes, "settings", changed)
        yield counter


async def agreed(**about: Any) -> tuple[str, Mapping[str, Any]]:
    theirs = about.pop("rules", Rules(ways=("label", "drop_off", "own_carrier"), return_address=ADDRESS))
    await rules.save(await builders.merchant(), theirs, by=None)
    order = await bought.delivered(**about.pop("order", {}))
    asked = bought.asked((await bought.line_ids(order))[0], way="label", **about)
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    return code, order


async def row(code: str) -> Mapping[str, Any]:
    (found,) = await db.rows("SELECT l.* FROM return_labels l JOIN returns r ON r.id = l.of_return WHERE r.code = {}", code)
    return found


async def later() -> None:
    """The next attempt is due."""
    await db.execute("UPDATE return_labels SET next_at = {}", clock.now() - timedelta(seconds=1))
    await buying.buy_due()
