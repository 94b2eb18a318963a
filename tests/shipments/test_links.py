"""A parcel handed to a neighbour: what the link shows, when it is over, and that nothing else gets out. A calendar's event."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient, Response
from icalendar import Calendar

from app import clock, db
from app.shipments import links
from app.tokens import hash_token
from tests import builders
from tests.builders import BOB
from tests.shipments.parcels import parcel

LINK = re.compile(r"/parcels/([\w-]{43})")
PICKUP = '{"name": "Tabac des Canuts", "address": ["31 Grande Rue"], "hours": ["Mon to Sat 8:00 to 19:00"], "code": "4711"}'


async def handed(code: bool = False, columns: dict[str, Any] | None = None, **about: Any) -> tuple[str, db.Row]:
    row = await parcel(columns=columns, **about)
    customer = await builders.customer(time_zone="Europe/Paris")
    return await links.make(customer, row["address"], row["id"], label="Ms Roux", show_code=code), row


async def shown(client: AsyncClient, token: str) -> Response:
    return await client.get(f"/parcels/{token}")


async def test_a_link_shows_the_parcel_and_nothing_of_its_order(client: AsyncClient) -> None:
    token, row = await handed(status="out_for_delivery")
    answer = await shown(client, token)
    assert answer.status_code == 200
    for said in ("A parcel for Alice", "Arrives today", "Colissimo", row["tracking_number"][-4:]):
        assert said in answer.text
    for kept in (
        "Martin",
        "Teapot",
        "48.00",
        "Lilas",
        "Lyon",
        row["address"],
        row["tracking_number"],
        "Atelier",
        "alice@",
        "Ms Roux",
    ):
        assert kept not in answer.text, kept


async def test_nobody_keeps_finds_or_passes_on_its_address(client: AsyncClient) -> None:
    token, _row = await handed()
    answer = await shown(client, token)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
    assert "noindex" in answer.headers["x-robots-tag"]
    (kept,) = await db.rows("SELECT * FROM parcel_links")
    assert kept["token_hash"] == hash_token(token)
    assert token not in str(dict(kept))


@pytest.mark.parametrize("code", [True, False])
async def test_the_code_is_shown_only_when_that_was_ticked(client: AsyncClient, code: bool) -> None:
    token, _row = await handed(code, {"pickup": PICKUP}, status="ready_for_pickup")
    said = (await shown(client, token)).text
    assert "Tabac des Canuts" in said
    assert ("4711" in said) is code


@pytest.mark.parametrize(("locale", "then"), [("en", "It may be tried again"), ("fr", "Une nouvelle tentative")])
async def test_a_neighbour_is_not_asked_for_what_only_the_customer_can_do(client: AsyncClient, locale: str, then: str) -> None:
    token, _row = await handed(status="attempt_failed", estimated_to=clock.now() + timedelta(hours=3))
    client.cookies.set("locale", locale)
    said = (await shown(client, token)).text
    assert then in said
    for word in ("Choose a new day", "Choisissez un autre jour", "Needs you", "given by", "annoncée"):
        assert word not in said


async def test_over_ended_and_unknown_are_the_same_bytes(client: AsyncClient) -> None:
    token, row = await handed()
    unknown = (await shown(client, "x" * 43)).content
    with time_machine.travel(clock.now() + timedelta(days=14, seconds=1)):
        late = await shown(client, token)
    customer = await builders.customer()
    (link,) = await db.rows("SELECT id FROM parcel_links")
    await links.revoke(customer, row["address"], row["id"], link["id"])
    await links.revoke(customer, row["address"], row["id"], link["id"])
    ended = await shown(client, token)
    assert late.status_code == ended.status_code == 404
    assert late.content == ended.content == unknown
    assert late.headers["referrer-policy"] == "no-referrer"


async def test_a_day_after_the_parcel_came_the_link_is_over(client: AsyncClient) -> None:
    token, _row = await handed()
    await db.execute("UPDATE shipments SET status = 'delivered', delivered_at = {}", clock.now() - timedelta(hours=23))
    assert "Delivered" in (await shown(client, token)).text
    await db.execute("UPDATE shipments SET delivered_at = {}", clock.now() - timedelta(hours=25))
    assert (await shown(client, token)).status_code == 404


async def test_the_address_is_made_listed_and_ended_on_its_page(alice: AsyncClient) -> None:
    row = await parcel()
    url = f"/orders/{row['address']}/parcels/{row['id']}/links"
    posted = await alice.post(url, data={"label": "Ms Roux"})
    assert (posted.status_code, posted.headers["location"]) == (303, url)
    made = await alice.get(url)
    assert "/parcels/" in made.text
    assert made.headers["cache-control"] == "no-store"
    assert "Ms Roux" in made.text
    (link,) = await db.rows("SELECT id FROM parcel_links")
    assert (await alice.post(f"{url}/{link['id']}/revocation")).status_code == 303
    after = (await alice.get(url)).text
    assert "Open links" not in after
    assert "/parcels/" not in after.replace(url, "")


async def test_a_page_that_shows_a_new_link_is_reloaded_without_making_another(alice: AsyncClient) -> None:
    """On that parcel's page alone."""
    row, other = await parcel(), await parcel("1002")
    url = f"/orders/{row['address']}/parcels/{row['id']}/links"
    await alice.post(url, data={})
    first, again = [LINK.findall((await alice.get(url)).text) for _n in range(2)]
    assert first == again
    assert len(first) >= 1
    assert len(await db.rows("SELECT id FROM parcel_links")) == 1
    assert (await alice.get(f"/parcels/{first[0]}")).status_code == 200
    assert LINK.findall((await alice.get(f"/orders/{other['address']}/parcels/{other['id']}/links")).text) == []
    alice.cookies.delete("parcel_link")
    assert LINK.findall((await alice.get(url)).text) == []


@pytest.mark.parametrize(("locale", "said"), [("en", "This link is over"), ("fr", "Ce lien n’est plus valable")])
async def test_a_neighbour_whose_link_is_over_is_not_sent_to_orders(client: AsyncClient, locale: str, said: str) -> None:
    page = await client.get(f"/parcels/{'x' * 43}", headers={"Accept-Language": locale})
    assert (page.status_code, said in page.text) == (404, True)
    assert "/orders" not in page.text


async def test_a_parcels_card_on_its_order_leads_there(alice: AsyncClient) -> None:
    row = await parcel()
    said = (await alice.get(f"/orders/{row['address']}")).text
    assert f"/orders/{row['address']}/parcels/{row['id']}/links" in said


async def test_a_parcel_has_five_links_at_most(alice: AsyncClient) -> None:
    row = await parcel()
    url = f"/orders/{row['address']}/parcels/{row['id']}/links"
    answers = [(await alice.post(url, data={})).status_code for _n in range(6)]
    assert answers == [303] * 5 + [409]
    assert (await alice.post(url, data={"label": "x" * 61})).status_code == 422


async def test_a_link_of_another_parcel_cannot_be_ended_here(client: AsyncClient) -> None:
    _token, row = await handed()
    (link,) = await db.rows("SELECT id FROM parcel_links")
    client.cookies.update(await builders.session(BOB))
    url = f"/orders/{row['address']}/parcels/{row['id']}/links/{link['id']}/revocation"
    assert (await client.post(url)).status_code == 404
    assert (await client.post(url.replace(f"parcels/{row['id']}", f"parcels/{row['id'] + 1}"))).status_code == 404
    assert await db.rows("SELECT id FROM parcel_links WHERE revoked_at IS NULL")


async def test_who_tries_too_often_waits(client: AsyncClient) -> None:
    token, _row = await handed()
    for _n in range(links.BY_NETWORK.most):
        await links.throttle.count(links.BY_NETWORK, "127.0.0.1")
    assert (await shown(client, token)).status_code == 429


async def test_a_locked_accounts_links_are_over(client: AsyncClient) -> None:
    token, _row = await handed()
    await db.execute("UPDATE customers SET locked_at = {}", clock.now())
    assert (await shown(client, token)).status_code == 404


async def _event(alice: AsyncClient, zone: str = "Europe/Paris", **about: Any) -> Any:
    row = await parcel(**about)
    await db.execute("UPDATE customers SET time_zone = {}", zone)
    answer = await alice.get(f"/orders/{row['address']}/parcels/{row['id']}/delivery.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert event["uid"] == f"parcel-{row['id']}@localhost"
    assert not calendar.walk("VALARM")
    return event


async def test_a_window_of_hours_is_in_the_customers_zone(alice: AsyncClient) -> None:
    first = datetime(2026, 12, 1, 13, tzinfo=UTC)
    event = await _event(alice, estimated_from=first, estimated_to=first + timedelta(hours=3))
    assert event["dtstart"].dt.isoformat() == "2026-12-01T14:00:00+01:00"
    assert event["dtend"].dt.isoformat() == "2026-12-01T17:00:00+01:00"
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert str(event["summary"]) == "Delivery: Teapot “Brume”"


async def test_days_are_whole_and_end_on_the_day_after(alice: AsyncClient) -> None:
    first = datetime(2026, 12, 1, 13, tzinfo=UTC)
    event = await _event(alice, estimated_from=first, estimated_to=first + timedelta(days=2))
    assert (str(event["dtstart"].dt), str(event["dtend"].dt)) == ("2026-12-01", "2026-12-04")


async def test_the_event_says_where(alice: AsyncClient) -> None:
    event = await _event(alice, estimated_to=clock.now() + timedelta(days=2))
    assert str(event["location"]) == "6 rue des Lilas, 69003 Lyon, France"


async def test_the_event_of_what_is_in_the_van_is_of_today(alice: AsyncClient) -> None:
    """Whatever day its seller had named, and without that day's hours."""
    first = clock.now() + timedelta(days=2)
    event = await _event(alice, status="out_for_delivery", estimated_from=first, estimated_to=first + timedelta(minutes=1))
    assert event["dtstart"].dt == clock.today("Europe/Paris")


@pytest.mark.parametrize("about", [
    {}, {"estimated_to": clock.now() - timedelta(days=1)},
    {"status": "attempt_failed", "estimated_to": clock.now() + timedelta(days=1)},
])  # fmt: skip
async def test_a_parcel_without_a_day_to_come_has_no_event(alice: AsyncClient, about: dict[str, Any]) -> None:
    row = await parcel(**about)
    assert (await alice.get(f"/orders/{row['address']}/parcels/{row['id']}/delivery.ics")).status_code == 404
    assert "delivery.ics" not in (await alice.get(f"/orders/{row['address']}")).text
