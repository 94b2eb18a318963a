"""What came a few days ago, and how somebody asks for something with it: send it back, exchange it, have it put right."""

import io
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from e2e import parcels, steps
from e2e.counter import Counter


def came(counter: Counter, **about: Any) -> str:
    """The address of somebody new, whose two teapots and whose cup came three days ago."""
    lines = [
        {"id": "1", "title": "Teapot “Brume”", "variant": "Blue, 1 l", "quantity": 2, "unit_price": 4800, "total": 9600},
        {"id": "2", "title": "Cup", "quantity": 1, "unit_price": 1250, "total": 1250},
    ]
    said = {
        "lines": lines, "total": 11_340, "shipping": 490, "shipments": one_parcel(lines), "shipping_address": parcels.ADDRESS,
        "placed_at": parcels.ago(7), **about,
    }  # fmt: skip
    return counter.newcomer(**said)


def one_parcel(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With all of them, delivered three days ago."""
    inside = [{"line": line["id"], "quantity": line["quantity"]} for line in lines]
    return [parcels.parcel("p1", status="delivered", shipped_at=parcels.ago(5), delivered_at=parcels.ago(3), lines=inside)]


def photo(side: int = 3_000) -> dict[str, Any]:
    """As a file is chosen: large, as a telephone's are, with the place where it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "ACME-PHONE"
    Image.effect_noise((side, side), 60).convert("RGB").save(made, "JPEG", quality=90, exif=exif)
    return {"name": "teapot.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def small_photo() -> dict[str, Any]:
    return {"name": "lid.png", "mimeType": "image/png", "buffer": parcels.PNG}


def what_happened(page: Page, item: str, saying: str) -> None:
    """From the order's page by one question to the form."""
    page.goto("/orders/1")
    page.locator("a[href$='/what-happened']").click()
    page.locator("main a.row", has_text=item).click()
    page.locator(".answer a.row", has_text=saying).click()
    expect(page.locator(".asked")).to_be_visible()


def choose(page: Page, item: str) -> None:
    """Of a list, one; done when it stands open, to say more of it."""
    page.locator(".picks li", has_text=item).locator("input").first.check()
    page.locator("#asking .button.first").click()
    expect(page.locator(".asked")).to_be_visible()


def chosen(page: Page) -> None:
    choose(page, "Cup")


def nothing_said(page: Page) -> None:
    choose(page, "Cup")
    page.locator("#asking .button.first").click()
    expect(page.locator(".asked p.error")).to_be_visible()


def go_on(page: Page) -> None:
    page.locator("#asking .button.first").click()
    expect(page.locator("#asking input[name=draft]")).to_be_attached()


def send(page: Page) -> str:
    """Its code."""
    page.locator("#asking .button.first").click()
    page.wait_for_url("**/returns/R-*")
    steps.settled(page)
    return page.url.rpartition("/")[2]
