"""What is told of returns, claims and cancellations: in both languages, with the seller's words, and where it leads."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import time_machine

from app import db
from app.events import actions as events
from app.events.timeline import KeptEvent, timeline
from app.events.unnoticed import heard
from app.i18n import Voice
from app.notifications import about, actions, wording
from app.notifications.channels import News
from app.notifications.kinds import KINDS, OF_RETURNS, kind_of
from app.returns import asking, deciding, moving, receiving, settling, states
from app.webhooks.kinds import group_of
from tests import builders
from tests.returns import bought

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
ABOUT = {
    "code": "R-7K3F9QXM", "by": "member:5", "amount": 1250, "currency": "EUR", "due": "2026-12-01T23:00:00Z",
    "of": {"number": "A-1", "shop": "Atelier Mo", "title": "Teapot", "more": 0},
}  # fmt: skip
SAID = (
    "questioned", "answered", "objected", "upheld", "stood", "rest_refunded", "part_refunded", "delivery_added",
    "delivery_kept",
)  # fmt: skip


def told(kind: str, locale: str, **data: Any) -> tuple[str, str]:
    news = News(
        id=1, topic="returns_and_refunds", kind=kind, order=1, url="/", data=ABOUT | data, at=NOW, created_at=NOW
    )  # fmt: skip
    said = wording.said(news, Voice(locale, "Europe/Paris"))
    assert said.action
    return said.title.replace("\u00a0", " "), said.body.replace("\u00a0", " ").replace("\u202f", " ")


def _every() -> set[str]:
    """What the verbs record."""
    kinds = set(states.KINDS) - {"withdrawal"}
    steps = {moving.event(kind, state) for kind in kinds for state in states.STATES[kind]}
    more = {
        "return_exchange_sent",
        *(f"return_exchange_{name}" for name in ("proposed", "taken_back", "agreed", "refused", "lapsed")),
        "return_paid_instead",
        "return_photo_added",
        "return_shop_closed",
        "return_reopened",
        "return_reduced",
        "withdrawal_shop_closed",
        "withdrawal_reopened",
        "withdrawal_attached",
        "withdrawal_items_set",
        "return_arrived",
        "claim_arrived",
        "withdrawal_part_refunded",
        "withdrawal_objected",
        "withdrawal_contested",
        "withdrawal_stood",
        "withdrawal_rest_refunded",
        *(f"claim_goods_{step}" for step in ("awaited", "sent", "received")),
    }
    return steps | {f"{kind}_{name}" for kind in kinds for name in SAID} | more


@pytest.mark.parametrize("kind", ["return_in_transit", "claim_goods_sent"])
def test_what_the_carrier_says_is_not_put_into_the_customers_mouth(kind: str) -> None:
    for by, english, french in (
        ("carrier:Colissimo", "Its carrier has it.", "Le transporteur l’a pris en charge."),
        ("customer:1", "You said that it is on its way.", "Vous avez indiqué"),
    ):
        assert told(kind, "en", by=by)[1].startswith(english)
        assert told(kind, "fr", by=by)[1].startswith(french)


def test_whatever_happens_to_a_return_is_news_stands_in_the_history_and_leaves_for_programs() -> None:
    for kind in _every():
        assert KINDS[kind].topic == "returns_and_refunds", kind
        assert group_of(kind) == "returns"
        for voice in (Voice("en"), Voice("fr")):
            (moment,) = timeline([KeptEvent(kind, NOW, msgspec.json.encode(ABOUT).decode())], voice)
            assert moment.text
            assert "R-7K3F9QXM" in moment.detail


@pytest.mark.parametrize("kind", sorted(kind for kinds in OF_RETURNS.values() for kind in kinds))
@time_machine.travel(NOW, tick=False)
def test_each_names_the_item_in_both_languages(kind: str) -> None:
    english, french = told(kind, "en"), told(kind, "fr")
    assert "Teapot" in english[0]
    assert "Teapot" in french[0]
    assert english[0] != french[0]
    assert "%(" not in "".join(english + french)


@time_machine.travel(NOW, tick=False)
def test_the_seller_is_quoted_and_long_words_are_cut() -> None:
    title, body = told("return_declined", "en", answer="It was worn.")
    assert title == "Return declined: Teapot"
    assert body == "You can object on its page. The seller says: “It was worn.”. Order A-1 from Atelier Mo."
    _title, body = told("claim_questioned", "fr", text="Une photo " * 50)
    assert "…" in body
    assert len(body) < 220
    assert told("return_objected", "en")[1].startswith("The seller looks at it again. You hear of it by Tuesday 1 Dec.")
    assert "It comes to €12.50." in told("return_refunded", "en")[1]


@time_machine.travel(NOW, tick=False)
def test_an_objection_to_less_is_told_and_what_came_of_it() -> None:
    assert "You hear of it by Tuesday 1 Dec." in told("withdrawal_contested", "en")[1]
    stood = told("withdrawal_stood", "en", text="The photo shows it", amount=0)
    assert stood[0] == "No more is paid back: Teapot"
    assert "The seller says: “The photo shows it”." in stood[1]
    more = told("claim_rest_refunded", "fr")
    assert (more[0], "12,50 €" in more[1]) == ("Remboursement complété : Teapot", True)


@pytest.mark.parametrize("data", [
    {"answer": None, "text": 5, "amount": "x", "due": "soon", "currency": 3},
    {"answer": "\u202e\0", "of": None, "amount": True},
])  # fmt: skip
def test_an_event_of_another_release_breaks_nothing(data: dict[str, Any]) -> None:
    for kinds in OF_RETURNS.values():
        for kind in kinds:
            assert told(kind, "en", **data)[0]


def test_what_asks_something_of_them_disturbs_and_their_own_doing_does_not() -> None:
    found = {kind: known.urgency for kind in ("return_approved", "claim_questioned", "return_declined", "return_requested",
             "return_part_refunded") if (known := kind_of(kind, {}))}  # fmt: skip
    assert list(found.values()) == ["action", "action", "rest", "app", "app"]


async def test_news_of_a_return_opens_the_return_and_the_order_tells_it_too() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    await deciding.ask_back(order["merchant"], code, question="Which  \n one?", by="member:1")
    await deciding.approve(order["merchant"], code, answer="Gladly", by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await settling.refund(order["merchant"], code, amount=1_000, last=False, by="member:1")
    async with db.transaction():
        events = await db.rows("SELECT id FROM events ORDER BY id")
        await actions.notify(await heard([row["id"] for row in events]))
    news = await db.rows("SELECT kind, url FROM notifications WHERE kind LIKE 'return%' ORDER BY id")
    assert [row["kind"] for row in news] == [
        "return_requested", "return_questioned", "return_approved", "return_received", "return_part_refunded",
    ]  # fmt: skip
    assert {row["url"] for row in news} == {f"/returns/{code}"}
    rows = await db.rows('SELECT kind, at, data FROM events WHERE "order" = {} ORDER BY id', order["id"])
    moments = timeline([KeptEvent(row["kind"], row["at"], row["data"]) for row in rows], Voice("en"))
    assert f"Which one? · {code}" in [moment.detail for moment in moments]
    assert f"€10.00 · {code}" in [moment.detail for moment in moments]


async def test_news_names_what_is_in_the_return_and_not_what_else_was_ordered() -> None:
    order = await bought.delivered()
    _teapots, cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(cup, 1), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    told_of = await _about_all()
    returned = {kind: of for kind, of in told_of if kind.startswith(("return_", "refund_"))}
    assert {"return_requested", "return_approved", "return_refunded", "refund_approved"} <= set(returned)
    for kind, of in returned.items():
        assert (of["title"], of["more"], of["number"], of["shop"]) == ("Cup", 0, order["number"], "Atelier Mo"), kind
    (placed,) = [of for kind, of in told_of if kind == "order_placed"]
    assert (placed["title"], placed["more"]) == ("Teapot “Brume”", 1)


async def test_of_what_somebody_else_sends_back_nothing_is_named() -> None:
    order = await bought.delivered()
    _teapots, cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(cup, 1), by="customer:1")
    bob = await builders.customer(builders.BOB, "Bob Turner")
    await db.execute("UPDATE returns SET customer = {} WHERE code = {}", bob, code)
    for kind, of in await _about_all():
        assert of["title"] == "Teapot “Brume”", kind


@pytest.mark.parametrize("data", [{"code": "\0"}, {"code": ["x"]}, {"code": "R" * 500}, {"refund": 2**63}, {"refund": True}])
async def test_an_event_that_names_no_return_is_about_its_order(data: dict[str, Any]) -> None:
    order = await bought.delivered()
    for kind in ("return_approved", "refund_sent"):
        await events.record(kind, customer=order["customer"], merchant=order["merchant"], order=order["id"], **data)
    assert [of["title"] for kind, of in await _about_all() if kind in ("return_approved", "refund_sent")] == [
        "Teapot “Brume”"
    ] * 2


async def _about_all() -> list[tuple[str, dict[str, Any]]]:
    rows = await db.rows('SELECT id FROM events WHERE "order" IS NOT NULL ORDER BY id')
    found = await heard([row["id"] for row in rows])
    known = await about.about(found)
    return [(one.kind, known[one.id].of) for one in found]
