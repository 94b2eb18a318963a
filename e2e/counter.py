"""A counter to look at: its own folder and database, the demo shop in it, served by a process of its own."""

import asyncio
import json
import os
import re
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pyotp

ROOT = Path(__file__).parents[1]
SERVER = os.environ.get("POSTGRES_FOR_TESTS", "")
DEADLINE = 60  # seconds for a start on a busy machine
NUMBERS = count(1)
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # of no use here; without it httpx reads all authorities anew at each request
LONG_AGO = "2026-09-02T09:30:00Z"  # told in the app alone: no mail comes before those that a test waits for


class Counter:
    """One running server. A second one may stand on the same `folder` and database under another port. `settings`: what else is
    in its environment."""

    def __init__(self, folder: Path, database: str = "", port: int = 0, settings: Mapping[str, str] | None = None) -> None:
        self.folder, self.database, self.settings = folder, database, settings or {}
        self.port = port or _free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - lives as long as the server
        self.process: subprocess.Popen[bytes] | None = None
        self.other: subprocess.Popen[str] | None = None  # see `beside`
        self.addressed: dict[Path, str] = {}  # to whom each of the mails is
        self.key_of_mo = ""  # of his authenticator app, when one is set up

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
        ours |= {"COMPTOIR_DATA_DIR": str(self.folder), "COMPTOIR_PORT": str(self.port), "COMPTOIR_BASE_URL": self.url}
        ours |= {"COMPTOIR_PUSH_HOSTS": "localhost", **self.settings}  # of the tests' own push service
        return ours | ({"COMPTOIR_DATABASE_URL": self.database} if self.database else {})

    def command(self, *words: str) -> str:
        """`python -m app …`; its standard output. What it complained of is in the error."""
        done = subprocess.run(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )
        assert done.returncode == 0, f"python -m app {' '.join(words)}: {done.returncode}\n{done.stderr}"
        return done.stdout.strip()

    def beside(self, verb: str, **about: Any) -> Any:
        """What a verb of `beside.py` answers, done by a process of its own."""
        if self.other is None:
            command = [sys.executable, "-m", "e2e.beside"]
            self.other = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.other.stdin
        assert self.other.stdout
        print(json.dumps({"verb": verb, **about}), file=self.other.stdin, flush=True)
        answer = json.loads(self.other.stdout.readline() or '{"error": "it died"}')
        assert "error" not in answer, f"{verb} {about}: {answer['error']}"
        return answer["value"]

    def change(self, sql: str) -> None:
        """A statement on its database, for what only time or an accident would bring about."""
        if self.database:
            _in_a_loop(_execute(self.database, sql))
            return
        with closing(sqlite3.connect(self.folder / "comptoir.db", timeout=DEADLINE)) as connection, connection:
            connection.execute(sql)

    def number(self, sql: str) -> int:
        """What a statement counts in its database, for what no page says."""
        if self.database:
            found: int = _in_a_loop(_fetch(self.database, sql))
            return found
        with closing(sqlite3.connect(self.folder / "comptoir.db", timeout=DEADLINE)) as connection:
            return int(connection.execute(sql).fetchone()[0])

    def start(self) -> None:
        command = [sys.executable, "-m", "app", "serve", "--no-migrate"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=subprocess.STDOUT)
        until = time.monotonic() + DEADLINE
        while time.monotonic() < until:
            assert self.process.poll() is None, f"the server died at its start:\n{self.said()}"
            try:
                if httpx.get(f"{self.url}/up", timeout=2, verify=PLAIN).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server did not answer within {DEADLINE} s:\n{self.said()}")

    def stop(self) -> None:
        """As an operator does; what was not said to the test is forgotten."""
        if self.other:
            self.other.communicate()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(15)
        self.log.close()

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(15)

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    @cached_property
    def key(self) -> str:
        """Of a shop, for its programs."""
        return self.command("key", "make", "atelier-nord", "e2e").splitlines()[0]

    def newcomer(self, *, locale: str = "", **about: Any) -> str:
        """The address of somebody whose first order has just come in, long after it was placed. Nobody else's limits and
        changes are theirs.

        `about`: what else the order says.
        """
        email = f"newcomer-{next(NUMBERS)}@example.com"
        order = {
            "number": "1", "customer": {"email": email, "name": "Nina Neuf", "locale": locale},
            "currency": "EUR", "total": 4800, "placed_at": LONG_AGO, "prices_include_tax": True,
            "lines": [{"id": "1", "title": "Teapot", "quantity": 1, "unit_price": 4800, "total": 4800}], **about,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.put(f"{self.url}/api/v1/orders/{email}", headers=headers, json=order, verify=PLAIN)
        assert answer.status_code == 201, answer.text
        return email

    def happens(self, kind: str, email: str, data: str = '{"key": "1"}') -> None:
        """An event of theirs, about their newest order; `data` is JSON of something."""
        at = datetime.now(UTC)
        self.change(
            'INSERT INTO events (kind, customer, merchant, "order", at, recorded_at, data) '
            f"SELECT '{kind}', o.customer, o.merchant, o.id, '{at}', '{at}', '{data}' FROM orders o "
            f"JOIN customers c ON c.id = o.customer WHERE c.email = '{email}' ORDER BY o.placed_at DESC LIMIT 1"
        )

    def link(self, email: str) -> str:
        """The address that lets them in once, as the shell makes it."""
        return str(self.beside("sign_in_link", email=email))

    def session(self, email: str, locale: str = "") -> str:
        """A session's token, through the door of a one-time link; the account then speaks that language."""
        answer = httpx.post(self.link(email), headers={"Origin": self.url}, verify=PLAIN)
        assert answer.status_code == 303, answer.text
        token = answer.cookies["session"]
        if locale:
            self.speak(token, locale)
        return token

    def browser(self, token: str) -> httpx.Client:
        """One without a window, on which whose session it is is signed in."""
        return httpx.Client(base_url=self.url, cookies={"session": token}, headers={"Origin": self.url}, verify=PLAIN)

    def knows(self, token: str) -> bool:
        """Whether that session is still open."""
        with self.browser(token) as browser:
            return browser.get("/account").status_code == 200

    def speak(self, token: str, locale: str) -> None:
        """The account's language, as the menu sets it."""
        with self.browser(token) as browser:
            answer = browser.post("/locale", data={"locale": locale, "back": "/"})
        assert answer.status_code == 303, answer.text

    def enrol(self, token: str) -> str:
        """Sets an authenticator app up for whose session it is; its key. To set one up is to show it."""
        with self.browser(token) as browser:
            shown = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", browser.get("/account/authenticator").text)
            assert shown
            key = shown[1].replace(" ", "")
            answer = browser.post("/account/authenticator", data={"code": pyotp.TOTP(key).now()})
            assert answer.status_code == 200, answer.text
        return key

    def mails(self, to: str) -> list[Path]:
        """Oldest first: names sort by time."""
        for path in (self.folder / "mail").glob("*.eml"):
            if path not in self.addressed:  # hundreds are there after a while, and it is asked for them again and again
                self.addressed[path] = str(_read(path)["To"])
        return sorted(path for path, whom in self.addressed.items() if whom == to)

    def code_mailed(self, to: str, after: int = 0) -> str:
        """The six digits of the next mail after that many."""
        return self.mailed(to, after, r"\b(\d{6})\b")

    def link_mailed(self, to: str, path: str, after: int = 0) -> str:
        """The path, beginning as given, of the link in the next mail after that many."""
        return self.mailed(to, after, rf"{re.escape(self.url)}({path}\S+)")

    def mailed(self, to: str, after: int, pattern: str) -> str:
        """What the next mail after that many holds."""
        text = self.mail_after(to, after)
        held = re.search(pattern, text)
        assert held, text
        return held[1]

    def mail_after(self, to: str, after: int) -> str:
        """The text of the next mail after that many; it leaves after the answer, so it is waited for."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if len(found := self.mails(to)) > after:
                text = _read(found[-1]).get_body(("plain",))
                assert text is not None
                return str(text.get_content())
            time.sleep(0.02)
        raise AssertionError(f"no mail to {to} within 10 s")

    def text_of(self, mail: Path) -> str:
        text = _read(mail).get_body(("plain",))
        return str(text.get_content()) if text else ""

    def code_texted(self, to: str) -> str:
        """The six digits of the newest text message to a number (E.164)."""
        found = [path.read_text("utf-8") for path in sorted((self.folder / "mail").glob("*.txt"))]
        digits = re.search(r"\b(\d{6})\b", [text for text in found if text.startswith(f"{to}\n")][-1])
        assert digits
        return digits[1]


def fresh_database(name: str) -> str:
    """A database's address on the server that POSTGRES_FOR_TESTS names; empty (SQLite in the folder) without one."""
    if not SERVER:
        return ""
    _in_a_loop(_execute(f"{SERVER}/postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"))
    return f"{SERVER}/{name}"


def _in_a_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread: the browser's driver has an event loop of its own in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _fetch(address: str, sql: str) -> Any:
    connection = await asyncpg.connect(address)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def _execute(address: str, *statements: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
