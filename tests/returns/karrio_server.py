"""A small Karrio server on the loopback: shipments by reference, rates, purchases that cost money, and the label as PDF."""

import re
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

PDF = b"%PDF-1.4\n1 0 obj\n<</Title (carrier)>>\nendobj\n%%EOF\n"


class Karrio:
    """`sold` are the ids of shipments in the order of their purchases. `failing`: what goes wrong at which step ("list",
    "create", "purchase", "label", "cancel"): a status, or “lost” for an answer that never comes though the deed is done."""

    def __init__(self) -> None:
        self.shipments: dict[str, dict[str, Any]] = {}
        self.sold: list[str] = []
        self.asked: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.failing: dict[str, int | str] = {}
        self.rates = [
            {"id": "rat_1", "carrier_name": "laposte", "service": "colissimo_retour", "total_charge": 5.9, "currency": "EUR"},
            {"id": "rat_2", "carrier_name": "ups", "service": "ups_standard", "total_charge": 4.2049, "currency": "EUR"},
        ]

    def application(self) -> web.Application:
        found = web.Application()
        found.router.add_get("/v1/shipments", self.listed)
        found.router.add_post("/v1/shipments", self.create)
        found.router.add_post("/v1/shipments/{id}/purchase", self.purchase)
        found.router.add_get("/v1/shipments/{id}/label.pdf", self.label)
        found.router.add_post("/v1/shipments/{id}/cancel", self.cancel)
        return found

    async def listed(self, request: web.Request) -> web.StreamResponse:
        """As Karrio's filter: whatever holds the text."""
        self._begin("list", request)
        wanted = request.query["reference"]
        found = [one for one in self.shipments.values() if wanted.lower() in one["reference"].lower()]
        return self._answer("list", {"count": len(found), "results": found})

    async def create(self, request: web.Request) -> web.StreamResponse:
        self._begin("create", request)
        body = await request.json()
        self.bodies.append(body)
        if isinstance(self.failing.get("create"), int):
            return self._answer("create", {})
        name = f"shp_{len(self.shipments) + 1}"
        made = {"id": name, "status": "draft", "reference": body["reference"], "rates": self.rates, "messages": []}
        self.shipments[name] = made
        return self._answer("create", made, 201)

    async def purchase(self, request: web.Request) -> web.StreamResponse:
        self._begin("purchase", request)
        if isinstance(self.failing.get("purchase"), int):
            return self._answer("purchase", {})
        one, body = self.shipments[request.match_info["id"]], await request.json()
        if one["status"] != "draft":
            return web.json_response({"errors": [{"message": "the shipment is purchased already"}]}, status=409)
        rate = next(rate for rate in self.rates if rate["id"] == body["selected_rate_id"])
        number = f"1Z{len(self.sold):016d}"
        one |= {"status": "purchased", "tracking_number": number, "selected_rate": rate, "carrier_name": rate["carrier_name"]}
        self.sold.append(one["id"])
        return self._answer("purchase", one)

    async def label(self, request: web.Request) -> web.StreamResponse:
        self._begin("label", request)
        if self.failing.get("label"):
            return self._answer("label", {})
        return web.Response(body=PDF, content_type="application/pdf")

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        self._begin("cancel", request)
        if isinstance(self.failing.get("cancel"), int):
            return self._answer("cancel", {})
        self.shipments[request.match_info["id"]]["status"] = "cancelled"
        return self._answer("cancel", self.shipments[request.match_info["id"]])

    def _begin(self, step: str, request: web.Request) -> None:
        self.asked.append(step)
        assert re.fullmatch(r"Token key_\w+", request.headers["Authorization"])

    def _answer(self, step: str, found: Any, status: int = 200) -> web.StreamResponse:
        how = self.failing.get(step)
        if how == "lost":
            with suppress(KeyError):
                del self.failing[step]  # only once
            return web.Response(status=502, text="bad gateway")
        if isinstance(how, int):
            said = {"errors": [{"message": f"the carrier says no to {step}"}]}
            return web.Response(body=msgspec.json.encode(said), status=how, content_type="application/json")
        return web.json_response(found, status=status)
