"""Stripe as localstripe plays it, on the loopback: `python -m tests.payments.local_stripe PORT`.

It keeps nothing on the disk. What it is to do next is posted to `/_next`: `fail` so many requests with the status `code`, do so
many but lose the answer (`lose`), or `say` of every refund that it stands otherwise ("pending", "failed").
"""

import json
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from localstripe.resources import store
from localstripe.server import app

NEXT = {"fail": 0, "code": 500, "lose": 0, "say": ""}
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _as_told(request: web.Request, handler: Answering) -> web.StreamResponse:
    if request.path == "/_next":
        NEXT.update(await request.json())
        return web.json_response(NEXT)
    if not request.path.startswith("/v1/refunds"):
        return await handler(request)
    if NEXT["fail"] > 0:
        NEXT["fail"] -= 1
        return web.json_response({"error": {"message": "not now", "type": "api_error"}}, status=NEXT["code"])
    said = await handler(request)
    if NEXT["lose"] > 0 and request.method == "POST":
        NEXT["lose"] -= 1
        assert request.transport is not None
        request.transport.abort()
    return _otherwise(said) if NEXT["say"] else said


def _otherwise(said: web.StreamResponse) -> web.StreamResponse:
    assert isinstance(said, web.Response)
    found = json.loads(said.text or "{}")
    for one in found.get("data", [found]):
        if one.get("object") == "refund":
            one["status"] = NEXT["say"]
            one["failure_reason"] = "lost_or_stolen_card" if NEXT["say"] == "failed" else None
    return web.json_response(found, status=said.status)


if __name__ == "__main__":
    store.dump_to_disk = lambda: None
    app.middlewares.insert(0, _as_told)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
