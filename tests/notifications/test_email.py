"""News by mail: both languages, both forms, one code and one id however often it is tried, and the way out."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from app import clock, db
from app.i18n import Voice
from app.mail import letters, outbox
from app.notifications import bounces, email, people
from app.notifications.channels import Due, News
from app.notifications.kinds import KINDS
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE
from tests.mail.conftest import office, set_up  # noqa: F401
from tests.notifications.letters import html_of, links, parcel, stop_address, turn
from tests.notifications.steps import deliveries, targets

FRENCH = {"locale": "fr", "time_zone": "Europe/Paris"}


@pytest.fixture
def server(office, set_up):  # noqa: F811
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    return office


async def later() -> None:
    await db.execute("UPDATE deliveries SET next_try_at = {}", clock.now() - timedelta(seconds=1))


async def state() -> tuple[str, int, str]:
    (row,) = await deliveries()
    return row["state"], row["attempts"], row["last_error"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [({}, ("Out for delivery", "Follow parcel", "Deliveries")), (FRENCH, ("En cours de livraison", "Suivre", "Livraisons"))],
)
async def test_it_says_the_same_in_two_forms_in_their_language(server, columns, words) -> None:
    await builders.customer(phrase="blue kettle", **columns)
    await parcel()
    assert await turn() == 1
    (mail,) = server.letters
    assert mail.get_content_type() == "multipart/alternative"
    assert words[0] in mail["Subject"]
    for part in (text_of(mail), html_of(mail)):
        for said in (*words, "Teapot “Brume”", "6A12345678901", "Colissimo", "blue kettle", "/orders/1001#parcel-7"):
            assert said in part, (said, part)
    assert f'<html lang="{columns.get("locale", "en")}">' in html_of(mail)
    assert (await state())[0] == "sent"


async def test_whoever_asks_hears_that_it_is_ours(server, client) -> None:
    await parcel()
    await turn()
    (mail,) = server.letters
    answer = await client.post("/is-this-from-us", data={"text": text_of(mail)})
    assert "Yes, we sent it" in answer.text


async def test_every_attempt_has_the_same_id_and_the_same_code(server) -> None:
    await parcel()
    server.answer = "451 4.3.0 Try again"
    for attempt in (1, 2):
        await later()
        await turn()
        assert await state() == ("waiting", attempt, "451 4.3.0 Try again")
    server.answer = "250 OK"
    await later()
    await turn()
    assert (await state())[0] == "sent"
    ids = {mail["Message-ID"] for mail in server.letters}
    codes = {re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text_of(mail))[0] for mail in server.letters}  # type: ignore[index]
    assert len(server.letters) == 3
    assert len(ids) == len(codes) == 1
    assert ids == {outbox.message_id((await deliveries())[0]["message_id"])}
    assert len(await db.rows("SELECT id FROM letters WHERE kind = 'news'")) == 1


async def test_mails_of_one_order_hang_together_and_of_two_do_not(server) -> None:
    for kind, order in (("out_for_delivery", "1001"), ("delivered", "1001"), ("delivered", "1002")):
        await parcel(kind, order)
    await turn()
    roots = [mail["References"] for mail in server.letters]
    assert roots[0] == roots[1] != roots[2]
    assert all(mail["In-Reply-To"] == mail["References"] for mail in server.letters)
    assert all(re.fullmatch(r"<order\.[0-9a-f]{24}@localhost>", root) for root in roots)
    assert len({mail["Message-ID"] for mail in server.letters}) == 3


async def test_the_headers_of_one_click_are_there(server) -> None:
    await parcel()
    await turn()
    (mail,) = server.letters
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<deliveries.localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    address = stop_address(mail)
    assert f"http://localhost:8000{address}" in links(mail)
    assert address in text_of(mail)


async def test_news_of_security_cannot_be_unsubscribed(server) -> None:
    customer = await builders.customer()
    due = await made(customer, topic="security", kind="passkey_added")
    await email.send(due)
    (mail,) = server.letters
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert not any("/unsubscribe/" in link for link in links(mail))


async def made(customer: int, **about):
    """A delivery that nothing has written."""
    said = {"id": 1, "topic": "deliveries", "kind": "shipment_delivered", "order": None, "url": "/account", "data": {}, **about}
    person = (await people.named([customer]))[customer]
    return Due(
        id=1,
        message_id="0" * 32,
        target="",
        attempts=1,
        person=person,
        news=News(at=datetime(2026, 11, 27, tzinfo=UTC), **said),
    )


async def test_links_lead_to_us_alone_and_nothing_is_loaded(server) -> None:
    await parcel("delivered", tracking_url="https://evil.example/x")
    await turn()
    (mail,) = server.letters
    html = html_of(mail)
    assert links(mail)
    assert all(link.startswith("http://localhost:8000") for link in links(mail))
    assert not re.search(r"<(img|link|iframe|object|video)|url\(|@import|\ssrc=", html)
    assert "https://" not in re.sub(r"https://schema\.org/\w*", "", html)


async def test_machines_are_told_of_the_parcel_and_of_nothing_else(server) -> None:
    await builders.customer(name="Alice Martin")
    today = clock.today("").isoformat()
    await parcel(estimated_from=f"{today}T13:00:00+00:00", estimated_to=f"{today}T15:00:00+00:00")
    await turn()
    (mail,) = server.letters
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html_of(mail), re.S)
    told = json.loads(text)
    assert told["@context"] == "https://schema.org/"
    assert told["@type"] == "ParcelDelivery"
    assert told["trackingNumber"] == "6A12345678901"
    assert told["trackingUrl"] == "http://localhost:8000/orders/1001#parcel-7"
    assert told["expectedArrivalUntil"] == f"{today}T15:00:00Z"
    assert told["partOfOrder"]["orderNumber"] == "1001"
    assert told["partOfOrder"]["@type"] == "Order"
    assert told["carrier"]["name"] == "Colissimo"
    for private in ("Lilas", "Alice", ALICE, "4242", "Teapot"):
        assert private not in text


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<b>x</b>", "<!--", "\u2028"])
async def test_what_a_carrier_writes_stays_text(server, name: str) -> None:
    await parcel(carrier=name, place=name, tracking_number="1<2")
    await turn()
    html = html_of(server.letters[0])
    assert html.count("<script") == 1
    assert "<b>x" not in html
    assert "alert(1)</script>" not in html


@pytest.mark.parametrize("name", ["Pot\r\nBcc: bob@example.com", "Pot\nX-Evil: 1", "Pot\x0b\u2028Y: 2\r\n\r\n<h1>"])
async def test_nothing_in_a_title_becomes_a_header(server, name: str) -> None:
    customer = await builders.customer()
    due = await made(customer, data={"of": {"title": name, "number": name, "shop": name}, "carrier": name})
    await email.send(due)
    (mail,) = server.letters
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail["Y"] is None
    assert server.envelopes[0].rcpt_tos == [ALICE]


async def test_a_closed_mailbox_is_asked_once_and_marked(server) -> None:
    server.answer_to_recipient = "550 5.1.1 No such user"
    customer = await parcel()
    await turn()
    assert await state() == ("failed", 1, "550 5.1.1 No such user")
    server.answer_to_recipient = ""
    await parcel("delivered")
    assert len(await deliveries()) == 1, "nothing is written for it any more"
    person = (await people.named([customer]))[customer]
    assert await targets(email, person) == []
    await db.execute("UPDATE customers SET email = 'alice@new.example' WHERE id = {}", customer)
    person = (await people.named([customer]))[customer]
    assert await targets(email, person) == [""], "another address is another mailbox"


async def test_what_was_written_before_the_mark_is_not_sent(server) -> None:
    await parcel("out_for_delivery")
    await parcel("delivered")
    server.answer_to_recipient = "550 5.1.1 No such user"
    await turn()
    states = [(row["state"], row["last_error"]) for row in await deliveries()]
    assert states == [("failed", "550 5.1.1 No such user"), ("failed", "this mailbox has refused our mails before")]


@pytest.mark.parametrize("answer", ["450 4.2.1 Busy", "550 5.7.1 Relaying denied", "552 5.2.2 Full"])
async def test_a_recipient_that_may_be_taken_later_is_tried_again(server, answer: str) -> None:
    server.answer_to_recipient = answer
    await parcel()
    await turn()
    assert (await state())[:2] == ("waiting", 1)
    assert await db.rows("SELECT id FROM mail_bounces") == []


async def test_a_mail_that_is_refused_marks_no_mailbox(server) -> None:
    server.answer = "554 5.7.1 Looks like spam"
    await parcel()
    await turn()
    assert (await state())[0] == "failed"
    assert await db.rows("SELECT id FROM mail_bounces") == []


async def test_a_server_that_is_not_there_is_asked_again(set_up, caplog) -> None:  # noqa: F811
    set_up(smtp_url="smtp://127.0.0.1:1")
    await parcel()
    await turn()
    kept = await state()
    assert kept[:2] == ("waiting", 1)
    assert "SMTPConnectError" in kept[2]


async def test_without_a_server_it_is_a_file() -> None:
    await parcel()
    await turn()
    assert [mail["To"] for mail in mails()] == [ALICE]


@pytest.mark.parametrize("address", ["", "account-7@taken-back.invalid"])
async def test_who_has_no_mailbox_gets_no_mail(address: str) -> None:
    customer = await builders.customer()
    await db.execute("UPDATE customers SET email = {} WHERE id = {}", address, customer)
    assert await targets(email, (await people.named([customer]))[customer]) == []


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_every_kind_can_be_mailed(locale: str) -> None:
    customer = await builders.customer(locale=locale)
    for kind, about in KINDS.items():
        mail = await email.composed(await made(customer, kind=kind, topic=about.topic))
        assert mail["Subject"]
        assert "%(" not in text_of(mail)
        assert "{{" not in html_of(mail)


async def test_an_order_is_told_to_machines_with_its_price(server) -> None:
    order = await builders.order(placed_at=clock.now())
    due = await made(order["customer"], kind="order_placed", topic="orders", order=order["id"], url="/orders/1001")
    await email.send(due)
    (text,) = re.findall(r'ld\+json">(.*?)</script>', html_of(server.letters[0]), re.S)
    told = json.loads(text)
    assert (told["@type"], told["price"], told["priceCurrency"]) == ("Order", "52.90", "EUR")
    assert "customer" not in told
    assert "acceptedOffer" not in told


async def test_a_strangers_order_is_told_to_nobody(server) -> None:
    order = await builders.order(placed_at=clock.now())
    bob = await builders.customer(builders.BOB, "Bob")
    await email.send(await made(bob, order=order["id"]))
    assert "1001" not in text_of(server.letters[0])
    assert "ld+json" not in html_of(server.letters[0])


async def test_a_test_mail_opens_the_mailbox_again(server, alice) -> None:
    customer = await builders.customer()
    server.answer_to_recipient = "550 5.1.1 No such user"
    answer = await alice.post("/account/notifications/email/test")
    assert answer.status_code == 303
    assert len(await db.rows("SELECT id FROM mail_bounces")) == 1
    before = await db.one("SELECT revision FROM customers WHERE id = {}", customer)
    server.answer_to_recipient = ""
    await alice.post("/account/notifications/email/test")
    assert await db.rows("SELECT id FROM mail_bounces") == []
    after = await db.one("SELECT revision FROM customers WHERE id = {}", customer)
    assert before
    assert after
    assert after["revision"] > before["revision"]
    (mail,) = server.letters
    assert mail["Subject"] == "Mails from Comptoir reach you"
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text_of(mail))
    assert code
    assert await letters.known(code[0])


async def test_a_closed_mailbox_is_shown_where_news_is_read_and_chosen(server, alice) -> None:
    customer = await builders.customer()
    pages = ("/notifications", "/account/notifications")
    for path in pages:
        assert "We cannot reach you" not in (await alice.get(path)).text
    await bounces.mark(customer, ALICE, "550 5.1.1 <b>No such user</b>")
    for path in pages:
        text = (await alice.get(path)).text
        assert f"We cannot reach you at {ALICE}" in text
        assert "&lt;b&gt;No such user" in text
        assert 'action="/account/notifications/email/test"' in text
    await alice.post("/account/notifications/email/test")
    for path in pages:
        assert "We cannot reach you" not in (await alice.get(path)).text


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "smtp://counter:wrong@127.0.0.1:{port}"])
async def test_what_is_wrong_on_our_side_is_not_told(office, set_up, alice, caplog, url: str) -> None:  # noqa: F811
    await builders.customer()
    set_up(smtp_url=url.format(port=office.port))
    answer = await alice.post("/account/notifications/email/test")
    assert answer.status_code == 303
    page = (await alice.get("/account/notifications")).text
    assert "could not be sent. Try again" in page
    assert "127.0.0.1" not in page
    assert "SMTP" in caplog.text
    assert await db.rows("SELECT id FROM mail_bounces") == []


async def test_nobody_fills_a_mailbox_with_tests(server, alice) -> None:
    for _ in range(7):
        await alice.post("/account/notifications/email/test")
    assert len(server.letters) == 5


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_the_test_speaks_both_languages(locale: str) -> None:
    said = {"mail_code": "K7QM-2XRD", "phrase": "", "url": "http://localhost:8000", "page": "http://localhost:8000/x"}
    assert "Comptoir" in outbox.compose(ALICE, "test", Voice(locale), **said)["Subject"]
