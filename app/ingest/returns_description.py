"""What `returns/api.py` answers, in the words of OpenAPI 3.1."""

from typing import Any

from app.ingest.api_description import content, problems
from app.ingest.api_limits import TIME
from app.ingest.returns_schemas import NUMBER
from app.returns.api_list import STATES, WAITING
from app.returns.states import KINDS
from app.shelves import MEDIA_TYPES

CODE, AT = "R-7K3F9QXM", "2026-11-21T10:00:00Z"
EXCHANGE = f"exchange-{CODE}"
ITEM = {"id": 12, "title": "Teapot “Brume”", "variant": "Blue", "sku": "TEA-2", "quantity": 1, "unit_price": 4800}
PROPOSAL = {"items": [ITEM | {"unit_price": 6800}], "how_paid": "Here: https://pay.example/R-7K3F9QXM"}
PROPOSED = PROPOSAL | {
    "state": "open",
    "difference": 2000,
    "currency": "EUR",
    "proposed_at": AT,
    "answer_by": "2026-12-05T23:00:00Z",
}
LINE = {"line": "1", "quantity": 1, "reason": "wrong_size"}
NEW = {"order": "A/1", "lines": [LINE]}
ONE: dict[str, Any] = {
    "code": CODE, "id": "", "kind": "return", "state": "requested", "waiting_on": "seller", "order": "A/1",
    "order_numbers": "1001", "exchange": None, "currency": "EUR", "expected": 4800, "refunded": 0, "kept_back": 0,
    "money": "", "item_count": 1, "created_at": AT, "changed_at": AT, "due_at": "2026-11-26T10:00:00Z",
    "send_by": "2026-12-05T23:00:00Z", "refund_by": None,
}  # fmt: skip
WHOLE = {
    "about": ONE, "way": "own_carrier", "carrier": "", "tracking_number": "", "note": "", "clause": "", "answer": "",
    "decided_at": None, "sent_at": None, "received_at": None, "settled_at": None, "closed_at": None, "objected_at": None,
    "lines": [{
        "id": 12, "order": "A/1", "line": "1", "title": "Teapot “Brume”", "variant": "Grey", "sku": "TEA-1", "quantity": 1,
        "reason": "wrong_size", "wish": "refund", "wanted": "", "note": "", "expected": 4800, "deduction": 0,
        "deduction_reason": "", "sound": 0, "damaged": 0, "wrong_item": 0, "missing": 0,
    }],
    "photos": [{
        "id": 3, "url": f"/api/v1/returns/{CODE}/photos/3", "title": "spout.jpg", "media_type": "image/webp", "at": AT,
    }],
    "events": [{"kind": "return_requested", "at": AT, "by": "customer", "text": "", "amount": 4800}],
    "refunds": [], "beside": [],
}  # fmt: skip
PLACE = {
    "name": "code", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^R-[0-9A-HJKMNP-TV-Z]{8}$"},
    "description": "What the customer was told, such as R-7K3F9QXM.",
}  # fmt: skip
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": "The same key is answered with the first result, for 30 days; with another body it is refused (422). Keys "
    "are each API key's own. What was refused leaves no trace: its key may be sent again.",
}  # fmt: skip
GONE_ON = "It cannot be done now: it has gone on meanwhile, or somebody else was quicker."


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string", **schema}, "description": description}


def _problems(*statuses: int) -> dict[str, Any]:
    found = problems(*statuses)
    if 404 in statuses:
        found["404"]["description"] = "This merchant has no such return."
    if 409 in statuses:
        found["409"]["description"] = GONE_ON
    return found


REPLAYED = {
    "Idempotency-Replayed": {"schema": {"type": "string"}, "description": "“true” where it had been done before."},
}  # fmt: skip


def _change(operation: str, summary: str, schema: str, example: dict[str, Any], **after: Any) -> dict[str, Any]:
    return {
        "parameters": [PLACE],
        "post": {
            "operationId": operation, "tags": ["Returns"], "summary": summary, "parameters": [KEY],
            "requestBody": {"required": True, "content": content(schema, example)},
            "responses": {
                "200": {"description": "Done.", "headers": REPLAYED, "content": content("Return", ONE | after)},
                **_problems(404, 409, 413, 415, 422),
            },
        },
    }  # fmt: skip


RETURNS, ADDRESS = "/api/v1/returns", "/api/v1/returns/{code}"
LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Its address.", "required": True}}
FILTERS = [
    _query("kind", "Only of this kind.", enum=list(KINDS)),
    _query("state", "Only what stands there now.", enum=STATES),
    _query("waiting", "Only what waits for them.", enum=list(WAITING)),
    _query("since", "Only what has changed since. Ask from a minute before the last time: changes may be told late.", **TIME),
    _query("after", "`next` of the page before."),
]
PATHS = {
    RETURNS: {
        "get": {
            "operationId": "listReturns", "tags": ["Returns"], "summary": "Read the merchant's returns, as they changed",
            "description": "Whatever changes while it is read comes again at the end.", "parameters": FILTERS,
            "responses": {
                "200": {"description": "A page.", "content": content("Returns", {"returns": [ONE], "next": ""})},
                **_problems(422),
            },
        },
        "post": {
            "operationId": "postReturn", "tags": ["Returns"], "summary": "Ask for a return, a claim or a cancellation",
            "description": "For its customer, by the law and the merchant's rules, as at the counter itself. The same asked "
            "again within ten minutes is the same.",
            "parameters": [KEY], "requestBody": {"required": True, "content": content("NewReturn", NEW)},
            "responses": {
                "200": {
                    "description": "It had been asked for just before.", "headers": REPLAYED, "content": content("Return", ONE),
                },
                "201": {"description": "New.", "headers": LOCATION | REPLAYED, "content": content("Return", ONE)},
                **_problems(413, 415, 422),
            },
        },
    },
    ADDRESS: {
        "parameters": [PLACE],
        "get": {
            "operationId": "getReturn", "tags": ["Returns"], "summary": "Read one whole",
            "responses": {"200": {"description": "All of it.", "content": content("WholeReturn", WHOLE)}, **_problems(404)},
        },
    },
    f"{ADDRESS}/photos/{{number}}": {
        "parameters": [PLACE, {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", **NUMBER}}],
        "get": {
            "operationId": "getPhoto", "tags": ["Returns"], "summary": "A photo of what is sent back",
            "responses": {
                "200": {"description": "The picture.", "content": {
                    kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in MEDIA_TYPES.values()
                }},
                **_problems(404),
            },
        },
    },
    f"{ADDRESS}/approval": _change("approveReturn", "Agree to it", "Approval", {}, state="approved", waiting_on="buyer"),
    f"{ADDRESS}/refusal": _change(
        "declineReturn", "Decline it", "Refusal", {"clause": "used", "answer": "It was washed."}, state="declined",
        waiting_on="nobody",
    ),
    f"{ADDRESS}/question": _change("questionReturn", "Ask its customer", "Question", {"question": "Which size?"},
                                   waiting_on="buyer"),
    f"{ADDRESS}/upholding": _change("upholdRefusal", "Stay with a decision after an objection", "Upholding",
                                    {"answer": "The seal was broken."}, state="declined", waiting_on="nobody"),
    f"{ADDRESS}/objection": _change("objectToWithdrawal", "Say what stands against a withdrawal", "Objection",
                                    {"text": "The period was over (Art. 9)."}, kind="withdrawal", state="goods_due"),
    f"{ADDRESS}/receiving": _change("receiveReturn", "Count what came back", "Arrival", {"lines": [{"id": 12, "sound": 1}]},
                                    state="received"),
    f"{ADDRESS}/refund": _change("refundReturn", "Give money back", "MoneyBack", {"amount": 4800}, state="refunded",
                                 refunded=4800, waiting_on="nobody"),
    f"{ADDRESS}/recount": _change("recountReturn", "Count again what came back", "Recount",
                                  {"lines": [{"id": 12, "damaged": 1}], "note": "A crack."}, state="received"),
    f"{ADDRESS}/goods": _change("wantGoods", "Have the goods of a granted claim sent back", "GoodsWanted", {}, kind="claim",
                                state="approved", waiting_on="buyer"),
    f"{ADDRESS}/order": _change("attachOrder", "Say which order a withdrawal is about that matched none", "ItsOrder",
                                {"order": "A/1"}, kind="withdrawal", state="goods_due", waiting_on="buyer"),
    f"{ADDRESS}/exchange": _change("exchangeReturn", "Send an exchange or a replacement", "Exchange", {"items": [ITEM]},
                                   state="exchanged", exchange=EXCHANGE, waiting_on="nobody"),
    f"{ADDRESS}/exchange/proposal": {
        **_change("proposeExchange", "Propose something dearer: its customer agrees to the difference, or has the money back",
                  "Proposal", PROPOSAL, state="received", waiting_on="buyer"),
        "get": {
            "operationId": "getProposal", "tags": ["Returns"], "summary": "Read how the newest proposal stands",
            "responses": {"200": {"description": "It.", "content": content("Proposed", PROPOSED)}, **_problems(404)},
        },
    },
    f"{ADDRESS}/exchange/proposal/end": _change("endProposal", "Take a proposal back before it is answered", "ProposalEnd", {},
                                                state="received"),
    f"{ADDRESS}/exchange/parcel": _change("dispatchExchange", "Say that the parcel of an exchange has gone out", "Dispatch",
                                          {"tracking_number": "6A12345678901", "carrier": "Colissimo"}, state="exchanged",
                                          exchange=EXCHANGE, waiting_on="nobody"),
    f"{ADDRESS}/exchange/payment": _change("noteDifferencePaid", "Note that a difference is paid", "DifferencePaid", {},
                                           state="exchanged", exchange=EXCHANGE, waiting_on="nobody"),
    f"{ADDRESS}/money": _change("payInstead", "Pay back what cannot be exchanged", "MoneyInstead", {}, state="received"),
    f"{ADDRESS}/repair": _change("repairClaimed", "Make a claim good by a repair", "Repair", {"note": "A new handle."},
                                 kind="claim", state="resolved", waiting_on="nobody"),
}  # fmt: skip
