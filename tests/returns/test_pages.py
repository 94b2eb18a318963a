"""The customer's list of returns and the page of one: found, gone through, answered, taken back; nobody else's."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from app import db
from app.i18n import Voice
from app.orders import refund_steps
from app.returns import asking, deciding, kept, money, receiving, replacing, rules, sending, settling, withdrawals
from app.returns.asked import Asked, AskedLine
from app.returns.rule_book import ReturnAddress, Rules
from tests import builders
from tests.returns import asking_steps, bought


async def _four() -> dict[str, str]:
    """One of each kind, of Alice's."""
    order = await bought.delivered("1001")
    teapots, cup = await bought.line_ids(order)
    other = await bought.delivered("1002")
    open_order = await builders.order("1003")
    customer = order["customer"]
    (unsent,) = await bought.line_ids(open_order)
    return {
        "return": await asking.ask(customer, bought.asked(teapots), by="customer:1"),
        "claim": await asking.ask(customer, bought.asked(cup, kind="claim"), by="customer:1"),
        "withdrawal": await withdrawals.declare(customer, {(await bought.line_ids(other))[0]: 1}, by="customer:1"),
        "cancellation": await asking.ask(customer, bought.asked(unsent, kind="cancellation"), by="customer:1"),
    }


def _shown(text: str, codes: dict[str, str]) -> set[str]:
    return {kind for kind, code in codes.items() if f"/returns/{code}" in text}


async def test_all_kinds_are_in_one_list_what_needs_her_first_then_the_newest_with_a_sentence_each(alice: AsyncClient) -> None:
    codes = await _four()
    text = (await alice.get("/returns")).text
    assert _shown(text, codes) == set(codes)
    places = [text.index(f'href="/returns/{codes[kind]}"') for kind in ("withdrawal", "cancellation", "claim", "return")]
    assert places == sorted(places)
    for said in ("Waiting for Atelier Mo", "Send it back by", "Your money is due by", "Their answer is due by"):
        assert said in text


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("kind=claim", {"claim"}), ("kind=nonsense", {"return", "claim", "withdrawal", "cancellation"}),
        ("q=cup", {"claim"}), ("q=1002", {"withdrawal"}), ("q=TEAPOT+1001", {"return"}), ("q=%25", set()), ("q=_", set()),
        ("q=a%00b", set()), ("open=yes&kind=return", {"return"}),
        ("before=0", {"return", "claim", "withdrawal", "cancellation"}),
        ("before=-1&q=cup", {"claim"}), ("before=1-x&q=cup", {"claim"}), ("before=0-1", set()),
    ],
)  # fmt: skip
async def test_it_is_filtered_and_searched(alice: AsyncClient, query: str, kinds: set[str]) -> None:
    codes = await _four()
    assert _shown((await alice.get(f"/returns?{query}")).text, codes) == kinds


async def test_a_code_finds_its_return(alice: AsyncClient) -> None:
    codes = await _four()
    assert _shown((await alice.get(f"/returns?q={codes['claim'].lower()}")).text, codes) == {"claim"}
    assert _shown((await alice.get(f"/returns?q={codes['claim'].lower().removeprefix('r-')}")).text, codes) == {"claim"}


async def test_what_is_over_is_not_among_the_open(alice: AsyncClient) -> None:
    codes = await _four()
    it = await kept.by_code(codes["return"])
    assert it.it.customer
    await deciding.cancel(it.it.customer, codes["return"], by="customer:1")
    assert _shown((await alice.get("/returns?open=yes")).text, codes) == {"claim", "withdrawal", "cancellation"}


async def _back(n: str, **about: str) -> tuple[int, int, str]:
    """One that has come back: its merchant, its customer and its code."""
    order = await bought.delivered(n)
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[1], **about), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return order["merchant"], order["customer"], code


async def _newest_refund() -> int:
    return int((await db.rows("SELECT id FROM refunds ORDER BY id DESC LIMIT 1"))[0]["id"])


async def test_what_was_decided_is_under_way_until_its_money_is_there(alice: AsyncClient) -> None:
    merchant, customer, code = await _back("1001")
    await settling.refund(merchant, code, by="member:1")
    assert code in (await alice.get("/returns?open=yes")).text
    await refund_steps.record_reference(await _newest_refund(), "SEPA 1", by="member:1")
    assert code in (await alice.get("/returns?open=yes")).text
    await money.arrived(customer, code, await _newest_refund())
    assert code not in (await alice.get("/returns?open=yes")).text


async def test_money_that_failed_is_under_way_and_comes_first(alice: AsyncClient) -> None:
    merchant, _customer, code = await _back("1001")
    await settling.refund(merchant, code, by="member:1")
    await refund_steps.fail(await _newest_refund(), by="member:1", reason="The account is closed")
    order = await bought.delivered("1002")
    newer = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[1]), by="customer:1")
    for url in ("/returns", "/returns?open=yes"):
        text = (await alice.get(url)).text
        assert text.index(f'href="/returns/{code}"') < text.index(f'href="/returns/{newer}"')


async def test_what_is_sent_in_exchange_is_under_way_until_it_is_there(alice: AsyncClient) -> None:
    merchant, _customer, code = await _back("1001", wish="exchange", wanted="Blue")
    await replacing.exchange(merchant, code, await bought.same_again(code), by="member:1")
    assert code in (await alice.get("/returns?open=yes")).text
    await db.execute("UPDATE orders SET stage = 'delivered' WHERE id = (SELECT exchange FROM returns WHERE code = {})", code)
    assert code not in (await alice.get("/returns?open=yes")).text


async def test_what_needs_her_goes_on_over_pages_without_a_gap(alice: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line(str(n)) for n in range(45)])
    codes = [
        await asking.ask(order["customer"], bought.asked(line), by="customer:1") for line in await bought.line_ids(order)
    ]  # fmt: skip
    for code in codes[::2]:
        await deciding.approve(order["merchant"], code, by="member:1")
    seen, url = [], "/returns"
    while url:
        text = (await alice.get(url)).text
        seen += [part.partition('"')[0] for part in text.split('<h3><a href="/returns/')[1:]]
        url = text.partition('id="older"><a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == [*codes[::2][::-1], *codes[1::2][::-1]]


async def test_a_long_list_goes_on_without_a_gap_and_without_javascript(alice: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line(str(n)) for n in range(45)])
    codes = [
        await asking.ask(order["customer"], bought.asked(line), by="customer:1") for line in await bought.line_ids(order)
    ]  # fmt: skip
    seen, url = [], "/returns"
    while url:
        text = (await alice.get(url)).text
        seen += [part.partition('"')[0] for part in text.split('<h3><a href="/returns/')[1:]]
        url = text.partition('id="older"><a class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == codes[::-1]


async def test_nobody_else_finds_it(client: AsyncClient) -> None:
    codes = await _four()
    await builders.customer(builders.BOB, "Bob")
    client.cookies.update(await builders.session(builders.BOB))
    assert _shown((await client.get("/returns")).text, codes) == set()
    for path in ("", "/photos", "/sending"):
        assert (await client.get(f"/returns/{codes['return']}{path}")).status_code == 404
    for change in ("cancellation", "answer", "objection"):
        assert (await client.post(f"/returns/{codes['return']}/{change}", data={"text": "x"})).status_code == 404
    assert await bought.state(codes["return"]) == "requested"


async def test_a_question_is_answered_where_it_is_asked_and_nothing_typed_is_lost(alice: AsyncClient) -> None:
    codes = await _four()
    it, here = await kept.by_code(codes["claim"]), f"/returns/{codes['claim']}"
    early = await alice.post(f"{here}/answer", data={"text": "Too early"})
    assert (early.status_code, "There is no open question." in early.text) == (409, True)
    await deciding.ask_back(it.it.merchant, codes["claim"], question="Which handle is broken?", by="member:1")
    assert "Needs you" in (await alice.get("/returns?kind=claim")).text
    assert "Which handle is broken?" in (await alice.get(here)).text
    empty = await alice.post(f"{here}/answer", data={"text": "  "})
    assert (empty.status_code, "Write something." in empty.text) == (422, True)
    long = await alice.post(f"{here}/answer", data={"text": "x" * 2_001})
    assert (long.status_code, "x" * 2_001 in long.text) == (422, True)
    assert (await alice.post(f"{here}/answer", data={"text": "The left one"})).headers["location"] == here
    assert "The left one" in (await alice.get(here)).text


async def test_photos_that_a_question_asks_for_are_sent_with_its_answer(alice: AsyncClient) -> None:
    codes = await _four()
    it = await kept.by_code(codes["claim"])
    await deciding.ask_back(it.it.merchant, codes["claim"], question="May we see it?", by="member:1")
    here = f"/returns/{codes['claim']}"
    page = (await alice.get(here)).text
    assert 'enctype="multipart/form-data"' in page
    for text, said in (("", "See the photos."), ("Here it is", "Here it is")):
        await deciding.ask_back(it.it.merchant, codes["claim"], question="May we see it?", by="member:1")
        parts = [("text", (None, text)), ("photos", ("cup.jpg", asking_steps.photo(), "image/jpeg"))]
        assert (await alice.post(f"{here}/answer", files=parts)).status_code == 303
        page = (await alice.get(here)).text
        assert said in page
        assert "Add photos" in page
    now = await kept.by_code(codes["claim"])
    assert (len(now.files), now.it.waiting_on) == (2, "seller")
    late = await alice.post(f"{here}/answer", files=parts)
    assert late.status_code == 409
    assert len((await kept.by_code(codes["claim"])).files) == 2


async def test_a_photo_that_is_none_is_refused_where_it_was_chosen_and_the_words_stay(alice: AsyncClient) -> None:
    codes = await _four()
    it = await kept.by_code(codes["claim"])
    await deciding.ask_back(it.it.merchant, codes["claim"], question="May we see it?", by="member:1")
    parts = [("text", (None, "Look here")), ("photos", ("cup.jpg", b"no picture", "image/jpeg"))]
    answer = await alice.post(f"/returns/{codes['claim']}/answer", files=parts)
    assert (answer.status_code, 'id="photos-error"' in answer.text, "Look here" in answer.text) == (422, True, True)
    assert (await kept.by_code(codes["claim"])).it.waiting_on == "buyer"


async def test_a_refusal_says_its_clause_and_is_objected_to_with_one_touch(alice: AsyncClient) -> None:
    codes = await _four()
    it, here = await kept.by_code(codes["return"]), f"/returns/{codes['return']}"
    await deciding.decline(it.it.merchant, codes["return"], clause="used", answer="It has tea in it.", by="member:1")
    text = (await alice.get(here)).text
    assert "The item was used more than trying it needs" in text
    assert "It has tea in it." in text
    for promise in ("Send it back by", "Comes back to you", "Where it goes"):
        assert promise not in text
    assert "<summary>" not in text  # nothing to be unfolded first
    assert (await alice.post(f"{here}/objection")).status_code == 303
    looked_at = (await alice.get(here)).text
    assert "Your objection is being looked at" in looked_at
    last_day = Voice("en", "UTC").weekday((await kept.by_code(codes["return"])).it.due_at - timedelta(seconds=1))
    assert f"Their answer is due by {last_day}" in looked_at  # under the headline
    assert f"Answer due by {last_day}" in looked_at  # in the history
    assert (await alice.post(f"{here}/objection")).status_code == 409
    await deciding.uphold(it.it.merchant, codes["return"], answer="We have looked at the photos again.", by="member:1")
    text = (await alice.get(here)).text
    assert "the refusal stands" in text
    assert "<blockquote>We have looked at the photos again.<br></blockquote>" in text
    assert "/objection" not in text


async def test_it_is_taken_back_until_it_is_on_its_way(alice: AsyncClient) -> None:
    codes = await _four()
    assert (await alice.post(f"/returns/{codes['return']}/cancellation")).status_code == 303
    assert await bought.state(codes["return"]) == "cancelled"
    assert (await alice.post(f"/returns/{codes['withdrawal']}/cancellation")).status_code == 409


async def test_it_is_said_in_french_too(alice: AsyncClient) -> None:
    codes = await _four()
    alice.cookies.set("locale", "fr")
    text = (await alice.get("/returns")).text
    for said in ("Atelier Mo examine votre demande", "À renvoyer avant la fin du", "Rétractation", "Réclamation"):
        assert said in text
    assert "Ce qui vous revient" in (await alice.get(f"/returns/{codes['return']}")).text


async def _at_home(merchant: int) -> None:
    """Its returns go somewhere."""
    await rules.save(merchant, Rules(return_address=ReturnAddress(street="1 quai", city="Lyon", country="FR")), by=None)


@pytest.mark.parametrize("kind", ["return", "claim", "cancellation", "withdrawal"])
async def test_the_sellers_address_is_shown_where_something_is_to_be_sent_there_and_nowhere_else(
    alice: AsyncClient, kind: str
) -> None:
    await _at_home(await builders.merchant())
    codes = await _four()
    code, here = codes[kind], f"/returns/{codes[kind]}"
    it = (await kept.by_code(code)).it
    shown = ["1 quai" in (await alice.get(here)).text]
    if kind != "withdrawal":
        await deciding.approve(it.merchant, code, by="member:1")
        shown.append("1 quai" in (await alice.get(here)).text)
    if kind in ("return", "withdrawal"):
        await sending.sent(_whose(it), code, carrier="La Poste", number="", by="customer:1")
        shown.append("1 quai" in (await alice.get(here)).text)
    wanted = {"return": [False, True, False], "withdrawal": [True, False], "claim": [False, False], "cancellation": [False] * 2}
    assert shown == wanted[kind]


async def test_a_parcel_that_nobody_ever_scanned_is_not_waited_for_when_all_is_settled(alice: AsyncClient) -> None:
    codes = await _four()
    it, here = (await kept.by_code(codes["return"])).it, f"/returns/{codes['return']}"
    await deciding.approve(it.merchant, it.code, by="member:1")
    await sending.sent(_whose(it), it.code, carrier="Colissimo", number="6A99988877766", by="customer:1")
    assert "Not scanned yet" in (await alice.get(here)).text
    await receiving.receive(it.merchant, it.code, {}, rest="sound", by="member:1")
    text = (await alice.get(here)).text
    assert "Not scanned yet" not in text
    assert "6A99988877766" in text, "in the history"


def _whose(it: kept.KeptReturn) -> int:
    assert it.customer is not None
    return it.customer


async def test_the_returns_of_one_order_are_told_apart_by_what_is_in_them(alice: AsyncClient) -> None:
    order = await bought.delivered(
        lines=[builders.line("1"), builders.line("2", title="Cup"), builders.line("3", title="Bowl")]
    )
    teapot, cup, bowl = await bought.line_ids(order)
    first = await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
    both = Asked("claim", [AskedLine(line, 1, "damaged", "repair") for line in (teapot, bowl)])
    second = await asking.ask(order["customer"], both, by="customer:1")
    text = (await alice.get(f"/orders/{order['address']}")).text
    assert f'<a href="/returns/{first}">Return {first}: Cup</a>' in text
    assert f'<a href="/returns/{second}">Claim {second}: Teapot “Brume” and 1 more</a>' in text


async def test_every_return_in_the_list_wears_its_state(alice: AsyncClient) -> None:
    codes = await _four()
    it = (await kept.by_code(codes["return"])).it
    await deciding.approve(it.merchant, it.code, by="member:1")
    await sending.sent(_whose(it), it.code, carrier="La Poste", number="", by="customer:1")
    text = (await alice.get("/returns")).text
    assert text.count('<span class="tag ') == text.count('class="card order-card') == 4
    assert ("On its way to Atelier Mo" in text, ">On its way back</span>" in text) == (True, True)
