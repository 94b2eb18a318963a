"""The request in two steps, without JavaScript: chosen, looked at to the cent, and sent, once."""

import asyncio
import re
from datetime import timedelta

import msgspec
import pytest
from httpx import AsyncClient, Response

from app import clock, db
from app.i18n import Voice
from app.returns import asking, files, kept, rules
from app.returns.kept import Kept
from app.returns.rule_book import Rules, Window
from tests import builders
from tests.returns import asking_steps as steps
from tests.returns import bought

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


async def _begin(alice: AsyncClient, address: str, query: str = "kind=return") -> Response:
    page = await alice.get(f"/orders/{address}/returns/new?{query}")
    assert page.status_code == 200, page.text
    return page


async def _kept(code: str) -> Kept:
    return await kept.by_code(code)


async def _requests() -> int:
    return len(await db.rows("SELECT id FROM returns"))


async def test_a_return_is_chosen_looked_at_to_the_cent_and_sent(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    first = await _begin(alice, order["address"])
    assert "Which items?" in first.text
    asked = await steps.look(alice, first, **{f"quantity_{teapots}": "2", f"quantity_{cup}": "1"})
    assert (asked.status_code, await _requests()) == (200, 0)
    assert f'name="reason-{teapots}"' in asked.text
    assert f'name="reason-{cup}"' in asked.text
    reasons = {f"reason_{teapots}": "changed_mind", f"reason_{cup}": "other", f"note_{cup}": "Too <small>"}
    review = await steps.look(alice, asked, **reasons, note="Thank you")
    said = steps.said(review.text)
    assert "Items €108.50 Delivery €4.90 Comes back to you €113.40" in said
    assert "Too <small>" in said
    assert "I changed my mind" in said
    code = steps.code(await steps.send(alice, review))
    it = await _kept(code)
    assert (it.it.kind, it.it.state, it.it.expected, it.it.way, it.it.note) == (
        "return", "requested", 11_340, "own_carrier", "Thank you",
    )  # fmt: skip
    assert [(line.quantity, line.reason, line.wish, line.note) for line in it.lines] == [
        (2, "changed_mind", "refund", ""), (1, "other", "refund", "Too <small>"),
    ]  # fmt: skip
    assert await bought.told(code) == ["return_requested"]


async def test_the_only_item_need_not_be_chosen(alice: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    (line,) = await bought.line_ids(order)
    page = await _begin(alice, order["address"], "kind=return&reason=wrong_size&wish=exchange")
    assert steps.fields(page.text)[f"quantity-{line}"] == "1"
    assert steps.fields(page.text)[f"wish-{line}"] == "exchange"
    refused = await steps.look(alice, page)
    assert refused.status_code == 422
    assert "Say what you would like instead." in refused.text
    review = await steps.look(alice, refused, **{f"wanted_{line}": "In blue"})
    assert "Exchanged: no money moves. If what you want costs more, you are asked first." in review.text
    assert "In blue" in review.text
    it = await _kept(steps.code(await steps.send(alice, review)))
    assert (it.lines[0].wish, it.lines[0].wanted, it.it.expected) == ("exchange", "In blue", 0)


async def test_a_refusal_comes_back_with_everything_that_was_typed(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}")
    typed = {f"quantity_{teapots}": "3", f"reason_{teapots}": "other", f"note_{teapots}": "Chipped “at” the lip", "note": "Hm"}
    refused = await steps.look(alice, page, **typed)
    assert refused.status_code == 422
    assert "There are only 2 left to choose." in refused.text
    again = steps.fields(refused.text)
    assert {name: again[name.replace("_", "-")] for name in typed} == typed


@pytest.mark.parametrize("quantity", ["-1", "abc", "9999999999", "1.5", "٣"])
async def test_what_is_no_quantity_is_refused_at_its_field(alice: AsyncClient, quantity: str) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}")
    refused = await steps.look(alice, page, **{f"quantity_{teapots}": quantity, f"reason_{teapots}": "other"})
    assert refused.status_code == 422
    assert f'id="quantity-{teapots}-error"' in refused.text


async def test_nothing_chosen_is_said_above_the_form(alice: AsyncClient) -> None:
    order = await bought.delivered()
    refused = await steps.look(alice, await _begin(alice, order["address"]))
    assert refused.status_code == 422
    assert "Choose at least one item." in refused.text


async def test_a_double_click_makes_one(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=claim&line={teapots}&reason=damaged")
    review = await steps.look(alice, page)
    picture = [("a.jpg", steps.photo())]
    both = await asyncio.gather(*(steps.send(alice, review, picture) for _click in range(2)))
    assert steps.code(both[0]) == steps.code(both[1])
    it = await _kept(steps.code(both[0]))
    assert (await _requests(), len(it.files)) == (1, 1)


async def test_sent_again_by_the_queue_it_is_done_once_and_its_key_remembers(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    review = await steps.look(alice, await _begin(alice, order["address"], f"kind=claim&line={teapots}&reason=damaged"))
    fields = steps.fields(review.text)
    body = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields)
    file = b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n' + steps.photo() + b"\r\n--b--\r\n"
    headers = {
        "Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "k" * 20, "Accept": "application/problem+json",
    }  # fmt: skip
    content = body.encode() + file
    answers = [await alice.post(steps.address(review), content=content, headers=headers) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert await _requests() == 1
    (row,) = await db.rows("SELECT code FROM returns")
    assert len((await _kept(row["code"])).files) == len(list(files.folder().glob("*"))) == 1


async def test_what_the_queue_sent_and_was_refused_says_why(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=other")
    review = await steps.look(alice, page, **{f"quantity_{teapots}": "2"})
    await asking.ask(order["customer"], bought.asked(teapots, 1), by="customer:1")
    headers = {"Idempotency-Key": "k" * 20, "Accept": "application/problem+json"}
    refused = await steps.send(alice, review, headers=headers)
    assert refused.status_code == 422
    assert [error["detail"] for error in refused.json()["errors"]] == ["There are only 1 left to choose."]


async def test_what_was_taken_meanwhile_leads_back_to_the_choice(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=other")
    review = await steps.look(alice, page, **{f"quantity_{teapots}": "2"})
    await asking.ask(order["customer"], bought.asked(teapots, 1), by="customer:1")
    refused = await steps.send(alice, review)
    assert refused.status_code == 422
    assert "There are only 1 left to choose." in refused.text
    assert steps.fields(refused.text)[f"quantity-{teapots}"] == "2"


async def test_something_can_be_changed_again(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=other")
    review = await steps.look(alice, page, **{f"note_{teapots}": "As new", "note": "Hello"})
    again = await alice.post(f"{steps.address(review)}/new", data=steps.fields(review.text) | {"step": "change"})
    assert again.status_code == 200
    fields = steps.fields(again.text)
    assert (fields[f"note-{teapots}"], fields["note"], fields[f"reason-{teapots}"]) == ("As new", "Hello", "other")


async def test_items_of_another_order_of_the_seller_go_along(alice: AsyncClient) -> None:
    first, second = await bought.delivered("1"), await bought.delivered("2")
    elsewhere = await bought.delivered("3", merchant=builders.NIA)
    over = await bought.delivered("4", days=60)
    (one, _cup), (two, _other) = await bought.line_ids(first), await bought.line_ids(second)
    page = await _begin(alice, first["address"], f"kind=return&line={one}&reason=other")
    offered = re.findall(r'<option value="(\w+)"', page.text.partition('name="add"')[2].partition("</select>")[0])
    assert offered == [second["address"]]
    assert {elsewhere["address"], over["address"]}.isdisjoint(offered)
    more = await steps.look(alice, page, add=second["address"], step="add")
    assert more.status_code == 200
    assert "Order 2" in more.text
    asked = await steps.look(alice, more, **{f"quantity_{two}": "1"})
    review = await steps.look(alice, asked, **{f"reason_{two}": "other"})
    code = steps.code(await steps.send(alice, review))
    assert {line.order for line in (await _kept(code)).lines} == {first["id"], second["id"]}
    by_address = await _begin(alice, first["address"], f"kind=return&with={second['address']}")
    assert f'name="quantity-{two}"' in by_address.text


async def test_another_sellers_order_and_a_strangers_do_not_go_along(alice: AsyncClient) -> None:
    order = await bought.delivered("1")
    elsewhere = await bought.delivered("3", merchant=builders.NIA)
    bobs = await bought.delivered("5", customer=builders.Person(email=builders.BOB, name="Bob"))
    for other in (elsewhere["address"], bobs["address"], "x" * 300, "%00"):
        answer = await alice.get(f"/orders/{order['address']}/returns/new?kind=return&with={other}")
        assert answer.status_code == 404, other


async def test_a_strangers_line_does_not_exist_in_any_step(alice: AsyncClient) -> None:
    order = await bought.delivered("1")
    bobs = await bought.delivered("5", customer=builders.Person(email=builders.BOB, name="Bob"))
    (line, _cup) = await bought.line_ids(bobs)
    base = f"/orders/{order['address']}/returns"
    assert (await alice.get(f"/orders/{bobs['address']}/returns/new")).status_code == 404
    assert f"quantity-{line}" not in (await alice.get(f"{base}/new?kind=return&line={line}")).text
    said = {
        "kind": "return",
        f"quantity-{line}": "1",
        f"reason-{line}": "other",
        f"wish-{line}": "refund",
        "way": "own_carrier",
    }
    for path, headers in ((f"{base}/new", {}), (f"{base}/new", FRAGMENT), (base, {})):
        assert (await alice.post(path, data=said, headers=headers)).status_code == 404, path
    own = await bought.delivered("6")
    (mine, _mug) = await bought.line_ids(own)
    unseen = {name.replace(str(line), str(mine)): value for name, value in said.items()}
    assert (await alice.post(base, data=unseen)).status_code == 404
    assert await _requests() == 0


async def test_the_preview_is_one_piece_and_needs_no_reason_yet(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}")
    base = f"/orders/{order['address']}/returns/new"
    for quantity, sum_of in (("1", "€48.00"), ("2", "€96.00")):
        said = steps.fields(page.text) | {f"quantity-{teapots}": quantity}
        piece = (await alice.post(base, data=said, headers=FRAGMENT)).text
        assert piece.startswith('<section class="card preview" id="preview"')
        assert sum_of in piece
        assert "<html" not in piece
    nothing = await alice.post(base, data=steps.fields(page.text) | {f"quantity-{teapots}": "7"}, headers=FRAGMENT)
    assert (nothing.status_code, "as soon as something is chosen" in nothing.text) == (200, True)


async def test_who_bears_the_way_back_and_the_bonus_are_shown_before(alice: AsyncClient) -> None:
    order = await bought.delivered()
    theirs = Rules(ways=("drop_off", "label", "own_carrier"), shipping_fee={"EUR": 390}, credit_bonus=500, carrier="UPS")
    await rules.save(order["merchant"], theirs, by=None)
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=changed_mind&wish=store_credit")
    assert "Store credit, 5 % more" in page.text
    review = await steps.look(alice, page)
    said = steps.said(review.text)
    assert "Drop it off, with a code on your phone UPS · €3.90, taken off what comes back" in said
    assert "Print a label €3.90" in said, "whose it will be may be known when it is bought"
    assert "The way back, paid by you -€3.90 Comes back to you €44.10" in said.replace("−", "-")
    assert "On top, as store credit €2.21" in said
    own = {**steps.fields(review.text), "way": "own_carrier"}
    piece = await alice.post(f"{steps.address(review)}/new", data=own, headers=FRAGMENT)
    assert "€48.00" in piece.text
    counted = await alice.post(f"{steps.address(review)}/new", data=own | {"step": "look"})
    assert steps.fields(counted.text)["way"] == "own_carrier"
    faulty = await steps.look(alice, page, **{f"reason_{teapots}": "not_as_described"})
    assert "Free: the shop bears it" in faulty.text
    it = await _kept(steps.code(await steps.send(alice, review)))
    assert (it.it.way, it.it.expected) == ("drop_off", 4410 + 221)


async def test_a_way_that_the_shop_does_not_offer_is_refused_at_its_field(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    review = await steps.look(alice, await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=other"))
    refused = await steps.send(alice, review, way="pick_up")
    assert refused.status_code == 422
    assert 'id="way-error"' in refused.text
    assert await _requests() == 0


@pytest.mark.parametrize("wish", ["repair", "replacement", "refund"])
async def test_a_claim_says_what_the_law_gives_first_and_forbids_nothing(alice: AsyncClient, wish: str) -> None:
    order = await bought.delivered(days=200)
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=claim&line={teapots}&reason=defective")
    assert "Directive (EU) 2019/771, Art. 13" in page.text
    assert "It never came" not in steps.said(page.text)
    review = await steps.look(alice, page, **{f"wish_{teapots}": wish})
    said = steps.said(review.text)
    assert ("Comes back to you €48.00" in said) == (wish == "refund")
    assert ("Repaired or replaced: no money moves. Should that be impossible: €48.00." in said) == (wish != "refund")
    assert "Please show what is wrong" in said
    it = await _kept(steps.code(await steps.send(alice, review)))
    assert (it.it.kind, it.it.state, it.lines[0].wish, it.it.way) == ("claim", "open", wish, "")


@pytest.mark.parametrize(
    ("reason", "wish"), [("damaged", "replacement"), ("wrong_item", "replacement"), ("defective", "repair")]
)
async def test_what_came_broken_is_not_to_be_repaired_first(alice: AsyncClient, reason: str, wish: str) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=claim&line={teapots}&reason={reason}")
    assert steps.fields(page.text)[f"wish-{teapots}"] == wish


async def test_what_never_came_is_claimed_as_such(alice: AsyncClient) -> None:
    order = await builders.order("9", placed_at=clock.now() - timedelta(days=45))
    page = await _begin(alice, order["address"], "kind=claim&reason=not_delivered")
    assert "Directive 2011/83/EU, Art. 18 and 20" in page.text, "its own law, not the guarantee's"
    assert "2019/771" not in page.text
    (line,) = await bought.line_ids(order)
    fields = steps.fields(page.text)
    assert (fields[f"reason-{line}"], fields[f"wish-{line}"]) == ("not_delivered", "replacement")
    assert 'value="damaged"' not in page.text
    review = await steps.look(alice, page, **{f"wish_{line}": "refund"})
    assert "The seller asks its carrier where it is" in steps.said(review.text)
    assert "If it has to come back" not in steps.said(review.text)
    it = await _kept(steps.code(await steps.send(alice, review)))
    assert (it.lines[0].reason, it.it.expected) == ("not_delivered", 4800 + 490)


async def test_a_cancellation_in_full_is_two_touches_and_by_item_needs_no_reason(alice: AsyncClient) -> None:
    order = await builders.order("9", lines=[builders.line("1", quantity=2), builders.line("2")], placed_at=clock.now())
    one, two = await bought.line_ids(order)
    review = await _begin(alice, order["address"], "kind=cancellation&all=yes")
    assert "Items €144.00 Delivery €4.90 Comes back to you €148.90" in steps.said(review.text)
    assert 'type="file"' not in review.text
    page = await _begin(alice, order["address"], "kind=cancellation")
    part = await steps.look(alice, page, **{f"quantity_{one}": "1"})
    assert "Comes back to you €48.00" in steps.said(part.text)
    whole = await _kept(steps.code(await steps.send(alice, review)))
    assert [(line.line, line.quantity) for line in whole.lines] == [(one, 2), (two, 1)]
    nothing = await _begin(alice, order["address"], "kind=cancellation")
    assert "Nothing of this order can be asked for in this way just now." in nothing.text


async def test_what_is_not_possible_is_listed_with_the_reason_and_cannot_be_chosen(alice: AsyncClient) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(windows=(Window(("title:cup",), 0),)), by=None)
    _teapots, cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"])
    closed = page.text.partition("closed-items")[2]
    assert "The shop has no returns of its own for this." in closed
    assert f"quantity-{cup}" not in page.text


@pytest.mark.parametrize(
    "draft", ["{}", "[]", "null", "{", '{"kind": "withdrawal"}', '{"kind": "return", "lines": [{}]}', "\ud800"]
)
async def test_a_draft_that_was_tampered_with_is_refused(alice: AsyncClient, draft: str) -> None:
    order = await bought.delivered()
    base = f"/orders/{order['address']}/returns"
    body = b"draft=" + "".join(f"%{byte:02X}" for byte in draft.encode("utf-8", "surrogatepass")).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in (base, f"{base}/new"):
        answer = await alice.post(path, content=body, headers=headers)
        assert answer.status_code in (400, 422), (path, answer.status_code)
    assert await _requests() == 0


async def test_a_withdrawal_is_never_asked_for_here(alice: AsyncClient) -> None:
    """It is declared: nobody decides on it."""
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    lines = [{"line": teapots, "quantity": 1}]
    for draft in ({"kind": "withdrawal", "lines": lines}, {"kind": "return", "lines": [{**lines[0], "reason": "damaged"}]}):
        said = {"draft": msgspec.json.encode(draft).decode()}
        assert (await alice.post(f"/orders/{order['address']}/returns", data=said)).status_code == 422
    assert await _requests() == 0


async def test_the_largest_order_has_no_thousand_forms_and_all_of_it_can_be_sent_back(alice: AsyncClient) -> None:
    lines = [builders.line(str(n), title=f"Bead {n}", unit_price=100) for n in range(1_114)]
    order = await bought.delivered(lines=lines)
    page = await _begin(alice, order["address"])
    assert "<select" not in page.text
    assert page.text.count('name="quantity-') == 1_114
    assert page.text.partition('<details class="rest">')[0].count('name="quantity-') == 20
    assert len(page.content) < 700_000
    ids = await bought.line_ids(order)
    few = await steps.look(alice, page, **{f"quantity_{line}": "1" for line in ids[500:503]})
    assert few.text.count('<select id="reason-') == 3
    many = await steps.look(alice, page, **{f"quantity_{line}": "1" for line in ids})
    assert many.text.count("<select") == 2
    again = await steps.look(alice, many)
    assert (again.status_code, 'id="reason-error"' in again.text) == (422, True)
    assert steps.fields(again.text)[f"quantity-{ids[-1]}"] == "1"
    review = await steps.look(alice, again, reason="too_late", wish="store_credit")
    assert "Comes back to you €1,118.90" in steps.said(review.text)
    everything = await _begin(alice, order["address"], "kind=return&all=yes&reason=changed_mind")
    code = steps.code(await steps.send(alice, everything))
    assert len((await _kept(code)).lines) == 1_114


async def test_in_french_to_the_end(alice: AsyncClient) -> None:
    order = await bought.delivered()
    await builders.customer(builders.ALICE, locale="fr")
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=other")
    refused = await steps.look(alice, page, **{f"quantity_{teapots}": "5"})
    review = await steps.look(alice, page)
    _ = Voice("fr").gettext
    assert _("What would you like?") in page.text
    assert (_("There are only %(num)d left to choose.") % {"num": 2}) in refused.text
    assert "48,00\xa0€" in review.text
    assert _("Send") in review.text
    steps.code(await steps.send(alice, review))


async def test_of_a_claim_only_what_is_to_be_paid_is_counted(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    page = await steps.look(
        alice, await _begin(alice, order["address"], "kind=claim&reason=damaged"),
        **{f"quantity_{teapots}": "1", f"quantity_{cup}": "1"},
    )  # fmt: skip
    review = await steps.look(alice, page, **{f"wish_{cup}": "refund"})
    assert "Items €12.50 Comes back to you €12.50" in steps.said(review.text)
    assert "no money moves" not in review.text


@pytest.mark.parametrize("text", ["a\0b", "\u202e", "x" * 2_001, "é" * 2_000])
async def test_odd_letters_in_a_note_are_kept_or_refused_at_its_field(alice: AsyncClient, text: str) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={teapots}&reason=other")
    review = await steps.look(alice, page, **{f"note_{teapots}": text})
    refused = len(text) > 2_000 or "\0" in text
    assert (review.status_code, f'id="note-{teapots}-error"' in review.text) == (422 if refused else 200, refused)
    if not refused:
        (line,) = (await _kept(steps.code(await steps.send(alice, review)))).lines
        assert line.note == text


async def test_what_was_said_of_some_stays_when_many_more_are_chosen(alice: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line(str(n), title=f"Bead {n}", unit_price=100) for n in range(30)])
    ids = await bought.line_ids(order)
    page = await _begin(alice, order["address"], f"kind=return&line={ids[0]}&reason=other")
    said = {f"note_{ids[0]}": "Blue", f"wish_{ids[0]}": "exchange", f"wanted_{ids[0]}": "Green"}
    many = await steps.look(alice, page, **said, **{f"quantity_{line}": "1" for line in ids[1:]})
    review = await steps.look(alice, many, reason="changed_mind", wish="refund")
    (first, *rest) = (await _kept(steps.code(await steps.send(alice, review)))).lines
    assert (first.reason, first.wish, first.wanted, first.note) == ("other", "exchange", "Green", "Blue")
    assert {(line.reason, line.wish) for line in rest} == {("changed_mind", "refund")}


async def test_everything_without_a_reason_asks_for_one(alice: AsyncClient) -> None:
    order = await bought.delivered()
    page = await _begin(alice, order["address"], "kind=return&all=yes")
    assert page.text.count('<select id="reason-') == 2
