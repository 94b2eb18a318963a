"""The pictures of the demo: one for each product, small, and safe to show to anybody."""

from xml.etree import ElementTree

import pytest

from app.demo.catalogue import PRODUCTS
from app.demo.drawings import PICTURES, draw

pytestmark = pytest.mark.without_database

SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse"}


@pytest.mark.parametrize("sku", [product.sku for product in PRODUCTS])
def test_a_drawing_is_small_and_holds_shapes_only(sku):
    picture = draw(sku)
    assert len(picture) <= 2500
    root = ElementTree.fromstring(picture)
    assert root.get("viewBox") == "0 0 256 256"
    elements = list(root.iter())
    assert {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in elements} <= SHAPES
    attributes = [(name, value) for element in elements for name, value in element.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or "href" in name or name in ("style", "class")]
    assert not [value for _, value in attributes if "url(" in value or "://" in value]
    assert not [element.text for element in elements if (element.text or "").strip()]
    assert len({value for name, value in attributes if name in ("fill", "stroke") and value != "none"}) >= 4


def test_every_product_has_a_drawing_of_its_own():
    assert {path.stem for path in PICTURES.glob("*.svg")} == {product.sku.lower() for product in PRODUCTS}
    assert len({draw(product.sku) for product in PRODUCTS}) == 40
