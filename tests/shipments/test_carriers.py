"""A parcel leads to its carrier's page, also where the source gave no link."""

import pytest
from httpx import AsyncClient

from app.ingest.snapshot import Shipment
from app.shipments.carriers import PAGES, page
from tests import builders


@pytest.mark.parametrize(
    ("carrier", "number", "address"),
    [
        ("UPS", "1Z999AA10123456784", "https://www.ups.com/track?tracknum=1Z999AA10123456784"),
        ("La Poste", "6A 1", "https://www.laposte.fr/outils/suivre-vos-envois?code=6A%201"),
        ("USPS", "9\"><script>", "https://tools.usps.com/go/TrackConfirmAction?tLabels=9%22%3E%3Cscript%3E"),
        ("AMZN_US", "TBA1", ""), ("", "1", ""), ("UPS", " ", ""),
    ],
)  # fmt: skip
def test_a_known_carrier_has_a_page(carrier: str, number: str, address: str) -> None:
    assert page(carrier, number) == address


def test_every_page_is_on_the_web_and_names_the_parcel() -> None:
    assert all(address.startswith("https://") and address.count("{}") == 1 for address in PAGES.values())


async def test_the_sources_own_link_comes_first(alice: AsyncClient) -> None:
    own = Shipment(id="1", carrier="UPS", tracking_number="1Z1", tracking_url="https://shop.example/follow/1Z1")
    await builders.order("1", shipments=[own])
    await builders.order("2", shipments=[Shipment(id="1", carrier="UPS", tracking_number="1Z2")])
    assert "https://shop.example/follow/1Z1" in (await alice.get("/orders/1")).text
    assert "https://www.ups.com/track?tracknum=1Z2" in (await alice.get("/orders/2")).text
