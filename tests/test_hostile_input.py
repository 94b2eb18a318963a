"""Every form of the counter, sent what nobody means well by: it says no, and never breaks."""

from dataclasses import fields, is_dataclass
from itertools import product
from urllib.parse import urlencode

import pytest

from app import db
from app.accounts import forms as accounts
from app.accounts import throttle
from app.accounts.throttle import Limit
from app.merchants import forms as merchants
from app.returns import withdrawal_forms
from tests.access_world import DECLARED, World

POSTED = [(path, True) for method, path, _access in DECLARED if method == "POST"]
POSTED += [(path, False) for method, path, access in DECLARED if method == "POST" and access.proof]  # read by a guard
NAMED = sorted({path for _method, path, _access in DECLARED if "{" in path})
FIELDS = (
    "email", "next", "code", "time_zone", "password", "only_email", "credential", "trust", "name", "text", "codes",
    "new_password", "since", "locale", "zone", "phrase", "phone", "country", "back", "role", "archived", "undo",
    "accent", "look", "logo", "contract", "items", "seller", "step", "line", "carrier", "number", "kind", "note", "way",
    "draft", "with", "add", "wish", "reason", "quantity-1", "reason-1",
    "proof_then", "proof_next", "proof_factor",
)  # fmt: skip
PROOFS = ("proof_passkey", "proof_authenticator", "proof_password", "proof_code", "proof_send")
URL_ENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"
VALUES = ("\0", "a\0b@example.com", "x" * 100_000, "[" * 10_000, '{"id":"a\\u0000","response":{"clientDataJSON":"e30"}}')

HOSTILE_PARTS = ("%00", "a%00b", "%ED%A0%80", "%FF", "9" * 30, "-1", "%F0%9F%98%80", "x" * 5000)


def _form(value: str) -> bytes:
    return urlencode({**dict.fromkeys(FIELDS, value)}).encode()


def _part(name: str, more: str = "", of: str = "", body: bytes = b"hi") -> bytes:
    return f'--a\r\nContent-Disposition: form-data; name="{name}"{more}\r\n{of}\r\n'.encode() + body + b"\r\n"


def _parts(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--a--\r\n"


def _in_charset(charset: str, body: bytes) -> bytes:
    return _parts(*(_part(name, of=f"Content-Type: text/plain; charset={charset}\r\n", body=body) for name in FIELDS[:12]))


# What is put into the fields reaches a database, and each database minds other things.
VALUED = [
    *((_form(value), URL_ENCODED) for value in VALUES),
    *((urlencode({proof: value, "name": "Mine"}).encode(), URL_ENCODED) for proof in PROOFS for value in VALUES[:4]),
]  # fmt: skip
# What is no form at all, or none that can be read, reaches none.
UNREADABLE = [
    ("&".join(f"{name}=%ED%A0%80" for name in FIELDS).encode(), URL_ENCODED),  # half of a surrogate pair
    (b"\xff\xfe=\xff&proof_then=\xff", URL_ENCODED),
    ("&".join(f"{name}=a&{name}=b" for name in (*FIELDS, *PROOFS)).encode(), URL_ENCODED),
    (_form("a"), f"{URL_ENCODED}; charset=nonsense"),
    (_form("a"), "multipart/form-data; charset=nonsense"),
    (_form("a"), f"{MULTIPART}; charset=nonsense"),
    (_form("a"), 'multipart/form-data; boundary=""'),
    (_form("a"), "text/plain"),
    (b"[" * 10_000, "application/json"),
    (b'{"email":5}', "application/json"),
    (b"\x81\xa1a", "application/x-msgpack"),
    (b"", ""),
    (_parts(*(_part(name, more='; filename="x"') for name in (*FIELDS, *PROOFS))), MULTIPART),
    (_in_charset("nonsense", b"hi"), MULTIPART),
    (_in_charset("utf-8", b"\xff"), MULTIPART),
    (_in_charset("unicode_escape", rb"\ud800"), MULTIPART),
    (_in_charset("utf-7", b"+2AA-"), MULTIPART),
    (b"--a\r\nx", MULTIPART),
]  # fmt: skip
BODIES = VALUED + UNREADABLE if db.ON_SQLITE else VALUED


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else hardly anything of this would be looked at."""

    async def counted(_limit: Limit, _key: str) -> int:
        return 0

    monkeypatch.setattr(throttle, "count", counted)


def _insider(path: str) -> str:
    return "half" if "second-factor" in path else "member" if path.startswith("/desk") else "owner"


@pytest.mark.parametrize(("path", "proved"), POSTED)
async def test_no_form_breaks_by_what_is_sent_to_it(world: World, path: str, proved: bool) -> None:
    named = await world.named(path)
    for body, media_type in BODIES:
        for asker in ("nobody", _insider(path)):
            world.browser.cookies.clear()
            await world.become(asker, proved=proved)
            answer = await world.browser.post(path.format(**named), content=body, headers={"content-type": media_type})
            assert answer.status_code < 500, (asker, media_type, body[:80])


@pytest.mark.parametrize("path", NAMED)
async def test_no_address_breaks_by_what_is_named_in_it(world: World, path: str) -> None:
    await world.become("program" if path.startswith("/api") else _insider(path))
    name = path.partition("{")[2].partition("}")[0]
    for hostile, method in product(HOSTILE_PARTS, [method for method, declared, _access in DECLARED if declared == path]):
        target = path.replace(f"{{{name}}}", hostile).replace("{number}", "1")
        answer = await world.browser.request(method, target, data={"name": "x"} if method == "POST" else None)
        assert answer.status_code < 500, (method, target)


async def test_a_form_in_a_charset_that_there_is_not_is_refused_in_words(world: World) -> None:
    await world.become("owner", proved=False)
    sent = {"content": _in_charset("nonsense", b"hi"), "headers": {"content-type": MULTIPART}}
    for path in ("/account/proof", "/account/email", "/account/passkeys/new"):
        answer = await world.browser.post(path, **sent)
        assert answer.status_code == 400, path
        assert "Something in what was sent is not as expected" in answer.text


async def test_a_file_is_no_proof(world: World) -> None:
    await world.become("owner", proved=False)
    (before,) = await db.rows("SELECT proved_at FROM sessions")
    files = _parts(*(_part(proof, more='; filename="x"') for proof in PROOFS))
    answer = await world.browser.post("/account/proof", content=files, headers={"content-type": MULTIPART})
    assert answer.status_code == 422
    assert await db.rows("SELECT proved_at FROM sessions") == [before]


async def test_the_fields_of_every_form_are_among_those_that_are_tried() -> None:
    known: set[str] = set()
    for module in (accounts, merchants, withdrawal_forms):
        for form in filter(is_dataclass, vars(module).values()):
            known |= {field.name for field in fields(form)}
    assert len(known) > 15
    assert known <= set(FIELDS)
