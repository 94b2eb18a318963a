"""A gateway for text messages on this machine, and settings that name it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from app.mail import gateway, texts
from app.notifications import sms

NUMBER = "+33612345678"


class Gateway:
    """`got` are (number, text), in order. It answers with `status`."""

    def __init__(self, server: HTTPServer) -> None:
        self.status, self.takes = 200, 0.0  # seconds
        self.got: list[tuple[str, str]] = []
        server.expect_request("/texts/" + NUMBER).respond_with_handler(self._take)

    def _take(self, request: Request) -> Response:
        time.sleep(self.takes)
        self.got.append((request.path.rpartition("/")[2], request.get_json()["message"]))
        return Response("{}", status=self.status)


@pytest.fixture
def use_gateway(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`use_gateway(url)`: as if that were COMPTOIR_SMS_URL."""

    def use(url: str, **more: Any) -> None:
        changed = msgspec.structs.replace(texts.settings, sms_url=url, **more)
        for module in (gateway, texts, sms):
            monkeypatch.setattr(module, "settings", changed)

    return use


@pytest.fixture
def sms_gateway(httpserver: HTTPServer, use_gateway: Callable[[str], None]) -> Iterator[Gateway]:
    use_gateway(f"json://user:s3cret@localhost:{httpserver.port}/texts/{{phone}}")
    made = Gateway(httpserver)
    yield made
    httpserver.clear()
