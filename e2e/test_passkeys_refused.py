"""What a real browser's authenticator has truly signed, and what the server must refuse all the same."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import Newcomer, Visit
from e2e.counter import Counter
from e2e.passkey import NOT_BY_ITSELF, Authenticator, add, use
from e2e.watch import Watch

OPTIONS, FACTOR_OPTIONS = "/sign-in/passkey/options", "/sign-in/second-factor/options"
ASK = "async (path) => (await fetch(path, { method: 'POST' })).json()"
ANSWER = """async (options) => JSON.stringify((await navigator.credentials.get(
  { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON())"""
SEND = """async ([path, credential]) => {
  const answer = await fetch(path, { method: 'POST', body: new URLSearchParams({ credential }) });
  return [answer.status, new URL(answer.url).pathname];
}"""
SIGNED_IN, REFUSED = [200, "/orders"], [422, "/sign-in/passkey"]


class Person:
    """Somebody with a passkey on a phone, who has signed out."""

    def __init__(self, page: Page, counter: Counter, email: str, **about: Any) -> None:
        self.page, self.email = page, email
        page.add_init_script(NOT_BY_ITSELF)
        self.phone = Authenticator(page, **about)
        steps.sign_in(page, counter, email)
        page.wait_for_url("**/orders")
        self.codes = add(page, "Phone")
        steps.sign_out(page)

    def asked(self, path: str = OPTIONS) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(ASK, path)
        return found

    def answer(self, options: dict[str, Any]) -> str:
        return str(self.page.evaluate(ANSWER, options))

    def send(self, credential: str, path: str = "/sign-in/passkey") -> Any:
        return self.page.evaluate(SEND, [path, credential])


@pytest.fixture
def nina(visit: Visit, counter: Counter, newcomer: Newcomer, watch: Watch) -> Person:
    watch.allow("status of 422")
    return Person(visit("phone", who=""), counter, newcomer())


def test_a_synced_passkey_is_called_so(visit: Visit, counter: Counter, newcomer: Newcomer) -> None:
    page = visit("phone", who="")
    synced = {"defaultBackupEligibility": True, "defaultBackupState": True}
    nina = Person(page, counter, newcomer(), **synced)
    use(page)
    page.wait_for_url("**/orders")
    page.goto("/account/security")
    expect(page.locator("#main")).to_contain_text("Synced between your devices")
    assert nina.phone.credentials[0]["backupState"] is True


def test_what_was_answered_once_is_worth_nothing_again(nina: Person, visit: Visit) -> None:
    credential = nina.answer(nina.asked())
    assert nina.send(credential) == SIGNED_IN
    thief = visit("desktop", who="")
    thief.goto("/sign-in")
    assert thief.evaluate(SEND, ["/sign-in/passkey", credential]) == REFUSED


def test_an_answer_to_a_question_that_is_too_old_is_refused(nina: Person, counter: Counter) -> None:
    old = nina.asked()
    counter.change("UPDATE challenges SET expires_at = '2026-01-01 00:00:00+00:00'")
    assert nina.send(nina.answer(old)) == REFUSED
    assert nina.send(nina.answer(nina.asked())) == SIGNED_IN


def test_a_question_for_another_purpose_is_no_question_at_the_door(nina: Person, counter: Counter) -> None:
    steps.sign_in(nina.page, counter, nina.email)
    nina.page.wait_for_url("**/sign-in/second-factor")
    assert nina.send(nina.answer(nina.asked(FACTOR_OPTIONS))) == REFUSED


def test_a_person_whom_the_authenticator_has_not_verified_is_refused_by_the_server(nina: Person) -> None:
    nina.phone.send("setUserVerified", isUserVerified=False)
    assert nina.send(nina.answer({**nina.asked(), "userVerification": "discouraged"})) == REFUSED
    nina.phone.send("setUserVerified", isUserVerified=True)
    assert nina.send(nina.answer(nina.asked())) == SIGNED_IN


def test_a_copy_of_a_passkey_is_refused_and_its_owner_told(nina: Person, counter: Counter) -> None:
    (own,) = nina.phone.credentials
    for _ in range(3):
        assert nina.send(nina.answer(nina.asked())) == SIGNED_IN
    mails = len(counter.mails(nina.email))
    nina.phone.send("removeCredential", credentialId=own["credentialId"])
    nina.phone.send("addCredential", credential={**own, "signCount": 0})
    assert nina.send(nina.answer(nina.asked())) == REFUSED
    assert "/not-me/" in counter.mail_after(nina.email, mails)
    for _ in range(5):
        assert nina.send(nina.answer(nina.asked())) == REFUSED, "also when its count has caught up"


def test_somebody_elses_passkey_is_no_second_factor(
    nina: Person, visit: Visit, counter: Counter, newcomer: Newcomer, watch: Watch
) -> None:
    mo = Person(visit("phone", who=""), counter, newcomer())
    steps.sign_in(nina.page, counter, nina.email)
    nina.page.wait_for_url("**/sign-in/second-factor")
    asked = nina.asked(FACTOR_OPTIONS)
    (his,) = mo.phone.credentials
    identifier = his["credentialId"].replace("+", "-").replace("/", "_").rstrip("=")
    answer = mo.answer({**asked, "allowCredentials": [{"id": identifier, "type": "public-key"}]})
    assert nina.send(answer, "/sign-in/second-factor") == [422, "/sign-in/second-factor"]
    nina.page.goto("/orders")
    nina.page.wait_for_url("**/sign-in**")


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel=icon href='data:,'><title>False shop</title>")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def false_shop() -> Iterator[int]:
    """A page of somebody else on this machine, as a phisher would put up; its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_what_was_signed_on_another_origin_is_refused(nina: Person, false_shop: int) -> None:
    """The same host under another port may use the passkey; what it signs names the page on which it was signed."""
    asked = nina.asked()
    nina.page.goto(f"http://localhost:{false_shop}/")
    answer = nina.answer(asked)
    assert f":{false_shop}" in _client_data(answer)["origin"]
    nina.page.goto("/sign-in")
    assert nina.send(answer) == REFUSED


def test_what_was_signed_for_another_relying_party_is_refused(nina: Person, false_shop: int, watch: Watch) -> None:
    """A phisher's page with the very key: it can be asked only in that page's own name."""
    watch.allow("another host: http://shop.localhost")
    asked = nina.asked()
    (own,) = nina.phone.credentials
    nina.phone.send("removeCredential", credentialId=own["credentialId"])
    nina.phone.send("addCredential", credential={**own, "rpId": "shop.localhost"})
    nina.page.goto(f"http://shop.localhost:{false_shop}/")
    answer = nina.answer({**asked, "rpId": "shop.localhost"})
    nina.page.goto("/sign-in")
    assert nina.send(answer) == REFUSED


def _client_data(credential: str) -> dict[str, Any]:
    text = json.loads(credential)["response"]["clientDataJSON"]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found
