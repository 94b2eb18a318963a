"""What shops' own webhooks have in common: their bytes as JSON, and what becomes of an order or a part of one."""

import logging
from typing import Any

from app.errors import Missing
from app.ingest.actions import record_all
from app.ingest.json_text import DECODER
from app.ingest.snapshot import Amendment, OrderSnapshot
from app.tracking.fields import Fields, Unusable
from app.tracking.received import Receipt, Result

log = logging.getLogger(__name__)


def decoded(body: bytes) -> dict[str, Any]:
    """Numbers as they are written. Raises Unusable."""
    try:
        value = DECODER.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise Unusable(f"this is not JSON: {str(error)[:100]}") from error
    return Fields.of(value).values


async def record(found: OrderSnapshot | Amendment) -> Result:
    """Raises Missing when a part comes of an order that is not here (yet), Unusable."""
    (done,) = await record_all([found], history=False)
    if done.result == "refused" and isinstance(found, Amendment) and set(done.problems) == {""}:
        raise Missing
    if done.result == "refused":
        raise Unusable("; ".join(f"{pointer}: {why}" for pointer, why in done.problems.items()))
    return "taken" if done.result in ("new", "updated") else "unchanged"


def refused(shop: str, topic: str, reason: str) -> Receipt:
    """Answered as received: a sender that is told of failures would end the whole subscription."""
    log.warning("a genuine %s of %s was not taken: %s", topic, shop, reason)
    return Receipt("refused", reason=reason)
