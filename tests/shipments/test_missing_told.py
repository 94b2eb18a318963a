"""“It never came” reaches the seller by mail, stays in the order's history, and is confirmed among the news."""

import runpy
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.mail import letters
from app.orders import pages, revisions
from app.shipments import missing
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.notifications.letters import html_of
from tests.notifications.steps import deliveries, notifications, told
from tests.shipments.parcels import parcel

OWNER, SECOND, STAFF = "mo@example.com", "mona@example.com", "kim@example.com"
MIGRATION = Path(__file__).parents[2] / "migrations/comptoir_2026_11_27t10_21_00_000000.py"
NOTE = "Nobody rang.\n<b>All day</b>."


async def report(note: str = NOTE, what: str = "delivered_not_here") -> db.Row:
    """Alice's, of a parcel said to have come yesterday; its row."""
    row = await parcel(status="delivered", delivered_at=clock.now() - timedelta(days=1))
    await missing.report(await builders.customer(), row["address"], row["id"], what=what, note=note)
    await letters.post()
    return row


async def overdue() -> db.Row:
    return await parcel(columns={"overdue_at": clock.now(), "overdue_why": "late"})


async def test_every_owner_is_told_in_their_own_words() -> None:
    await builders.member(OWNER, role="owner")
    await builders.member(SECOND, role="owner")
    await builders.member(STAFF)
    await db.execute("UPDATE customers SET locale = 'fr' WHERE email = {}", SECOND)
    row = await report()
    sent = {mail["To"]: mail for mail in mails()}
    assert sent.keys() == {OWNER, SECOND}
    assert sent[OWNER]["Subject"] == "Order 1001: a parcel is reported missing"
    english, french = text_of(sent[OWNER]), text_of(sent[SECOND])
    for said in (
        "Alice Martin says that a parcel of Atelier Mo never came.", "Order: 1001\n",
        f"Parcel: Colissimo {row['tracking_number']}",
        "The carrier says delivered, but it is not here", "    > Nobody rang.\n    > <b>All day</b>.\n", "alice@example.com",
    ):  # fmt: skip
        assert said in english, said
    assert "Commande 1001" in sent[SECOND]["Subject"]
    assert "Alice Martin" in french
    assert "It never came" not in french
    assert "Nobody rang.<br>&lt;b&gt;All day&lt;/b&gt;." in html_of(sent[OWNER])


async def test_a_shop_without_people_is_told_at_its_own_address() -> None:
    row = await overdue()
    await db.execute("UPDATE merchants SET email = 'hello@mo.example'")
    await missing.report(await builders.customer(), row["address"], row["id"], what="not_delivered", note="")
    await letters.post()
    (mail,) = mails()
    assert mail["To"] == "hello@mo.example"
    assert "They write:" not in text_of(mail)


async def kept(row: db.Row) -> db.Row:
    return (await db.rows("SELECT missing_at, missing_told FROM shipments WHERE id = {}", row["id"]))[0]


async def written(alice: AsyncClient, row: db.Row) -> str:
    """What every page that speaks of it says: after posting it, on its own page, on the order, among arrivals and news."""
    page = f"/orders/{row['address']}/parcels/{row['id']}/missing"
    answer = await alice.post(page, data={"what": "not_delivered", "note": ""})
    assert answer.status_code == 303
    await letters.post()
    await told()
    pages = (f"/orders/{row['address']}", page, "/arrivals", "/notifications")
    return " ".join([unescape((await alice.get(path)).text) for path in pages])


async def test_of_a_shop_that_cannot_be_reached_the_operators_are_told(alice: AsyncClient) -> None:
    await builders.customer("ops@example.com", "Ops", operator=True)
    await builders.customer("opale@example.com", "Opale", operator=True, locale="fr")
    await builders.customer("gone@example.com", "Gone", operator=True, locked_at=clock.now())
    await builders.member(STAFF)
    row = await overdue()
    form = (await alice.get(f"/orders/{row['address']}/parcels/{row['id']}/missing")).text
    assert ("Comptoir is told instead" in form, "Tell the seller" in form) == (True, False)
    said = await written(alice, row)
    assert said.count("The seller cannot be written to from here; Comptoir has been told") == 2, "said at once, and among news"
    assert said.count("Comptoir has been told instead, and passes it on") == 2
    assert "seller has been told" not in said
    assert "Atelier Mo has been told" not in said
    sent = {mail["To"]: text_of(mail) for mail in mails()}
    assert sent.keys() == {"ops@example.com", "opale@example.com"}
    assert "Atelier Mo has neither an owner nor an e-mail address here, so this goes to you." in sent["ops@example.com"]
    assert "All operators get this mail." in sent["ops@example.com"]
    assert "ce message vous revient donc" in sent["opale@example.com"]
    assert (await kept(row))["missing_told"] == "operator"


@pytest.mark.parametrize("address", ["", "call us"])
async def test_where_there_is_nobody_at_all_the_pages_say_so(
    alice: AsyncClient, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    row = await overdue()
    await db.execute("UPDATE merchants SET email = {}", address)
    said = await written(alice, row)
    assert mails() == []
    assert said.count("nobody has been told yet") == 2
    assert said.count("It is noted, but the seller cannot be written to from here.") == 2
    assert "has been told," not in said
    assert "seller has been told" not in said
    now = await kept(row)
    assert (now["missing_at"] is not None, now["missing_told"]) == (True, "")
    assert "a parcel of Atelier Mo is reported missing, and nobody can be told" in caplog.text


async def test_where_the_seller_is_told_the_pages_say_that(alice: AsyncClient) -> None:
    await builders.member(OWNER, role="owner")
    row = await overdue()
    said = await written(alice, row)
    assert said.count("Atelier Mo has been told.") == 2
    assert "what you wrote" not in said, "nothing was"
    assert "cannot be written to" not in said
    assert (await kept(row))["missing_told"] == "seller"


async def test_what_is_undone_is_not_mailed(monkeypatch: pytest.MonkeyPatch) -> None:
    await builders.member(OWNER, role="owner")

    async def broken(*_orders: int) -> None:
        raise OSError("gone")

    monkeypatch.setattr(revisions, "changed", broken)
    row = await overdue()
    with pytest.raises(OSError, match="gone"):
        await missing.report(await builders.customer(), row["address"], row["id"], what="not_delivered", note="")
    await letters.post()
    assert mails() == []


@pytest.mark.parametrize(("locale", "text"), [("en", "You said that it never came"), ("fr", "Vous avez signalé")])
async def test_the_orders_history_keeps_it(locale: str, text: str) -> None:
    await report()
    _order, _parcels, moments = await pages.whole(await builders.customer(), "1001", Voice(locale))
    (moment,) = (it for it in moments if it.text.startswith(text))
    assert moment.detail.startswith("Colissimo 6A")


async def test_it_is_confirmed_in_the_app_and_nowhere_else(alice: AsyncClient) -> None:
    await told()
    row = await report()
    await told()
    (one,) = [it for it in await notifications() if it["kind"] == "parcel_reported_missing"]
    assert (one["topic"], one["url"]) == ("deliveries", f"/orders/{row['address']}#parcel-{row['id']}")
    assert [it for it in await deliveries() if it["notification"] == one["id"] and it["channel"] != "app"] == []
    assert "Reported missing: Teapot" in (await alice.get("/notifications")).text


async def test_of_reports_made_before_that_was_kept_those_count_as_told_whose_seller_could_be() -> None:
    before = runpy.run_path(str(MIGRATION))["TOLD"]
    row = await overdue()
    unreported = await parcel("1002", id="2")
    await db.execute("UPDATE shipments SET missing_at = {} WHERE id = {}", clock.now(), row["id"])
    await db.execute(before)
    assert (await kept(row))["missing_told"] == ""
    await builders.member(OWNER, role="owner")
    await db.execute(before)
    assert (await kept(row))["missing_told"] == "seller"
    assert (await kept(unreported))["missing_told"] == ""
