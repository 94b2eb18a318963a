"""Whom a notice is for: by what a merchant's own tables know, and nobody else's."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app import db
from app.errors import Invalid
from app.inbox import about, blocking, starting
from app.inbox.posting import Said
from app.ingest.snapshot import Address, Shipment
from app.notices import reach, segments
from app.notices.segments import Segment
from app.returns import asking
from tests import builders
from tests.builders import NIA
from tests.notices.steps import bought, wants_offers
from tests.returns import bought as returned

BELGIUM = Address(name="Bea", street="Rue Haute 1", postal_code="1000", city="Bruxelles", country="BE")


async def names(offer: bool = False, slug: str = builders.MO, **segment: Any) -> list[str]:
    merchant = await builders.merchant(slug)
    it = await segments.checked(merchant, Segment(**segment))
    sql, args = segments.people(merchant, it, offer=offer)
    return sorted(row["name"] for row in await db.scan(f"SELECT c.name {sql}", *args))


async def test_all_who_have_ordered_there_and_nobody_elses_customers() -> None:
    await bought("ann@example.com", "Ann")
    await bought("ann@example.com", "Ann")
    await bought("nick@example.com", "Nick", slug=NIA)
    await builders.customer("zoe@example.com", "Zoe")
    assert await names() == ["Ann"]
    assert await names(slug=NIA) == ["Nick"]


async def test_by_day_country_state_language_and_product_of_one_and_the_same_order() -> None:
    old, new = datetime(2025, 3, 31, 23, 0, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    await bought("ann@example.com", "Ann", placed_at=old)
    await bought("bea@example.com", "Bea", locale="fr", placed_at=new, shipping_address=BELGIUM)
    vase = [builders.line(title="Vase “Grès”", sku="VA-1")]
    await bought("cleo@example.com", "Cleo", placed_at=new, lines=vase)
    await bought("ann@example.com", "Ann", placed_at=old, lines=vase, shipments=[Shipment(id="p1", status="in_transit")])
    assert await names(since="2026-01-01") == ["Bea", "Cleo"]
    assert await names(since="2025-04-01", zone="Europe/Paris") == ["Ann", "Bea", "Cleo"]  # a day begins where they are
    assert await names(since="2025-04-01", zone="UTC") == ["Bea", "Cleo"]
    assert (await names(country="BE"), await names(country="DE")) == (["Bea"], [])
    assert (await names(language="fr"), await names(language="en")) == (["Bea"], ["Ann", "Cleo"])
    assert await names(product="VASE gres") == ["Ann", "Cleo"]
    assert await names(product="va-1", since="2026-01-01") == ["Cleo"]  # her vase is new, Ann's is not
    assert await names(stages=("on_the_way",)) == ["Ann"]
    assert await names(stages=("on_the_way", "preparing"), since="2026-01-01") == ["Bea", "Cleo"]


async def test_a_sku_names_what_has_it_and_not_what_is_called_alike() -> None:
    await bought("ann@example.com", "Ann", lines=[builders.line(title="Teapot", sku="TEA-1")])
    await bought("bea@example.com", "Bea", lines=[builders.line(title="Teapot", sku="TEA-2")])
    assert (await names(product="tea-1"), await names(product="teapot")) == (["Ann"], ["Ann", "Bea"])


async def test_who_sends_something_back_just_now() -> None:
    await bought("ann@example.com", "Ann")
    order = await returned.delivered()
    await asking.ask(order["customer"], returned.asked((await returned.line_ids(order))[0]), by="customer:1")
    assert await names(open_return=True) == ["Alice Martin"]
    await db.execute("UPDATE returns SET state = 'closed'")
    assert await names(open_return=True) == []


async def test_who_has_blocked_the_seller_or_is_blocked_or_has_no_address_is_in_none() -> None:
    merchant = await builders.merchant()
    for name in ("Ann", "Bea", "Cleo"):
        person = await bought(f"{name.lower()}@example.com", name)
        if name != "Cleo":
            said = Said(side="buyer", text="Hello", author=person, name=name)
            code = await starting.start(person, await about.merchant(builders.MO), said, subject="A question")
            if name == "Ann":
                await blocking.by_customer(person, code, True)
            else:
                await blocking.by_desk(merchant, code, True, author=1, reason="Threats", by="member:1")
    gone = await bought("dora@example.com", "Dora")
    await db.execute("UPDATE customers SET email = 'account-1@taken-back.invalid' WHERE id = {}", gone)
    assert await names() == ["Cleo"]


async def test_offers_are_for_who_has_asked_for_them_on_any_way() -> None:
    ann, bea = await bought("ann@example.com", "Ann"), await bought("bea@example.com", "Bea", locale="fr")
    await bought("cleo@example.com", "Cleo")
    assert await names(offer=True) == []
    await wants_offers(ann)
    await wants_offers(bea, "app")
    assert await names(offer=True) == ["Ann", "Bea"]
    found = await reach.of(await builders.merchant(), Segment(), offer=True)
    assert (found.people, found.asked, found.told, found.by_language) == (3, 2, 2, {"en": 1, "fr": 1})
    assert found.names == ["Ann", "Bea"]


@pytest.mark.parametrize(
    ("field", "segment"),
    [
        ("since", {"since": "2026-02-30"}), ("since", {"since": "0001-01-01"}), ("country", {"country": "%"}),
        ("language", {"language": "de"}), ("language", {"stages": ("lost",)}), ("product", {"product": "umbrella"}),
        ("product", {"product": "a" * 300}),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_for_is_said_at_its_field(field: str, segment: dict[str, Any]) -> None:
    await bought("ann@example.com", "Ann")
    with pytest.raises(Invalid) as error:
        await names(**segment)
    assert field in error.value.fields
