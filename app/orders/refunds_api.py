"""The door for what a payment provider tells by itself. No session and no key: the signature over the raw bytes lets it in."""

from typing import Any

import msgspec
from litestar import Request, Response, post

from app.orders import refund_sending
from app.payments import stripe
from app.web import access

LARGEST = 256 * 1024  # bytes


@post("/webhooks/stripe", status_code=200, access=access.SIGNED, request_max_body_size=LARGEST)
async def stripe_webhook(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What is genuine is answered 2xx, whatever became of it; said again, it changes nothing."""
    said = stripe.heard(await request.body(), request.headers.get("stripe-signature", ""))
    ours = said is not None and await refund_sending.heard(said.code, said.merchant, said.answer)
    answer = msgspec.json.encode({"result": "taken" if ours else "ignored"})
    return Response(answer, media_type="application/json", headers={"Cache-Control": "no-store"})


HANDLERS = [stripe_webhook]
