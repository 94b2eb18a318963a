"""“What happened?”: which item, then what; each answer leads to the strongest right that fits."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.errors import Missing
from app.i18n import voice
from app.returns import offered, sayings
from app.returns.offered import Line, Offered
from app.web import access
from app.web.pages import page


@get("/orders/{address:str}/what-happened", access=access.OWNER)
async def ask(request: Request, address: FromPath[str]) -> Response[Any]:
    """Not kept: a right ends at an instant. `line`: the item's id; not asked for where the order has one item only."""
    it, said = await offered.of_orders(request.user.id, address), voice()
    line = _line(it, request.query_params.get("line", ""))
    order = it.order
    return page(
        request,
        "returns/what_happened.html",
        keep=False,
        order=order,
        shop_name=it.shop,
        item=sayings.item(order, line, said) if line else None,
        items=[] if line else [sayings.item(order, one, said) for one in order.lines],
        answers=sayings.answers(order, line, said) if line else sayings.of_whole(it, said),
        closed=sayings.closed(line, said) if line else [],
        several=len(order.lines) > 1,
    )


def _line(it: Offered, asked: str) -> Line | None:
    """Raises Missing for one that is not of this order."""
    if not asked:
        return it.order.lines[0] if len(it.order.lines) == 1 else None
    found = next((line for line in it.order.lines if str(line.id) == asked), None)
    if found is None:
        raise Missing
    return found


CUSTOMER = [ask]
