"""The ledger of an order for its customer: what was paid and how, and each refund with its way, until it has arrived."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.i18n import _, voice
from app.orders import kept, refund_steps
from app.payments import ledger
from app.returns import order_cards
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

MONEY = "/orders/{address:str}/money"


@get(MONEY, access=access.OWNER)
async def show(request: Request, address: FromPath[str]) -> Response[Any]:
    """Not kept: a deadline counts days."""
    order, said = await kept.owned_by(request.user.id, address), voice()
    found = await ledger.of_order(order.id, said)
    return page(
        request,
        "orders/money.html",
        keep=False,
        order=order,
        total=said.money(order.total, order.currency),
        exchanged=said.money(order.exchanged, order.currency) if order.exchanged else "",
        ledger=found,
        returns=await order_cards.codes({one.of_return for one in found.refunds if one.of_return}),
    )


@post(f"{MONEY}/refunds/{{number:int}}/arrival", access=access.OWNER)
async def arrived(request: Request, address: FromPath[str], number: FromPath[int]) -> Response[Any]:
    """Raises Missing, Refused for what was not sent yet. Said twice, it is done once."""
    await refund_steps.arrived(request.user.id, address, number)
    return redirect(f"/orders/{address}/money", flash=Flash(_("Good. This refund is done."), "good"))


CUSTOMER = [show, arrived]
