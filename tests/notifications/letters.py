"""News that goes out by mail for real: to the folder or to a mail server of the test's own."""

import re
from email.message import EmailMessage
from typing import Any

from app import clock
from app.events.actions import record
from app.notifications import email, sending, ways
from tests import builders
from tests.notifications.steps import told


async def parcel(
    kind: str = "out_for_delivery", external_id: str = "1001", *, way: str = "email", channel: Any = email, **about: Any
) -> int:
    """News of a parcel of Alice's becomes a delivery on that way alone; her id."""
    ways.CHANNELS.clear()
    order = await builders.order(external_id, placed_at=clock.now())
    await told()
    ways.CHANNELS[way] = channel
    data = {"key": "1", "shipment": 7, "carrier": "Colissimo", "tracking_number": "6A12345678901", **about}
    await record(f"shipment_{kind}", customer=order["customer"], merchant=order["merchant"], order=order["id"], **data)
    await told()
    return int(order["customer"])


async def turn() -> int:
    """What is due goes out; how many it were."""
    due = await sending.claim("email", 100)
    for one in due:
        await sending.send(email, one)
    return len(due)


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return body.get_content()


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r'href="([^"]+)"', html_of(mail))


def stop_address(mail: EmailMessage) -> str:
    """The path that List-Unsubscribe names."""
    found = re.fullmatch(r"<http://localhost:8000(/unsubscribe/\S+)>", mail["List-Unsubscribe"])
    assert found
    return found[1]
