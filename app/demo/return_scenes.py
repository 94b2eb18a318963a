"""The returns of the demo shop: what Bob and Chloé ask for, of whom, and what becomes of it on which day.

Days are counted back from “today”, times are those of the customer's clock. Nothing is later than yesterday.
"""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from app.demo.days import moment
from app.demo.people import BOB, CHLOE, Customer

Step = tuple[int, str, str]  # days before today, time, what is done (see `returned.STEPS`)


class Scene(Struct, frozen=True, kw_only=True):
    """`key` is the form that it was asked for with; `goods` of which it can be, by their article numbers (none: any); `then`
    are the steps after that. `answer` and `reply`: what seller and customer write. `carrier`: who takes what is sent with a
    carrier of the customer's own."""

    key: str
    who: Customer
    shop: str
    goods: tuple[str, ...] = ()
    asked: tuple[int, str]
    kind: str = "return"
    reason: str = "changed_mind"
    wish: str = "refund"
    wanted: str = ""
    note: str = ""
    way: str = ""
    answer: str = ""
    reply: str = ""
    carrier: str = ""
    then: tuple[Step, ...] = ()


SCENES = (
    Scene(
        key="demo-asked", who=BOB, shop="atelier-nord", goods=("AN-TEAPOT", "AN-CUPS", "AN-VASE", "AN-PITCHER", "AN-BOWL"),
        asked=(1, "18:42"), reason="not_as_described", way="label",
        note="The glaze is grey, not blue as on the picture.",
    ),
    Scene(
        key="demo-label", who=BOB, shop="atelier-nord", goods=("AN-CUPS",),
        asked=(1, "15:20"), reason="wrong_size", wish="exchange",
        wanted="The same in sage green", way="drop_off", then=((1, "16:35", "approve"),),
    ),
    Scene(
        key="demo-sent", who=BOB, shop="hifi-lambert", asked=(5, "17:31"), way="own_carrier", carrier="UPS",
        then=((4, "10:05", "approve"), (3, "12:40", "send"), (2, "09:12", "scanned")),
    ),
    Scene(
        key="demo-paid", who=BOB, shop="hifi-lambert", asked=(9, "20:04"), way="own_carrier", carrier="DHL",
        then=(
            (8, "09:48", "approve"), (7, "13:22", "send"), (6, "18:05", "scanned"), (3, "11:37", "handed_over"),
            (2, "10:15", "receive"), (1, "14:10", "refund"),
        ),
    ),
    Scene(
        key="demo-declined", who=BOB, shop="hifi-lambert", asked=(4, "12:26"), reason="other", note="It hums a little.",
        answer="The plugs show that it was in use for weeks.", reply="It was never plugged in.",
        then=((3, "15:50", "decline"), (2, "18:33", "object")),
    ),
    Scene(
        key="demo-cancelled", who=BOB, shop="hifi-lambert", asked=(1, "16:08"), kind="cancellation", reason="too_late",
    ),
    Scene(
        key="demo-question", who=CHLOE, shop="alpages", goods=("AL-BOOTS",),
        asked=(3, "12:17"), reason="wrong_size", wish="exchange",
        wanted="39", note="Trop petites d’une pointure.", answer="Avec ou sans chaussettes épaisses ?",
        then=((2, "10:41", "ask"),),
    ),
    Scene(
        key="demo-received", who=CHLOE, shop="alpages", goods=("AL-BOTTLE",),
        asked=(8, "19:52"), wish="store_credit", way="own_carrier",
        carrier="Swiss Post",
        then=(
            (7, "08:55", "approve"), (6, "12:09", "send"), (6, "17:40", "scanned"), (3, "09:20", "handed_over"),
            (1, "15:32", "receive"),
        ),
    ),
    Scene(
        key="demo-never-came", who=CHLOE, shop="alpages", asked=(1, "18:06"), kind="claim", reason="not_delivered",
        wish="replacement",
    ),
)  # fmt: skip


def in_order(today: date) -> Iterator[tuple[datetime, Scene, str]]:
    """Every step of every scene as it happened, one after the other."""
    steps = [
        (moment(today, days, clock, scene.who.zone), scene, what)
        for scene in SCENES
        for days, clock, what in ((*scene.asked, "request"), *scene.then)
    ]
    yield from sorted(steps, key=lambda step: step[0])
