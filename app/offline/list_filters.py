"""What the offline list offers to choose from: the same as `orders.filters` does, as (value, label)."""

from msgspec import Struct

from app.accounts.viewer import Viewer
from app.i18n import _
from app.merchants import names
from app.orders.filters import STAGES, stage_label

Choices = list[tuple[str, str]]


class ListFilters(Struct, frozen=True):
    """See templates/offline/orders.html. No periods where there is no order yet; `older` says that some are not kept."""

    periods: Choices
    states: Choices
    merchants: Choices
    older: str


async def offered(viewer: Viewer, most: int, *, more: bool) -> ListFilters:
    """`most` orders are kept; `more`: there are others."""
    years = viewer.order_years.split()
    recent = [("", _("All")), ("30days", _("30 days")), ("3months", _("3 months"))]
    shops = await names.of([int(number) for number in viewer.order_merchants.split()])
    return ListFilters(
        periods=[*recent, *((year, year) for year in years)] if years else [],
        states=[("", _("All states")), *((stage, stage_label(stage)) for stage in STAGES)],
        merchants=[("", _("All sellers")), *shops],
        older=_("Only your newest %(num)d orders are kept on this device.") % {"num": most} if more else "",
    )
