"""Who gets what at a route. Declared beside each (`access=`), tried for every one of them by `tests/test_access.py`.

Guards let in or not; this says what is expected of them, so that a guard forgotten in `routes.py` is found.
"""

from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

# `in`: the route does its work, be it to say what is wrong with a form. `sign_in`: sent to the door. `missing`: 404, as an
# address that was never given out. `refused`: 401 or 403. `door`: sent away, there is nothing to be done here.
Answer = Literal["in", "sign_in", "missing", "refused", "door"]


class Access(Struct, frozen=True, kw_only=True):
    """What each asker gets. The thing that the address names belongs to `owner`, its order to the merchant of `member`.

    `manager` and `agent` work for the same merchant as `member`, who is one of its owners. `half` has shown the first factor of
    two; `locked` and `expired` hold a session that is worth nothing any more. `program` and `other_program` show the API key of
    that merchant, and of another one. `proof`: whoever is let in must have shown a factor within the last quarter of an hour.
    """

    nobody: Answer
    owner: Answer
    another: Answer
    locked: Answer
    half: Answer
    expired: Answer
    member: Answer
    manager: Answer
    agent: Answer
    other_member: Answer
    operator: Answer
    program: Answer
    other_program: Answer
    proof: bool = False


ASKERS = tuple(name for name in Access.__struct_fields__ if name != "proof")


def _all(answer: Answer) -> Access:
    everybody: dict[str, Any] = dict.fromkeys(ASKERS, answer)
    return Access(**everybody)


ANYBODY = _all("in")
# Whoever holds a mailed link; when the account is locked, its links are over.
LINK_HOLDER = replace(ANYBODY, locked="missing")
# Whoever is signed in, about themselves.
CUSTOMER = replace(
    _all("sign_in"), owner="in", another="in", member="in", manager="in", agent="in", other_member="in", operator="in"
)
# Only whose it is: for others there is no such thing.
NOBODYS = replace(
    _all("sign_in"), owner="missing", another="missing", member="missing", manager="missing", agent="missing",
    other_member="missing", operator="missing",
)  # fmt: skip
OWNER = replace(NOBODYS, owner="in")
PROVED_CUSTOMER = replace(CUSTOMER, proof=True)
PROVED_OWNER = replace(OWNER, proof=True)
# The second step of a sign-in, and what its page asks for.
HALF_IN = replace(_all("door"), half="in")
HALF_IN_ONLY = replace(_all("missing"), half="in")
# A merchant's programs.
PROGRAM = replace(_all("refused"), program="in", other_program="in")
OWN_PROGRAM = replace(_all("refused"), program="in", other_program="missing")
# Who signs what they send, with a secret of their own: nobody of these.
SIGNED = _all("refused")
# A merchant's desk: for others there is none. What costs somebody something is for managers and owners; its people and keys
# are changed by owners, with a fresh factor.
DESK = replace(NOBODYS, member="in", manager="in", agent="in")
DESK_MANAGERS = replace(DESK, agent="refused")
DESK_CHANGE = replace(DESK_MANAGERS, manager="refused", proof=True)
# The way to it, wherever one works.
DESKS = replace(DESK, other_member="in")
NOWHERE = _all("missing")
