"""A merchant's rules at its desk: the form, what is tried and saved on it, earlier versions, and who may do what."""

import re
from html import unescape

import msgspec
import pytest
from httpx import AsyncClient

from app import db
from app.returns import asking, rule_forms, rules
from app.returns.rule_book import DEFAULT, Exclusion, ReturnAddress, Rules, Window
from tests import builders
from tests.builders import MO, NIA
from tests.returns import bought

RULES = f"/desk/{MO}/return-rules"
AGENT, MANAGER, ELSEWHERE = "sam@example.com", "mia@example.com", "nia@example.com"
TYPED = Rules(
    default_days=30, windows=(Window(patterns=("Home", "sku:TEA-*"), days=60),),
    exclusions=(Exclusion(patterns=("*earring*",), reason="hygiene"),), auto_below={"EUR": 1250}, auto_reasons=("wrong_size",),
    ways=("label", "own_carrier"), return_address=ReturnAddress(street="1 quai", city="Lyon", country="FR"),
)  # fmt: skip
FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:(?<=>)([^<]*)</textarea>)?")
ATTRIBUTE = re.compile(r'([a-z-]+)(?:="([^"]*)")?')


@pytest.fixture
async def mia(client: AsyncClient) -> AsyncClient:
    """A manager of Mo's; Sam is an agent there, Nia owns another shop."""
    for email, slug, role in ((MANAGER, MO, "manager"), (AGENT, MO, "agent"), (ELSEWHERE, NIA, "owner")):
        await builders.member(email, slug, role)
    client.cookies.update(await builders.session(MANAGER, factor=True))
    return client


async def become(browser: AsyncClient, email: str, locale: str = "") -> None:
    browser.cookies.update(await builders.session(email, factor=True))
    await db.execute("UPDATE customers SET locale = {} WHERE email = {}", locale, email)


def sent(html: str, **changes: str | list[str] | None) -> dict[str, str | list[str]]:
    """What a browser would send of the form, with other texts in some fields; of None, none."""
    form = html.partition('<form class="stack"')[2].partition("</form>")[0]
    found: dict[str, str | list[str]] = {}
    for kind, said, text in FIELD.findall(form):
        about = {name: unescape(value) for name, value in ATTRIBUTE.findall(said)}
        name = about.get("name", "")
        if about.get("type") == "checkbox":
            several = found.setdefault(name, [])
            if "checked" in about and isinstance(several, list):
                several.append(about["value"])
        else:
            found[name] = unescape(text) if kind == "textarea" else about.get("value", "")
    for name, options in re.findall(r'<select id="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else re.findall(r'value="([^"]*)"', options)[0]
    return {name: value for name, value in {**found, **changes}.items() if value is not None}


async def kept() -> tuple[int, Rules]:
    return await rules.of(await builders.merchant())


def marked(html: str) -> set[str]:
    return set(re.findall(r'id="([^"]+)-error"', html))


async def test_a_merchant_that_has_written_none_sees_the_usual_ones_and_saves_its_own(mia: AsyncClient) -> None:
    page = (await mia.get(RULES)).text
    first = {
        "default_days": "30", "windows-0-patterns": "Home\r\nsku:TEA-*", "windows-0-days": "60",
        "exclusions-0-patterns": "*earring*", "exclusions-0-reason": "hygiene", "auto_below-EUR": "12.50",
        "auto_reasons": ["wrong_size"], "ways": ["label", "own_carrier"], "return_address-street": "1 quai",
        "return_address-city": "Lyon", "return_address-country": "FR", "do": "save",
    }  # fmt: skip
    answer = await mia.post(RULES, data=sent(page, **first))
    assert (answer.status_code, answer.headers["location"]) == (303, RULES)
    number, saved = await kept()
    assert saved == TYPED
    (row,) = await db.rows("SELECT by_whom FROM return_rules WHERE id = {}", number)
    assert row["by_whom"] == await builders.customer(MANAGER)


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_what_is_kept_is_shown_and_sent_back_as_it_was(mia: AsyncClient, locale: str) -> None:
    number = await rules.save(await builders.merchant(), TYPED, by=None)
    await become(mia, MANAGER, locale)
    page = (await mia.get(RULES)).text
    assert f'value="{"12,50" if locale == "fr" else "12.50"}"' in page
    answer = await mia.post(RULES, data=sent(page, do="save"))
    assert answer.status_code == 303
    assert await kept() == (number, TYPED), "nothing has changed: no new version"


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "A whole number, such as 14."), ("fr", "Un nombre entier, par exemple 14.")]
)
@pytest.mark.parametrize("do", ["save", "try"])
async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    mia: AsyncClient, locale: str, said: str, do: str
) -> None:
    await become(mia, MANAGER, locale)
    changes = {
        "default_days": "two <weeks>", "windows-0-patterns": "Home\r\n*", "windows-0-days": "7", "credit_bonus": "a lot",
        "auto_below-EUR": "12,50,5", "return_address-city": "Lyon", "informed": "since", "ways": [], "do": do,
    }  # fmt: skip
    answer = await mia.post(RULES, data=sent((await mia.get(RULES)).text, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    wanted = {
        "default_days", "windows-0-patterns", "credit_bonus", "auto_below-EUR", "informed_since", "ways", "auto_reasons",
        "return_address-street", "return_address-country",
    }  # fmt: skip
    assert marked(answer.text) == wanted
    again = sent(answer.text)
    for name in changes.keys() - {"do"}:
        assert again.get(name, []) == (text.replace("\r\n", "\n") if isinstance(text := changes[name], str) else text), name
    assert await kept() == (0, DEFAULT)


async def test_rows_are_added_and_taken_away_without_javascript(mia: AsyncClient) -> None:
    await rules.save(await builders.merchant(), TYPED, by=None)
    page = (await mia.get(RULES)).text
    assert page.count('name="windows-') == 2 * 2, "one spare row"
    more = await mia.post(RULES, data=sent(page, do="more-windows", default_days="not checked yet"))
    assert (more.status_code, more.text.count('name="windows-')) == (200, 3 * 2)
    assert sent(more.text)["default_days"] == "not checked yet"
    assert re.search(r'<textarea id="windows-2-patterns"[^>]* autofocus', more.text), "where one goes on typing"
    less = await mia.post(RULES, data=sent(more.text, do="remove-windows-0"))
    assert (sent(less.text)["windows-0-patterns"], less.text.count('name="windows-')) == ("", 2)
    for odd in ("more-everything", "remove-auto-1", "remove-windows-99", "remove-windows-999999999"):
        assert (await mia.post(RULES, data=sent(page, do=odd))).status_code == 200
    assert (await kept())[1] == TYPED, "nothing is saved by that"


async def test_it_is_tried_on_past_returns_before_it_is_saved(mia: AsyncClient) -> None:
    await rules.save(await builders.merchant(), Rules(ways=("label",)), by=None)
    order = await bought.delivered()
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0], way="label"), by="customer:1")
    page = (await mia.get(RULES)).text
    answer = await mia.post(RULES, data=sent(page, **{"do": "try", "shipping_fee-EUR": "4,90"}))
    assert answer.status_code == 200
    for text in ("Of 1 past return, 1 would have gone otherwise.", code, "€43.10", "was €48.00", "Nothing is saved yet."):
        assert text in answer.text
    assert (await kept())[1].shipping_fee == {}
    saved = await mia.post(RULES, data=sent(answer.text, do="save"))
    assert saved.status_code == 303
    assert (await kept())[1].shipping_fee == {"EUR": 490}
    same = await mia.post(RULES, data=sent((await mia.get(RULES)).text, do="try"))
    assert "These are the rules that count already." in same.text


async def test_the_enter_key_tries_and_does_not_save(mia: AsyncClient) -> None:
    page = (await mia.get(RULES)).text
    first = re.search(r"<button[^>]*>", page.partition('<form class="stack"')[2])
    assert first
    assert 'value="try"' in first[0]
    answer = await mia.post(RULES, data=sent(page, default_days="44"))
    assert (answer.status_code, await kept()) == (200, (0, DEFAULT))


async def test_what_somebody_else_has_saved_meanwhile_is_not_overwritten_unseen(mia: AsyncClient) -> None:
    page = (await mia.get(RULES)).text
    newer = await rules.save(await builders.merchant(), TYPED, by=None)
    answer = await mia.post(RULES, data=sent(page, default_days="44", do="save"))
    assert answer.status_code == 409
    assert "Somebody has saved other rules meanwhile" in answer.text
    assert await kept() == (newer, TYPED)
    assert (await mia.post(RULES, data=sent(answer.text, do="save"))).status_code == 303, "seen, and meant all the same"
    assert (await kept())[1] == Rules(default_days=44)


async def test_amounts_are_asked_for_in_the_currencies_that_the_merchant_sells_in(mia: AsyncClient) -> None:
    assert 'name="auto_below-EUR"' in (await mia.get(RULES)).text
    await builders.order("1", currency="CHF")
    await builders.order("2", currency="JPY")
    await builders.order("3", merchant=NIA, currency="USD")
    page = (await mia.get(RULES)).text
    assert re.findall(r'name="auto_below-([A-Z]+)"', page) == ["CHF", "JPY"]
    await mia.post(RULES, data=sent(page, **{"shipping_fee-CHF": "7.5", "shipping_fee-JPY": "500", "do": "save"}))
    assert (await kept())[1].shipping_fee == {"CHF": 750, "JPY": 500}


async def test_it_is_said_what_no_fee_means(mia: AsyncClient) -> None:
    assert "Empty: free in that currency, and you bear it." in (await mia.get(RULES)).text


async def test_agents_read_the_rules_and_change_nothing(mia: AsyncClient) -> None:
    shop = await builders.merchant()
    number = await rules.save(shop, TYPED, by=None)
    await rules.save(shop, DEFAULT, by=None)
    form = sent((await mia.get(RULES)).text, do="save", default_days="99")
    await become(mia, AGENT)
    page = await mia.get(RULES)
    assert (page.status_code, "<form" in page.text.partition("<main")[2]) == (200, False)
    assert "14 days" in page.text
    for path, data in (("", form), (f"/versions/{number}/restoration", {})):
        answer = await mia.post(f"{RULES}{path}", data=data)
        assert answer.status_code == 403
        assert "Whoever wants to change that asks a manager or an owner." in answer.text
    version = (await mia.get(f"{RULES}/versions/{number}")).text
    assert "Make it the present one again" not in version
    assert (await kept())[1] == DEFAULT


async def test_earlier_versions_say_who_when_and_what_and_one_counts_again(mia: AsyncClient) -> None:
    shop, mine = await builders.merchant(), sent((await mia.get(RULES)).text, do="save", default_days="60")
    first = await rules.save(shop, TYPED, by=None)
    await mia.post(RULES, data={**mine, "version": str(first)})
    second, _rules = await kept()
    page = (await mia.get(f"{RULES}/versions")).text
    assert page.index(f'href="{RULES}/versions/{second}"') < page.index(f'href="{RULES}/versions/{first}"')
    for text in ("Mia", "The operator", "Days to return something", "Counts now"):
        assert text in page
    one = (await mia.get(f"{RULES}/versions/{second}")).text
    assert "<del>30 days</del>" in one
    assert "<ins>60 days</ins>" in one
    answer = await mia.post(f"{RULES}/versions/{first}/restoration")
    assert (answer.status_code, answer.headers["location"]) == (303, RULES)
    third, again = await kept()
    assert (third > second, again) == (True, TYPED)
    assert len(await db.rows("SELECT id FROM return_rules")) == 3
    assert (await mia.post(f"{RULES}/versions/{third}/restoration")).status_code == 303
    assert (await kept())[0] == third, "what counts already is not written again"


async def test_versions_go_on_where_a_page_of_them_ends(mia: AsyncClient) -> None:
    shop = await builders.merchant()
    for days in range(1, 53):
        await rules.save(shop, Rules(default_days=days), by=None)
    page = (await mia.get(f"{RULES}/versions")).text
    links = re.findall(r"return-rules/versions/(\d+)", page)
    assert len(links) == 50
    rest = (await mia.get(f"{RULES}/versions?{re.findall(r'before=[0-9]+', page)[0]}")).text
    more = re.findall(r"return-rules/versions/(\d+)", rest)
    assert (len(more), len({*links, *more})) == (2, 52)
    assert 'href="?before=' not in rest


@pytest.mark.parametrize("path", ["", "/versions", "/versions/{number}"])
async def test_strangers_find_no_rules_and_no_version_of_another_shop(mia: AsyncClient, path: str) -> None:
    number = await rules.save(await builders.merchant(), TYPED, by=None)
    theirs = f"/desk/{NIA}/return-rules"
    assert (await mia.get(f"{RULES}{path.format(number=number)}")).status_code == 200
    await become(mia, ELSEWHERE)
    assert (await mia.get(f"{RULES}{path.format(number=number)}")).status_code == 404
    assert (await mia.get(f"{theirs}/versions/{number}")).status_code == 404
    assert (await mia.post(f"{theirs}/versions/{number}/restoration")).status_code == 404
    assert (await mia.post(RULES, data={"do": "save", "default_days": "1"})).status_code == 404
    assert len(await db.rows("SELECT id FROM return_rules")) == 1


@pytest.mark.parametrize("number", [0, 2**31, 2**70])
async def test_a_version_that_was_never_written_is_not_there(mia: AsyncClient, number: int) -> None:
    assert (await mia.get(f"{RULES}/versions/{number}")).status_code == 404


async def test_all_of_it_is_said_in_french(mia: AsyncClient) -> None:
    number = await rules.save(await builders.merchant(), TYPED, by=None)
    await become(mia, MANAGER, "fr")
    form, one = (await mia.get(RULES)).text, (await mia.get(f"{RULES}/versions/{number}")).text
    for text in ("Règles de retour", "Essayer sur les retours passés", "L’exploitant", "En vigueur"):
        assert text in unescape(form + one), text
    assert "Home, sku:TEA-*" in one
    assert "60 jours" in one


async def test_the_form_stays_small_enough_for_what_may_be_written(mia: AsyncClient) -> None:
    """As many rows as may be: still one page, and sent back whole."""
    full = Rules(windows=tuple(Window(patterns=(f"Goods {n}",), days=n) for n in range(100)))
    await rules.save(await builders.merchant(), full, by=None)
    page = (await mia.get(RULES)).text
    assert (await mia.post(RULES, data=sent(page, do="save", default_days="15"))).status_code == 303
    assert (await kept())[1] == msgspec.structs.replace(full, default_days=15)
    assert len(rule_forms.sent([]).rows["windows"]) == 0
