"""What Bob and Chloé have sent back and asked for: a few returns in their main states, made by the verbs of every door.

Each is of the newest of their items that could be asked for just so at that time; one that is there already stays as it is.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from random import Random
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.demo.carriers import tracking
from app.demo.people import BOB, CHLOE
from app.demo.return_scenes import Scene, in_order
from app.demo.scan_words import LANGUAGES, WORDS
from app.demo.scans import FROM, TOWNS, Town
from app.errors import Invalid, Missing
from app.merchants import actions as merchants
from app.merchants import members
from app.returns import asking, deciding, receiving, sending, settling
from app.returns.asked import Asked, AskedLine
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.shipments.statuses import CarrierStatus
from app.tracking.taking import take

LINES = """
SELECT l.id, l.sku FROM order_lines l JOIN orders o ON o.id = l."order"
WHERE o.customer = {} AND o.merchant = {} AND o.state <> 'cancelled' AND o.placed_at < {}
  AND (o.delivered_at < {} OR {} = 'cancellation')
ORDER BY o.placed_at DESC, o.id DESC, l.position
"""
LAST = "SELECT COALESCE(max(id), 0) AS id FROM events"
# As the rest of the demo: told in the lists, and sent nowhere.
HISTORY = """
UPDATE events SET noticed_at = {{}} WHERE id > {{}} AND noticed_at IS NULL AND customer IN ({marks})
AND (kind LIKE 'return_%' OR kind LIKE 'claim_%' OR kind LIKE 'cancellation_%' OR kind LIKE 'refund_%')
"""


class At(Struct, frozen=True):
    """Where a scene is: its return, and who acts in it."""

    scene: Scene
    merchant: int
    customer: int
    code: str
    member: str

    @property
    def buyer(self) -> str:
        return f"customer:{self.customer}"

    @property
    def number(self) -> str:
        """Of its parcel."""
        return tracking(self.scene.carrier, Random(self.scene.key))[0]  # noqa: S311 - made up, and always the same


STEPS: Mapping[str, Callable[[At], Awaitable[Any]]] = {
    "approve": lambda it: deciding.approve(it.merchant, it.code, by=it.member, first=True),
    "decline": lambda it: deciding.decline(it.merchant, it.code, clause="used", answer=it.scene.answer, by=it.member),
    "object": lambda it: deciding.object_to(it.customer, it.code, text=it.scene.reply, by=it.buyer),
    "ask": lambda it: deciding.ask_back(it.merchant, it.code, question=it.scene.answer, by=it.member),
    "send": lambda it: sending.sent(it.customer, it.code, carrier=it.scene.carrier, number=it.number, by=it.buyer),
    "scanned": lambda it: _scan(it, "picked_up", TOWNS[it.scene.who.addresses["home"].city]),
    "handed_over": lambda it: _scan(it, "delivered", FROM[it.scene.shop][0]),
    "receive": lambda it: receiving.receive(it.merchant, it.code, {}, rest="sound", by=it.member),
    "refund": lambda it: settling.refund(it.merchant, it.code, by=it.member),
}


async def make() -> None:
    """In the caller's transaction, each step at its own time."""
    (last,) = await db.rows(LAST)
    people = await customers.ensure({one.person.email: one.person.name for one in (BOB, CHLOE)})
    scenes: dict[str, At] = {}
    used: set[int] = set()
    for when, scene, step in in_order(clock.today("UTC")):
        with clock.as_of(when):
            if step == "request":
                at = await _begun(scene, people[scene.who.person.email]["id"], used)
                scenes |= {scene.key: at} if at else {}
            elif at := scenes.get(scene.key):
                await _step(step, at)
    theirs = [row["id"] for row in people.values()]
    await db.execute(HISTORY.format(marks=db.marks(len(theirs))), clock.now(), last["id"], *theirs)


async def _begun(scene: Scene, customer: int, used: set[int]) -> At | None:
    """None where it is there already, and where nothing fits on that day."""
    code, merchant = asking.code_of(customer, scene.key), await merchants.ensure(scene.shop)
    if await db.one("SELECT id FROM returns WHERE code = {}", code):
        return None
    line = await _asked(scene, customer, merchant, used)
    if line is None:
        return None
    used.add(line)
    somebody = next((f"member:{row['id']}" for row in await members.of(merchant)), "system")
    return At(scene, merchant, customer, code, somebody)


async def _step(step: str, at: At) -> None:
    """The shop's own rules may have agreed to it already."""
    row = await db.one("SELECT state FROM returns WHERE code = {}", at.code)
    if step != "approve" or (row and row["state"] == "requested"):
        await STEPS[step](at)


async def _asked(scene: Scene, customer: int, merchant: int, used: Collection[int]) -> int | None:
    """The line that it is of; None where none fits on that day."""
    for row in await db.rows(LINES, customer, merchant, clock.now(), clock.now(), scene.kind):
        if row["id"] in used or (scene.goods and row["sku"] not in scene.goods):
            continue
        line = AskedLine(row["id"], 1, scene.reason, scene.wish, scene.wanted)
        try:
            what = Asked(scene.kind, [line], scene.way, scene.note)
            await asking.ask(customer, what, by=f"customer:{customer}", key=scene.key)
        except (Invalid, Missing):
            continue
        return int(row["id"])
    return None


async def _scan(it: At, status: CarrierStatus, town: Town) -> None:
    """What its carrier says at that moment, and says again."""
    place, country, latitude, longitude = town
    scan = ScanSnapshot(
        id=f"{it.number}-{status}", at=clock.now(), status=status, words=WORDS[LANGUAGES.get(it.scene.carrier, "en")][status],
        place=place, country=country, latitude=latitude, longitude=longitude,
    )  # fmt: skip
    await take(it.merchant, TrackingSnapshot(source="demo", tracking_number=it.number, scans=[scan]), history=True)
