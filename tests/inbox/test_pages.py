"""The inbox as its customer sees it: the list, a thread, writing in it, beginning one; and that nobody else sees any of it."""

import io
import re
from urllib.parse import urlencode

import pytest
import time_machine
from httpx import AsyncClient
from PIL import Image

from app import clock, db
from app.events import actions as events
from app.inbox import about, kept, lists, merging, messages, posting, putting, starting
from app.inbox.files import SHELF
from app.inbox.posting import Said
from app.returns import asking, deciding
from tests import builders
from tests.returns import bought


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def hers(client: AsyncClient, alice: int) -> AsyncClient:
    client.cookies.update(await builders.session())
    return client


async def thread(alice: int, text: str = "Where is it?", answer: str = "", number: str = "1001") -> str:
    order = await builders.order(number)
    said = Said(side="buyer", text=text, author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    if answer:
        merchant = (await kept.owned_by(alice, code)).merchant
        await posting.answer(merchant, code, Said(side="seller", text=answer, name="Mo"))
    return code


async def test_an_empty_inbox_says_where_conversations_begin(hers: AsyncClient) -> None:
    page = await hers.get("/inbox")
    assert "Nobody has written yet" in page.text
    assert 'role="search"' not in page.text


async def test_the_list_shows_whose_word_was_last_and_what_is_unread(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice, answer="On Tuesday")
    page = (await hers.get("/inbox")).text
    assert "Mo: On Tuesday" in page
    assert "Order 1001" in page
    assert re.search(r'class="count">.*?</span>1</b>', page)
    await hers.post(f"/inbox/{code}/reading")
    assert 'class="count"' not in (await hers.get("/inbox")).text


async def test_reading_and_replying_see_what_was_shown_and_nothing_that_came_after_it(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice, answer="First")
    merchant = (await kept.owned_by(alice, code)).merchant
    shown = re.findall(r'name="until" value="(\d+)"', (await hers.get(f"/inbox/{code}")).text)
    assert len(shown) == 2, "in the form that says it was read, and in the reply"
    await posting.answer(merchant, code, Said(side="seller", text="Second", name="Mo"))
    await hers.post(f"/inbox/{code}/messages", data={"text": "Written in a tunnel", "until": shown[1]})
    assert re.search(r'class="count">.*?</span>1</b>', (await hers.get("/inbox")).text)
    await hers.post(f"/inbox/{code}/messages", data={"text": "Of a page that does not say what it showed"})
    await hers.post(f"/inbox/{code}/reading", data={"until": shown[0]})
    assert re.search(r'class="count">.*?</span>1</b>', (await hers.get("/inbox")).text)
    until = re.search(r'name="until" value="(\d+)"', (await hers.get(f"/inbox/{code}")).text)
    assert until is not None
    await hers.post(f"/inbox/{code}/reading", data={"until": until[1]})
    assert 'class="count"' not in (await hers.get("/inbox")).text


async def test_an_older_page_of_a_thread_does_not_say_that_all_was_read(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    for n in range(40):
        await posting.answer((await kept.owned_by(alice, code)).merchant, code, Said(side="seller", text=f"{n}", name="Mo"))
    newest = (await hers.get(f"/inbox/{code}")).text
    oldest = re.search(r'id="message-(\d+)"', newest)
    assert oldest is not None
    assert "<thread-seen>" in newest
    assert "<thread-seen>" not in (await hers.get(f"/inbox/{code}?before={oldest[1]}")).text


async def test_the_list_is_narrowed_to_a_seller_one_has_written_with_and_to_days(hers: AsyncClient, alice: int) -> None:
    await builders.merchant(builders.NIA, "Nia Audio")
    first = await thread(alice)
    assert 'name="seller"' not in (await hers.get("/inbox")).text, "one seller is no choice"
    said = Said(side="buyer", text="Blue?", author=alice, name="Alice Martin")
    with time_machine.travel("2026-11-20T23:30:00Z", tick=False):  # where she lives, the next day has begun
        other = await starting.start(alice, await about.merchant(builders.NIA), said, subject="A colour")
    await db.execute("UPDATE customers SET time_zone = 'Europe/Paris'")
    page = (await hers.get("/inbox")).text
    assert f'<option value="{builders.NIA}">Nia Audio</option>' in page
    for query, shown in (
        (f"seller={builders.NIA}", True), ("since=2026-11-21&until=2026-11-21", True), ("until=2026-11-20", False),
        ("since=2026-11-22&until=2026-11-27", False), (f"seller={builders.MO}&until=2026-11-21", False),
    ):  # fmt: skip
        page = (await hers.get(f"/inbox?{query}")).text
        assert (f'id="thread-{other}"' in page, f'id="thread-{first}"' in page) == (shown, False), query
    page = (await hers.get(f"/inbox?seller={builders.NIA}&since=2026-11-21")).text
    assert f'<option value="{builders.NIA}" selected>' in page
    assert 'value="2026-11-21"' in page
    assert f'href="/inbox?kind=order&amp;seller={builders.NIA}&amp;since=2026-11-21"' in page, "what is chosen beside it stays"


async def test_a_thread_shows_what_was_said_and_the_order_as_it_stands(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice, "Where is <b>it</b>?", answer="Here")
    page = (await hers.get(f"/inbox/{code}")).text
    assert "Where is &lt;b&gt;it&lt;/b&gt;?" in page
    assert "Mo, Atelier Mo" in page
    assert 'href="/orders/1001"' in page
    assert page.index("Where is") < page.index(">Here<")


async def test_what_is_written_stands_there_and_a_refusal_loses_nothing(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    sent = await hers.post(f"/inbox/{code}/messages", data={"text": "Are you there?"})
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"/inbox/{code}#message-")
    assert "Are you there?" in (await hers.get(f"/inbox/{code}")).text
    refused = await hers.post(f"/inbox/{code}/messages", data={"text": "x" * 100_001})
    assert refused.status_code == 422
    assert "At most 100000 letters." in refused.text
    assert "x" * 100_001 in refused.text


async def test_a_conversation_begins_at_an_order(hers: AsyncClient, alice: int) -> None:
    await builders.order()
    form = await hers.get("/inbox/new", params={"order": "1001"})
    key = re.search(r'name="key" value="([^"]+)"', form.text)
    assert key is not None
    said = {"order": "1001", "subject": "A scratch", "text": "On the lid", "key": key[1]}
    places = {(await hers.post("/inbox/threads", data=said)).headers["location"] for _ in range(2)}
    assert len(places) == 1, "sent twice, it is one"
    assert "On the lid" in (await hers.get(places.pop())).text


async def test_a_form_that_comes_again_after_its_conversation_became_part_of_another_leads_there(
    hers: AsyncClient, alice: int
) -> None:
    first, other = (await builders.order("1001"))["number"], await thread(alice, number="1002")
    said = {"order": first, "text": "On the lid", "key": "k" * 43}
    code = (await hers.post("/inbox/threads", data=said)).headers["location"].rpartition("/")[2]
    merchant = (await kept.owned_by(alice, code)).merchant
    await merging.merge(merchant, other, code, by="member:1", member=1)
    again = await hers.post("/inbox/threads", data=said)
    assert (again.status_code, again.headers["location"]) == (303, f"/inbox/{other}")
    assert (await hers.get("/inbox")).text.count('<li id="thread-T-') == 1
    assert (await hers.get(f"/inbox/{other}")).text.count("On the lid") == 1


@pytest.mark.parametrize("about_it", [{"order": "nobody"}, {"return": "R-00000000"}, {"seller": "nobody"}])
async def test_nothing_begins_at_what_is_not_there(hers: AsyncClient, about_it: dict[str, str]) -> None:
    assert (await hers.get("/inbox/new", params=about_it)).status_code == 404


async def test_who_does_not_say_what_it_is_about_chooses_an_order(hers: AsyncClient, alice: int) -> None:
    assert "No orders yet" in (await hers.get("/inbox/new")).text
    await builders.order()
    assert 'href="/inbox/new?order=1001"' in (await hers.get("/inbox/new")).text
    sent = await hers.post("/inbox/threads", data={"text": "Hello"})
    assert (sent.status_code, "Choose what it is about." in sent.text) == (422, True)


async def test_what_was_typed_stays_when_it_is_refused(hers: AsyncClient) -> None:
    await builders.merchant()
    sent = await hers.post("/inbox/threads", data={"seller": builders.MO, "text": "Do you ship to Malta?", "subject": ""})
    assert sent.status_code == 422
    assert "Say in a few words what it is about." in sent.text
    assert "Do you ship to Malta?" in sent.text


async def test_several_are_put_away_at_once_with_a_way_back(hers: AsyncClient, alice: int) -> None:
    codes = [await thread(alice, number=number) for number in ("1001", "1002", "1003")]
    done = await hers.post("/inbox/threads/archived", data={"code": codes[:2], "to": "yes"})
    page = (await hers.get(done.headers["location"])).text
    assert "2 archived." in page
    assert codes[2] in page
    undo = re.search(r'action="(/inbox/threads/archived[^"]+)"', page)
    assert undo is not None
    await hers.post(undo[1].replace("&amp;", "&"), data={"to": "no"})
    page = (await hers.get("/inbox")).text
    assert all(code in page for code in codes)


async def test_the_code_of_one_that_became_part_of_another_leads_on_for_all_that_is_done_with_it(
    hers: AsyncClient, alice: int
) -> None:
    gone, stays = await thread(alice, answer="On Tuesday"), await thread(alice, number="1002")
    await merging.merge((await kept.owned_by(alice, gone)).merchant, stays, gone, by="member:1", member=1)
    assert re.search(r'class="count">.*?</span>1</b>', (await hers.get("/inbox")).text)
    await hers.post(f"/inbox/{gone}/reading")
    assert 'class="count"' not in (await hers.get("/inbox")).text
    sent = await hers.post(f"/inbox/{gone}/messages", data={"text": "Late"})
    assert sent.headers["location"].startswith(f"/inbox/{stays}#message-")
    done = await hers.post("/inbox/threads/archived", data={"code": [gone, stays], "to": "yes"})
    assert "1 archived." in (await hers.get(done.headers["location"])).text
    assert f"thread-{stays}" in (await hers.get("/inbox?archived=yes")).text


async def test_of_as_many_as_can_be_ticked_the_way_back_reaches_the_browser(hers: AsyncClient, alice: int) -> None:
    (row,) = await db.rows("SELECT * FROM threads WHERE code = {}", await thread(alice))
    copied = {name: said for name, said in dict(row).items() if name != "id"}
    more = [{**copied, "code": f"T-{n:08d}"} for n in range(putting.MOST)]
    await db.insert("threads", more)
    codes, back = [one["code"] for one in more], "/inbox?" + urlencode({"q": "é" * 200, "kind": "order"})
    done = await hers.post("/inbox/threads/archived", data={"code": codes, "to": "yes", "back": back})
    assert max(len(cookie) for cookie in done.headers.get_list("set-cookie")) <= 4_096
    undo = re.search(r'action="(/inbox/threads/archived[^"]+)"', (await hers.get("/inbox")).text)
    assert undo is not None
    await hers.post(undo[1].replace("&amp;", "&"), data={"to": "no"})
    assert (await db.rows("SELECT count(*) AS n FROM threads WHERE archived"))[0]["n"] == 0
    too_many = await hers.post("/inbox/threads/archived", data={"code": [*codes, "T-99999999"], "to": "yes"})
    assert "Choose at most 100 at once." in (await hers.get(too_many.headers["location"])).text


async def test_nothing_is_done_to_several_when_one_is_a_strangers(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    bob = await builders.customer(builders.BOB, "Bob")
    what = await about.merchant(builders.MO)
    his = await starting.start(bob, what, Said(side="buyer", text="Hi", author=bob, name="Bob"), subject="Hi")
    assert (await hers.post("/inbox/threads/archived", data={"code": [code, his], "to": "yes"})).status_code == 404
    assert not (await kept.owned_by(alice, code)).archived
    for path in (f"/inbox/{his}", f"/inbox/{his}?q=Hi"):
        assert (await hers.get(path)).status_code == 404
    assert "Hi" not in (await hers.get("/inbox", params={"q": "hi"})).text.partition("<main")[2].replace("Hidden", "")


async def test_a_search_marks_what_it_found_in_the_message_that_says_it(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice, "The théière has a scratch")
    await posting.reply(alice, code, Said(side="buyer", text="Hello again", author=alice, name="Alice Martin"))
    page = (await hers.get("/inbox", params={"q": "theie"})).text
    assert "<mark>théière</mark>" in page
    inside = (await hers.get(f"/inbox/{code}", params={"q": "theie"})).text
    assert "<mark>théière</mark>" in inside
    assert "Hello again" not in inside


async def test_a_long_thread_begins_at_its_newest_and_goes_back(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice, "the very first")
    merchant = (await kept.owned_by(alice, code)).merchant
    for n in range(70):
        await posting.answer(merchant, code, Said(side="seller", text=f"number {n}.", name="Mo"))
    all_of_it, counts, url = ["the very first", *(f"number {n}." for n in range(70))], [], f"/inbox/{code}"
    while url:
        page = (await hers.get(url)).text
        seen = re.findall(r"(number \d+\.|the very first)", page)
        assert seen == all_of_it[-len(seen) :], "what is earlier comes above, and nothing goes"
        assert 'id="reply"' in page
        counts.append(len(seen))
        found = re.search(r'href="(/inbox/[^"#]+)#message-\d+"', page)
        url = found[1] if found else ""
    assert counts == [30, 60, 71]


async def test_before_the_most_that_one_page_shows_a_thread_goes_on_page_by_page(
    hers: AsyncClient, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "MOST_SHOWN", messages.PAGE)
    code = await thread(alice, "the very first")
    merchant = (await kept.owned_by(alice, code)).merchant
    for n in range(70):
        await posting.answer(merchant, code, Said(side="seller", text=f"number {n}.", name="Mo"))
    seen, url = [], f"/inbox/{code}"
    while url:
        page = (await hers.get(url)).text
        seen += re.findall(r"(number \d+\.|the very first)", page)
        found = re.search(r'href="(/inbox/[^"]+before=\d+)"', page)
        url = found[1] if found else ""
    assert len(seen) == 71
    assert len(set(seen)) == 71


async def test_a_long_text_is_folded_and_whole(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice, "word " * 3_000 + "END")
    page = (await hers.get(f"/inbox/{code}")).text
    assert "Show the rest" in page
    assert page.count("word") >= 3_000
    assert "END" in page


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=99999999999",
        "q=%00",
        "kind=nope&order=a&seller=%00&since=2026-13-01&until=0001-01-01",
        "before=2026-1",
    ],
)
async def test_nonsense_in_the_address_is_no_error(hers: AsyncClient, alice: int, query: str) -> None:
    code = await thread(alice)
    assert (await hers.get(f"/inbox?{query}")).status_code == 200
    assert (await hers.get(f"/inbox/{code}?{query}")).status_code == 200


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(kept, "JPEG")
    return kept.getvalue()


async def test_a_picture_goes_along_is_made_anew_and_seen_by_both_sides_alone(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    sent = await hers.post(
        f"/inbox/{code}/messages", data={"text": ""}, files={"pictures": ("../../C:\\scratch.jpg", picture(), "image/jpeg")}
    )
    assert sent.status_code == 303
    page = (await hers.get(f"/inbox/{code}")).text
    (url,) = set(re.findall(rf'href="(/inbox/{code}/files/\d+)"', page))
    assert 'alt="Picture: scratch.jpg"' in page
    shown = await hers.get(url)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "scratch.jpg" in (await hers.get("/inbox")).text, "a picture alone is told by its name"
    await builders.member("mo@example.com")
    hers.cookies.clear()
    hers.cookies.update(await builders.session("mo@example.com", factor=True))
    desk = f"/desk/{builders.MO}"
    assert f'href="{desk}{url}"' in (await hers.get(f"{desk}/inbox/{code}")).text
    assert (await hers.get(f"{desk}{url}")).status_code == 200
    await builders.customer(builders.BOB, "Bob")
    hers.cookies.clear()
    hers.cookies.update(await builders.session(builders.BOB))
    assert (await hers.get(url)).status_code == 404


@pytest.mark.parametrize("body", [b"<svg onload=alert(1)>", b" %PDF-1.7", b"", b"GIF89a"])
async def test_what_is_no_picture_is_refused_and_the_words_stay(hers: AsyncClient, alice: int, body: bytes) -> None:
    code = await thread(alice)
    files = {"pictures": ("a.jpg", body, "image/jpeg")}
    refused = await hers.post(f"/inbox/{code}/messages", data={"text": "Look at this"}, files=files)
    assert refused.status_code == 422
    assert "Look at this" in refused.text
    assert "a.jpg: This is neither a picture (JPEG, PNG or WebP) nor a PDF" in refused.text
    assert "chosen again" in refused.text
    assert not SHELF.folder().exists() or list(SHELF.folder().iterdir()) == []


async def test_a_refused_message_leaves_no_picture_behind(hers: AsyncClient, alice: int) -> None:
    code = await thread(alice)
    files = {"pictures": ("a.jpg", picture(), "image/jpeg")}
    assert (await hers.post(f"/inbox/{code}/messages", data={"text": "x" * 100_001}, files=files)).status_code == 422
    assert list(SHELF.folder().iterdir()) == []
    order = {"order": "1001", "text": "", "subject": "x" * 500}
    assert (await hers.post("/inbox/threads", data=order, files=files)).status_code == 422
    assert list(SHELF.folder().iterdir()) == []


async def test_what_happened_to_the_return_stands_between_the_messages(hers: AsyncClient, alice: int) -> None:
    order = await bought.delivered("1001")
    line, *_ = await bought.line_ids(order)
    mine = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    said = Said(side="buyer", text="Did you get my wish?", author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.returned(alice, mine), said)
    await deciding.approve(order["merchant"], mine, by="member:1")
    await posting.reply(alice, code, Said(side="buyer", text="Thank you!", author=alice, name="Alice Martin"))
    other = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    await deciding.decline(order["merchant"], other, clause="used", answer="No", by="member:1")
    page = (await hers.get(f"/inbox/{code}")).text
    assert page.index("Did you get my wish?") < page.index("Return approved") < page.index("Thank you!")
    assert "Return declined" not in page, "of another return"
    assert page.count('class="bubble system"') >= 1


@pytest.mark.parametrize("step", [1, -1])
async def test_what_a_carrier_says_of_one_minute_stands_in_the_order_in_which_it_can_only_have_happened(
    hers: AsyncClient, alice: int, step: int
) -> None:
    code = await thread(alice)
    it, at = await kept.owned_by(alice, code), clock.now()
    for kind in ("shipment_ready_for_pickup", "shipment_dispatched")[::step]:
        await events.record(kind, customer=alice, merchant=it.merchant, order=it.order, at=at)
    page = (await hers.get(f"/inbox/{code}")).text
    assert 0 < page.index("Handed to the carrier") < page.index("Ready for pick-up")


async def test_what_happens_to_an_order_that_is_somebody_elses_by_now_is_not_told(hers: AsyncClient, alice: int) -> None:
    order = await bought.delivered("1001")
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    bob = await builders.customer(builders.BOB, "Bob")
    await db.execute("UPDATE orders SET customer = {}", bob)
    await events.record("order_cancelled", customer=bob, merchant=order["merchant"], order=order["id"], reason="Bob's own")
    page = (await hers.get(f"/inbox/{code}")).text
    assert "Where is it?" in page
    assert "Order cancelled" not in page
    assert "Bob" not in page
    assert f"/orders/{order['address']}" not in page


async def test_every_page_and_the_stream_say_from_the_first_how_many_are_unread(hers: AsyncClient, alice: int) -> None:
    await thread(alice, answer="On Tuesday")
    page = (await hers.get("/account")).text
    assert re.search(r"<inbox-count>.*?<b>1</b></inbox-count>", page)


async def test_who_marks_a_conversation_as_unread_on_its_page_is_led_to_the_list_where_it_stays_so(
    hers: AsyncClient, alice: int
) -> None:
    code = await thread(alice)
    page = (await hers.get(f"/inbox/{code}")).text
    for what in ("unread", "archived"):
        form = page.partition(f'action="/inbox/threads/{what}"')[2].partition("</form>")[0]
        assert 'name="back" value="/inbox"' in form


async def test_what_is_ticked_is_told_in_french_and_the_chips_are_things(hers: AsyncClient, alice: int) -> None:
    await thread(alice)
    page = (await hers.get("/inbox", headers={"Accept-Language": "fr"})).text
    assert ">Archives</a>" in page
    assert ">Non lues</a>" in page
    assert "Cochées" in page


async def test_unread_conversations_stand_first_where_that_is_wanted_over_every_page_of_the_list(
    hers: AsyncClient, alice: int
) -> None:
    codes = [await thread(alice, number=str(n), answer="Here" if n == 1001 else "") for n in range(1001, 1005)]
    wanted = lists.asked({"first": "unread"})
    seen, before = [], ""
    for _page in range(4):
        found, before = await lists.page_of(alice, wanted, before, 1)
        seen += [one.code for one in found]
    assert (seen, before) == ([codes[0], *codes[:0:-1]], "")
    page = (await hers.get("/inbox?first=unread")).text
    assert re.findall(r'id="thread-(.*?)"', page) == seen
    assert "Newest first" in page
