"""Templates compiled per language say what the same templates say uncompiled, on every page and in both languages."""

from typing import Any

import pytest
from httpx import AsyncClient
from jinja2 import UndefinedError
from markupsafe import Markup
from msgspec import Struct

from app import i18n
from app.orders import cards, lists
from app.returns import asking
from app.web import compiled, folding, pages, templating
from tests import builders
from tests.returns import bought


class Order(Struct):
    number: str
    items: list[str]


def both(source: str, locale: str = "en", **context: Any) -> tuple[str, str]:
    """Compiled for the locale, and as Jinja does it by itself."""
    i18n.current.set(i18n.Voice(locale))
    return (
        compiled._environment(locale).from_string(source).render(context),
        templating.environment.from_string(source).render(context),
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ order.number }}{% for it in order.items %}{{ loop.index }}{{ it }}{% endfor %}",
        "{{ 7 }}{{ 1.5 }}{{ none }}{{ true }}{{ safe }}{{ order.items }}{{ order.number|length }}",
        '{{ _("Orders") }}{{ asset("css/app.css") }}<a title="{{ _("Order") }}">',
        '{% from "parts/ui.html" import icon, tag as label %}{{ icon("x") }}{{ icon(kind) }}{{ label(order.number, "good") }}',
        '{% from "parts/ui.html" import icon %}{% set icon = order.number %}{{ icon }}',
        '{% set older, grown = "/orders?before=1&a=2", "" %}{% include "orders/_older.html" %}{{ older }}',
        "{% block a %}{{ order.number }}{% endblock %}{{ self.a() }}",
        "{% macro m(a) %}<i>{{ a }}</i>{% endmacro %}{{ m(order.number) }}{{ m(safe) }}",
        "{% macro m(a) %}<i>{{ a }}{{ caller() }}</i>{% endmacro %}{% call m(safe) %}<b>{{ order.number }}</b>{% endcall %}",
        '{% from "parts/form.html" import field %}{{ field("code", "Code", order.number, error="<no>", hint="six") }}',
    ],
)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_a_compiled_template_says_the_same(source: str, locale: str) -> None:
    order = Order("<script>\"&'", ["“one”", "<two>"])
    made, wanted = both(source, locale, order=order, kind="bell", safe=Markup("<b>safe</b>"))
    assert made == wanted
    assert "<script>" not in made


@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_whole_pages_say_the_same(alice: AsyncClient, monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    await builders.customer(locale=locale)
    await builders.order("A-1", lines=[builders.line("1", title="<Cup> “Brume”"), builders.line("2")], note="Ring & wait")
    addresses = ["/orders", "/orders?q=cup", "/orders?q=nothing", "/orders/A-1", "/orders/spending", "/account", "/nowhere"]
    made = [(await alice.get(address)).text for address in addresses]
    monkeypatch.setattr(pages, "render", lambda name, _locale, context: templating.render(name, context).encode())
    wanted = [(await alice.get(address)).text for address in addresses]
    assert made == wanted
    assert f'lang="{locale}"' in made[0]
    assert "&lt;Cup&gt;" in made[0]


def test_what_is_drawn_says_the_same_as_its_macro() -> None:
    source = '{% from "parts/ui.html" import tag %}{% for it in views %}{{ drawn(tag, it, "good") }}{% endfor %}'
    made, wanted = both(source, views=["<2>", Markup("<i>1</i>"), "<2>"])
    assert made == wanted
    assert "&lt;2&gt;" in made


async def test_a_card_is_drawn_once_in_each_language() -> None:
    order = await builders.order()
    row = await lists.one(order["customer"], order["address"])
    assert row is not None
    drawn = {}
    for locale, word in (("en", "Archive"), ("fr", "Archiver")):
        i18n.current.set(i18n.Voice(locale))
        macro = folding.imported(compiled._environment(locale), "orders/cards.html", "order_card")
        card = cards.card(row, i18n.voice())
        drawn[locale] = compiled.drawn(macro, card)
        assert drawn[locale] is compiled.drawn(macro, cards.card(row, i18n.voice()))
        assert f"<span>{word}</span>".encode() in drawn[locale]
    assert drawn["en"] != drawn["fr"]


def test_an_item_of_a_dict_is_found_too() -> None:
    made = compiled.render("errors/error.html", "en", {
        "layout": "layouts/bare.html", "viewer": None, "path": "", "here": "", "locale": "en", "flash": None, "status": 404,
        "title": "Nothing here", "text": "Nothing.", "action": {"label": "To your orders", "url": "/orders"},
    })  # fmt: skip
    assert b"To your orders" in made


def test_a_name_that_is_not_there_is_an_error_in_its_own_file() -> None:
    with pytest.raises(UndefinedError) as caught:
        compiled.render("orders/_older.html", "en", {})
    assert "older" in str(caught.value)
    assert any(str(entry.path).endswith("orders/_older.html") for entry in caught.traceback)


async def test_forms_and_returns_are_not_rendered_a_second_time(alice: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which costs twice as much as all the rest of the page, and shows in no other way."""
    order = await bought.delivered()
    line, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    await builders.member(builders.ALICE, role="manager")
    alice.cookies.update(await builders.session(builders.ALICE, factor=True))

    def never(name: str, _context: Any) -> str:
        raise AssertionError(name)

    monkeypatch.setattr(templating, "render", never)
    addresses = [
        "/orders/1001/returns/new?kind=return", "/orders/1001/returns/new?all=yes&reason=changed_mind", f"/returns/{code}",
        "/orders/1001/withdrawal", "/orders/1001/what-happened", "/orders/1001/rights", "/withdrawal",
        f"/returns/{code}/photos", "/account",
        f"/desk/{builders.MO}/returns", f"/desk/{builders.MO}/returns/{code}", f"/desk/{builders.MO}/return-rules",
    ]  # fmt: skip
    assert [(it, status) for it in addresses if (status := (await alice.get(it)).status_code) != 200] == []
    assert (await alice.get("/orders/nowhere")).status_code == 404
