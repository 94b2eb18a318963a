"""Debian's Firefox, which Playwright cannot drive: over Marionette, the protocol that it speaks by itself.

A message is `length:json`: [0, id, command, parameters] to it, [1, id, error, result] from it, one after the other. Every click
and key is the browser's own.
"""

import contextlib
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIREFOX = Path("/usr/bin/firefox-esr")
COMMAND = [str(FIREFOX), "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile"]
PREFERENCES = {
    "marionette.port": 0,  # any that is free: it writes down which
    "intl.accept_languages": "en",
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}
STARTING, PATIENCE = 60.0, 20.0  # seconds
# What the console holds of a site: errors of scripts, what the policy blocked. Not the pace of a busy machine (“Layout”), nor
# what a worker could not fetch of a server that is away, nor that it has thrown away what it was told to.
SAID = """return Services.console.getMessageArray().filter((it) => it instanceof Ci.nsIScriptError)
  .filter((it) => !['Clear-Site-Data', 'Layout', 'Service Worker Interception'].includes(it.category))
  .filter((it) => it.sourceName.startsWith(arguments[0]))
  .map((it) => `${it.category}: ${it.errorMessage} (${it.sourceName})`)"""


class Firefox:
    def __init__(self, profile: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self.process = subprocess.Popen(
            [*COMMAND, str(profile)], env={**os.environ, "HOME": str(profile)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.asked = 0
        self.wire = socket.create_connection(("127.0.0.1", self._port(profile / "MarionetteActivePort")), STARTING)
        self.answers = self.wire.makefile("rb")
        self._heard()  # who it is
        self._ask("WebDriver:NewSession", capabilities={})

    def _port(self, written: Path) -> int:
        end = time.monotonic() + STARTING
        while not (written.exists() and (port := written.read_text().strip())):
            assert self.process.poll() is None, "Firefox ended at its start"
            assert time.monotonic() < end, "Firefox did not start"
            time.sleep(0.05)
        return int(port)

    def _heard(self) -> Any:
        length = b""
        while (byte := self.answers.read(1)) != b":":
            assert byte, "Firefox hung up"
            length += byte
        return json.loads(self.answers.read(int(length)))

    def _ask(self, command: str, **parameters: Any) -> Any:
        self.asked += 1
        words = json.dumps([0, self.asked, command, parameters]).encode()
        self.wire.sendall(b"%d:%s" % (len(words), words))
        _kind, _number, error, result = self._heard()
        if error:
            raise Refusal(f"{command} {parameters}: {error['message']}")
        return result

    def goto(self, url: str) -> None:
        self._ask("WebDriver:Navigate", url=url)

    def back(self) -> None:
        self._ask("WebDriver:Back")

    def evaluate(self, script: str, *arguments: Any) -> Any:
        """The value of an expression in the page; `arguments` is what it is called."""
        return self._ask("WebDriver:ExecuteScript", script=f"return {script}", args=arguments, sandbox=None)["value"]

    def until(self, script: str, *arguments: Any) -> Any:
        """The first truthy value of an expression; none while the page is being left."""
        end = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(Refusal):
                if found := self.evaluate(script, *arguments):
                    return found
            assert time.monotonic() < end, f"never came true: {script} {arguments} at {self.evaluate('location.href')}"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """Of the first such element, as soon as it is there."""
        found: str = self.until("document.querySelector(arguments[0])?.textContent.trim()", selector)
        return found

    def click(self, selector: str) -> None:
        self._ask("WebDriver:ElementClick", id=self._element(selector))

    def type(self, selector: str, words: str) -> None:
        self._ask("WebDriver:ElementSendKeys", id=self._element(selector), text=words)

    def _element(self, selector: str) -> str:
        """Its reference, as soon as it is there."""
        self.until("!!document.querySelector(arguments[0])", selector)
        found = self._ask("WebDriver:FindElement", using="css selector", value=selector)["value"]
        return str(next(iter(found.values())))

    def complaints(self, url: str) -> list[str]:
        self._ask("Marionette:SetContext", value="chrome")
        said: list[str] = self._ask("WebDriver:ExecuteScript", script=SAID, args=[url])["value"]
        self._ask("Marionette:SetContext", value="content")
        return said

    def end(self) -> None:
        with contextlib.suppress(Refusal, OSError):
            self._ask("Marionette:Quit", flags=["eForceQuit"])
        self.answers.close()
        self.wire.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Refusal(Exception):
    """Of a command, with Firefox's reason."""


@contextlib.contextmanager
def firefox() -> Iterator[Firefox]:
    """With nothing remembered; gone afterwards, with all it had."""
    with tempfile.TemporaryDirectory(prefix="comptoir-firefox-", ignore_cleanup_errors=True) as profile:
        opened = Firefox(Path(profile))
        try:
            yield opened
        finally:
            opened.end()
