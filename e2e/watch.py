"""What no page may ever do, watched on every page of every journey: complain, be blocked by its policy, ask another host."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

# Violations that Chromium does not write into the console (a refused Trusted Type in a promise, say) are written there.
REPORT = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error(`CSP: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
LOUD = ("error", "warning")


class Watch:
    """`allow` says what is expected in this test; everything else is a failure at its end."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.complaints: list[str] = []
        self.allowed = ["Service Worker registration blocked by Playwright"]  # see `visit`

    def allow(self, *patterns: str) -> None:
        self.allowed += patterns

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT)
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("request", self._asked)

    def unexpected(self) -> list[str]:
        return [text for text in self.complaints if not any(re.search(pattern, text) for pattern in self.allowed)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in LOUD:
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _broke(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname != self.host:
            self.complaints.append(f"another host: {request.url}")
