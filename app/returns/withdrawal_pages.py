"""Withdrawal by who is signed in: what of the order, then what that means, and the button that declares it. One address for
both steps; and the paper that shows it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, _, voice
from app.returns import acknowledging, choices, kept, quotes, sums, withdrawals
from app.returns.asked import Asked, AskedLine
from app.returns.choices import Choice, Choices
from app.tokens import new_token
from app.web import access, private
from app.web.flash import Flash
from app.web.pages import page, redirect

WITHDRAWAL = "/orders/{address:str}/withdrawal"
Refusal = Invalid | Refused | None
Wanted = Mapping[int, str]  # by the line's id: how many, as typed


class Row(Struct, frozen=True):
    """A line of the form; `error` stands at it."""

    it: Choice
    chosen: bool
    quantity: str
    error: str


@get(WITHDRAWAL, access=access.OWNER)
async def choose(request: Request, address: FromPath[str]) -> Response[Any]:
    """Of `?line=` that one, else all of it."""
    found = await choices.of_order(request.user.id, address, voice())
    only = request.query_params.get("line", "")
    named = [one for one in found.open if str(one.line) == only]
    return _chosen(request, found, {one.line: str(one.most) for one in named or found.open})


@post(WITHDRAWAL, status_code=200, access=access.OWNER)
async def declare(request: Request, address: FromPath[str]) -> Response[Any]:
    """Its first button asks for the second step, whose button declares it; “Change” leads back to the first."""
    sent, said = await forms.sent(request), voice()
    found = await choices.of_order(request.user.id, address, said)
    wanted, step = _wanted(sent, found), dict(sent).get("step", "")
    if step == "choose":
        return _chosen(request, found, wanted)
    try:
        lines = _lines(wanted, found)
        if step != "confirm":
            return await _second(request, found, lines, said)
        key = dict(sent).get("key", "")
        code = await withdrawals.declare(request.user.id, lines, by=f"customer:{request.user.id}", key=key)
    except (Invalid, Refused) as error:
        return _chosen(request, found, wanted, error)
    return redirect(f"/returns/{code}", flash=Flash(_("Your withdrawal is acknowledged. The paper is in your mail."), "good"))


@get("/returns/{code:str}/receipt.pdf", access=access.OWNER)
async def receipt(request: Request, code: FromPath[str]) -> Response[bytes]:
    it = await kept.owned_by(request.user.id, code)
    if it.it.kind != "withdrawal":
        raise Missing
    return private.pdf(await acknowledging.paper(it), acknowledging.file_name(code, voice()))


def _wanted(sent: Sequence[tuple[str, str]], found: Choices) -> dict[int, str]:
    """What was ticked; of a line of one there is no number to type."""
    ticked, typed = {text for name, text in sent if name == "line"}, dict(sent)
    return {
        one.line: typed.get(f"quantity-{one.line}", str(one.most)).strip() for one in found.lines if str(one.line) in ticked
    }


def _lines(wanted: Wanted, found: Choices) -> dict[int, int]:
    """Raises Invalid by field."""
    wrong = {f"quantity-{line}": _("At least one.") for line, text in wanted.items() if not _is_number(text)}
    if not wanted:
        wrong["form"] = _("Choose at least one item.")
    if wrong:
        raise Invalid.at(wrong)
    return {line: int(text) for line, text in wanted.items()}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) > 0


def _chosen(request: Request, found: Choices, wanted: Wanted, refusal: Refusal = None) -> Response[Any]:
    form = forms.shown(refusal)
    rows = [
        Row(one, one.line in wanted, wanted.get(one.line, str(one.most or 1)), _error(form.errors, one.line))
        for one in found.lines
    ]  # fmt: skip
    return page(
        request, "returns/withdrawal.html", refusal=refusal, keep=False, order=found.order, rows=rows, form=form,
        open=bool(found.open), payer=found.rules.payer("changed_mind"),
    )  # fmt: skip


def _error(errors: Mapping[str, str], line: int) -> str:
    return errors.get(f"quantity-{line}") or errors.get(f"reason-{line}", "")


async def _second(request: Request, found: Choices, lines: Mapping[int, int], said: Voice) -> Response[Any]:
    """What comes back to the cent. Raises Invalid by field."""
    quote = await quotes.quote(request.user.id, Asked("withdrawal", [AskedLine(*one) for one in lines.items()]))
    them = list(quote.previews.values())
    named = {one.line: one for one in found.lines}
    return page(
        request, "returns/withdrawal_confirm.html", keep=False, order=found.order,
        rows=[(named[one.asked.line], one.asked.quantity, said.money(one.expected, quote.currency)) for one in quote.chosen],
        amounts=sums.summed(them, quote.currency, said), delivery_stays=quotes.delivery_stays(quote),
        then=sums.delivery_then(them, quote.currency, said), payer=found.rules.payer("changed_mind"), key=new_token(),
    )  # fmt: skip


CUSTOMER = [choose, declare, receipt]
