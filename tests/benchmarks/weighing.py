"""What a browser is sent, in bytes of compressed bodies."""

import re

import brotli
from msgspec import Struct

from tests.benchmarks.client import Client, request

LINKED = re.compile(
    r"""<link rel="stylesheet" href="([^"]+)"|<script[^>]* src="([^"]+)"|<use href="([^"#]+)"""
    r"""|<link rel="icon" href="([^"]+\.svg)\""""
)


class Weight(Struct):
    """`parts` of a first visit by address; the list page is one of them."""

    first_visit: int
    list_page: int
    parts: dict[str, int]


async def weighed(client: Client, token: str) -> Weight:
    page = await client.one(request("/orders", cookie=token))
    html = brotli.decompress(page.body).decode()
    parts = {"/orders": len(page.body)}
    for found in LINKED.finditer(html):
        address = next(group for group in found.groups() if group)
        if address not in parts:
            parts[address] = len((await client.one(request(address))).body)
    return Weight(sum(parts.values()), parts["/orders"], parts)
