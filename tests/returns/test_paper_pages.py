"""Label, packing list and drop-off code of a return: for its customer and the desk, only while something is to be sent."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pypdfium2
import pytest
import zxingcpp
from httpx import AsyncClient
from PIL import Image, ImageDraw

from app import clock, db
from app.errors import Invalid
from app.returns import asking, deciding, labelling, rules, sending
from app.returns.rule_book import Rules
from app.settings import settings
from tests import builders
from tests.returns import bought, papers

DESK = f"/desk/{builders.MO}/returns"


async def _delivered(*ways: Any) -> Mapping[str, Any]:
    """At a shop that offers these ways, where it says nothing else."""
    order = await bought.delivered()
    version, _rules = await rules.of(order["merchant"])
    if not version:
        await rules.save(order["merchant"], Rules(ways=ways), by=None)
    return order


async def _agreed(**about: Any) -> tuple[str, Mapping[str, Any]]:
    """By a label of ours, unless it is said otherwise."""
    about = {"way": "label"} | about
    order = await _delivered(about["way"] or "own_carrier")
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0], 2, **about), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    return code, order


def _read(pdf: bytes) -> set[str]:
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()
    return {one.text for one in zxingcpp.read_barcodes(picture)}


def _says(code: str) -> str:
    return f"{settings.base_url}/return-code/{code}"


@pytest.mark.parametrize(("query", "width"), [("", 298), ("?fold=yes", 595), ("?fold=no", 298)])
async def test_the_label_is_the_customers_and_its_codes_lead_the_warehouse_to_the_return(
    alice: AsyncClient, query: str, width: int
) -> None:
    code, _order = await _agreed()
    answer = await alice.get(f"/returns/{code}/label.pdf{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'inline; filename="label-{code}.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert round(float(papers.opened(answer.content).pages[0].mediabox.width)) == width
    assert _read(answer.content) == {code, _says(code)}
    said = papers.flat(answer.content)
    assert "Alice Martin" in said
    assert "Atelier Mo" in said


async def test_the_packing_list_says_what_goes_in_and_why(alice: AsyncClient) -> None:
    code, order = await _agreed()
    answer = await alice.get(f"/returns/{code}/packing-list.pdf")
    said = papers.flat(answer.content)
    assert "teapot" in said.lower()
    assert "I changed my mind" in said
    assert "2 pieces in this parcel" in said
    assert order["number"] in said


async def test_the_drop_off_code_on_the_screen_says_the_same_as_the_label(alice: AsyncClient) -> None:
    code, _order = await _agreed(way="drop_off")
    text = (await alice.get(f"/returns/{code}/sending")).text
    (svg,) = re.findall(r'<svg [^>]*class="qr".*?</svg>', text, re.S)
    assert "style=" not in svg
    (width,) = re.findall(r'viewBox="0 0 (\d+) ', svg)
    assert f">{code}</code>" in text
    assert _drawn(svg, int(width)) == _says(code)


def _drawn(svg: str, width: int) -> str:
    """Its path, filled in: a picture of four dots a module."""
    picture = Image.new("L", (width * 4, width * 4), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, long, tall in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", svg):
        draw.rectangle([int(x) * 4, int(y) * 4, (int(x) + int(long)) * 4 - 1, (int(y) + int(tall)) * 4 - 1], fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


async def test_a_warehouse_that_scans_the_code_stands_before_the_return(client: AsyncClient) -> None:
    code, _order = await _agreed()
    await builders.member("sam@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    scanned = await client.get(_says(code).removeprefix(settings.base_url))
    answer = await client.get(scanned.headers["location"])
    assert answer.headers["location"] == f"{DESK}/{code}#decide"
    for paper in ("label.pdf", "packing-list.pdf"):
        got = await client.get(f"{DESK}/{code}/{paper}")
        assert (got.status_code, got.content[:5]) == (200, b"%PDF-")
        assert f'href="{DESK}/{code}/{paper}"' in (await client.get(f"{DESK}/{code}")).text


async def test_where_nothing_is_to_be_sent_there_are_no_papers(alice: AsyncClient) -> None:
    order = await _delivered("drop_off")
    asked = bought.asked((await bought.line_ids(order))[0], way="drop_off")
    code = await asking.ask(order["customer"], asked, by="customer:1")
    papers_of = [f"/returns/{code}/label.pdf", f"/returns/{code}/packing-list.pdf"]
    assert [(await alice.get(url)).status_code for url in papers_of] == [409, 409]
    assert 'class="qr"' not in (await alice.get(f"/returns/{code}/sending")).text
    await deciding.approve(order["merchant"], code, by="member:1")
    assert [(await alice.get(url)).status_code for url in papers_of] == [200, 200]
    await sending.sent(order["customer"], code, carrier="La Poste", number="8R1", by="customer:1")
    assert [(await alice.get(url)).status_code for url in papers_of] == [409, 409]


@pytest.mark.parametrize("way", ["own_carrier", "pick_up", ""])
async def test_who_does_not_send_with_our_label_is_offered_none_and_looking_makes_none(alice: AsyncClient, way: str) -> None:
    code, order = await _agreed(way=way)
    await builders.member("sam@example.com", builders.MO, "agent")
    assert await bought.state(code) == "approved"
    text = (await alice.get(f"/returns/{code}/sending")).text
    assert ("label.pdf" in text, "packing-list.pdf" in text, 'class="qr"' in text) == (False, True, False)
    answer = await alice.get(f"/returns/{code}/label.pdf")
    assert (answer.status_code, "The packing list has the address." in answer.text) == (409, True)
    assert (await alice.get(f"/returns/{code}/packing-list.pdf")).status_code == 200
    assert (await alice.post(f"/returns/{code}/sending/label")).status_code == 409
    assert await bought.state(code) == "approved"
    alice.cookies.update(await builders.session("sam@example.com", factor=True))
    assert f"{DESK}/{code}/label.pdf" not in (await alice.get(f"{DESK}/{code}")).text
    assert order["merchant"]


@pytest.mark.parametrize(
    ("theirs", "status"),
    [
        (Rules(ways=("label", "own_carrier")), 303),
        (Rules(ways=("own_carrier",)), 409),
        (Rules(ways=("label",), shipping_fee={"EUR": 490}), 409),  # what it costs was never shown to the customer
    ],
)
async def test_a_return_of_which_nobody_said_how_it_goes_gets_a_label_when_it_is_asked_for(
    alice: AsyncClient, theirs: Rules, status: int
) -> None:
    await rules.save(await builders.merchant(), theirs, by=None)
    code, _order = await _agreed(way="")
    here = f"/returns/{code}/sending"
    assert ("I want a label to print" in (await alice.get(here)).text) == (status == 303)
    assert [(await alice.post(f"{here}/label")).status_code for _ in range(2)] == [status] * 2
    assert await bought.state(code) == ("label_issued" if status == 303 else "approved")
    assert (await alice.get(f"/returns/{code}/label.pdf")).status_code == (200 if status == 303 else 409)
    assert (await bought.told(code)).count("return_label_issued") == (status == 303)


async def test_nobody_else_gets_them(client: AsyncClient) -> None:
    code, _order = await _agreed()
    await builders.customer(builders.BOB, "Bob")
    client.cookies.update(await builders.session(builders.BOB))
    assert (await client.get(f"/returns/{code}/label.pdf")).status_code == 404
    await builders.member("nia@example.com", builders.NIA, "owner")
    client.cookies.update(await builders.session("nia@example.com", factor=True))
    assert (await client.get(f"/desk/{builders.NIA}/returns/{code}/label.pdf")).status_code == 404


async def test_who_scans_the_code_with_a_phone_reads_what_it_is_and_nothing_else(client: AsyncClient) -> None:
    """The same words for a return that is there, for one that is not, and for what is none."""
    code, _order = await _agreed(way="drop_off")
    here = f"/return-code/{code}"
    scanned = await client.get(here)
    assert (scanned.status_code, "A return’s code" in scanned.text) == (200, True)
    assert "noindex" in scanned.headers["x-robots-tag"]
    for private in ("Alice", "Atelier Mo", "Teapot", "1001"):
        assert private not in scanned.text
    assert 'href="/sign-in?next=/return-code/' in scanned.text
    for other in ("R-00000000", code.lower()):
        assert _but((await client.get(f"/return-code/{other}")).text, other.upper()) == _but(scanned.text, code)
    none = await client.get("/return-code/teapot")
    assert (none.status_code, "A return’s code" in none.text, "<code" in none.text) == (200, True, False)
    await builders.customer(builders.BOB, "Bob")
    await builders.member("nia@example.com", builders.NIA, "owner")
    for stranger in (builders.BOB, "nia@example.com"):
        client.cookies.update(await builders.session(stranger, factor=True))
        theirs = await client.get(here)
        assert theirs.status_code == 200
        assert _but((await client.get("/return-code/R-00000000")).text, "R-00000000") == _but(theirs.text, code)
    client.cookies.update(await builders.session("alice@example.com"))
    assert (await client.get(here)).headers["location"] == f"/returns/{code}"


def _but(text: str, code: str) -> str:
    """Without the code that was asked for, and what differs from one answer to the next."""
    return re.sub(r"[?]v=[0-9a-f]+|nonce=.[^\"']+", "", text.replace(code, "CODE").replace(code.lower(), "CODE"))


@pytest.mark.parametrize(
    ("way", "carrier", "said", "field"),
    [
        ("drop_off", "Mondial Relay", "Hand it in where Mondial Relay takes parcels.", False),
        ("drop_off", "", "ask them before you go", False),
        ("label", "Mondial Relay", "Hand it in where Mondial Relay takes parcels.", False),
        ("pick_up", "Mondial Relay", "Mondial Relay picks it up from you.", False),
        ("own_carrier", "Mondial Relay", "Keep the receipt", True),
    ],
)
async def test_the_page_says_whom_to_hand_it_to_and_asks_only_who_may_choose(
    alice: AsyncClient, way: Any, carrier: str, said: str, field: bool
) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(ways=(way,), carrier=carrier), by=None)
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0], way=way), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    here = f"/returns/{code}/sending"
    text = (await alice.get(here)).text
    assert said in text
    assert ('id="carrier"' in text, "post office" in text, "La Poste or DHL" in text) == (field, False, False)
    assert ("Mondial Relay" in text) == (carrier in said and bool(carrier))
    answer = await alice.post(here, data={"carrier": "", "number": ""})
    if field:
        assert (answer.status_code, "Who took it?" in answer.text) == (422, True)
        return
    assert answer.status_code == 303
    page = (await alice.get(f"/returns/{code}")).text
    assert "On its way back" in page
    assert carrier in page


@pytest.mark.parametrize("wrong", ["x" * 61, "a\0b"])
async def test_a_carrier_that_cannot_be_kept_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        await rules.save(await builders.merchant(), Rules(ways=("label",), carrier=wrong), by=None)
    assert list(refused.value.fields) == ["/carrier"]


@pytest.mark.parametrize(("number", "carrier"), [("", "Mondial Relay"), ("1Z999AA10123456784", "UPS")])
async def test_who_took_it_is_told_by_its_number_before_the_rules(number: str, carrier: str) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(ways=("drop_off",), carrier="Mondial Relay"), by=None)
    asked = bought.asked((await bought.line_ids(order))[0], way="drop_off")
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await sending.sent(order["customer"], code, carrier="", number=number, by="customer:1")
    (told,) = await db.rows("SELECT data FROM events WHERE kind = 'return_in_transit'")
    assert msgspec.json.decode(told["data"])["carrier"] == carrier


async def test_with_whom_a_label_goes_is_not_said_before_it_is_bought(alice: AsyncClient) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(ways=("label",), carrier="Mondial Relay"), by=None)
    asked = bought.asked((await bought.line_ids(order))[0], way="label")
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    assert "Mondial Relay" in (await alice.get(f"/returns/{code}/sending")).text
    (it,) = await db.rows("SELECT id FROM returns")
    await db.insert("return_labels", [{"of_return": it["id"], "state": "wanted", "next_at": clock.now()} | labelling.NOTHING])
    assert "Mondial Relay" not in (await alice.get(f"/returns/{code}/sending")).text
