"""What of somebody's returns is not over: what was decided may still be on its way, as money or as goods; and what of it comes
first, since it needs its customer or has gone wrong. Conditions for `returns r`.
"""

from app.returns.outcomes import OUTCOME
from app.returns.states import OVER, SETTLED

DECIDED = (*SETTLED, "resolved")
DONE = (*OVER, *DECIDED)
_DONE, _DECIDED, _OVER = (", ".join(f"'{state}'" for state in states) for states in (DONE, DECIDED, OVER))
_STAGE, _MONEY = OUTCOME["exchange_stage"], OUTCOME["money"]

# Credit is there as soon as it is given; other money, once its customer has it.
OPEN = f"""(r.state NOT IN ({_DONE}) OR (r.state IN ({_DECIDED}) AND (
  {_STAGE} NOT IN ('', 'delivered', 'returned') OR (r.state <> 'credited' AND {_MONEY} IN ('due', 'sent', 'failed')))))"""
NEEDS = f"""CASE WHEN (r.waiting_on = 'buyer' AND r.state NOT IN ({_DONE}))
  OR (r.state NOT IN ({_OVER}) AND {_STAGE} = 'needs_you')
  OR (r.state IN ({_DECIDED}) AND {_MONEY} = 'failed') THEN 1 ELSE 0 END"""
