"""A desk's returns: the queue, one on one screen, what each role may do, and what is refused where it was typed."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.orders import refunding
from app.orders.refunding import Wanted
from app.returns import asking, deciding, kept, receiving
from tests import builders
from tests.returns import bought

RETURNS = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _asked(n: str = "1001", **about: Any) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered(n)
    line = (await bought.line_ids(order))[0]
    return await asking.ask(order["customer"], bought.asked(line, **about), by="customer:1"), order


async def test_the_queue_has_what_waits_oldest_deadline_first_and_nothing_of_others(mo: AsyncClient) -> None:
    codes = [(await _asked(str(n)))[0] for n in range(3)]
    other = await bought.delivered("9", merchant=builders.NIA)
    strange = await asking.ask(other["customer"], bought.asked((await bought.line_ids(other))[0]), by="customer:1")
    for days, code in zip((3, 1, 2), codes, strict=True):
        await db.execute("UPDATE returns SET due_at = {} WHERE code = {}", clock.now() + timedelta(days=days), code)
    text = (await mo.get(RETURNS)).text
    assert [text.index(code) for code in (codes[1], codes[2], codes[0])] == sorted(text.index(code) for code in codes)
    assert strange not in text
    assert "3 wait for you" in text
    await deciding.decline((await kept.by_code(codes[0])).it.merchant, codes[0], clause="used", answer="", by="member:1")
    assert codes[0] not in (await mo.get(RETURNS)).text
    assert codes[0] in (await mo.get(f"{RETURNS}?show=all")).text


async def test_the_queue_goes_on_where_a_page_of_it_ends(mo: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line(str(n)) for n in range(60)])
    for line in await bought.line_ids(order):
        await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    seen: list[str] = []
    for show in ("", "?show=all"):
        url, seen = f"{RETURNS}{show}", []
        while url:
            text = (await mo.get(url)).text
            seen += [part.partition('"')[0] for part in text.split(f'href="{RETURNS}/R-')[1:]]
            more = text.partition('class="older"><a class="button" href="')[2].partition('"')[0]
            url = more.replace("&amp;", "&")
        assert (len(seen), len(set(seen))) == (60, 60)


@pytest.mark.parametrize("words", ["teapot", "Martin", "alice@example.com", "1001"])
async def test_it_is_found_by_item_name_address_and_number(mo: AsyncClient, words: str) -> None:
    code, _order = await _asked()
    assert code in (await mo.get(RETURNS, params={"q": words})).text
    assert (await mo.get(RETURNS, params={"q": code.lower()})).headers["location"] == f"{RETURNS}/{code}#decide"
    assert code not in (await mo.get(RETURNS, params={"q": "100%"})).text


@pytest.mark.parametrize(
    "typed",
    [
        "{code}", " {low} ", "{bare}", "R{bare}", "R-{spaced}", "https://shop.example/desk/atelier-mo/returns/{code}/",
        "https://shop.example/desk/atelier-mo/returns/search?code={code}", "http://shop.example/?a=b&code={low}&c=d#e",
        "https://shop.example/return-code/{code}",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("path", "name"), [("/search", "code"), ("", "q")])
async def test_a_scanned_or_typed_code_leads_to_it(mo: AsyncClient, typed: str, path: str, name: str) -> None:
    code, _order = await _asked()
    bare = code.removeprefix("R-")
    said = typed.format(code=code, low=code.lower(), bare=bare, spaced=f"{bare[:4]} {bare[4:]}")
    answer = await mo.get(f"{RETURNS}{path}", params={name: said})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{RETURNS}/{code}#decide")


async def test_letters_that_no_code_has_were_digits(mo: AsyncClient) -> None:
    code, _order = await _asked()
    await db.execute("UPDATE returns SET code = 'R-0110ABCD' WHERE code = {}", code)
    assert (await mo.get(RETURNS, params={"q": "r-Oli0abcd"})).headers["location"] == f"{RETURNS}/R-0110ABCD#decide"


@pytest.mark.parametrize("text", ["R-00000000", "http://[?code=", "R-" + "9" * 3_000, "\0\0\0\0\0\0\0\0", "", "5901234123457"])
async def test_the_code_of_something_else_is_said_to_be_none(mo: AsyncClient, text: str) -> None:
    await _asked()
    other = await bought.delivered("9", merchant=builders.NIA)
    strange = await asking.ask(other["customer"], bought.asked((await bought.line_ids(other))[0]), by="customer:1")
    for said in (text, strange):
        answer = await mo.get(f"{RETURNS}/search", params={"code": said})
        assert (answer.status_code, answer.headers["location"]) == (303, RETURNS)
        assert f"There is no return {said.strip()[:10]}" in (await mo.get(RETURNS)).text


@pytest.mark.parametrize("typed", ["R7K3F9QX", "RR7K3F9QX", "R-R7K3F9QX", "r-r7k3 f9qx"])
async def test_a_code_whose_letters_begin_with_r_is_found_as_well(mo: AsyncClient, typed: str) -> None:
    code, _order = await _asked()
    await db.execute("UPDATE returns SET code = 'R-R7K3F9QX' WHERE code = {}", code)
    answer = await mo.get(f"{RETURNS}/search", params={"code": typed})
    assert answer.headers["location"].partition("#")[0] == f"{RETURNS}/R-R7K3F9QX"


async def test_one_return_goes_its_way_on_one_screen(mo: AsyncClient) -> None:
    code, order = await _asked(quantity=2)
    here = f"{RETURNS}/{code}"
    text = (await mo.get(here)).text
    assert ("Approve it" in text, "Goes back to the customer" in text, "Comes back to you" in text) == (True, True, False)
    assert (await mo.post(f"{here}/approval")).status_code == 303
    (line,) = (await kept.by_code(code)).lines
    wrong = await mo.post(f"{here}/receiving", data={f"sound-{line.id}": "1", "note": "One is here"})
    assert wrong.status_code == 422
    assert "Together they must be 2:" in wrong.text
    assert "One is here" in wrong.text
    assert (await mo.post(f"{here}/receiving", data={f"sound-{line.id}": "1", f"damaged-{line.id}": "1"})).status_code == 303
    refused = await mo.post(f"{here}/refund", data={"amount": "1e3"})
    assert (refused.status_code, "An amount such as 12.50." in refused.text, 'value="1e3"' in refused.text) == (
        422,
        True,
        True,
    )
    assert (await mo.post(f"{here}/refund", data={"amount": "40,00", "more": "yes"})).status_code == 303
    rest = {"amount": "", "how": "all", f"deduction-{line.id}": "5.00", f"why-{line.id}": "A crack"}
    second = await mo.post(f"{here}/refund", data=rest)
    assert (second.status_code, await bought.state(code)) == (200, "received")
    assert all(text in second.text for text in ("Pay back €51.00, and no more?", "€5.00 of what was promised", "A crack"))
    assert (await mo.post(f"{here}/refund", data={**rest, "sure": "yes"})).status_code == 303
    assert await bought.state(code) == "refunded"
    found = await db.rows('SELECT SUM(amount) AS amount FROM refunds WHERE "order" = {}', order["id"])
    assert int(found[0]["amount"]) == 9_600 - 500
    assert "A crack" in (await mo.get(here)).text


async def test_a_wrong_count_is_put_right_on_the_same_screen(mo: AsyncClient) -> None:
    code, _order = await _asked()
    here, (line,) = f"{RETURNS}/{code}", (await kept.by_code(code)).lines
    assert "Count again" not in (await mo.get(here)).text
    await mo.post(f"{here}/receiving", data={"all": "sound"})
    assert f'action="{here}/recount"' in (await mo.get(here)).text
    wrong = await mo.post(f"{here}/recount", data={f"sound-{line.id}": "2"})
    assert (wrong.status_code, "Together they must be 1:" in wrong.text) == (422, True)
    assert (await mo.post(f"{here}/recount", data={f"damaged-{line.id}": "1", "note": "A crack"})).status_code == 303
    text = (await mo.get(here)).text
    assert "1 damaged" in text
    assert "A crack" in text


@pytest.mark.parametrize("counts", [{}, {"sound": "", "damaged": "", "wrong_item": "", "missing": ""}, {"damaged": "1"}])
async def test_what_nobody_has_counted_is_not_taken_for_sound(mo: AsyncClient, counts: dict[str, str]) -> None:
    code, _order = await _asked(quantity=2)
    here, (line,) = f"{RETURNS}/{code}", (await kept.by_code(code)).lines
    assert 'value="2"' not in (await mo.get(here)).text.partition(f'name="sound-{line.id}"')[2].partition(">")[0]
    said = {f"{name}-{line.id}": text for name, text in counts.items()}
    answer = await mo.post(f"{here}/receiving", data=said | {"note": "One is here"})
    wrong = "Together they must be 2:" if counts.get("damaged") else "Say how many came, and in which condition."
    assert (answer.status_code, wrong in answer.text, "One is here" in answer.text) == (422, True, True)
    assert f'id="sound-{line.id}-error"' in answer.text
    assert (await bought.state(code), (await kept.by_code(code)).lines) == ("requested", [line])
    assert (await mo.post(f"{here}/receiving", data={"all": "sound"})).status_code == 303
    recount = await mo.post(f"{here}/recount", data=said)
    assert (recount.status_code, wrong in recount.text) == (422, True)
    assert '<details class="changes" open><summary>Count again' in recount.text
    assert (await kept.by_code(code)).lines[0].sound == 2


async def test_the_sound_ones_and_the_others_are_together_all_of_them(mo: AsyncClient) -> None:
    code, _order = await _asked(quantity=2)
    here, (line,) = f"{RETURNS}/{code}", (await kept.by_code(code)).lines
    wrong = await mo.post(f"{here}/receiving", data={f"sound-{line.id}": "1", f"damaged-{line.id}": "one"})
    assert (wrong.status_code, 'value="one"' in wrong.text) == (422, True)
    error = wrong.text.partition(f'id="damaged-{line.id}-error"')[2].partition("</p>")[0]
    assert error.endswith("A whole number.")
    said = {f"sound-{line.id}": "", f"damaged-{line.id}": "1", f"missing-{line.id}": "1"}
    assert (await mo.post(f"{here}/receiving", data=said)).status_code == 303
    (now,) = (await kept.by_code(code)).lines
    assert (now.sound, now.damaged, now.wrong_item, now.missing) == (0, 1, 0, 1)


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({}, "amount", "An amount such as 12.50."),
        ({"amount": " "}, "amount", "An amount such as 12.50."),
        ({"amount": "10", "how": "all"}, "amount", "Either all that is left, or an amount."),
        ({"how": "all", "why": "A crack"}, "deduction", "Say how much, or leave both fields empty."),
    ],
)
async def test_an_empty_amount_is_not_all_that_is_left(mo: AsyncClient, said: Any, field: str, words: str) -> None:
    code, _order = await _asked()
    here, (line,) = f"{RETURNS}/{code}", (await kept.by_code(code)).lines
    await mo.post(f"{here}/receiving", data={"all": "sound"})
    named = {f"{name}-{line.id}" if name == "why" else name: text for name, text in said.items()}
    answer = await mo.post(f"{here}/refund", data=named)
    name = f"{field}-{line.id}" if field == "deduction" else field
    assert (answer.status_code, words in answer.text.partition(f'id="{name}-error"')[2][:900]) == (422, True)
    assert await db.rows("SELECT id FROM refunds") == []


async def test_a_refusal_needs_its_clause_and_is_told(mo: AsyncClient) -> None:
    code, order = await _asked()
    here = f"{RETURNS}/{code}"
    refused = await mo.post(f"{here}/refusal", data={"clause": "because", "answer": "No wish to"})
    assert (refused.status_code, "Choose what the refusal rests on." in refused.text) == (422, True)
    assert "No wish to" in refused.text
    assert (await mo.post(f"{here}/refusal", data={"clause": "used", "answer": "Worn"})).status_code == 303
    await deciding.object_to(order["customer"], code, text="It is not", by="customer:1")
    assert code in (await mo.get(RETURNS)).text
    assert (await mo.post(f"{here}/upholding", data={"answer": "It is"})).status_code == 303
    assert "It is" in (await mo.get(here)).text


@pytest.mark.parametrize(
    ("noun", "said", "field"),
    [("refusal", {"answer": "It was eaten."}, "clause"), ("question", {"question": " "}, "question")],
)
async def test_what_is_wrong_has_the_focus_and_what_was_typed_stays(mo: AsyncClient, noun: str, said: Any, field: str) -> None:
    """On a phone it is far below the top of the page that comes back."""
    code, _order = await _asked()
    answer = await mo.post(f"{RETURNS}/{code}/{noun}", data=said)
    assert answer.status_code == 422
    assert re.findall(r'id="([\w-]+)"[^>]* autofocus', answer.text) == [field]
    assert all(text.strip() in answer.text for text in said.values())


async def test_ten_are_approved_at_once_and_one_that_was_decided_is_left(mo: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line(str(n)) for n in range(10)])
    lines = await bought.line_ids(order)
    codes = [await asking.ask(order["customer"], bought.asked(line), by="customer:1") for line in lines]
    await deciding.decline(order["merchant"], codes[0], clause="used", answer="", by="member:1")
    answer = await mo.post(f"{RETURNS}/approval", data={"code": [*codes, "R-NONSENSE"]})
    assert answer.status_code == 303
    assert [await bought.state(code) for code in codes] == ["declined"] + ["approved"] * 9


async def test_an_agent_approves_and_pays_but_keeps_and_declines_nothing(client: AsyncClient) -> None:
    await builders.member("sam@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    code, _order = await _asked()
    here = f"{RETURNS}/{code}"
    assert (await client.post(f"{here}/refusal", data={"clause": "used"})).status_code == 403
    assert (await client.post(f"{RETURNS}/approval", data={"code": code})).status_code == 403
    assert (await client.post(f"{here}/receiving", data={"all": "sound"})).status_code == 303
    (line,) = (await kept.by_code(code)).lines
    kept_back = {f"deduction-{line.id}": "1", f"why-{line.id}": "x"}
    assert (await client.post(f"{here}/refund", data=kept_back)).status_code == 403
    assert (await client.post(f"{here}/refund", data={"how": "all"})).status_code == 303


async def test_an_agent_does_not_take_back_what_a_manager_has_refused(client: AsyncClient) -> None:
    await builders.member("sam@example.com", builders.MO, "agent")
    code, order = await _asked()
    await deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    await deciding.object_to(order["customer"], code, text="It was not.", by="customer:1")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    here = f"{RETURNS}/{code}"
    text = (await client.get(here)).text
    assert f'action="{here}/approval"' not in text
    assert "Managers and owners answer an objection." in text
    for said in ({}, {"goods": "yes"}):
        assert (await client.post(f"{here}/approval", data=said)).status_code == 403
    assert await bought.state(code) == "declined"
    await db.execute("UPDATE members SET role = 'manager'")
    assert f'action="{here}/approval"' in (await client.get(here)).text
    assert (await client.post(f"{here}/approval")).status_code == 303
    assert await bought.state(code) == "approved"


async def test_names_of_fields_that_are_none_do_no_harm(mo: AsyncClient) -> None:
    code, _order = await _asked()
    data = {"errors": "x", "at": "y", "error": "z", "request": "q", "question": " "}
    answer = await mo.post(f"{RETURNS}/{code}/question", data=data)
    assert (answer.status_code, "Write something." in answer.text) == (422, True)


async def test_what_was_shown_is_paid_back_once(mo: AsyncClient) -> None:
    """A double click on a part: the second one is about what is no longer there."""
    code, order = await _asked(quantity=2)
    here = f"{RETURNS}/{code}/refund"
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    assert (await mo.get(here)).text.count('name="shown" value="9600"') == 2
    part = {"shown": "9600", "amount": "10.00", "more": "yes"}
    first, second = [await mo.post(here, data=part) for _twice in range(2)]
    assert (first.status_code, second.status_code) == (303, 409)
    assert "has changed meanwhile" in second.text
    assert [row["amount"] for row in await db.rows("SELECT amount FROM refunds")] == [1_000]
    assert 'name="shown" value="8600"' in second.text


async def test_the_button_names_what_can_really_be_paid_back(mo: AsyncClient) -> None:
    """Of 113.40 that were paid, the shop has given 93.40 back by itself."""
    code, order = await _asked()
    here = f"{RETURNS}/{code}/refund"
    await deciding.approve(order["merchant"], code, by="member:1")
    await refunding.request(order["id"], Wanted(amount=9_340), by="member:1", approved=True)
    text = (await mo.get(here)).text
    assert ("Yes, pay back €20.00" in text, "€28.00 of what was promised cannot" in text) == (True, True)
    await refunding.request(order["id"], Wanted(amount=2_000), by="member:1", approved=True)
    text = (await mo.get(here)).text
    assert ("There is nothing left to pay back" in text, "Settle it without a payment" in text) == (True, True)
    assert (await mo.post(here, data={"shown": "0", "how": "all", "again": "yes"})).status_code == 303
    assert await bought.state(code) == "refunded"


DAY = "20260101T000000000000"


@pytest.mark.parametrize("after", [f"{DAY}-abc", f"{DAY}-", "-5", "x-5", f"{DAY}-0"])
async def test_an_address_that_nobody_gave_out_begins_the_queue_anew(mo: AsyncClient, after: str) -> None:
    await _asked()
    assert (await mo.get(RETURNS, params={"after": after})).status_code == 200


async def _clauses(mo: AsyncClient, code: str) -> list[str]:
    form = (await mo.get(f"{RETURNS}/{code}")).text.partition(f'action="{RETURNS}/{code}/refusal"')[2].partition("</form>")[0]
    return re.findall(r'<option value="(\w+)"', form)


async def test_a_refusal_rests_on_what_fits_what_was_asked_for(mo: AsyncClient) -> None:
    """And not on the time, where it was asked for in time."""
    code, order = await _asked()
    cup = (await bought.line_ids(order))[1]
    claim = await asking.ask(order["customer"], bought.asked(cup, kind="claim"), by="customer:1")
    assert await _clauses(mo, code) == ["excluded", "used", "not_ours", "settled"]
    assert await _clauses(mo, claim) == ["no_defect", "caused_later", "not_ours", "settled"]
    for clause in ("window_over", "proven_delivered"):
        refused = await mo.post(f"{RETURNS}/{code}/refusal", data={"clause": clause, "answer": "No"})
        assert (refused.status_code, "does not fit" in refused.text, ">No<" in refused.text) == (422, True, True)
    late = clock.now() + timedelta(days=60)
    await db.execute("UPDATE returns SET created_at = {} WHERE code = {}", late, code)
    assert "window_over" in await _clauses(mo, code)


async def test_a_refusal_that_was_a_mistake_is_taken_back_before_anybody_objects(mo: AsyncClient) -> None:
    code, order = await _asked()
    here = f"{RETURNS}/{code}"
    assert "Take the refusal back" not in (await mo.get(here)).text
    await mo.post(f"{here}/refusal", data={"clause": "used", "answer": ""})
    assert "Take the refusal back" in (await mo.get(here)).text
    assert (await mo.post(f"{here}/approval")).status_code == 303
    assert await bought.state(code) in ("approved", "label_issued")
    again, _order = await _asked("1002")
    await mo.post(f"{RETURNS}/{again}/refusal", data={"clause": "used", "answer": ""})
    (line, *_) = await bought.line_ids(_order)
    await asking.ask(order["customer"], bought.asked(line, 2), by="customer:1")
    assert "Take the refusal back" not in (await mo.get(f"{RETURNS}/{again}")).text


async def test_an_objection_that_was_agreed_to_is_none_any_more_when_the_goods_come(mo: AsyncClient) -> None:
    code, order = await _asked()
    here = f"{RETURNS}/{code}"
    await deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    await deciding.object_to(order["customer"], code, text="", by="customer:1")
    assert ">Objection<" in (await mo.get(RETURNS)).text
    await deciding.approve(order["merchant"], code, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    text = (await mo.get(RETURNS)).text
    assert here in text
    assert ">Objection<" not in text
