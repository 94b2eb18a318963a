"""Sending what is written down, and what follows from the answer. A 2xx is a success; everything else is tried again."""

import logging
import random
from collections.abc import Mapping
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
OF_EACH = 10  # messages to one endpoint at once; of one at which nothing gets through: one
LEASE = timedelta(minutes=1)  # longer than any attempt takes
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
# The next try is written before the attempt: should this process die in it, another one comes back to it.
CLAIM = """
UPDATE webhook_deliveries SET attempts = attempts + 1, next_try_at = {}
WHERE id = {} AND attempts = {} AND state = 'waiting' RETURNING id
"""
# Among the oldest alone: their ids grow as their times do, and nobody has to look through the whole log.
FORGOTTEN = """
SELECT id FROM (SELECT id, state, created_at, next_try_at FROM webhook_deliveries ORDER BY id LIMIT {}) AS oldest
WHERE created_at <= {} AND (state <> 'waiting' OR next_try_at <= {})
"""
SENT = """
UPDATE webhook_deliveries SET state = 'sent', last_status = {}, last_error = '', sent_at = {}
WHERE id = {} AND state = 'waiting'
"""
# Of whom claimed it last: what an attempt that was given up for dead has to say is old, and takes back nothing that arrived.
FAILED = """
UPDATE webhook_deliveries SET state = {}, last_status = {}, last_error = {}, next_try_at = {}
WHERE id = {} AND state = 'waiting' AND attempts = {} RETURNING id
"""
# Since when, as it stands now: another message may have got through while this one was on its way.
FAILING = "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, {}) WHERE id = {} RETURNING failing_since"


async def claim(most: int, under_way: Mapping[int, int]) -> list[db.Row]:
    """Those that are to be sent now, as they were before this attempt was counted. `under_way`: to each endpoint already."""
    return [due for due in await _due(most, under_way) if await _claimed(due)]


def room_of(endpoint: db.Row) -> int:
    return 1 if endpoint["failing_since"] else OF_EACH


async def _due(most: int, under_way: Mapping[int, int]) -> list[db.Row]:
    """The first of every endpoint before the second of any. Those whose room is taken do not count among the endpoints."""
    at, found = clock.now(), []
    for endpoint in await db.rows(WAITING, at, most + len(under_way)):
        taken = under_way.get(endpoint["endpoint"], 0)
        if (room := room_of(endpoint) - taken) > 0:
            due = await db.rows(DUE, endpoint["endpoint"], at, min(room, most))
            found += [(taken + nth, one["next_try_at"], {**endpoint, **one}) for nth, one in enumerate(due)]
    return [one for _nth, _at, one in sorted(found, key=lambda one: one[:2])[:most]]


async def _claimed(due: db.Row) -> bool:
    return bool(await db.execute(CLAIM, clock.now() + max(_wait(due), LEASE), due["id"], due["attempts"]))


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
    """A fifth more or less, so that what has failed together does not come back together."""
    return WAITS[min(due["attempts"], len(WAITS) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


async def send(session: Session, due: db.Row) -> None:
    try:
        body = await payloads.body(due["event"])
        if body is None:
            await _put_down(due, "failed", Answer(0, "the event is no longer kept", 0))
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
            await db.execute(SENT, answer.status, clock.now(), due["id"])
            await db.execute(
                "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = {} AND failing_since IS NOT NULL", due["endpoint"]
            )
        else:
            # The host alone: what follows it is often the other side's secret.
            log.info("webhook %s to %s: %s", due["message_id"], urlsplit(due["url"]).hostname, answer.status)
            await _failed(due, answer)


async def _failed(due: db.Row, answer: Answer) -> None:
    if not await _put_down(due, "failed" if due["attempts"] >= len(WAITS) else "waiting", answer):
        return
    found = await db.execute(FAILING, clock.now(), due["endpoint"])
    if answer.status == GONE:
        await _switch_off(due, "gone")
    elif found and clock.now() - found[0]["failing_since"] >= GIVES_UP_AFTER:
        await _switch_off(due, "failing")


async def _put_down(due: db.Row, state: str, answer: Answer) -> bool:
    """What came of the attempt; False when it is no longer the newest one."""
    at = clock.now() + max(timedelta(seconds=answer.retry_after), _wait(due))
    return bool(await db.execute(FAILED, state, answer.status, answer.text, at, due["id"], due["attempts"] + 1))


async def _switch_off(due: db.Row, why: actions.Why) -> None:
    if await actions.disable(due["endpoint"], why):
        await news.tell(await news.owners(due["merchant"]), due["merchant"], "webhook_disabled", by="", what=due["url"])
