"""A phone that keeps the pack: what it is told, put together as the service worker does it."""

import gzip
import re
from collections.abc import Mapping, Sequence
from typing import Any

import brotli
import msgspec
from httpx import AsyncClient

from app.offline import blocks
from app.offline.likeness import Part

DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
BETWEEN = re.compile(r"(?=<article|<section|<fieldset|<form class|<li )")


class Phone:
    """`pages` are by address, the frame's is empty; `orders` are the lines of those that are kept."""

    def __init__(self, browser: AsyncClient) -> None:
        self.browser = browser
        self.pages: dict[str, str] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.head: dict[str, Any] = {}
        self.cursor = ""

    async def ask(self, encoding: str = "br", **more: str) -> list[dict[str, Any]]:
        """The lines, kept when the last of them came."""
        told, _size = await self.asked(encoding, **more)
        self.keep(told)
        return told

    async def asked(self, encoding: str = "br", **more: str) -> tuple[list[dict[str, Any]], int]:
        """The lines, and how many bytes they came in."""
        query = {"cursor": self.cursor, **more}
        async with self.browser.stream(
            "GET", "/offline/pack", params=query, headers={"Accept-Encoding": encoding or "identity"}
        ) as answer:
            assert answer.status_code == 200
            self.headers = answer.headers
            body = b"".join([piece async for piece in answer.aiter_raw()])
        assert answer.headers.get("content-encoding", "") == encoding
        return [msgspec.json.decode(line) for line in DECODED[encoding](body).splitlines()], len(body)

    def keep(self, told: list[dict[str, Any]]) -> None:
        for line in told:
            self._take(line)
        if told[-1] == {"end": True}:
            self.cursor = self.head["cursor"]
            newest = sorted(self.orders.values(), key=lambda it: (it["facts"]["placed"], it["facts"]["id"]), reverse=True)
            self.orders = {it["url"]: it for it in newest[: self.head["most"]]}
            assert blocks.hashed("\n".join(sorted(self.orders)).encode()) == self.head["digest"]

    def _take(self, line: dict[str, Any]) -> None:
        if "digest" in line:
            self.head |= line
            if line["whole"]:
                self.orders = {}
        elif "frame" in line:
            self.pages[""] = line["frame"]
        elif "url" in line:
            html = self._html(line)
            assert blocks.hashed(html.encode()) == line["etag"]
            self.pages[line["url"]] = html
            if "card" in line:
                self.orders[line["url"]] = line

    def _html(self, line: dict[str, Any]) -> str:
        if "like" in line:
            like = self.pages[line["like"]] + self.orders[line["like"]]["card"]
            line["card"] = pieced(line["card"], like)
            return pieced(line["parts"], like)
        html: str = line["html"] if "html" in line else _together(line["parts"], self.pages[line["url"]])
        return html


def _together(parts: list[Any], known: str) -> str:
    had = BETWEEN.split(known)
    return "".join(part if isinstance(part, str) else "".join(had[part[0] : part[1]]) for part in parts)


def pieced(parts: Sequence[Part], like: str) -> str:
    """Of texts, and of signs of the other one: (how far behind the last ones, how many)."""
    made, end = "", 0
    for part in parts:
        begin = end if isinstance(part, str) else end + part[0]
        end = end if isinstance(part, str) else begin + part[1]
        made += part if isinstance(part, str) else like[begin:end]
    return made


def addresses(told: list[dict[str, Any]]) -> list[str]:
    """Of the pages that were sent, but for the frame."""
    return [line["url"] for line in told if "url" in line]


def facts_of(told: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    return [line["facts"] for line in told if "facts" in line]
