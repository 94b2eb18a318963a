"""Amounts as a page writes them, read back into minor units."""

import re

from playwright.sync_api import Page


def minor(text: str) -> int:
    """An amount of a currency with two decimals, in either language: “−€1,284.40” and “−1 284,40 €” are -128440."""
    digits = re.sub(r"\D", "", text)
    assert len(digits) >= 3, f"no amount: {text!r}"
    return -int(digits) if re.search(r"[-−]", text) else int(digits)


def sums(page: Page) -> list[tuple[str, str, int]]:
    """Kind ("", total, refund, note), label and amount of each row of an order's sums."""
    rows = page.locator(".receipt > .part").first.locator(".sums > div")
    told = rows.evaluate_all(
        "(rows) => rows.map((row) => [row.className, row.querySelector('dt').textContent, row.querySelector('dd').textContent])"
    )
    return [(kind, label, minor(amount)) for kind, label, amount in told]
