"""`python -m app serve`: the counter, over HTTP."""

import asyncio
import copy
import resource
import signal
import subprocess
import sys
from argparse import Namespace
from ipaddress import ip_address
from typing import Any, NoReturn

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from app.commands import database, support
from app.commands.stop import Stop
from app.settings import settings

MOST_FILES = 65_536  # every open page is a connection, and so a file
GRACE = 2  # seconds for what is being answered when the server is told to stop; streams would go on for ever


def run(options: Namespace) -> int:
    """Serves until SIGTERM or SIGINT; a clean stop is exit code 0, a server that cannot start (its port is taken) 1."""
    _check_reach(options.host)
    signal.signal(signal.SIGTERM, _stopped)  # uvicorn has its own while it serves, then raises the signal again
    signal.signal(signal.SIGINT, _stopped)
    if not options.no_migrate:
        _migrate()
    if options.links:
        _print_links()
    _let_many_in()
    try:
        _serve(options)
    except SystemExit as end:  # uvicorn has said why, and has its own codes
        return 1 if end.code else 0
    return 0


def _let_many_in() -> None:
    """As many files at once as this process may ask for: the usual 1,024 are soon taken by open pages. Workers inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _serve(options: Namespace) -> None:
    uvicorn.run(
        "app.asgi:create_app", factory=True, host=options.host, port=settings.port, workers=options.workers,
        loop="uvloop", http="httptools", ws="none", access_log=options.access_log, log_config=_logging(),
        server_header=False, proxy_headers=True, forwarded_allow_ips=list(settings.proxies), timeout_graceful_shutdown=GRACE,
    )  # fmt: skip


def _check_reach(host: str) -> None:
    """Raises Stop when other machines would be let in to a counter that takes itself for somebody's own."""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    if settings.local and not here:
        raise Stop(f"--host {host} lets other machines in: set COMPTOIR_BASE_URL to the address they use ({settings.base_url})")


def _stopped(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)


def _migrate() -> None:
    """In a process of its own: Piccolo's migration tools would stay in the server's memory."""
    with database.told(*database.UNREACHED):
        behind = asyncio.run(database.pending())
    if behind and subprocess.run([sys.executable, "-m", "app", "migrate"], check=False).returncode:
        raise Stop("the tables could not be brought up to date", 1)


def _print_links() -> None:
    print(f"\n  {settings.name} is at {settings.base_url}\n", flush=True)
    links = asyncio.run(support.demo_links())
    if links:
        print("  Sign in with one click (each link works once, for 15 minutes):")
    for name, link in links:
        print(f"    {name:<34}{link}", flush=True)
    print(flush=True)


def _logging() -> dict[str, Any]:
    """uvicorn's own, and the app's lines beside them on standard error."""
    config = copy.deepcopy(LOGGING_CONFIG)
    config["loggers"]["app"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return config
