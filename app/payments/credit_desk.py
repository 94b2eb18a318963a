"""A desk's store credit and gift cards: given to a customer with a reason, made with a code that is shown once."""

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
    """`key` was made with the form: sent twice, it is given once."""

    email: str = ""
    amount: str = ""
    currency: str = ""
    reason: str = ""
    key: str = ""


class NewCard(Struct):
    amount: str = ""
    currency: str = ""


class Shown(Struct, frozen=True):
    """`who` is empty of a card that nobody has put into an account yet."""

    name: str
    who: str
    amount: str
    made: str


@get(CREDIT, access=access.DESK_MANAGERS)
async def credit(request: Request) -> Response[Any]:
    found = [_shown(row) for row in await giving.newest(request.auth.merchant)]
    return door.shown(request, "payments/desk/credit", found=found)


@get(f"{CREDIT}/new", access=access.DESK_MANAGERS)
async def begin(request: Request) -> Response[Any]:
    return _giving(request, Giving(currency=await giving.usual_currency(request.auth.merchant), key=new_token()))


@post(f"{CREDIT}/new", access=access.DESK_MANAGERS)
async def give(request: Request, data: URLEncodedBody[Giving]) -> Response[Any]:
    desk, currency = request.auth, data.currency.strip().upper()
    try:
        amount = typed.amount_at("amount", data.amount, currency)
        key = "".join(filter(str.isprintable, data.key))[:60]
        given = Given(email=data.email, currency=currency, amount=amount, reason=data.reason, key=key)
        after = await giving.give(desk.merchant, given, by=f"member:{desk.member}")
    except (Invalid, Refused) as error:
        return _giving(request, data, error)
    said = _("Given. They have %(amount)s to spend here now.") % {"amount": voice().money(after, currency)}
    return door.changed(f"{desk.url}/credit", said)


@get(f"{CREDIT}/card", access=access.DESK_MANAGERS)
async def begin_card(request: Request) -> Response[Any]:
    return door.shown(
        request,
        "payments/desk/card_new",
        form=forms.shown(amount="", currency=await giving.usual_currency(request.auth.merchant)),
    )


@post(f"{CREDIT}/card", access=access.DESK_MANAGERS)
async def make_card(request: Request, data: URLEncodedBody[NewCard]) -> Response[Any]:
    desk, currency = request.auth, data.currency.strip().upper()
    try:
        amount = typed.amount_at("amount", data.amount, currency)
        _number, code = await balances.add_card(desk.merchant, currency, amount, by=f"member:{desk.member}")
    except (Invalid, Refused) as error:
        form = forms.shown(error, amount=data.amount, currency=data.currency)
        return door.shown(request, "payments/desk/card_new", refusal=error, form=form)
    return door.shown(request, "payments/desk/card_made", code=code, amount=voice().money(amount, currency))


def _giving(request: Request, said: Giving, refusal: Invalid | Refused | None = None) -> Response[Any]:
    typed_in = {name: getattr(said, name) for name in said.__struct_fields__}
    return door.shown(request, "payments/desk/credit_new", refusal=refusal, form=forms.shown(refusal, **typed_in))


def _shown(row: db.Row) -> Shown:
    said = voice()
    return Shown(
        named(row["kind"], "", row["last_four"], said), row["name"] or row["email"] or "",
        said.money(row["amount"], row["currency"]), _("made on %(day)s") % {"day": said.day(row["created_at"])},
    )  # fmt: skip


MANAGERS = [credit, begin, give, begin_card, make_card]
