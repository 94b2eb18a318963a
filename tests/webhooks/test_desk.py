"""Webhooks at the desk: added by owners with a fresh proof, the secret shown once, the log, once more by hand."""

import re

import httpx
import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook

from app import db
from app.outgoing import Session
from app.webhooks import sending
from tests.accounts.steps import mails, text_of
from tests.builders import NIA
from tests.merchants.at_desk import DESK, ELSEWHERE, OWNER, STAFF, come_in, events
from tests.webhooks.steps import deliveries, endpoint, happens, send_due

HOOKS = f"{DESK}/webhooks"
ALL = {"orders": "yes", "parcels": "yes", "refunds": "yes", "returns": "yes", "messages": "yes"}


async def test_an_owner_adds_an_address_and_its_secret_signs(
    laptop: httpx.AsyncClient, httpserver: HTTPServer, session: Session
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    url = httpserver.url_for("/hook")
    await come_in(laptop)
    answer = await laptop.post(f"{HOOKS}/new", data={"url": f" {url} ", **ALL})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    found = re.search(r'<code id="key"[^>]*>(whsec_[\w+/=]{44})</code>', answer.text)
    assert found
    secret = found[1]
    await happens("order_placed")
    await send_due(session)
    request, _answer = httpserver.log[0]
    assert Webhook(secret).verify(request.get_data(), dict(request.headers))["type"] == "order_placed"
    page = (await laptop.get(HOOKS)).text
    assert (url in page, secret in page, "Orders · Parcels · Refunds" in page) == (True, False, True)
    assert secret not in str([dict(row) for row in await db.rows("SELECT * FROM webhook_endpoints")])


async def test_owners_are_told_of_an_address_by_mail_and_it_is_recorded(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    await laptop.post(f"{HOOKS}/new", data={"url": "https://shop.example/hook", "parcels": "yes"})
    (mail,) = [mail for mail in mails() if mail["Subject"] == "A new address is told of the orders of Atelier Mo."]
    text = text_of(mail)
    assert ("https://shop.example/hook" in text, f"http://localhost:8000{HOOKS}\n" in text) == (True, True)
    (event,) = await events("webhook_added")
    assert event["url"] == "https://shop.example/hook"
    assert await db.rows("SELECT about FROM webhook_endpoints WHERE about = 'parcels'")


@pytest.mark.parametrize(
    "url", ["", "shop.example", "http://shop.example/", "https://10.0.0.1/", "https://a.example/" + "x" * 2000]
)
async def test_an_address_that_cannot_be_called_is_refused_at_its_field_and_kept(laptop: httpx.AsyncClient, url: str) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{HOOKS}/new", data={"url": url, "refunds": "yes", "returns": "yes"})
    assert answer.status_code == 422
    assert 'id="url-error"' in answer.text
    assert f'value="{url}"' in answer.text or not url
    assert re.search(r'name="refunds" value="yes" checked', answer.text)
    assert not re.search(r'name="orders" value="yes" checked', answer.text)


async def test_staff_sees_the_log_and_sends_again_but_changes_nothing(laptop: httpx.AsyncClient) -> None:
    number = await endpoint("https://shop.example/hook")
    await happens("order_placed")
    await db.execute("UPDATE webhook_deliveries SET state = 'failed', attempts = 9, last_status = 500, last_error = 'no <b>'")
    await come_in(laptop, STAFF)
    page = (await laptop.get(f"{HOOKS}/{number}")).text
    assert ("Given up" in page, "9 attempts" in page, "answered 500" in page, "no &lt;b&gt;" in page) == (True,) * 4
    (row,) = await deliveries()
    again = await laptop.post(f"{HOOKS}/{number}/deliveries/{row['id']}/sending")
    assert again.headers["location"] == f"{HOOKS}/{number}"
    (after,) = await deliveries()
    assert (after["state"], after["attempts"], after["message_id"]) == ("waiting", 0, row["message_id"])
    (event,) = await events("webhook_resent")
    assert (event["url"], event["delivery"]) == ("https://shop.example/hook", row["id"])
    for path, form in (("new", {"url": "https://a.example/"}), (f"{number}/switch", {}), (f"{number}/removal", {})):
        assert (await laptop.post(f"{HOOKS}/{path}", data=form)).status_code == 403


async def test_an_address_is_switched_off_and_on_and_removed_with_its_log(laptop: httpx.AsyncClient) -> None:
    number = await endpoint("https://shop.example/hook")
    await happens("order_placed")
    await come_in(laptop)
    await laptop.post(f"{HOOKS}/{number}/switch", data={"on": "no"})
    assert "Switched off on" in (await laptop.get(HOOKS)).text
    await happens("order_updated")
    (row,) = await deliveries()
    assert (await laptop.post(f"{HOOKS}/{number}/deliveries/{row['id']}/sending")).status_code == 409
    await laptop.post(f"{HOOKS}/{number}/switch", data={"on": "yes"})
    await happens("order_cancelled")
    assert [row["kind"] for row in await deliveries()] == ["order_placed", "order_cancelled"]
    await laptop.post(f"{HOOKS}/{number}/removal")
    assert await deliveries() == []
    assert "No address is told yet." in (await laptop.get(HOOKS)).text


async def test_owners_are_told_of_a_switch_and_it_is_recorded_once(laptop: httpx.AsyncClient) -> None:
    number = await endpoint("https://shop.example/hook")
    await come_in(laptop)
    for on in ("no", "no", "yes", "yes"):
        await laptop.post(f"{HOOKS}/{number}/switch", data={"on": on})
    told = [mail for mail in mails() if "address" in mail["Subject"]]
    assert [mail["Subject"] for mail in told] == [
        "An address of Atelier Mo was switched off: it is told of no orders.",
        "An address is told of the orders of Atelier Mo again.",
    ]
    text = text_of(told[0])
    assert [said in text for said in ("https://shop.example/hook", f"By {OWNER}", f"http://localhost:8000{HOOKS}\n")] == [
        True
    ] * 3
    assert [event["kind"] for event in await events("webhook_switched_off", "webhook_switched_on")] == [
        "webhook_switched_off", "webhook_switched_on",
    ]  # fmt: skip


async def test_what_is_still_being_tried_is_not_sent_beside_itself(laptop: httpx.AsyncClient) -> None:
    number = await endpoint("https://shop.example/hook")
    await happens("order_placed")
    (due,) = await sending.claim(20, {})
    await come_in(laptop)
    assert (await laptop.post(f"{HOOKS}/{number}/deliveries/{due['id']}/sending")).status_code == 303
    assert await sending.claim(20, {}) == []
    assert await events("webhook_resent") == []
    assert (await laptop.post(f"{HOOKS}/{number}/deliveries/{due['id'] + 1}/sending")).status_code == 404


async def test_nia_finds_nothing_of_mos(laptop: httpx.AsyncClient) -> None:
    number = await endpoint("https://shop.example/hook")
    await happens("order_placed")
    (row,) = await deliveries()
    await come_in(laptop, ELSEWHERE)
    hers = f"/desk/{NIA}/webhooks"
    assert (await laptop.get(f"{hers}/{number}")).status_code == 404
    for path in (f"{number}/switch", f"{number}/removal", f"{number}/deliveries/{row['id']}/sending"):
        assert (await laptop.post(f"{hers}/{path}")).status_code == 404
    assert await deliveries() == [row]


async def test_ten_addresses_are_enough(laptop: httpx.AsyncClient) -> None:
    for n in range(10):
        await endpoint(f"https://shop.example/{n}")
    await come_in(laptop, OWNER)
    answer = await laptop.post(f"{HOOKS}/new", data={"url": "https://shop.example/x"})
    assert answer.status_code == 409
    assert 'value="https://shop.example/x"' in answer.text
