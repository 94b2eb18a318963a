"""Serving: ready when it says so, stopped when it is told to, on one process and on several."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.commands.conftest import Shell, said_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(shell: Shell, *options: str, workers: int = 1) -> Iterator[tuple[str, subprocess.Popen[str], str]]:
    """Address, process, what it has said so far."""
    port = free_port()
    process = shell.start("serve", "--port", str(port), "--workers", str(workers), *options)
    try:
        said = said_until(process, "Application startup complete", workers)
        if workers == 1:
            said += said_until(process, "running on")
        yield f"http://127.0.0.1:{port}", process, said
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("workers", [1, 3])
async def test_it_makes_its_tables_serves_and_stops_cleanly_when_told_to(bare: Shell, workers: int) -> None:
    with serving(bare, workers=workers) as (address, process, _said):
        async with httpx.AsyncClient() as browser:
            answer = await browser.get(f"{address}/sign-in")
        assert answer.status_code == 200
        assert "server" not in answer.headers
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=30)
        assert process.returncode == 0, told
        assert "Traceback" not in told
    assert await bare.count("orders") == 0


@pytest.mark.without_database
def test_ctrl_c_is_a_clean_stop_too(shell: Shell) -> None:
    with serving(shell) as (_address, process, _said):
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=30)
        assert process.returncode == 0, told
        assert "Traceback" not in told


@pytest.mark.without_database
def test_requests_are_logged_only_when_asked_for(shell: Shell) -> None:
    for options, logged in ([], 0), (["--access-log"], 1):
        with serving(shell, *options) as (address, process, _said):
            httpx.get(f"{address}/sign-in")
            process.terminate()
            told, _ = process.communicate(timeout=30)
            assert told.count("GET /sign-in") == logged


def test_the_printed_links_let_the_demo_customers_in(shop: Shell) -> None:
    with serving(shop, "--links") as (address, _process, said):
        assert "Comptoir is at http://localhost:" in said
        links = re.findall(
            r"^ +(\w+ \w+(?: \(works at the desk\))?) +http://localhost:\d+(/sign-in/link/\S+)$", said, re.MULTILINE
        )
        names = ["Alice Martin", "Bob Turner", "Chloé Favre"]
        names += ["Mo Delattre (works at the desk)", "Nia Okafor (works at the desk)"]
        assert [name for name, _path in links] == names
        pages = [httpx.get(address + path) for _name, path in links]
        assert [page.status_code for page in pages] == [200] * 5
        people = [f"{name}@example.com" for name in ("alice", "bob", "chloe", "mo", "nia")]
        assert [email in page.text for email, page in zip(people, pages, strict=True)] == [True] * 5


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "counter.example"])
def test_other_machines_are_not_let_in_while_the_counter_is_somebodys_own(bare: Shell, host: str) -> None:
    done = bare("serve", "--host", host)
    assert done.returncode == 2
    assert "COMPTOIR_BASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.without_database
def test_head_is_answered_on_a_connection_that_stays(shell: Shell) -> None:
    with serving(shell) as (address, process, _said):
        with httpx.Client(base_url=address) as browser:
            for _ in range(3):
                answer = browser.head("/sign-in")
                assert (answer.status_code, answer.content) == (200, b"")
        process.terminate()
        told, _ = process.communicate(timeout=30)
    assert "content shorter" not in told


@pytest.mark.without_database
def test_a_proxy_is_believed_when_it_was_named(shell: Shell) -> None:
    """On one machine: what a proxy says decides whether its caller may read the mails of this machine."""
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    for proxies, status in (("127.0.0.0/8", 404), ("10.0.0.0/8", 200)):
        port = free_port()
        process = shell.start("serve", "--port", str(port), COMPTOIR_PROXIES=proxies)
        try:
            said_until(process, "running on")
            assert httpx.get(f"http://127.0.0.1:{port}/dev/mail", headers=forwarded).status_code == status
        finally:
            process.kill()
            process.communicate()


@pytest.mark.without_database
def test_a_shop_without_the_demo_gets_no_links(shell: Shell) -> None:
    with serving(shell, "--links") as (_address, _process, said):
        assert "sign-in/link" not in said


def test_tables_that_are_missing_are_not_made_when_that_was_forbidden(bare: Shell) -> None:
    with serving(bare, "--no-migrate"):
        assert bare("seed").returncode == 2


@pytest.mark.without_database
def test_a_port_that_is_taken_is_told_in_a_line(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = shell("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr
