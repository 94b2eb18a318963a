"""Taking orders in: whole snapshots and amendments, a batch a transaction. Sent again, nothing changes."""

from collections.abc import Collection, Iterable, Sequence

from app import db
from app.ingest.batch import Batch, Outcome
from app.ingest.bounds import unfit
from app.ingest.checks import Problems
from app.ingest.snapshot import Amendment, OrderSnapshot

Judged = tuple[OrderSnapshot | Amendment, Problems]


async def record(order: OrderSnapshot) -> Outcome:
    """One order, as the API sends it. Its news is told."""
    return (await record_all([order], history=False))[0]


async def record_all(
    given: Sequence[OrderSnapshot | Amendment], *, history: bool = True, archived: Collection[tuple[str, str]] = ()
) -> list[Outcome]:
    """Each with its outcome, in order, all in one transaction. `history`: what happened then is news to nobody.

    `archived` are (merchant's slug, external id): an order that is new and among them is archived from the start.
    """
    judged: list[Judged] = [(one, unfit(one) if isinstance(one, OrderSnapshot) else {}) for one in given]
    outcomes: list[Outcome] = []
    async with db.transaction():
        batch = Batch(history=history, archived=archived)
        await batch.meet(_sound(judged))
        for n, part in enumerate(_without_repeats(judged)):
            if n:  # what the part before has made and changed
                await batch.know(_sound(part))
            outcomes += await _record_different(batch, part)
        await batch.tell_customers()
    return outcomes


def _sound(judged: Sequence[Judged]) -> list[OrderSnapshot | Amendment]:
    return [one for one, wrong in judged if not wrong]


def _without_repeats(judged: Sequence[Judged]) -> Iterable[list[Judged]]:
    """Runs in which no order is named twice: the second of two snapshots of one order is an update of the first."""
    part: list[Judged] = []
    seen: set[tuple[str, str]] = set()
    for one, wrong in judged:
        key = one.merchant, one.external_id
        if key in seen:
            yield part
            part, seen = [], set()
        part.append((one, wrong))
        seen.add(key)
    yield part


async def _record_different(batch: Batch, part: Sequence[Judged]) -> list[Outcome]:
    sound = _sound(part)
    await batch.look_up(sound)
    new = [one for one in sound if isinstance(one, OrderSnapshot) and batch.key(one) not in batch.known]
    outcomes = [Outcome(one.external_id, "refused", problems=wrong) if wrong else await batch.take(one) for one, wrong in part]
    await batch.insert(new)
    return outcomes
