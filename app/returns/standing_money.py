"""Of the money of a return what has failed and nothing has taken its place, and whose turn it is for that. For `returns r`.

Not what the shop has given back by itself, what nobody had agreed to, nor what others of as much, asked for since it failed,
have taken the place of.
"""

from app.payments import own
from app.returns.outcomes import OUTCOME

OWED = f"""
AND f.state = 'failed' AND f.approved_at IS NOT NULL AND f.last_error <> '{own.GIVEN_THERE}'
AND NOT EXISTS (SELECT 1 FROM refunds a WHERE a.again_of = f.id)
"""  # noqa: S608 - our own words


def _lost(for_it: str) -> str:
    return f"COALESCE((SELECT SUM(f.amount) FROM refunds f WHERE {for_it} {OWED}), 0)"  # noqa: S608


def failed(for_it: str) -> str:
    """`for_it` says which refunds `f` are meant."""
    return f"""({_lost(for_it)} > COALESCE((
      SELECT SUM(f.amount) FROM refunds f WHERE {for_it} AND f.state = 'succeeded' AND f.again_of IS NULL
      AND COALESCE(f.requested_at, f.at) >= (SELECT MIN(f.settled_at) FROM refunds f WHERE {for_it} {OWED})), 0))"""  # noqa: S608


ITS_OWN = "f.of_return = r.id"
LOST, FAILED = _lost(ITS_OWN), failed(ITS_OWN)
# Few refunds of all have not succeeded: they have an index, and with these it is begun.
WITH_FAILED = f"""r.id IN (
  SELECT f.of_return FROM refunds f WHERE f.origin = 'counter' AND f.state <> 'succeeded' AND f.state = 'failed'
  AND f.of_return IS NOT NULL) AND {FAILED}"""  # noqa: S608
MONEY = f"CASE WHEN {FAILED} THEN 'failed' ELSE {OUTCOME['money']} END"
WAITING_ON = f"""CASE WHEN {FAILED} THEN 'seller'
  WHEN r.state IN ('exchanged', 'resolved') AND {OUTCOME["exchange_stage"]} = 'needs_you' THEN 'buyer' ELSE r.waiting_on END"""
# Of a claim nothing is promised but that it is made good.
KEPT_BACK = f"""CAST(CASE WHEN r.settled_at IS NOT NULL AND r.kind <> 'claim' AND r.expected > r.refunded + {LOST}
  THEN r.expected - r.refunded - {LOST} ELSE 0 END AS BIGINT)"""
