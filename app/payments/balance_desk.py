"""One balance at the desk: every movement with who made it, and what nobody has spent taken back, with a reason."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app import typed
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door
from app.payments import balance_cards, giving
from app.payments.names import named
from app.tokens import new_token
from app.web import access

BALANCE = "/desk/{merchant:str}/credit/{number:int}"


class Taking(Struct):
    """`key` was made with the form: sent twice, it is taken once."""

    amount: str = ""
    reason: str = ""
    key: str = ""


@get(BALANCE, access=access.DESK_MANAGERS)
async def look(request: Request, number: FromPath[int]) -> Response[Any]:
    return await _page(request, number, Taking(key=new_token()))


@post(BALANCE, status_code=200, access=access.DESK_MANAGERS)
async def take_back(request: Request, number: FromPath[int], data: URLEncodedBody[Taking]) -> Response[Any]:
    desk = request.auth
    try:
        currency = (await giving.one(desk.merchant, number))["currency"]
        amount = typed.amount_at("amount", data.amount, currency)
        await giving.take_back(
            desk.merchant, number, amount, reason=data.reason, key=giving.whole_key(data.key), by=f"member:{desk.member}"
        )
    except (Invalid, Refused) as error:
        return await _page(request, number, data, error)
    said = _("Taken back: %(amount)s.") % {"amount": voice().money(amount, currency)}
    return door.changed(f"{desk.url}/credit/{number}", said)


async def _page(request: Request, number: int, said: Taking, refusal: Invalid | Refused | None = None) -> Response[Any]:
    row, words = await giving.one(request.auth.merchant, number), voice()
    whole = typed.of_amount(row["amount"], row["currency"], words.locale)
    return door.shown(
        request,
        "payments/desk/balance",
        refusal=refusal,
        what=named(row["kind"], "", row["last_four"], words),
        whom=[text for text in (row["name"], row["email"]) if text],
        amount=words.money(row["amount"], row["currency"]),
        left=row["amount"] > 0,
        entries=await balance_cards.at_desk(number, row["currency"], words),
        form=forms.shown(refusal, amount=said.amount or whole, reason=said.reason, key=typed.key_after(refusal, said.key)),
    )


MANAGERS = [look, take_back]
