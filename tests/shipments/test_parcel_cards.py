"""A parcel on its order's page: in which words, by whom, how old, and what can be done."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.ingest.snapshot import LineQuantity, Shipment
from app.orders import pages
from app.shipments.cards import ParcelCard
from app.shipments.snapshot import PickupPoint
from tests import builders
from tests.builders import line

EN, FR = Voice("en", "Europe/Paris"), Voice("fr", "Europe/Paris")


def at(**ago: float) -> datetime:
    return clock.now().replace(microsecond=0) - timedelta(**ago)


async def shipped(count: int = 1, **about: Any) -> list[int]:
    """An order of Alice's in so many parcels of Colissimo's, sent yesterday; the parcels' ids."""
    said = {"carrier": "Colissimo", "status": "in_transit", "shipped_at": at(days=1), **about}
    parcels = [
        Shipment(id=f"p{n}", tracking_number=f"6A{n}", lines=[LineQuantity(line=str(n), quantity=1)], **said)
        for n in range(count)
    ]
    await builders.order(lines=[line(str(n)) for n in range(count)], shipments=parcels)
    return [row["id"] for row in await db.rows("SELECT id FROM shipments ORDER BY position")]


async def scan(shipment: int, when: datetime, status: str, words: str = "", place: str = "", **about: Any) -> None:
    record = {
        "shipment": shipment, "external_id": f"{when} {status} {words}", "source": "test", "at": when, "status": status,
        "words": words, "place": place, "recorded_at": when, **about,
    }  # fmt: skip
    await db.insert("scans", [record])
    columns = {"status": status, "reason": about.get("reason", ""), "scanned_at": when}
    if status == "delivered":
        columns["delivered_at"] = when
    await change(shipment, **columns)


async def change(shipment: int, **columns: Any) -> None:
    for name, value in columns.items():
        await db.execute(f"UPDATE shipments SET {name} = {{}} WHERE id = {{}}", value, shipment)


async def cards(voice: Voice = EN) -> list[ParcelCard]:
    _kept, found, _moments = await pages.whole(await builders.customer(), "1001", voice)
    return found


async def card(voice: Voice = EN) -> ParcelCard:
    (found,) = await cards(voice)
    return found


async def test_a_parcel_without_a_scan_says_what_the_merchant_said() -> None:
    await shipped()
    found = await card()
    assert (found.headline.split()[0], found.detail, found.source, found.next) == ("Sent", "Colissimo", "", "")
    assert (found.scans.days, found.map, found.advice, found.pickup, found.proof) == ([], None, None, None, None)


async def test_who_says_so_and_how_old_that_is() -> None:
    (parcel,) = await shipped()
    now = at()
    await scan(parcel, now, "in_transit")
    found = await card()
    assert found.source == f"Colissimo · {EN.time(now)}"
    assert "Colissimo" not in found.detail  # not said twice
    assert found.next == "Next: the depot near you, then your door"
    earlier = at(days=3)
    await change(parcel, scanned_at=earlier, carrier="")
    assert (await card()).source == f"{EN.day(earlier)}, {EN.time(earlier)}"


async def test_scans_are_told_newest_first_by_the_readers_days() -> None:
    (parcel,) = await shipped()
    await scan(parcel, datetime(2026, 11, 20, 22, 30, tzinfo=UTC), "picked_up", place="Dijon")
    await scan(parcel, datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "in_transit", place="Lyon", country="FR")
    told = (await card()).scans
    assert [day.label for day in told.days] == ["Saturday 21 Nov", "Friday 20 Nov"]
    newest, oldest = told.days[0].scans[0], told.days[1].scans[0]
    assert (newest.time, newest.place, newest.current) == ("00:30", "Lyon, FR", True)
    assert (oldest.text, oldest.time, oldest.place, oldest.current) == ("Handed to the carrier", "23:30", "Dijon", False)
    assert [day.label for day in (await card(FR)).scans.days] == ["samedi 21 nov.", "vendredi 20 nov."]


@pytest.mark.parametrize(
    ("status", "reason", "words", "quote"),
    [
        ("in_transit", "", "Arrived at hub", "Arrived at hub"), ("out_for_delivery", "", "OUT FOR DELIVERY", ""),
        ("delivered", "", "Delivered, front door", "Delivered, front door"), ("delivered", "", "Delivered.", ""),
        ("unknown", "", "Ξ 42", "Ξ 42"), ("unknown", "", "", ""),
        ("attempt_failed", "consignee_not_home", "nobody was home", ""),
        ("in_transit", "", " In\n transit ", ""), ("in_transit", "", "…", ""),
    ],
)  # fmt: skip
async def test_the_carriers_words_are_quoted_where_ours_say_less(status: str, reason: str, words: str, quote: str) -> None:
    (parcel,) = await shipped()
    await scan(parcel, at(), status, words, reason=reason)
    assert (await card()).scans.days[0].scans[0].quote == quote


async def test_of_many_scans_the_newest_few_are_shown_and_the_rest_is_folded() -> None:
    (parcel,) = await shipped()
    for n in range(60):
        await scan(parcel, at(hours=60 - n), "in_transit", f"Sorted {n}")
    told = (await card()).scans
    shown = [it.quote for day in told.days for it in day.scans]
    assert shown == [f"Sorted {n}" for n in (59, 58, 57, 56)]
    assert [it.quote for day in told.more for it in day.scans] == [f"Sorted {n}" for n in range(55, -1, -1)]
    assert told.folded == 56
    assert not any(it.current for day in told.more for it in day.scans)


async def test_each_parcel_has_its_own_scans() -> None:
    first, second, _third = await shipped(3)
    await scan(first, at(hours=2), "in_transit", place="Lyon")
    await scan(second, at(hours=1), "out_for_delivery", place="Paris")
    found = await cards()
    assert [[it.place for day in one.scans.days for it in day.scans] for one in found] == [["Lyon"], ["Paris"], []]
    assert [one.title for one in found] == ["Parcel 1 of 3", "Parcel 2 of 3", "Parcel 3 of 3"]
    assert not any(one.alone for one in found)


@pytest.mark.parametrize(
    ("status", "reason", "headline", "why", "what"),
    [
        ("attempt_failed", "consignee_not_home", "Nobody was home", "",
         "Choose a new day or a pick-up point with Colissimo."),
        ("attempt_failed", "consignee_not_available", "Nobody was home", "Nobody was there to take it.",
         "Choose a new day or a pick-up point with Colissimo."),
        ("attempt_failed", "", "Delivery was tried", "", "Choose a new day or a pick-up point with Colissimo."),
        ("attempt_failed", "carrier_address_not_found", "Could not be handed over",
         "The carrier cannot find the address: check it.",
         "Check the delivery address below and tell Colissimo the right one."),
        ("attempt_failed", "carrier_not_enough_time", "Could not be handed over", "The driver ran out of time.",
         "You need do nothing: Colissimo tries again."),
        ("on_hold", "customs_duties_unpaid", "Held up on its way", "Customs wants duties paid before it goes on.",
         "Pay the duties with Colissimo, then it goes on."),
        ("on_hold", "", "Held up on its way", "", "You need do nothing for now: it goes on as soon as it can."),
        ("delayed", "weather_delay", "Later than planned", "The weather is holding it up.", ""),
        ("returned_to_sender", "consignee_refused", "Returned to sender", "It was refused at the door.",
         "It goes back to the seller: ask them to send it again or to give the money back."),
    ],
)  # fmt: skip
async def test_what_is_wrong_and_what_to_do(status: str, reason: str, headline: str, why: str, what: str) -> None:
    (parcel,) = await shipped()
    await scan(parcel, at(), status, reason=reason)
    found = await card()
    assert found.advice is not None
    assert (found.headline, found.advice.why, found.advice.what) == (headline, why, what)


@pytest.mark.parametrize("status", ["in_transit", "out_for_delivery", "delivered", "unknown", "ready_for_pickup"])
async def test_nothing_is_advised_where_nothing_is_wrong(status: str) -> None:
    (parcel,) = await shipped()
    await scan(parcel, at(), status)
    assert (await card()).advice is None


async def test_the_pick_up_point_is_there_until_the_parcel_is_fetched(alice: AsyncClient) -> None:
    (parcel,) = await shipped()
    point = PickupPoint(
        name="Tabac des Brotteaux", address=["12 cours Vitton", "69006 Lyon"], hours=["Mon–Sat 7–19"], code="482 913",
        until=datetime(2026, 12, 6, 18, tzinfo=UTC), latitude=45.77, longitude=4.85,
    )  # fmt: skip
    await change(parcel, pickup=msgspec.json.encode(point).decode())
    await scan(parcel, at(), "ready_for_pickup")
    text = (await alice.get("/orders/1001")).text
    for said in (
        "Tabac des Brotteaux",
        "69006 Lyon",
        "Mon–Sat 7–19",
        "482 913",
        "Sunday 6 Dec",
        'href="geo:45.77,4.85?q=45.77,4.85"',
    ):
        assert said in text, said
    await scan(parcel, at(), "delivered")
    assert (await card()).pickup is None


async def test_proof_of_delivery_is_shown_where_there_is_any(alice: AsyncClient) -> None:
    (parcel,) = await shipped()
    await scan(parcel, at(), "delivered")
    assert (await card()).proof is None
    await change(parcel, signed_by="M. Martin", proof_photo="1-photo-x.jpg")
    text = (await alice.get("/orders/1001")).text
    assert "M. Martin" in text
    assert f'src="/orders/1001/parcels/{parcel}/photo"' in text
    assert "/signature" not in text


async def test_the_proof_of_what_went_back_later_stays() -> None:
    """Not the signature under what never came: that is the sender's."""
    (parcel,) = await shipped()
    await change(parcel, signed_by="M. Martin", proof_photo="1-photo-x.jpg", status="returned_to_sender")
    assert (await card()).proof is None
    await scan(parcel, at(days=1), "delivered")
    await scan(parcel, at(), "returned_to_sender")
    found = await card()
    assert found.proof is not None
    assert (found.proof.signed_by, found.proof.photo) == ("M. Martin", f"/orders/1001/parcels/{parcel}/photo")
    assert (found.proof.when, found.can.missing_url) == (EN.moment(at(days=1)), "")


@pytest.mark.parametrize(("voice", "asks", "says"), [
    (EN, "ask them", "who has given you the money back"), (FR, "demandez-lui", "qui vous a remboursé"),
])  # fmt: skip
async def test_nobody_is_sent_to_ask_for_money_that_was_given_back(voice: Voice, asks: str, says: str) -> None:
    await shipped(status="returned_to_sender")
    (before,) = await cards(voice)
    assert before.advice and asks in before.advice.what and before.advice.contact == "seller"  # noqa: PT018
    await db.execute("UPDATE orders SET payment = 'refunded'")
    (after,) = await cards(voice)
    assert after.advice and says in after.advice.what and asks not in after.advice.what and not after.advice.contact  # noqa: PT018


async def test_the_map_is_in_the_page_and_so_are_its_places_in_words(alice: AsyncClient) -> None:
    (parcel,) = await shipped()
    await scan(parcel, at(hours=9), "picked_up", place="Paris", latitude=48.86, longitude=2.35)
    await scan(parcel, at(hours=2), "in_transit", place="Lyon", latitude=45.76, longitude=4.84)
    text = (await alice.get("/orders/1001")).text
    svg = re.search(r'<svg viewBox="[^"]*" role="img".*?</svg>', text, re.S)
    assert svg
    assert len(svg[0]) < 8000
    assert "style=" not in svg[0]
    places = re.search(r"Places on the way<ol>(.*?)</ol>", text)
    assert places
    assert re.findall(r"<li>(\w+)", places[1]) == ["Paris", "Lyon"]


async def test_a_parcel_has_an_address_of_its_own_in_the_page(alice: AsyncClient) -> None:
    ids = await shipped(2)
    text = (await alice.get("/orders/1001")).text
    for parcel in ids:
        assert text.count(f'id="parcel-{parcel}"') == 1
    await builders.order("1001", lines=[line("0")], shipments=[])
    assert "parcel-" not in (await alice.get("/orders/1001")).text


async def test_nothing_a_carrier_says_becomes_markup(alice: AsyncClient) -> None:
    (parcel,) = await shipped()
    bad = '"><script>alert(1)</script>'
    await scan(parcel, at(), "ready_for_pickup", bad, bad, latitude=45.0, longitude=4.0)
    point = PickupPoint(name=bad, address=[bad], hours=[bad], code=bad, latitude=1.0, longitude=1.0)
    await change(parcel, pickup=msgspec.json.encode(point).decode(), service=bad, signed_by=bad)
    assert "<script>alert" not in (await alice.get("/orders/1001")).text


async def test_what_the_order_says_stands_above_a_parcel_that_says_something_else() -> None:
    """A refunded order was delivered all the same."""
    (parcel,) = await shipped()
    await scan(parcel, at(), "delivered")
    await db.execute("UPDATE orders SET stage = 'returned'")
    found = await card()
    assert (found.alone, found.headline) == (False, "Delivered today")


async def usual(count: int) -> None:
    """So many parcels of Mo's took two working days with Colissimo, nine of ten of them at most four."""
    record = {"merchant": await builders.merchant(), "carrier": "colissimo", "destination": "", "parcels": count,
              "median": 2, "late": 4, "quiet": 0, "computed_at": at()}  # fmt: skip
    await db.insert("transit_times", [record])


async def test_without_a_date_it_says_what_is_usual_and_from_how_many(alice: AsyncClient) -> None:
    with time_machine.travel("2026-11-24T12:00Z", tick=False):  # a Tuesday
        await shipped()
        await usual(212)
        found = await card()
        assert (found.headline, found.tag, found.alone) == ("Probably Wednesday 25 Nov to Friday 27 Nov", "On the way", True)
        assert found.can.basis == "Usually 2–4 working days with Colissimo; from 212 parcels of this shop"
        assert (await card(FR)).can.basis.endswith("212 colis de cette boutique")


async def test_times_are_read_once_for_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    await shipped()
    asked: list[str] = []
    rows = db.rows

    async def counted(text: str, *args: Any) -> Any:
        asked.append(text)
        return await rows(text, *args)

    monkeypatch.setattr(db, "rows", counted)
    for _n in range(3):
        await card()
    assert len([text for text in asked if "transit_times" in text]) == 1


async def test_whose_date_it_is(alice: AsyncClient) -> None:
    (parcel,) = await shipped(estimated_to=at(days=-2))
    assert (await card()).can.basis == "Date given by the seller"
    await change(parcel, heard='{"estimate":"2026-11-20T08:00:00Z"}')
    assert (await card()).can.basis == "Date given by Colissimo"
    text = (await alice.get("/orders/1001")).text
    assert "Date given by Colissimo" in text
    assert f"/orders/1001/parcels/{parcel}/delivery.ics" in text
    assert f"/orders/1001/parcels/{parcel}/links" in text


async def test_a_late_parcel_says_so_in_one_card_and_offers_it_never_came(alice: AsyncClient) -> None:
    (parcel,) = await shipped(estimated_to=at(days=3), shipped_at=at(days=8))
    await scan(parcel, at(days=6), "in_transit")
    await change(parcel, overdue_at=at(), overdue_why="late")
    found = await card()
    assert (found.headline, found.tag, found.tone, found.next, found.alone) == (
        "It should be here by now", "Late", "bad", "", True,
    )  # fmt: skip
    assert found.detail == f"was expected by {EN.weekday(at(days=3))}"
    await change(parcel, overdue_why="silent")
    assert (await card()).headline == f"No news since {EN.weekday(at(days=6))}"
    text = (await alice.get("/orders/1001")).text
    assert f'<a class="button" href="/orders/1001/parcels/{parcel}/missing">' in text


@pytest.mark.parametrize("status", ["in_transit", "delivered"])
async def test_what_was_reported_is_said_with_what_happens_next(alice: AsyncClient, status: str) -> None:
    (parcel,) = await shipped()
    await scan(parcel, at(hours=20), status)
    await change(parcel, missing_at=at(), missing_what="not_delivered", missing_told="seller")
    found = await card()
    assert (found.headline, found.tag) == ("You said that it never came", "Reported")
    assert (found.can.reported, found.can.missing_url, found.next) == (EN.long_day(at()), "", "")
    text = (await alice.get("/orders/1001")).text
    assert f"Reported missing on {Voice('en').long_day(at())}" in text
    assert "Atelier Mo has been told." in text
    assert "what you wrote" not in text
    await change(parcel, missing_note="Not with the neighbours\nnor behind the house")
    text = (await alice.get("/orders/1001")).text
    assert "Atelier Mo has been told, with what you wrote." in text
    said = (await alice.get(f"/orders/1001/parcels/{parcel}/missing")).text
    assert f'href="/orders/1001/parcels/{parcel}/missing"' in text
    assert "Not with the neighbours<br>nor behind the house" in said
    assert "with what you wrote" in said


async def test_what_comes_after_it_was_reported_has_come() -> None:
    (parcel,) = await shipped()
    await change(parcel, missing_at=at(hours=3), missing_what="not_delivered", missing_told="seller")
    await scan(parcel, at(hours=1), "delivered")
    found = await card()
    assert (found.tag, found.tone, found.can.reported, found.can.missing_url) == ("Delivered", "good", "", "")


async def test_an_old_parcel_of_which_nothing_more_was_told_offers_nothing() -> None:
    (parcel,) = await shipped(shipped_at=at(days=300), status="unknown")
    await db.execute("UPDATE orders SET placed_at = {}", at(days=301))
    found = await card()
    assert (found.id, found.steps) == (parcel, 0)
    assert not any((found.can.basis, found.can.hand_on_url, found.can.missing_url))
