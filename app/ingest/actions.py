"""Taking orders in: whole snapshots and amendments, a batch a transaction. Sent again, nothing changes."""

from collections.abc import Iterable, Sequence

from app import db
from app.ingest.batch import Batch, Outcome
from app.ingest.bounds import unfit
from app.ingest.snapshot import Amendment, OrderSnapshot
from app.merchants import actions as merchants


async def record(order: OrderSnapshot) -> Outcome:
    """One order, as the API sends it. Its news is told."""
    return (await record_all([order], history=False))[0]


async def record_all(given: Sequence[OrderSnapshot | Amendment], *, history: bool = True) -> list[Outcome]:
    """Each with its outcome, in order, all in one transaction. `history`: what happened then is news to nobody."""
    async with db.transaction():
        outcomes: list[Outcome] = []
        for part in _without_repeats(given):
            outcomes += await _record_different(part, history)
        return outcomes


def _without_repeats(given: Sequence[OrderSnapshot | Amendment]) -> Iterable[list[OrderSnapshot | Amendment]]:
    """Runs in which no order is named twice: the second of two snapshots of one order is an update of the first."""
    part: list[OrderSnapshot | Amendment] = []
    seen: set[tuple[str, str]] = set()
    for one in given:
        key = one.merchant, one.external_id
        if key in seen:
            yield part
            part, seen = [], set()
        part.append(one)
        seen.add(key)
    yield part


async def _record_different(given: Sequence[OrderSnapshot | Amendment], history: bool) -> list[Outcome]:
    wrong = {n: found for n, one in enumerate(given) if isinstance(one, OrderSnapshot) and (found := unfit(one))}
    sound = [one for n, one in enumerate(given) if n not in wrong]
    batch = Batch(history=history)
    for slug in sorted({one.merchant for one in sound}):
        await db.take_turn(f"orders of {slug}")  # two that send one order meet here
        batch.merchants[slug] = await _merchant(slug)
    await batch.look_up(sound)
    new = [one for one in sound if isinstance(one, OrderSnapshot) and batch.key(one) not in batch.known]
    outcomes = [
        Outcome(one.external_id, "refused", problems=wrong[n]) if n in wrong else await batch.take(one)
        for n, one in enumerate(given)
    ]
    await batch.insert(new)
    await batch.tell_customers()
    return outcomes


async def _merchant(slug: str) -> db.Row:
    found = await merchants.by_slug(slug)
    if found is None:
        await merchants.ensure(slug)
        found = await merchants.by_slug(slug)
    assert found is not None  # noqa: S101 - just made
    return found
