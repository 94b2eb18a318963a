"""With which carrier something comes back, and under which number."""

from app.events.actions import data_of
from app.returns import happened
from app.returns.kept import Kept
from app.shipments import back

SENT_BACK = ("return_in_transit", "withdrawal_proof_sent", "claim_goods_sent")


async def said(it: Kept) -> tuple[str, str]:
    """Of its parcel; of one that is not tracked, as its customer has said it. Empty where nobody has."""
    if (way := await back.way(it.it.id)) is not None:
        return way.carrier, way.tracking_number
    found = [data_of(row["data"]) for row in await happened.events(it) if row["kind"] in SENT_BACK]
    data = next((data for data in found if data.get("code") == it.it.code), {})
    return str(data.get("carrier") or ""), str(data.get("tracking_number") or data.get("number") or "")
