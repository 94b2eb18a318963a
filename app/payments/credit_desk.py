"""A desk's store credit and gift cards: given to a customer with a reason, made with a code that is shown once.

Money is not given by a slip: who it is for and how much is shown before it is given.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Struct

from app import db, typed
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door
from app.payments import balances, giving
from app.payments.giving import Given
from app.payments.names import named
from app.tokens import new_token
from app.web import access

CREDIT = "/desk/{merchant:str}/credit"


class Giving(Struct):
    """`key` was made with the form: sent twice, it is given once. `step` is “give” once what was typed was looked at, “change”
    where it is not right."""

    email: str = ""
    amount: str = ""
    currency: str = ""
    reason: str = ""
    key: str = ""
    step: str = ""


class NewCard(Struct):
    """`key` was made with the form: sent twice, it is one card."""

    amount: str = ""
    currency: str = ""
    key: str = ""


class Shown(Struct, frozen=True):
    """`who` is empty of a card that nobody has put into an account yet."""

    number: int
    name: str
    who: str
    amount: str
    made: str


@get(CREDIT, access=access.DESK_MANAGERS)
async def credit(request: Request) -> Response[Any]:
    found = [shown(row) for row in await giving.newest(request.auth.merchant)]
    return door.shown(request, "payments/desk/credit", found=found)


@get(f"{CREDIT}/new", access=access.DESK_MANAGERS)
async def begin(request: Request) -> Response[Any]:
    return await _giving(request, Giving(key=new_token()))


@post(f"{CREDIT}/new", status_code=200, access=access.DESK_MANAGERS)
async def give(request: Request, data: URLEncodedBody[Giving]) -> Response[Any]:
    desk = request.auth
    if data.step == "change":
        return await _giving(request, data)
    try:
        given = _given(data)
        if data.step != "give":
            whom = await giving.checked(desk.merchant, given)
            return await _giving(request, data, whom=whom, much=voice().money(given.amount, given.currency))
        after = await giving.give(desk.merchant, given, by=f"member:{desk.member}")
    except (Invalid, Refused) as error:
        return await _giving(request, data, error)
    said = _("Given. They have %(amount)s to spend here now.") % {"amount": voice().money(after, given.currency)}
    return door.changed(f"{desk.url}/credit", said)


@get(f"{CREDIT}/card", access=access.DESK_MANAGERS)
async def begin_card(request: Request) -> Response[Any]:
    return await _card(request, NewCard(key=new_token()))


@post(f"{CREDIT}/card", status_code=200, access=access.DESK_MANAGERS)
async def make_card(request: Request, data: URLEncodedBody[NewCard]) -> Response[Any]:
    """A page that is loaded again shows the same card again."""
    desk, currency = request.auth, data.currency.strip().upper()
    try:
        amount = typed.amount_at("amount", data.amount, currency)
        key = giving.whole_key(data.key)
        _number, code = await balances.add_card(desk.merchant, currency, amount, by=f"member:{desk.member}", key=key)
    except (Invalid, Refused) as error:
        return await _card(request, data, error)
    return door.shown(request, "payments/desk/card_made", code=code, amount=voice().money(amount, currency))


def _given(said: Giving) -> Given:
    currency = said.currency.strip().upper()
    amount = typed.amount_at("amount", said.amount, currency)
    return Given(email=said.email, currency=currency, amount=amount, reason=said.reason, key=giving.whole_key(said.key))


async def _giving(
    request: Request, said: Giving, refusal: Invalid | Refused | None = None, whom: db.Row | None = None, much: str = ""
) -> Response[Any]:
    typed_in = {name: getattr(said, name) for name in said.__struct_fields__ if name != "step"}
    typed_in["key"] = typed.key_after(refusal, said.key)
    return door.shown(
        request,
        "payments/desk/credit_new",
        refusal=refusal,
        whom=(whom["name"] or whom["email"], whom["email"]) if whom else None,
        much=much,
        currencies=[(name, name) for name in await giving.sold_in(request.auth.merchant)],
        form=forms.shown(refusal, **typed_in),
    )


async def _card(request: Request, said: NewCard, refusal: Invalid | Refused | None = None) -> Response[Any]:
    return door.shown(
        request,
        "payments/desk/card_new",
        refusal=refusal,
        currencies=[(name, name) for name in await giving.sold_in(request.auth.merchant)],
        form=forms.shown(refusal, amount=said.amount, currency=said.currency, key=typed.key_after(refusal, said.key)),
    )


def shown(row: db.Row) -> Shown:
    said = voice()
    return Shown(
        row["id"], named(row["kind"], "", row["last_four"], said), row["name"] or row["email"] or "",
        said.money(row["amount"], row["currency"]), _("since %(day)s") % {"day": said.day(row["created_at"])},
    )  # fmt: skip


MANAGERS = [credit, begin, give, begin_card, make_card]
