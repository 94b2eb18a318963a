"""Who sells in the demo shop, and what. Names under `.example` belong to nobody (RFC 2606); tax ids are all zeros."""

from msgspec import Struct

from app.demo.products import BY_SKU, PRODUCTS, Product

__all__ = ["BY_SKU", "MERCHANTS", "PRODUCTS", "Merchant", "Product", "merchant_of", "product_url"]


class Merchant(Struct, frozen=True, kw_only=True):
    """A seller with what the law wants to be shown of it. `accent` is its colour as #rrggbb; `address` by lines."""

    slug: str
    name: str
    description: str
    website: str
    email: str
    phone: str
    country: str  # ISO 3166-1 alpha-2
    zone: str
    currency: str
    legal_name: str
    address: tuple[str, ...]
    registration: str
    vat_id: str
    accent: str
    number: str  # how it writes an order number


MERCHANTS: tuple[Merchant, ...] = (
    Merchant(
        slug="atelier-nord",
        name="Atelier Nord",
        description="Stoneware, linen and light for the table and the home, made in Roubaix.",
        website="https://www.atelier-nord.example",
        email="bonjour@atelier-nord.example",
        phone="+33 3 53 01 00 14",  # 03 53 01 is kept for fiction by the French numbering plan
        country="FR",
        zone="Europe/Paris",
        currency="EUR",
        legal_name="Atelier Nord SARL",
        address=("14 rue des Teinturiers", "59100 Roubaix", "France"),
        registration="RCS Lille Métropole 000 000 000",
        vat_id="FR12000000000",
        accent="#2f5f86",
        number="A-{}",
    ),
    Merchant(
        slug="hifi-lambert",
        name="Hifi Lambert",
        description="Turntables, loudspeakers and headphones, chosen by ear and repaired in-house since 1978.",
        website="https://www.hifi-lambert.example",
        email="kontakt@hifi-lambert.example",
        phone="+49 30 23125 014",  # kept for fiction by the Bundesnetzagentur
        country="DE",
        zone="Europe/Berlin",
        currency="EUR",
        legal_name="Hifi Lambert GmbH",
        address=("Weserstraße 240", "12047 Berlin", "Germany"),
        registration="Amtsgericht Charlottenburg, HRB 000000",
        vat_id="DE000000000",
        accent="#a8452b",
        number="{}",
    ),
    Merchant(
        slug="alpages",
        name="Alpages",
        description="Food from the alpine pastures and sturdy things for going up there.",
        website="https://www.alpages.example",
        email="salut@alpages.example",
        phone="",
        country="CH",
        zone="Europe/Zurich",
        currency="CHF",
        legal_name="Alpages Sàrl",
        address=("Rue de la Poterne 3", "1630 Bulle", "Switzerland"),
        registration="Registre du commerce de Fribourg, CHE-000.000.000",
        vat_id="CHE-000.000.000 TVA",
        accent="#3d6b4b",
        number="{}",
    ),
)


def merchant_of(slug: str) -> Merchant:
    return next(merchant for merchant in MERCHANTS if merchant.slug == slug)


def product_url(product: Product) -> str:
    name = product.sku.partition("-")[2].lower()
    return f"{merchant_of(product.merchant).website}/products/{name}"
