"""An empty, migrated database of its own for every test process, and the app on top of it.

SQLite unless POSTGRES_FOR_TESTS names a server (see `on_postgres.py`). Nothing here reaches the network.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest
from httpx import URL, ASGITransport, AsyncClient
from hypothesis import HealthCheck, settings
from litestar.types import ASGIApp

if TYPE_CHECKING:
    from tests.access_world import World

# How long an example takes is the machine's affair: speed is shown by benchmarks.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
PLACE = Path(tempfile.mkdtemp(prefix="comptoir-tests-"))
SERVER = os.environ.get("POSTGRES_FOR_TESTS", "")


async def _fresh_database(name: str) -> None:
    connection = await asyncpg.connect(f"{SERVER}/postgres")
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


def _settle_environment() -> None:
    """Before anything of the app is imported: it reads its settings once. pytest's workers begin with this environment: the
    server's address is under a name that is no setting, and stays."""
    for name in [name for name in os.environ if name.startswith("COMPTOIR_")]:
        del os.environ[name]
    os.environ["COMPTOIR_DATA_DIR"] = str(PLACE)
    if SERVER:
        asyncio.run(_fresh_database(f"comptoir_{WORKER}"))
        os.environ["COMPTOIR_DATABASE_URL"] = f"{SERVER}/comptoir_{WORKER}"


_settle_environment()

from app import db, i18n  # noqa: E402
from app.commands.migrating import migrate  # noqa: E402
from app.inbox import export_pages  # noqa: E402
from app.merchants import guard, names  # noqa: E402
from app.offline import guard as packs  # noqa: E402
from app.piccolo_app import TABLES  # noqa: E402
from app.shipments import estimates  # noqa: E402
from app.web import offers  # noqa: E402
from tests import builders  # noqa: E402
from tests.hanging_up import hanging_up  # noqa: E402


def pytest_report_header() -> str:
    return f"database: {'PostgreSQL' if SERVER else 'SQLite'}"


def pytest_sessionfinish() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)


@pytest.fixture(scope="session")
async def database() -> AsyncIterator[None]:
    await migrate()
    await db.open_pool()
    yield
    await db.close_pool()


NAMES = [table._meta.tablename for table in reversed(TABLES)]  # whoever refers before whom they refer to
FILLED = " UNION ALL ".join(f"SELECT {n} AS position WHERE EXISTS (SELECT 1 FROM {name})" for n, name in enumerate(NAMES))


async def _empty_tables() -> None:
    """Most are empty anyway: to ask all of them costs less than to empty one."""
    async with db.transaction():
        for row in sorted(await db.rows(FILLED), key=lambda row: row["position"]):
            await db.execute(f"DELETE FROM {NAMES[row['position']]}")


async def _none(*_args: object) -> None:
    raise AssertionError("this test is said to need no database")


@pytest.fixture(autouse=True)
async def clean_database(database: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with nothing in the tables, no files and English; one `without_database` cannot reach it."""
    i18n.current.set(i18n.Voice("en"))
    for name in ("inbox", "mail", "pictures", "proofs", "returns"):
        shutil.rmtree(PLACE / name, ignore_errors=True)
    if request.node.get_closest_marker("without_database"):
        for name in ("rows", "scan", "execute"):
            monkeypatch.setattr(db, name, _none)
        return
    names.known.clear()
    estimates.forget()
    guard.uses.clear()
    guard.buckets.levels.clear()  # SQLite gives a key the number of the last one, whose requests would count as its own
    packs.buckets.levels.clear()
    export_pages.BUCKETS.levels.clear()
    offers.told.clear()
    await _empty_tables()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real input beside the project; a test that needs it is skipped, saying so, where it is not."""
    path = Path(__file__).parents[2] / "shared" / "data"
    if not path.exists():
        pytest.skip("../shared/data is not there: real input cannot be tried")
    return path


@pytest.fixture(scope="session")
def application() -> ASGIApp:
    from app.asgi import create_app

    return create_app()


@pytest.fixture
async def client(application: ASGIApp) -> AsyncIterator[AsyncClient]:
    """A browser that nobody is signed in on, and which follows no redirect by itself.

    The application runs in the test's own event loop, where the database's connections are.
    """
    transport = ASGITransport(hanging_up(application))  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://counter.example") as browser:
        yield browser


@pytest.fixture
async def alice(client: AsyncClient) -> AsyncClient:
    """A browser on which Alice is signed in."""
    client.cookies.update(await builders.session(builders.ALICE))
    return client


@pytest.fixture
async def world(client: AsyncClient) -> "World":
    """A browser that can become anybody; see `access_world.py`."""
    from tests.access_world import World

    client.base_url = URL("http://localhost:8000")
    made = World(client)
    await made.build()
    return made
