"""Sending what is written down, and what follows from the answer. A 2xx is a success; everything else is tried again."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from standardwebhooks import Webhook

from app import clock, db, outgoing
from app.db import transaction
from app.merchants import news
from app.outgoing import Answer, NoAnswer, Session
from app.tokens import unseal
from app.webhooks import actions, payloads

log = logging.getLogger(__name__)
# After each attempt that failed, as the Standard Webhooks specification suggests: three days and a half in all.
WAITS = tuple(timedelta(seconds=n) for n in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
GIVES_UP_AFTER = timedelta(days=7)  # of an endpoint at which nothing gets through
AT_ONCE = 20
KEPT = timedelta(days=30)  # of the log
GONE = 410  # the other side asks to be called no more

# Endpoints at which something is due, those that wait longest first; then a few of each.
WAITING = """
SELECT * FROM (
  SELECT e.id AS endpoint, e.url, e.secret, e.merchant, e.failing_since,
    (SELECT min(d.next_try_at) FROM webhook_deliveries d WHERE d.endpoint = e.id AND d.state = 'waiting') AS since
  FROM webhook_endpoints e WHERE e.disabled_at IS NULL
) AS waiting WHERE since <= {} ORDER BY since LIMIT {}
"""
DUE = """
SELECT id, event, message_id, attempts, next_try_at FROM webhook_deliveries
WHERE endpoint = {} AND state = 'waiting' AND next_try_at <= {} ORDER BY next_try_at, id LIMIT {}
"""
# The wait is written before the attempt: should this process die in it, another one comes back to it.
CLAIM = """
UPDATE webhook_deliveries SET attempts = attempts + 1, next_try_at = {}
WHERE id = {} AND attempts = {} AND state = 'waiting' RETURNING id
"""
# Among the oldest alone: their ids grow as their times do, and nobody has to look through the whole log.
FORGOTTEN = """
SELECT id FROM (SELECT id, state, created_at, next_try_at FROM webhook_deliveries ORDER BY id LIMIT {}) AS oldest
WHERE created_at <= {} AND (state <> 'waiting' OR next_try_at <= {})
"""
DONE = "UPDATE webhook_deliveries SET state = {}, last_status = {}, last_error = {}, sent_at = {} WHERE id = {}"


async def send_due(session: Session) -> int:
    """Sends some of what is due; how many it were."""
    mine = [due for due in await _due() if await db.execute(CLAIM, clock.now() + _wait(due), due["id"], due["attempts"])]
    await asyncio.gather(*(_send(session, due) for due in mine))
    return len(mine)


async def _due() -> Sequence[db.Row]:
    """A few of each endpoint: one that answers slowly, or not at all, keeps nobody else waiting for long."""
    at, found = clock.now(), []
    for endpoint in await db.rows(WAITING, at, AT_ONCE):
        most = 1 if endpoint["failing_since"] else 10
        found += [{**endpoint, **due} for due in await db.rows(DUE, endpoint["endpoint"], at, most)]
    return sorted(found, key=lambda due: due["next_try_at"])[:AT_ONCE]


async def forget(most: int = 1_000) -> int:
    """A chore: some of what was sent or given up long ago, or waits for an endpoint that stayed off; how many it were."""
    old = clock.now() - KEPT
    gone = await db.scan(FORGOTTEN, most, old, old)
    if gone:
        await db.execute(f"DELETE FROM webhook_deliveries WHERE id IN ({db.marks(len(gone))})", *(row["id"] for row in gone))  # noqa: S608
    return len(gone)


def signed(secret: str, message_id: str, body: bytes) -> Mapping[str, str]:
    """The three headers of Standard Webhooks 1.0."""
    at = clock.now()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


def _wait(due: db.Row) -> timedelta:
    return WAITS[min(due["attempts"], len(WAITS) - 1)]


async def _send(session: Session, due: db.Row) -> None:
    try:
        body = await payloads.body(due["event"])
        if body is None:
            await db.execute(DONE, "failed", 0, "the event is no longer kept", None, due["id"])
            return
        headers = {"Content-Type": "application/json", "User-Agent": "Comptoir"}
        headers |= signed(unseal(due["secret"], actions.PURPOSE), due["message_id"], body)
        answer = await outgoing.post(session, due["url"], body, headers)
    except (NoAnswer, ValueError) as error:
        answer = Answer(0, str(error), 0)
    await _answered(due, answer)


async def _answered(due: db.Row, answer: Answer) -> None:
    async with transaction():
        if 200 <= answer.status < 300:
            await db.execute(DONE, "sent", answer.status, "", clock.now(), due["id"])
            await db.execute(
                "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = {} AND failing_since IS NOT NULL", due["endpoint"]
            )
        else:
            # The host alone: what follows it is often the other side's secret.
            log.info("webhook %s to %s: %s", due["message_id"], urlsplit(due["url"]).hostname, answer.status)
            await _failed(due, answer)


async def _failed(due: db.Row, answer: Answer) -> None:
    state = "failed" if due["attempts"] >= len(WAITS) else "waiting"
    await db.execute(DONE, state, answer.status, answer.text, None, due["id"])
    if answer.retry_after:
        at = clock.now() + max(timedelta(seconds=answer.retry_after), _wait(due))
        await db.execute("UPDATE webhook_deliveries SET next_try_at = {} WHERE id = {}", at, due["id"])
    since = due["failing_since"] or clock.now()
    await db.execute(
        "UPDATE webhook_endpoints SET failing_since = {} WHERE id = {} AND failing_since IS NULL", since, due["endpoint"]
    )
    if answer.status == GONE:
        await _switch_off(due, "gone")
    elif clock.now() - since >= GIVES_UP_AFTER:
        await _switch_off(due, "failing")


async def _switch_off(due: db.Row, why: actions.Why) -> None:
    if await actions.disable(due["endpoint"], why):
        await news.tell(await news.owners(due["merchant"]), due["merchant"], "webhook_disabled", by="", what=due["url"])
