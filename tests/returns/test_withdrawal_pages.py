"""The pages of a withdrawal: both steps at one address, in both languages, and nothing that tells whether an order exists."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from httpx import AsyncClient, Response
from msgspec.structs import replace

from app import clock, db, settings
from app.mail import letters
from app.returns import guest_pages, guests, rules, sellers, signing
from app.returns.rule_book import Exclusion, Rules
from tests import builders
from tests.builders import ALICE, BOB, NIA
from tests.returns import bought, withdrawn

HERE = "/orders/1001/withdrawal"
TOLD = {"name": "Alice Martin", "email": ALICE, "contract": "1001"}


def said(answer: Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\u00a0", " ").split())


def hidden(answer: Response) -> list[tuple[str, str]]:
    """What the second step sends on."""
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)


def fields(pairs: list[tuple[str, str]], **more: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in [*pairs, *more.items()]:
        found.setdefault(name, []).append(unescape(text))
    return found


async def codes() -> list[str]:
    return [row["code"] for row in await db.rows("SELECT code FROM returns ORDER BY id")]


async def test_everything_is_chosen_already_or_the_line_that_was_asked_for(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    everything = await alice.get(HERE)
    assert re.findall(r'name="line" value="(\d+)" checked', everything.text) == [str(teapots), str(cup)]
    assert f'name="quantity-{teapots}" type="number" inputmode="numeric" min="1" max="2" value="2"' in everything.text
    one = await alice.get(f"{HERE}?line={cup}")
    assert re.findall(r'name="line" value="(\d+)" checked', one.text) == [str(cup)]
    nonsense = await alice.get(f"{HERE}?line=%00x")
    assert len(re.findall(r" checked", nonsense.text)) == 2


@pytest.mark.parametrize(
    ("locale", "label", "button", "sum_"),
    [
        ("en", "Withdraw from contract here", "Confirm withdrawal", "Comes back to you €60.50"),
        ("fr", "Se rétracter du contrat ici", "Confirmer la rétractation", "60,50 €"),
    ],
)
async def test_two_steps_at_one_address_and_then_the_return(
    alice: AsyncClient, locale: str, label: str, button: str, sum_: str
) -> None:
    await db.execute("UPDATE customers SET locale = {} WHERE email = {}", locale, ALICE)
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    assert label in said(await alice.get(HERE))
    second = await alice.post(HERE, data={"line": [str(teapots), str(cup)], f"quantity-{teapots}": "1"})
    assert second.status_code == 200
    assert button in said(second)
    assert sum_ in said(second)
    assert await codes() == []
    done = await alice.post(HERE, data=fields(hidden(second), step="confirm"))
    (code,) = await codes()
    assert (done.status_code, done.headers["location"]) == (303, f"/returns/{code}")
    again = await alice.post(HERE, data=fields(hidden(second), step="confirm"))
    assert again.headers["location"] == f"/returns/{code}"
    shown = await alice.get(f"/returns/{code}")
    assert code in said(shown)
    assert f'href="/returns/{code}/receipt.pdf"' in shown.text
    await letters.post()
    assert len(withdrawn.sent_to()) == 1


async def test_change_leads_back_with_all_that_was_typed(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    second = await alice.post(HERE, data={"line": str(teapots), f"quantity-{teapots}": "1"})
    back = await alice.post(HERE, data=fields(hidden(second), step="choose"))
    assert re.findall(r'name="line" value="(\d+)" checked', back.text) == [str(teapots)]
    assert f'name="quantity-{teapots}" type="number" inputmode="numeric" min="1" max="2" value="1"' in back.text
    assert f'value="{cup}"' in back.text


@pytest.mark.parametrize("typed", ["0", "3", "x", "", "-1", "1.5", "9" * 40, "²"])
async def test_a_number_that_is_none_is_refused_at_its_line(alice: AsyncClient, typed: str) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    for step in ("", "confirm"):
        data = {"line": [str(teapots), str(cup)], f"quantity-{teapots}": typed, "step": step}
        refused = await alice.post(HERE, data=data)
        assert refused.status_code == 422
        assert f'id="error-{teapots}"' in refused.text
        assert f'value="{typed}"' in refused.text
        assert len(re.findall(r'name="line" value="\d+" checked', refused.text)) == 2
    assert await codes() == []


async def test_nothing_chosen_is_said_and_a_strangers_line_is_not_there(alice: AsyncClient) -> None:
    await bought.delivered()
    others = await bought.delivered("7", customer=builders.snapshot().customer.__class__(email=BOB, name="Bob"))
    (theirs, _cup) = await bought.line_ids(others)
    for data in ({}, {"line": str(theirs), "step": "confirm"}, {"line": "\0"}):
        refused = await alice.post(HERE, data=data)
        assert refused.status_code == 422
        assert "Choose at least one item." in said(refused)
    assert (await alice.get("/orders/7/withdrawal")).status_code == 404
    assert await codes() == []


async def test_what_is_excepted_stands_there_with_its_article_and_cannot_be_chosen(alice: AsyncClient) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(exclusions=(Exclusion(("Cup",), "made_to_measure"),)), by=None)
    teapots, cup = await bought.line_ids(order)
    page = await alice.get(HERE)
    assert "It is made to measure or clearly personalised. (Directive 2011/83/EU, Art. 16(c))" in said(page)
    assert re.findall(r'name="line" value="(\d+)"', page.text) == [str(teapots)]
    refused = await alice.post(HERE, data={"line": [str(teapots), str(cup)], "step": "confirm"})
    assert refused.status_code == 422
    assert await codes() == []


async def test_when_it_is_over_the_page_says_so_and_where_it_can_be_declared_all_the_same(alice: AsyncClient) -> None:
    await bought.delivered(days=60)
    page = await alice.get(HERE)
    assert "The time for it is over. Ended on" in said(page)
    assert 'href="/withdrawal"' in page.text
    assert 'name="line"' not in page.text


async def test_the_order_leads_there_as_long_as_there_is_a_right(alice: AsyncClient) -> None:
    await bought.delivered()
    await bought.delivered("1002", days=60)
    assert f'href="{HERE}"' in (await alice.get("/orders/1001")).text
    assert "/orders/1002/withdrawal" not in (await alice.get("/orders/1002")).text
    for path in ("/orders", "/account"):
        assert (await alice.get(path)).text.count('href="/withdrawal"') == 1, path


async def test_the_door_and_what_is_not_there_lead_to_the_public_page(client: AsyncClient) -> None:
    for path in ("/sign-in", "/nowhere"):
        assert 'href="/withdrawal"' in (await client.get(path)).text


async def test_the_paper_is_the_owners(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    await alice.post(HERE, data={"line": str(teapots), "step": "confirm"})
    (code,) = await codes()
    paper = await alice.get(f"/returns/{code}/receipt.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert (paper.headers["content-type"], paper.headers["cache-control"]) == ("application/pdf", "private, no-store")
    assert f'filename="withdrawal-{code}.pdf"' in paper.headers["content-disposition"]
    alice.cookies.update(await builders.session(BOB))
    assert (await alice.get(f"/returns/{code}/receipt.pdf")).status_code == 404


async def test_the_certificate_is_anybodys(client: AsyncClient) -> None:
    answer = await client.get("/withdrawal/certificate.pem")
    assert answer.text == signing.certificate()
    assert "PRIVATE" not in answer.text


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_a_guest_goes_from_the_form_to_the_paper_without_signing_in(client: AsyncClient, locale: str) -> None:
    client.cookies["locale"] = locale
    await bought.delivered()
    assert {"en": "Withdraw from contract here", "fr": "Se rétracter du contrat ici"}[locale] in said(
        await client.get("/withdrawal")
    )
    second = await client.post("/withdrawal", data=TOLD)
    assert {"en": "Confirm withdrawal", "fr": "Confirmer la rétractation"}[locale] in said(second)
    assert await codes() == []
    sent = await client.post("/withdrawal", data=fields(hidden(second), step="confirm"))
    assert sent.headers["location"] == "/withdrawal/sent"
    assert {"en": "We have written to you", "fr": "Nous vous avons écrit"}[locale] in said(await client.get("/withdrawal/sent"))
    token = await withdrawn.token()
    for _look in range(2):  # programs that look into mails use nothing up
        asked = await client.get(f"/withdrawal/{token}")
        assert asked.status_code == 200
        assert "Alice Martin" in said(asked)
    assert await bought.state((await codes())[0]) == "unconfirmed"
    assert (await client.get(f"/withdrawal/{token}/receipt.pdf")).status_code == 404
    done = await client.post(f"/withdrawal/{token}")
    assert done.headers["location"] == f"/withdrawal/{token}"
    shown = await client.get(f"/withdrawal/{token}")
    assert {"en": "Acknowledgement of withdrawal", "fr": "Accusé de réception de la rétractation"}[locale] in said(shown)
    assert (await codes())[0] in said(shown)
    assert "UTC" in said(shown)
    assert "2 × Teapot “Brume”" in said(shown)
    for header in ("referrer-policy", "x-robots-tag", "cache-control"):
        assert (
            shown.headers[header]
            == guest_pages.SECRET[
                {"referrer-policy": "Referrer-Policy", "x-robots-tag": "X-Robots-Tag", "cache-control": "Cache-Control"}[header]
            ]
        )
    assert (await client.get(f"/withdrawal/{token}/receipt.pdf")).content.startswith(b"%PDF-")
    await letters.post()
    (receipt,) = [mail for mail in withdrawn.sent_to() if list(mail.iter_attachments())]
    assert {"en": "acknowledgement", "fr": "accusé de réception"}[locale] in str(receipt["Subject"])


async def test_the_answer_is_the_same_to_the_byte_whether_there_is_such_an_order(client: AsyncClient) -> None:
    await bought.delivered()
    seen = []
    for contract, email in (("1001", ALICE), ("9999", ALICE), ("1001", BOB), ("9999", "nobody@example.com")):
        told = TOLD | {"contract": contract, "email": email}
        sent = await client.post("/withdrawal", data=told | {"step": "confirm"})
        told_after = await client.get(sent.headers["location"])
        headers = {name: text for name, text in sent.headers.items() if name != "date"}
        token = await withdrawn.token(email)
        mail = str(withdrawn.sent_to(email)[-1].get_body(("plain",)).get_content()).replace(token, "")  # type: ignore[union-attr]
        mail = re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}", "", mail)
        seen.append((sent.status_code, sent.content, headers, told_after.content, mail))
    assert [one == seen[0] for one in seen] == [True] * 4


async def test_nothing_of_an_order_is_read_before_the_link_is_touched(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the time that it takes tells nothing either."""
    await bought.delivered()

    async def looked(*_args: object) -> None:
        raise AssertionError("it was looked for")

    monkeypatch.setattr("app.returns.attaching.order_of", looked)
    sent = await client.post("/withdrawal", data=TOLD | {"step": "confirm"})
    assert sent.headers["location"] == "/withdrawal/sent"
    assert (await client.get(f"/withdrawal/{await withdrawn.token()}")).status_code == 200


async def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(client: AsyncClient) -> None:
    await builders.merchant()
    refused = await client.post(
        "/withdrawal", data=TOLD | {"email": "alice@", "items": "the <b>blue</b> one", "step": "confirm"}
    )
    assert refused.status_code == 422
    assert 'id="email-error"' in refused.text
    for text in ('value="Alice Martin"', 'value="1001"', 'value="alice@"', "the &lt;b&gt;blue&lt;/b&gt; one"):
        assert text in refused.text
    changed = await client.post("/withdrawal", data=TOLD | {"items": "both", "step": "change"})
    assert (changed.status_code, 'value="1001"' in changed.text, ">both<" in changed.text) == (200, True, True)


async def test_who_sold_it_is_asked_only_where_there_are_several(client: AsyncClient) -> None:
    await builders.merchant()
    assert 'name="seller"' not in (await client.get("/withdrawal")).text
    await builders.merchant(NIA, "Nia Audio")
    assert re.findall(r'<option value="([^"]+)"', (await client.get("/withdrawal")).text) == ["atelier-mo", NIA]
    refused = await client.post("/withdrawal", data=TOLD)
    assert 'id="seller-error"' in refused.text
    assert (await client.post("/withdrawal", data=TOLD | {"seller": NIA})).status_code == 200
    await rules.save(await builders.merchant(NIA), Rules(withdrawal="off"), by=None)
    assert 'name="seller"' not in (await client.get("/withdrawal")).text


async def test_off_there_is_no_such_page_unless_a_merchant_has_it_on(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    merchant = await builders.merchant()
    off = replace(settings.settings, withdrawal="off")
    for module in (sellers, guest_pages):
        monkeypatch.setattr(module, "settings", off)
    assert (await client.get("/withdrawal")).status_code == 404
    assert (await client.post("/withdrawal", data=TOLD | {"step": "confirm"})).status_code == 404
    await rules.save(merchant, Rules(withdrawal="on"), by=None)
    page = await client.get("/withdrawal")
    assert page.status_code == 200
    assert "consumers in the EU" not in said(page)
    await rules.save(merchant, Rules(withdrawal="off"), by=None)
    assert (await client.get("/withdrawal")).status_code == 200, "what was ordered meanwhile keeps it"


async def test_for_whom_it_is_stands_on_the_page(client: AsyncClient) -> None:
    await builders.merchant()
    page = await client.get("/withdrawal")
    assert "consumers in the EU, Iceland, Liechtenstein and Norway" in said(page)
    assert 'class="error"' not in page.text


async def test_a_link_that_is_over_says_so(client: AsyncClient) -> None:
    await bought.delivered()
    token = await withdrawn.guest()
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        for method in ("GET", "POST"):
            over = await client.request(method, f"/withdrawal/{token}")
            assert (over.status_code, "This link is over" in said(over)) == (410, True)
    assert (await client.get("/withdrawal/nonsense")).status_code == 410


async def test_who_is_signed_in_with_that_address_needs_no_link(alice: AsyncClient) -> None:
    await bought.delivered()
    page = await alice.get("/withdrawal")
    assert 'value="Alice Martin"' in page.text
    assert f'value="{ALICE}"' in page.text
    for _touch in range(2):
        done = await alice.post("/withdrawal", data=TOLD | {"step": "confirm"})
        (code,) = await codes()
        assert done.headers["location"] == f"/returns/{code}"
    assert "Teapot “Brume”" in said(await alice.get(f"/returns/{code}"))
    await letters.post()
    assert len(withdrawn.sent_to()) == 1


async def test_an_order_that_is_not_there_is_acknowledged_and_stays_among_ones_own(alice: AsyncClient) -> None:
    await builders.merchant()
    done = await alice.post("/withdrawal", data=TOLD | {"contract": "a blue teapot", "step": "confirm"})
    (code,) = await codes()
    assert done.headers["location"] == f"/returns/{code}"
    assert code in said(await alice.get("/returns"))
    assert (await alice.get(f"/returns/{code}/receipt.pdf")).content.startswith(b"%PDF-")


async def test_another_address_than_ones_own_has_to_be_proven(alice: AsyncClient) -> None:
    await bought.delivered("7", customer=builders.snapshot().customer.__class__(email=BOB, name="Bob"))
    done = await alice.post("/withdrawal", data=TOLD | {"contract": "7", "email": BOB, "step": "confirm"})
    assert done.headers["location"] == "/withdrawal/sent"
    assert await bought.state((await codes())[0]) == "unconfirmed"


async def test_too_many_are_refused_in_words(client: AsyncClient) -> None:
    await builders.merchant()
    answers = [await client.post("/withdrawal", data=TOLD | {"contract": str(n), "step": "confirm"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "There were too many tries" in said(answers[-1])
    assert 'value="5"' in answers[-1].text


async def test_goods_that_were_sent_back_are_said_once(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    await alice.post(HERE, data={"line": str(teapots), "step": "confirm"})
    (code,) = await codes()
    url = f"/returns/{code}/sending"
    assert "Write the code" in said(await alice.get(url))
    refused = await alice.post(url, data={"carrier": " \0", "number": "8R42"})
    assert (refused.status_code, 'id="carrier-error"' in refused.text, 'value="8R42"' in refused.text) == (422, True, True)
    for _touch in range(2):
        assert (await alice.post(url, data={"carrier": "La Poste", "number": "8R42"})).headers["location"] == f"/returns/{code}"
    assert await bought.state(code) == "proof_sent"
    assert (await bought.told(code)).count("withdrawal_proof_sent") == 1
    assert "La Poste 8R42" in said(await alice.get(f"/returns/{code}"))
    assert "nothing to be sent back" in said(await alice.get(url))
    alice.cookies.update(await builders.session(BOB))
    assert (await alice.get(url)).status_code == 404
    assert (await alice.post(url, data={"carrier": "x"})).status_code == 404


async def test_a_return_that_is_not_agreed_to_is_not_sent_back_yet(alice: AsyncClient) -> None:
    from app.returns import asking, deciding

    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots), by="customer:1")
    early = await alice.post(f"/returns/{code}/sending", data={"carrier": "La Poste"})
    assert (early.status_code, await bought.state(code)) == (409, "requested")
    await deciding.approve(order["merchant"], code, by="member:1")
    await alice.post(f"/returns/{code}/sending", data={"carrier": "La Poste"})
    assert await bought.state(code) == "in_transit"
    claim = await asking.ask(order["customer"], bought.asked(teapots, kind="claim"), by="customer:1")
    assert (await alice.get(f"/returns/{claim}/sending")).status_code == 404


async def test_the_history_of_the_order_tells_of_it_in_both_languages(alice: AsyncClient) -> None:
    order = await bought.delivered()
    await guests.confirm(await withdrawn.guest())
    assert "Withdrawal acknowledged" in said(await alice.get("/orders/1001"))
    await db.execute("UPDATE customers SET locale = 'fr' WHERE id = {}", order["customer"])
    assert "Rétractation enregistrée" in said(await alice.get("/orders/1001"))


async def test_a_second_touch_of_the_button_withdraws_from_nothing_more(alice: AsyncClient) -> None:
    """Of one of two there is still one to be had: only the form itself tells that it was sent before."""
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    second = await alice.post(HERE, data={"line": str(teapots), f"quantity-{teapots}": "1"})
    sent = [await alice.post(HERE, data=fields(hidden(second), step="confirm")) for _ in range(2)]
    assert len({answer.headers["location"] for answer in sent}) == 1
    anew = await alice.post(HERE, data={"line": str(teapots), f"quantity-{teapots}": "1"})
    await alice.post(HERE, data=fields(hidden(anew), step="confirm"))
    assert len(await codes()) == 2, "another form is another declaration"
