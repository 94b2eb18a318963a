"""The door for senders of webhooks. No session and no key: the signature over the raw bytes is what lets them in.

It is open to programs of other hosts as the API is: no cookie is looked at, so no browser can be made to ride on one.
"""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from app.tracking.actions import receive
from app.tracking.fields import Unusable
from app.tracking.messages import Sent
from app.web import access
from app.web.problems import problem

LARGEST = 1024 * 1024  # bytes; a tracker of a hundred checkpoints is 50 kB
JSON = "application/json"


@post("/webhooks/{source:str}/{merchant:str}", status_code=200, access=access.SIGNED, request_max_body_size=LARGEST)
async def webhook(request: Request[Any, Any, Any], source: FromPath[str], merchant: FromPath[str]) -> Response[bytes]:
    """Every genuine message that can be read is answered 2xx, whatever became of it; senders take that for “do not repeat”."""
    sent = Sent(
        body=await request.body(),
        headers={name.lower(): value for name, value in request.headers.items()},
        path=request.scope["path"],
        query=request.scope["query_string"].decode("latin-1"),
    )
    try:
        receipt = await receive(merchant, source, sent)
    except Unusable as error:
        return problem(400, f"No news can be made of this: {error}")
    return Response(msgspec.json.encode(receipt), media_type=JSON, headers={"Cache-Control": "no-store"})


HANDLERS = [webhook]
