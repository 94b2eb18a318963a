"""A Python that has loaded the libraries and runs `python -m app` in forks of itself: half of what a short command costs is
loading them. Nothing of the app is loaded before a fork, for it reads its settings then. See `Shell`.
"""

import atexit
import contextlib
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import msgspec

LIBRARIES = (
    "PIL.Image", "aiohttp", "aiosmtplib", "argon2", "asyncio", "asyncpg", "babel.dates", "barcode", "brotli", "css_inline",
    "holidays", "icalendar", "jinja2", "litestar", "maxminddb", "phonenumbers", "piccolo.columns", "piccolo.engine.postgres",
    "piccolo.engine.sqlite", "piccolo.table", "py_vapid", "pyhanko.sign", "pyotp", "requests", "segno", "ua_parser", "webauthn",
    "yaml", "zxcvbn",
)  # fmt: skip
ASKED = 1 << 20  # bytes, at most, of arguments and environment


class Asked(msgspec.Struct):
    arguments: list[str]
    environment: dict[str, str]


class Ready:
    """`ask` is a command: its process ends before it returns."""

    def __init__(self, address: Path) -> None:
        self.address = address

    def ask(self, arguments: list[str], environment: dict[str, str], timeout: float) -> "subprocess.CompletedProcess[str]":
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, socket.socket(socket.AF_UNIX) as door:
            door.settimeout(timeout)
            door.connect(str(self.address))
            socket.send_fds(door, [msgspec.json.encode(Asked(arguments, environment))], [out.fileno(), err.fileno()])
            pid = door.recv(16)
            try:
                status = door.recv(4)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)  # it would hold the database
                raise
            if not status:
                raise RuntimeError("the command was killed")
            said = [(file.seek(0), file.read().decode())[1] for file in (out, err)]
        return subprocess.CompletedProcess(arguments, int(status), *said)


@contextlib.contextmanager
def opened(folder: Path, root: Path) -> Iterator[Ready]:
    address = folder / "ready"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(address))
        door.listen()
        command = [sys.executable, "-m", __name__, str(door.fileno())]
        process = subprocess.Popen(command, cwd=root, pass_fds=[door.fileno()])
    try:
        yield Ready(address)
    finally:
        process.kill()
        process.wait()


def serve(door: socket.socket) -> None:
    for name in LIBRARIES:
        import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    while True:
        asker, _address = door.accept()
        if os.fork() == 0:
            door.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answer(asker)
        asker.close()


def answer(asker: socket.socket) -> None:
    asker.sendall(str(os.getpid()).rjust(16).encode())
    sent, files, _flags, _address = socket.recv_fds(asker, ASKED, 2)
    asked = msgspec.json.decode(sent, type=Asked)
    for file, own in zip(files, (1, 2), strict=True):
        os.dup2(file, own)
    os.environ.clear()
    os.environ.update(asked.environment)
    sys.argv = ["app", *asked.arguments]
    status = ran()
    asker.sendall(str(status).encode())
    os._exit(status)


def ran() -> int:
    """The exit code. What the interpreter does with a program and at its end."""
    status = 0
    try:
        runpy.run_module("app", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
