"""What Bob and Chloé have sent back and asked for: a few returns in their main states, made by the verbs of every door.

Each is of the newest of their items that can be asked for just so on that day; one that is there already stays as it is.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.demo.people import BOB, CHLOE, Customer
from app.errors import Invalid, Missing
from app.merchants import actions as merchants
from app.merchants import members
from app.returns import asking, deciding, receiving, sending, settling
from app.returns.asked import Asked, AskedLine

LINES = """
SELECT l.id FROM order_lines l JOIN orders o ON o.id = l."order"
WHERE o.customer = {} AND o.merchant = {} AND (o.delivered_at IS NOT NULL OR {} = 'cancellation') AND o.state <> 'cancelled'
ORDER BY o.placed_at DESC, o.id DESC, l.position
"""
LAST = "SELECT COALESCE(max(id), 0) AS id FROM events"
# As the rest of the demo: told in the lists, and sent nowhere.
HISTORY = """
UPDATE events SET noticed_at = {{}} WHERE id > {{}} AND noticed_at IS NULL AND customer IN ({marks})
AND (kind LIKE 'return_%' OR kind LIKE 'claim_%' OR kind LIKE 'cancellation_%' OR kind LIKE 'refund_%')
"""


class Scene(Struct, frozen=True, kw_only=True):
    """`key` is the form that it was asked for with; `then` are STEPS, one after the other."""

    key: str
    who: Customer
    shop: str
    kind: str = "return"
    reason: str = "changed_mind"
    wish: str = "refund"
    wanted: str = ""
    note: str = ""
    way: str = ""
    then: tuple[str, ...] = ()


class At(Struct, frozen=True):
    merchant: int
    customer: int
    code: str
    member: str

    @property
    def buyer(self) -> str:
        return f"customer:{self.customer}"


SCENES = (
    Scene(key="demo-asked", who=BOB, shop="atelier-nord", reason="not_as_described", way="label",
          note="The glaze is grey, not blue as on the picture."),
    Scene(key="demo-label", who=BOB, shop="atelier-nord", reason="wrong_size", wish="exchange", wanted="The larger one",
          way="drop_off", then=("approve",)),
    Scene(key="demo-sent", who=BOB, shop="hifi-lambert", way="own_carrier", then=("approve", "send")),
    Scene(key="demo-paid", who=BOB, shop="hifi-lambert", way="own_carrier", then=("approve", "send", "receive", "refund")),
    Scene(key="demo-declined", who=BOB, shop="hifi-lambert", reason="other", note="It hums a little.",
          then=("decline", "object")),
    Scene(key="demo-cancelled", who=BOB, shop="hifi-lambert", kind="cancellation", reason="too_late"),
    Scene(key="demo-question", who=CHLOE, shop="alpages", reason="wrong_size", wish="exchange", wanted="39",
          note="Trop petites d’une pointure.", then=("ask",)),
    Scene(key="demo-received", who=CHLOE, shop="alpages", wish="store_credit", way="own_carrier",
          then=("approve", "send", "receive")),
    Scene(key="demo-never-came", who=CHLOE, shop="alpages", kind="claim", reason="not_delivered", wish="replacement"),
)  # fmt: skip
STEPS: Mapping[str, Callable[[At], Awaitable[Any]]] = {
    "approve": lambda it: deciding.approve(it.merchant, it.code, by=it.member, first=True),
    "decline": lambda it: deciding.decline(
        it.merchant, it.code, clause="used", answer="The plugs show that it was in use for weeks.", by=it.member
    ),
    "object": lambda it: deciding.object_to(it.customer, it.code, text="It was never plugged in.", by=it.buyer),
    "ask": lambda it: deciding.ask_back(
        it.merchant, it.code, question="Avec ou sans chaussettes épaisses ?", by=it.member
    ),
    "send": lambda it: sending.sent(it.customer, it.code, carrier="DHL", number="JJD000390007", by=it.buyer),
    "receive": lambda it: receiving.receive(it.merchant, it.code, {}, by=it.member),
    "refund": lambda it: settling.refund(it.merchant, it.code, by=it.member),
}  # fmt: skip


async def make() -> None:
    """In the caller's transaction."""
    (last,) = await db.rows(LAST)
    used: set[int] = set()
    people = await customers.ensure({one.person.email: one.person.name for one in (BOB, CHLOE)})
    for scene in SCENES:
        await _play(scene, people[scene.who.person.email]["id"], used)
    theirs = [row["id"] for row in people.values()]
    await db.execute(HISTORY.format(marks=db.marks(len(theirs))), clock.now(), last["id"], *theirs)


async def _play(scene: Scene, customer: int, used: set[int]) -> None:
    code, merchant = asking.code_of(customer, scene.key), await merchants.ensure(scene.shop)
    if await db.one("SELECT id FROM returns WHERE code = {}", code):
        return
    line = await _asked(scene, customer, merchant, used)
    if line is None:
        return
    used.add(line)
    somebody = next((f"member:{row['id']}" for row in await members.of(merchant)), "system")
    at = At(merchant, customer, code, somebody)
    for step in scene.then:
        if step != "approve" or await _waits(code):
            await STEPS[step](at)


async def _asked(scene: Scene, customer: int, merchant: int, used: Collection[int]) -> int | None:
    """The line that it is of; None where none fits on this day."""
    for row in await db.rows(LINES, customer, merchant, scene.kind):
        if row["id"] in used:
            continue
        line = AskedLine(row["id"], 1, scene.reason, scene.wish, scene.wanted)
        try:
            what = Asked(scene.kind, [line], scene.way, scene.note)
            await asking.ask(customer, what, by=f"customer:{customer}", key=scene.key)
        except (Invalid, Missing):
            continue
        return int(row["id"])
    return None


async def _waits(code: str) -> bool:
    """The shop's own rules may have agreed to it already."""
    row = await db.one("SELECT state FROM returns WHERE code = {}", code)
    return bool(row and row["state"] == "requested")
