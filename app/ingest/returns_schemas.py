"""The shapes of `returns/api.py`, with their limits, in the words of OpenAPI 3.1."""

from typing import Any

import msgspec

from app.ingest.api_limits import AMOUNT, ID, PIECES, TIME
from app.returns import programs_proposals, sent
from app.returns.api_list import STATES, WAITING
from app.returns.asked import MOST_LINES
from app.returns.bodies import Returns, WholeReturn
from app.returns.exchanging import MOST_OF_TEXT, MOST_PIECES, MOST_PRICE
from app.returns.proposals import ENDS
from app.returns.proposing import MOST_OF_WORDS
from app.returns.replacing import MOST_OF_PARCEL
from app.returns.states import KINDS
from app.typed import MOST_LETTERS

TEXT = {"maxLength": MOST_LETTERS}
SAID = TEXT | {"minLength": 1, "pattern": r"\S"}
SOME = PIECES | {"minimum": 1}
NUMBER = {"minimum": 1, "maximum": 2**31 - 1, "format": "int32"}
COUNTS = dict.fromkeys(("sound", "damaged", "wrong_item", "missing"), PIECES)
LIMITS: dict[str, dict[str, dict[str, Any]]] = {
    "NewReturn": {"order": ID, "lines": {"minItems": 1, "maxItems": MOST_LINES}, "note": TEXT},
    "SentLine": {"line": ID, "quantity": SOME, "wanted": TEXT, "note": TEXT},
    "Approval": {"answer": TEXT},
    "Refusal": {"answer": TEXT},
    "Question": {"question": SAID},
    "Upholding": {"answer": SAID},
    "Objection": {"text": SAID},
    "Repair": {"note": TEXT},
    "Arrival": {"note": TEXT},
    "Recount": {"note": TEXT},
    "ItsOrder": {"order": ID},
    "Exchange": {"number": {"maxLength": 100}},
    "Proposal": {"how_paid": SAID | {"maxLength": MOST_OF_WORDS}, "items": {"minItems": 1}},
    "Proposed": {"state": {"enum": list(ENDS)}, "difference": AMOUNT, "proposed_at": TIME, "answer_by": TIME},
    "Dispatch": {"tracking_number": SAID | {"maxLength": MOST_OF_PARCEL}, "carrier": {"maxLength": MOST_OF_PARCEL}},
    "SentItem": {
        "id": NUMBER, "title": SAID | {"maxLength": MOST_OF_TEXT}, "variant": {"maxLength": MOST_OF_TEXT},
        "sku": {"maxLength": MOST_OF_TEXT}, "quantity": {"minimum": 1, "maximum": MOST_PIECES},
        "unit_price": {"minimum": 0, "maximum": MOST_PRICE, "format": "int64"},
    },
    "ArrivedLine": {"id": NUMBER, **COUNTS},
    "MoneyBack": {"amount": AMOUNT | {"minimum": 1}},
    "KeptBack": {"id": NUMBER, "amount": AMOUNT | {"minimum": 0}, "reason": TEXT},
    "Return": {
        "kind": {"enum": list(KINDS)}, "state": {"enum": STATES}, "waiting_on": {"enum": list(WAITING)},
        "money": {"enum": ["", "due", "sent", "arrived", "failed"]},
        "id": {"description": "The source's own, where a source such as Shopify knows it."}, "changed_at": TIME,
    },
}  # fmt: skip
ALL = [
    Returns, WholeReturn, sent.NewReturn, sent.Approval, sent.Refusal, sent.Question, sent.Arrival, sent.MoneyBack,
    sent.Exchange, sent.Dispatch, sent.DifferencePaid, sent.Recount, sent.GoodsWanted, sent.ItsOrder, sent.Upholding,
    sent.Objection, sent.MoneyInstead, sent.Repair, programs_proposals.Proposal, programs_proposals.ProposalEnd,
    programs_proposals.Proposed,
]  # fmt: skip


def schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components(ALL, ref_template="#/components/schemas/{name}")
    for name, schema in found.items():
        schema["description"] = " ".join(schema.get("description", "").split())
        for field, limit in LIMITS.get(name, {}).items():
            property_ = schema["properties"][field]
            (property_["anyOf"][0] if "anyOf" in property_ else property_).update(limit)
    return found
