"""What a merchant has given back, month by month: read at its desk, taken away as a file, a wrong reference put right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import Voice, _, voice
from app.merchants import door
from app.orders import refund_references, refunds_paid
from app.orders.refunds_paid import Paid
from app.returns import door as one
from app.returns import lists
from app.returns.door import NOTHING, Refusal
from app.web import access

REFUNDS = "/desk/{merchant:str}/refunds"
PAID = f"{REFUNDS}/paid"


class Row(Struct, frozen=True):
    """A refund that was made; `url` and `code` are of its return, empty where it is for none."""

    number: int
    amount: str
    bonus: str
    to: str
    when: str
    order: str
    customer: str
    code: str
    reference: str
    original: str
    can_correct: bool


@get(PAID, access=access.DESK)
async def paid(request: Request) -> Response[Any]:
    return await _listed(request)


@get(f"{PAID}.csv", access=access.DESK)
async def as_csv(request: Request) -> Response[bytes]:
    zone = voice().zone
    month = refunds_paid.month_of(request.query_params.get("month", ""), zone)
    found = await refunds_paid.of_month(request.auth.merchant, month, zone, most=1_000_000)
    content = refunds_paid.as_csv(found, await _codes(request, found), zone)
    headers = {"Content-Disposition": f'attachment; filename="refunds-{month:%Y-%m}.csv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv", headers=headers)


@post(f"{REFUNDS}/{{number:int}}/correction", access=access.DESK)
async def correct(request: Request, number: FromPath[int]) -> Response[Any]:
    said = {name: text for name, text in await forms.sent(request) if name in ("month", f"reference-{number}")}
    reference = said.get(f"reference-{number}", "")
    try:
        await refund_references.correct(number, reference, by=one.member(request), merchant=request.auth.merchant)
    except Refused as error:
        return await _listed(request, error, said)
    except Invalid as error:
        return await _listed(request, Invalid.at({f"reference-{number}": " ".join(error.fields.values())}), said)
    month = refunds_paid.month_of(said.get("month", ""), voice().zone)
    return door.changed(f"{request.auth.url}/refunds/paid?month={month:%Y-%m}", _("Noted: the reference is corrected."))


async def _codes(request: Request, found: Sequence[Paid]) -> dict[int, str]:
    return await lists.codes(request.auth.merchant, sorted({it.of_return for it in found if it.of_return})[:10_000])


async def _listed(request: Request, refusal: Refusal = None, said: Mapping[str, str] = NOTHING) -> Response[Any]:
    words = voice()
    month = refunds_paid.month_of(said.get("month", "") or request.query_params.get("month", ""), words.zone)
    found = await refunds_paid.of_month(request.auth.merchant, month, words.zone)
    codes = await _codes(request, found)
    return door.shown(
        request,
        "returns/desk/refunds_paid",
        refusal=refusal,
        rows=[_row(it, codes, words) for it in found],
        sums=await refunds_paid.sums(request.auth.merchant, month, words),
        month=f"{month:%Y-%m}",
        title=words.month(month),
        most=refunds_paid.MOST,
        earlier=_link(request, refunds_paid.before(month)),
        later=_link(request, refunds_paid.after(month)) if refunds_paid.after(month) <= words.today() else "",
        form=forms.shown(refusal, **said),
    )


def _link(request: Request, month: date) -> str:
    return f"{request.auth.url}/refunds/paid?month={month:%Y-%m}"


def _row(it: Paid, codes: Mapping[int, str], said: Voice) -> Row:
    return Row(
        it.id, said.money(it.amount, it.currency), said.money(it.bonus, it.currency) if it.bonus else "",
        refunds_paid.where(it, said), said.day(it.paid_at), it.number, it.customer_name or it.customer_email,
        codes.get(it.of_return or 0, ""), it.reference, it.original, it.own,
    )  # fmt: skip


MEMBERS = [paid, as_csv, correct]
