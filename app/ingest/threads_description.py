"""What `inbox/api.py` answers, in the words of OpenAPI 3.1."""

from typing import Any

import msgspec

from app.inbox import api_sent
from app.inbox.api_bodies import Changed, Messages, Threads, Upload
from app.inbox.api_list import MOST_SIGNS, PAGE, STATES, WAITING
from app.inbox.lists import KINDS
from app.inbox.programs import MOST_NAME
from app.inbox.texts import MOST
from app.ingest.api_description import content, problems
from app.ingest.api_limits import TIME
from app.ingest.returns_description import KEY, REPLAYED
from app.ingest.returns_schemas import NUMBER
from app.shelves import LONGEST_TITLE, MEDIA_TYPES, MOST_BYTES, MOST_FILES

CODE, AT = "T-7K3F9QXM", "2026-11-21T10:00:00Z"
ONE: dict[str, Any] = {
    "code": CODE, "kind": "order", "subject": "The lid", "customer": "Alice Martin", "order": "A/1", "order_number": "1001",
    "of_return": "", "waiting_on": "seller", "waiting_since": AT, "due_at": "2026-11-24T10:00:00Z", "closed_at": None,
    "escalated_at": None, "assigned": "mo@example.com", "last_message": 7, "last_text": "Is it part of it?",
    "last_side": "buyer", "last_at": AT, "message_count": 1, "created_at": AT,
}  # fmt: skip
FILE = {"id": 3, "url": f"/api/v1/threads/{CODE}/files/3", "title": "lid.jpg", "media_type": "image/webp", "size": 48_000}
SAID = {"id": 7, "side": "buyer", "name": "Alice Martin", "text": "Is it part of it?", "via": "app", "at": AT, "files": [FILE]}
CHANGED = {"code": CODE, "waiting_on": "nobody", "closed": True, "message": 0}
UPLOAD = {"upload": "bG9uZyBhbmQgc2VhbGVk", "title": "lid.jpg", "media_type": "image/webp", "size": 48_000}
PLACE = {
    "name": "code", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^T-[0-9A-HJKMNP-TV-Z]{8}$"},
    "description": "What its mails say, such as T-7K3F9QXM.",
}  # fmt: skip
THREADS, ADDRESS = "/api/v1/threads", "/api/v1/threads/{code}"


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string", **schema}, "description": description}


def _problems(*statuses: int) -> dict[str, Any]:
    found = problems(*statuses)
    if 404 in statuses:
        found["404"]["description"] = "This merchant has no such thread."
    return found


def _reading(operation: str, summary: str, schema: str, example: Any, *more: int, query: Any = ()) -> dict[str, Any]:
    return {
        "operationId": operation, "tags": ["Threads"], "summary": summary, "parameters": list(query),
        "responses": {"200": {"description": "It.", "content": content(schema, example)}, **_problems(*more)},
    }  # fmt: skip


def _change(
    operation: str, summary: str, schema: str, example: dict[str, Any], status: int = 200, **after: Any
) -> dict[str, Any]:
    return {
        "parameters": [PLACE],
        "post": {
            "operationId": operation, "tags": ["Threads"], "summary": summary, "parameters": [KEY],
            "requestBody": {"required": bool(example), "content": content(schema, example)},
            "responses": {
                str(status): {"description": "Done.", "headers": REPLAYED, "content": content("Changed", CHANGED | after)},
                **_problems(404, 409, 413, 415, 422),
            },
        },
    }  # fmt: skip


FILTERS = [
    _query("kind", "Only of this kind.", enum=list(KINDS)),
    _query("waiting", "Only what waits for them.", enum=list(WAITING)),
    _query("state", "Only open ones, or closed ones.", enum=list(STATES)),
    _query("order", "Only about the order with this id in the shop.", maxLength=MOST_SIGNS),
    _query("since", "Only where something was said since, or in the minute before it: what is kept late comes, too.", **TIME),
    _query("after", "`next` of the page before."),
    _query("limit", f"How many at most, of at most {PAGE}.", pattern="^([1-9]|[1-4][0-9]|50)$"),
]
PICTURE = {"schema": {"type": "string", "contentMediaType": "image/png", "maxLength": MOST_BYTES}}
BEFORE = _query("before", "`before` of the page before.", pattern="^[0-9]{0,10}$")
TAKEN = ("image/jpeg", "image/png", MEDIA_TYPES[".webp"], MEDIA_TYPES[".pdf"])
MESSAGES = {
    "parameters": [PLACE],
    "get": _reading(
        "listMessages", "Read what was said, the newest, or what stands before it", "Messages",
        {"messages": [SAID], "before": 0}, 404, 422, query=[BEFORE],
    ),
    "post": _change("postMessage", "Answer its customer, or keep a note", "Post", {"text": "It is, in blue."}, 201,
                    waiting_on="buyer", closed=False, message=8)["post"],
}  # fmt: skip
PATHS: dict[str, Any] = {
    THREADS: {"get": _reading("listThreads", "Read the merchant's threads, as something was said in them", "Threads",
                              {"threads": [ONE], "next": ""}, 422, query=FILTERS)},
    ADDRESS: {"parameters": [PLACE], "get": _reading("getThread", "Read how one stands", "Thread", ONE, 404)},
    f"{ADDRESS}/messages": MESSAGES,
    f"{ADDRESS}/files/{{number}}": {
        "parameters": [PLACE, {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", **NUMBER}}],
        "get": {
            "operationId": "getFile", "tags": ["Threads"], "summary": "A file with a message",
            "responses": {
                "200": {"description": "The file.", "content": {
                    kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in MEDIA_TYPES.values()
                }},
                **_problems(404),
            },
        },
    },
    f"{ADDRESS}/uploads": {
        "parameters": [PLACE],
        "post": {
            "operationId": "uploadPicture", "tags": ["Threads"], "summary": "Send a picture that a message will name",
            "description": "It is made anew here. One that no message names within a day is thrown away.",
            "parameters": [_query("title", "What it is called.", maxLength=LONGEST_TITLE)],
            "requestBody": {"required": True, "content": dict.fromkeys(TAKEN, PICTURE)},
            "responses": {
                "201": {"description": "Kept.", "content": content("Upload", UPLOAD)}, **_problems(404, 413, 415, 422),
            },
        },
    },
    f"{ADDRESS}/closing": _change("closeThread", "Close it: nothing is waited for", "Closing", {}),
    f"{ADDRESS}/opening": _change("reopenThread", "Open it again", "Opening", {}, closed=False),
    f"{ADDRESS}/reading": _change("readThread", "Say that it was seen", "Reading", {"until": 4711}, closed=False),
    f"{ADDRESS}/assignment": _change("assignThread", "Say who answers", "Assignment", {"agent": "mo@example.com"},
                                       closed=False),
}  # fmt: skip
LIMITS: dict[str, dict[str, dict[str, Any]]] = {
    "Post": {"text": {"maxLength": MOST}, "name": {"maxLength": MOST_NAME}, "files": {"maxItems": MOST_FILES}},
    "Reading": {"until": {"minimum": 0}},
}
SENT = (api_sent.Post, api_sent.Closing, api_sent.Opening, api_sent.Reading, api_sent.Assignment)
ALL = (Threads, Messages, Upload, Changed, *SENT)


def schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components(ALL, ref_template="#/components/schemas/{name}")
    for name, schema in found.items():
        schema["description"] = " ".join(schema.get("description", "").split())
        for field, limit in LIMITS.get(name, {}).items():
            schema["properties"][field].update(limit)
    return found
