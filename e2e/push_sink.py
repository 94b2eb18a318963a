"""A browser's side of push where its vendor's service cannot be reached: real P-256 keys in the page, a push service on
loopback that keeps what it gets."""

import json
import threading
from base64 import urlsafe_b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from playwright.sync_api import BrowserContext, Page
from py_vapid import Vapid02

# `PushManager` as the page sees it: its subscription is kept over visits, its private key is left where the test finds it.
BROWSER = """
(endpoint) => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const kept = () => JSON.parse(localStorage.getItem('push') ?? 'null');
  const shown = (about) => about && {
    endpoint: about.endpoint, toJSON: () => ({ endpoint: about.endpoint, expirationTime: null, keys: about.keys }),
    unsubscribe: async () => { localStorage.removeItem('push'); return true; },
  };
  PushManager.prototype.getSubscription = async () => shown(kept());
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (!userVisibleOnly || bytes(applicationServerKey).length !== 65) throw new DOMException('', 'InvalidAccessError');
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const auth = crypto.getRandomValues(new Uint8Array(16));
    const keys = { p256dh: text(await crypto.subtle.exportKey('raw', pair.publicKey)), auth: text(auth) };
    const secret = (await crypto.subtle.exportKey('jwk', pair.privateKey)).d;
    localStorage.setItem('push', JSON.stringify({ endpoint, keys, secret, server: applicationServerKey }));
    return shown(kept());
  };
}
"""


class Sink:
    """`got`: headers and body of each message."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 201
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._answering())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def lend(self, context: BrowserContext) -> None:
        """The browser's own push service, from the next page on."""
        context.add_init_script(f"({BROWSER})({json.dumps(self.url + '/push/1')})")

    def opened(self, page: Page) -> dict[str, Any]:
        """The last message, as the browser of that page reads it; its token is right."""
        headers, body = self.got[-1]
        about = json.loads(page.evaluate("localStorage.getItem('push')"))
        token = headers["Authorization"]
        assert Vapid02.verify(token)
        assert token.endswith(f"k={about['server']}")
        assert json.loads(_bytes(token.partition("t=")[2].split(".")[1]))["aud"] == self.url
        key = derive_private_key(int.from_bytes(_bytes(about["secret"])), SECP256R1())
        text = http_ece.decrypt(body, private_key=key, auth_secret=_bytes(about["keys"]["auth"]), version="aes128gcm")
        found: dict[str, Any] = json.loads(text)
        return found

    def _answering(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.got.append((dict(self.headers), body))
                self.send_response(sink.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        return Answering


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
